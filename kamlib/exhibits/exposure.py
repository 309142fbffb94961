"""What it would cost if accounts left, for the year and for the firm: one function an exhibit.

Every exhibit takes the law of the loss or what was reckoned from it, and the `exposure.Stakes` that it was made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from kamlib import checks, exposure, plots
from kamlib.exhibits import natives
from kamlib.exhibits.exhibit import Exhibit, chance, forecast, money_and

if TYPE_CHECKING:
    from kamlib.exhibits.exhibit import Setting
    from kamlib.exposure import Firm, LossDistribution, Stakes
    from kamlib.style import Words

BAD: Final = 0.95  # a bad year: one in twenty
WORST: Final = 0.99  # the worst years: one in a hundred
_NOTICEABLE: Final = 0.001  # what raises the worst years by less is said to change nothing
LIKELY: Final = 0.5  # an account above it is more likely lost than not
_NAMES: Final = 3  # the largest, whose part in the worst years is told


def exposure_curve(
    distribution: LossDistribution, stakes: Stakes, *, setting: Setting, firm: Firm | None = None
) -> Exhibit:
    """Show how likely each loss is, and what a bad year and the worst years cost."""
    words = setting.words
    at_risk = {level: distribution.value_at_risk(level) for level in (BAD, WORST)}
    tail = distribution.expected_shortfall(WORST)
    curve = distribution.curve()
    whole = float(stakes.table["stake"].sum())
    figures = pd.DataFrame({"figure": _figure_titles(words), "loss": _headline(distribution)})
    figures["probability"] = [distribution.probability_above(loss) for loss in figures["loss"]]
    figures["share"] = [part_of(loss, whole) for loss in figures["loss"]]
    kind = kind_of(stakes, words)
    result = firm.result if firm is not None and firm.result > 0 else None
    told = {"expected": words.amount(distribution.expected), "kind": kind, "years": years(BAD, words)}
    if at_risk[BAD] > 0:
        message = words.text(
            "{expected} of {kind} is the loss to expect in a year; one year in {years} costs more than {bad}",
            bad=words.amount(at_risk[BAD]),
            **told,
        )
    else:
        message = words.text(
            "{expected} of {kind} is the loss to expect in a year; more than {most} of {years} years cost nothing",
            most=other_years(BAD, words),
            **told,
        )
    return Exhibit(
        key="exposure_curve",
        message=message,
        measure=forecast(
            setting,
            words.text("Loss of {kind} if customers leave", kind=kind),
            unit=money_and(setting),
        ),
        table=figures,
        columns={
            "figure": (words.text("Figure"), "text"),
            "loss": (words.text("Loss"), "money"),
            "probability": (words.text("Probability of losing more"), "percent"),
            "share": (words.text("Of what is at stake"), "percent"),
        },
        note=assumed(distribution, stakes, words),
        words=words,
        draw=lambda ax: plots.exposure_curve(
            curve, ax=ax, words=words, expected=distribution.expected, value_at_risk=at_risk,
            expected_shortfall={WORST: tail}, result=result,
        ),
        native=natives.exposure_curve(
            curve, figures, words=words, title=words.text("Loss of {kind}", kind=kind), result=result
        ),
    )  # fmt: skip


def contributions(distribution: LossDistribution, stakes: Stakes, *, setting: Setting, top: int = 25) -> Exhibit:
    """Show which accounts make up the mean loss of the worst years."""
    words = setting.words
    table = named(distribution.contributions(WORST), stakes)
    table = table.sort_values("expected_shortfall", ascending=False, kind="stable")
    first = table.iloc[0]
    if first["share"] > 0 and len(table) <= _NAMES:
        message = words.text(
            "{name} makes up {share} of what the worst {part} of years cost",
            name=first["name"],
            share=words.percent(first["share"], 0),
            part=words.percent(1 - WORST, 0),
        )
    elif first["share"] > 0:
        message = words.text(
            "{name} makes up {share} of what the worst {part} of years cost, the three largest names {three}",
            name=first["name"],
            share=words.percent(first["share"], 0),
            part=words.percent(1 - WORST, 0),
            three=words.percent(table["share"].head(_NAMES).sum(), 0),
        )
    else:
        message = words.text("No account adds anything to the loss of the worst years")
    return Exhibit(
        key="contributions",
        message=message,
        measure=forecast(
            setting,
            words.text("Mean loss of the worst {part} of years by account", part=words.percent(1 - WORST, 0)),
            unit=money_and(setting),
        ),
        table=table.head(top).reset_index(drop=True),
        columns={
            "name": (words.text("Customer"), "text"),
            "loss": (words.text("Loss if it leaves"), "money"),
            "p_loss": (words.text("Probability"), "percent"),
            "expected": (words.text("Expected loss"), "money"),
            "expected_shortfall": (words.text("In the worst years"), "money"),
            "share": (words.text("Share"), "percent"),
        },
        note=words.text(
            "The mean loss of each account in the worst years; all accounts add up to the whole. Pale is what is "
            "expected in any year."
        ),
        words=words,
        draw=lambda ax: plots.contributions(table, ax=ax, words=words),
        native=natives.contributions(table, words=words),
    )


def common_factors(distribution: LossDistribution, *, setting: Setting) -> Exhibit:
    """Show by how much losses that come together raise the worst years over independent ones."""
    words = setting.words
    book = distribution.portfolio
    alone = independent(distribution)
    table = pd.DataFrame({
        "figure": _figure_titles(words),
        "independent": _headline(alone),
        "together": _headline(distribution),
    })  # fmt: skip
    by_sector = _by_sector(distribution)
    titles = [words.text("the same, of the sector {sector} by itself", sector=sector) for sector in by_sector.index]
    table = pd.concat([table, by_sector.assign(figure=titles)], ignore_index=True)
    table["raised_by"] = (table["together"] / table["independent"].where(table["independent"] > 0) - 1).fillna(0.0)
    tail = table.iloc[len(_headline(alone)) - 1].to_dict()
    message = words.text(
        "Because customers falter together, the worst {part} of years cost {together} instead of {alone}, {more} more",
        part=words.percent(1 - WORST, 0),
        together=words.amount(tail["together"]),
        alone=words.amount(tail["independent"]),
        more=words.percent(tail["raised_by"]),
    )
    note = words.text(
        "Assumed correlation of the accounts' hidden state: {economy} through the economy, {sector} more within a "
        "sector; independent means none of both.",
        economy=words.number(book.correlation, 2),
        sector=words.number(book.sector_correlation, 2),
    )
    if len(by_sector):
        note += " " + words.text(
            "Of all sectors by themselves, {sector} is raised most: by {more}.",
            sector=by_sector.index[0],
            more=words.percent(table["raised_by"].iloc[-len(by_sector)]),
        )
    return Exhibit(
        key="common_factors",
        message=message,
        measure=forecast(setting, words.text("Loss with and without common causes"), unit=money_and(setting)),
        table=table,
        columns={
            "figure": (words.text("Figure"), "text"),
            "independent": (words.text("If independent"), "money"),
            "together": (words.text("With common causes"), "money"),
            "raised_by": (words.text("Raised by"), "percent"),
        },
        note=note,
        words=words,
    )


def stake_matrix(distribution: LossDistribution, stakes: Stakes, *, setting: Setting) -> Exhibit:
    """Show what each account would cost against how likely it is lost."""
    words = setting.words
    table = named(distribution.contributions(WORST), stakes)
    table = table[table["loss"] > 0].sort_values("expected", ascending=False, kind="stable")
    if table.empty:
        raise checks.DataLacks("no account has anything to lose, so there is no loss to show.")
    likely = table[table["p_loss"] > LIKELY]
    first = table.iloc[0]
    message = words.text(
        "{name} is the costliest risk: {loss} at {chance} a year, an expected loss of {expected}",
        name=first["name"],
        loss=words.amount(first["loss"]),
        chance=chance(first["p_loss"], words),
        expected=words.amount(first["expected"]),
    )
    return Exhibit(
        key="stake_matrix",
        message=message,
        measure=forecast(setting, words.text("Accounts by loss and probability"), unit=money_and(setting)),
        table=table.reset_index(drop=True),
        columns={
            "name": (words.text("Customer"), "text"),
            "loss": (words.text("Loss if it leaves"), "money"),
            "p_loss": (words.text("Probability"), "percent"),
            "expected": (words.text("Expected loss"), "money"),
        },
        note=words.plural(
            "Along a line the expected loss is the same. {n} account is more likely lost than not; it makes up {share} "
            "of the expected loss.",
            "Along a line the expected loss is the same. {n} accounts are more likely lost than not; they make up "
            "{share} of the expected loss.",
            len(likely),
            share=words.percent(part_of(float(likely["expected"].sum()), float(table["expected"].sum())), 0),
        ),
        words=words,
        draw=lambda ax: plots.stake_matrix(table, ax=ax, words=words),
        native=natives.stake_matrix(table, words=words),
    )


def loss_range(ranges: pd.DataFrame, *, setting: Setting, confidence: float = 0.95) -> Exhibit:
    """Show how far the headline figures move as the probabilities are uncertain.

    ``ranges`` is what `exposure.uncertainty` returns at the level of 99 %, with the same ``confidence``.
    """
    words = setting.words
    expected, _, at_risk, tail = _figure_titles(words)
    titles = {"expected": expected, "value_at_risk": at_risk, "expected_shortfall": tail}
    low, high = (float(ranges[end]["expected"]) for end in ("low", "high"))
    return Exhibit(
        key="loss_range",
        message=words.text(
            "The expected loss lies between {low} and {high}, as far as the probabilities are known",
            low=words.amount(low),
            high=words.amount(high),
        ),
        measure=forecast(
            setting, words.text("Loss, with intervals of {confidence}", confidence=words.percent(confidence, 0))
        ),
        table=ranges.assign(title=ranges.index.map(titles)).reset_index(drop=True),
        columns={
            "title": (words.text("Figure"), "text"),
            "value": (words.text("Loss"), "money"),
            "low": (words.text("Low"), "money"),
            "high": (words.text("High"), "money"),
        },
        note=words.text(
            "Recomputed with probabilities drawn from their intervals; half of the variance of their errors is common "
            "to all accounts (an assumption)."
        ),
        words=words,
    )


def sensitivity(table: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """Show how far the figures depend on assumptions; ``table`` as `exposure.sensitivity` returns it."""
    words = setting.words
    table = table.sort_values(["severity", "correlation"], ascending=[False, True], ignore_index=True)
    full = table[table["severity"] == table["severity"].max()]
    least, most = full.iloc[0], full.iloc[-1]
    return Exhibit(
        key="sensitivity",
        message=words.text(
            "With a correlation of {most} instead of {least}, the worst {part} of years cost {high} instead of {low}",
            most=words.number(most["correlation"], 2),
            least=words.number(least["correlation"], 2),
            part=words.percent(1 - WORST, 0),
            high=words.amount(most["expected_shortfall"]),
            low=words.amount(least["expected_shortfall"]),
        ),
        measure=forecast(setting, words.text("Loss by correlation and severity")),
        table=table,
        columns={
            "correlation": (words.text("Correlation through the economy"), "index"),
            "severity": (words.text("Severity, of that assumed"), "percent"),
            "expected": (words.text("Expected loss"), "money"),
            "value_at_risk": (words.text("One year in {years}", years=years(WORST, words)), "money"),
            "expected_shortfall": (words.text("In the worst years"), "money"),
        },
        note=words.text("The correlation within sectors stays as it is."),
        words=words,
    )


def _headline(distribution: LossDistribution) -> list[float]:
    return [
        distribution.expected,
        distribution.value_at_risk(BAD),
        distribution.value_at_risk(WORST),
        distribution.expected_shortfall(WORST),
    ]


def _figure_titles(words: Words) -> list[str]:
    return [
        words.text("expected loss"),
        *(words.text("exceeded in one year in {years}", years=years(level, words)) for level in (BAD, WORST)),
        words.text("mean of the worst {share} of years", share=words.percent(1 - WORST, 0)),
    ]


def independent(distribution: LossDistribution) -> LossDistribution:
    """Return the law if accounts left independently of each other."""
    book = distribution.portfolio
    return exposure.loss_distribution(
        pd.Series(book.loss[:, 0], index=book.accounts), pd.Series(book.p[:, 0], index=book.accounts)
    )


def raised_together(distribution: LossDistribution) -> float:
    """Return by what fraction common causes raise the mean of the worst years; what is below a thousandth is 0."""
    alone, together = (law.expected_shortfall(WORST) for law in (independent(distribution), distribution))
    raised = together / alone - 1 if alone > 0 else 0.0
    return raised if raised >= _NOTICEABLE else 0.0


def _by_sector(distribution: LossDistribution) -> pd.DataFrame:
    """Return the shortfall of each sector by itself, the one that common factors raise most first."""
    book = distribution.portfolio
    rows = {}
    for sector in [] if book.sector is None else sorted(book.sector.dropna().unique()):
        law = exposure.LossDistribution.of(book.only((book.sector == sector).to_numpy()), level=WORST)
        rows[sector] = [one.expected_shortfall(WORST) for one in (independent(law), law)]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["independent", "together"])
    raised = table["together"] / table["independent"].where(table["independent"] > 0)
    return table.loc[raised.sort_values(ascending=False, kind="stable").index]


def named(table: pd.DataFrame, stakes: Stakes) -> pd.DataFrame:
    """Return ``table`` with the column ``name``."""
    return table.assign(name=[name_of(account, stakes) for account in table.index])


def name_of(account: object, stakes: Stakes) -> str:
    """Return what an account is called."""
    known = stakes.table["name"].get(account) if "name" in stakes.table else None
    return str(account) if pd.isna(known) else str(known)


def kind_of(stakes: Stakes, words: Words) -> str:
    """Name what is at stake; a forecast is one of contribution margin."""
    basis = stakes.assumptions.set_index("name")["value"]["basis"]
    return words.text("revenue") if basis == "revenue" else words.text("contribution margin")


def part_of(amount: float, whole: float) -> float:
    """Return the share of ``amount`` in ``whole``, 0 where there is no whole."""
    return amount / whole if whole > 0 else 0.0


def years(level: float, words: Words) -> str:
    """Say in how many years the loss at ``level`` is exceeded once."""
    return words.number(round(1 / (1 - level), 6))


def other_years(level: float, words: Words) -> str:
    """Say how many years that leaves."""
    return words.number(round(1 / (1 - level) - 1, 6))


def assumed(distribution: LossDistribution, stakes: Stakes, words: Words) -> str:
    """List the assumptions that all figures of the loss rest on."""
    assumed = stakes.assumptions.set_index("name")["value"]
    book = distribution.portfolio
    return words.text(
        "Assumed: {months} months until an account is replaced, the last {ramp} of them on a ramp; correlation of "
        "{economy} through the economy and {sector} more within a sector. The law of the loss is computed, not "
        "simulated.",
        months=words.number(assumed["months_to_replace"]),
        ramp=words.number(min(assumed["ramp"], assumed["months_to_replace"])),
        economy=words.number(book.correlation, 2),
        sector=words.number(book.sector_correlation, 2),
    )
