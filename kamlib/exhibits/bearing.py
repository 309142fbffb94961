"""How much loss the firm can bear: scenarios, break-even, what keeping may cost, and what the board must know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from kamlib import exposure, plots
from kamlib.exhibits import natives
from kamlib.exhibits.bridge import steps_between
from kamlib.exhibits.exhibit import Exhibit, chance, forecast, money_and
from kamlib.exhibits.exposure import (
    BAD,
    LIKELY,
    WORST,
    assumed,
    kind_of,
    name_of,
    named,
    other_years,
    part_of,
    raised_together,
    years,
)

if TYPE_CHECKING:
    from kamlib.exhibits.exhibit import Setting
    from kamlib.exposure import Firm, LossDistribution, Stakes
    from kamlib.style import Words

_SHOWN: Final = 6  # accounts of the break-even set that a slide has room for


def stress(scenarios: pd.DataFrame, stakes: Stakes, *, setting: Setting) -> Exhibit:
    """Set out the stress scenarios, and the way from the result to that after the worst of them.

    ``scenarios`` is what `exposure.scenarios` returns; a missing result means that it is not known.
    """
    words = setting.words
    table = scenarios.assign(
        title=[_scenario(row, stakes, words) for row in scenarios.to_dict("records")],
    ).sort_values("loss", ascending=False, kind="stable")
    worst = table.iloc[0]
    known = pd.notna(worst["result"])
    message = words.text(
        "{scenario}: costs {loss}, more than any other scenario",
        scenario=worst["title"],
        loss=words.amount(worst["loss"]),
    )
    columns = {
        "title": (words.text("Scenario"), "text"),
        "accounts": (words.text("Accounts at stake"), "number"),
        "loss": (words.text("Loss"), "money"),
        "probability": (words.text("Probability"), "percent"),
        "result": (words.text("Result after it"), "money"),
        "months_to_refill": (words.text("Months to refill"), "number"),
    }
    draw = native = None
    if known:
        message += words.text(", and leaves a result of {result}", result=words.amount(worst["result"]))
        before = float(worst["result"] + worst["loss"])
        titles = (words.text("result if nobody leaves"), words.text("result after it"))
        steps = steps_between(before, {worst["title"]: -float(worst["loss"])}, float(worst["result"]), titles=titles)

        def draw(ax: Any) -> Any:
            return plots.waterfall(steps, ax=ax, words=words, scenario="forecast")

        native = natives.waterfall(steps, words=words, scenario="forecast")
    else:
        columns.pop("result")
    return Exhibit(
        key="stress",
        message=message,
        measure=forecast(setting, words.text("Operating result and the loss in stress scenarios")),
        table=table.reset_index(drop=True),
        columns=columns,
        note=" ".join(
            [
                *_assumed_of(set(table["scenario"]), words),
                words.text("The probability is that of the model, where it has one."),
            ]
        ),
        words=words,
        draw=draw,
        native=native,
    )


def _assumed_of(scenarios: set[str], words: Words) -> list[str]:
    """Say what is assumed of those scenarios that are there."""
    said = {
        "sector_falters": words.text("A faltering sector loses {part}.", part=words.percent(exposure.FALTER, 0)),
        "owner_leaves": words.text(
            "{part} of the accounts' business goes along with an account manager.",
            part=words.percent(exposure.FOLLOW, 0),
        ),
        "price_cut": words.text("The price cut is {part} of revenue.", part=words.percent(exposure.PRICE_CUT, 0)),
    }
    return [sentence for scenario, sentence in said.items() if scenario in scenarios]


def _scenario(row: dict[Any, Any], stakes: Stakes, words: Words) -> str:
    """Say what happens in a scenario; one's own keeps its name."""
    known = {
        "largest_leaves": words.text("{name} leaves", name=name_of(row["about"], stakes)),
        "sector_falters": words.text("The sector {name} falters", name=row["about"]),
        "owner_leaves": words.text("{name} leaves and takes accounts along", name=row["about"]),
        "contracts_lost": words.text("All contracts that are up are lost"),
        "price_cut": words.plural(
            "Price cut for the largest account", "Price cut for the {n} largest accounts (A)", int(row["accounts"])
        ),
    }
    return known.get(row["scenario"], str(row["scenario"]))


def break_even(firm: Firm, stakes: Stakes, *, setting: Setting) -> Exhibit:
    """Show how many accounts can go before the year ends at a loss, and the likeliest losses that bring it about."""
    words = setting.words
    chosen = named(firm.break_even, stakes)
    gone = chosen[chosen["p_loss"] > LIKELY]
    others = chosen[chosen["p_loss"] <= LIKELY]
    shown = others.head(_SHOWN)
    rest = others.iloc[len(shown) :]
    changes = {name: -loss for name, loss in zip(shown["name"], shown["loss"], strict=True)}
    if len(gone):
        title = words.plural("{n} account likelier lost than not", "{n} accounts likelier lost than not", len(gone))
        changes = {title: -float(gone["loss"].sum())} | changes
    if len(rest):
        changes[words.plural("{n} other account", "{n} other accounts", len(rest))] = -float(rest["loss"].sum())
    titles = (words.text("result if nobody leaves"), words.text("result after it"))
    left = firm.result - float(chosen["loss"].sum())
    steps = steps_between(firm.result, changes, left, titles=titles)
    note = words.text(
        "Contribution of {contribution} less fixed costs of {fixed}.",
        contribution=words.amount(firm.contribution), fixed=words.amount(firm.fixed_costs),
    )  # fmt: skip
    if len(chosen):
        note += " " + words.text(
            "Shown is the likeliest set of losses that uses the result up ({n} accounts, of whom {gone} are more "
            "likely lost than not); that all of them go has the probability {chance}. In the order of size, {can_go} "
            "can go.",
            n=words.number(len(chosen)),
            gone=words.number(len(gone)),
            chance=chance(firm.break_even_probability, words),
            can_go=words.number(firm.can_go),
        )
    return Exhibit(
        key="break_even",
        message=_break_even_message(firm, stakes, words),
        measure=forecast(setting, words.text("Operating result and the likeliest losses that use it up")),
        table=chosen.reset_index(drop=True),
        columns={
            "name": (words.text("Customer"), "text"),
            "loss": (words.text("Loss if it leaves"), "money"),
            "p_loss": (words.text("Probability"), "percent"),
            "cumulative_loss": (words.text("Loss with those above"), "money"),
        },
        note=note,
        words=words,
        draw=(lambda ax: plots.waterfall(steps, ax=ax, words=words, scenario="forecast")) if len(chosen) else None,
        native=natives.waterfall(steps, words=words, scenario="forecast") if len(chosen) else None,
    )


def _break_even_message(firm: Firm, stakes: Stakes, words: Words) -> str:
    result, probability = words.amount(firm.result), chance(firm.loss_probability, words)
    if firm.result <= 0:
        return words.text(
            "The year ends at a loss of {loss} before any account leaves", loss=words.amount(-firm.result)
        )
    if firm.can_go == len(firm.by_size):
        return words.text("Even if all accounts left, the result of {result} would not be used up", result=result)
    if firm.can_go == 0:
        return words.text(
            "{name} alone would use up the result of {result}; the year ends at a loss with probability {chance}",
            name=name_of(firm.by_size.index[0], stakes),
            result=result,
            chance=probability,
        )
    return words.plural(
        "The result of {result} survives the loss of the largest account, but of no second; the year ends at a "
        "loss with probability {chance}",
        "The result of {result} survives the loss of the {n} largest accounts, but of no more; the year ends at a "
        "loss with probability {chance}",
        firm.can_go,
        result=result,
        chance=probability,
    )


def retention_budget(
    budgets: pd.DataFrame, stakes: Stakes, *, setting: Setting, accounts: pd.Index[Any] | None = None
) -> Exhibit:
    """Show what keeping each key account may cost at most; ``budgets`` as `exposure.retention` returns it.

    ``accounts`` are the key accounts; without them all are shown.
    """
    words = setting.words
    table = named(budgets if accounts is None else budgets[budgets.index.isin(accounts)], stakes)
    table = table.sort_values("budget", ascending=False, kind="stable")
    first = table.iloc[0]
    message = words.text(
        "Keeping {name} may cost {budget} a year at most; all {n} key accounts that bring {kind} together {all}",
        name=first["name"],
        budget=words.amount(first["budget"]),
        n=words.number(len(table)),
        kind=kind_of(stakes, words),
        all=words.amount(table["budget"].sum()),
    )
    columns = {
        "name": (words.text("Customer"), "text"),
        "loss": (words.text("Loss if it leaves"), "money"),
        "p_loss": (words.text("Probability"), "percent"),
        "worth": (words.text("Cost of its risk a year"), "money"),
        "budget": (words.text("Budget a year"), "money"),
        "concession": (words.text("As a price concession"), "percent"),
    }
    return Exhibit(
        key="retention_budget",
        message=message,
        measure=forecast(
            setting,
            words.text("Budget a year for keeping an account, at most"),
            unit=money_and(setting) if "concession" in table else None,
        ),
        table=table.reset_index(drop=True),
        columns={name: column for name, column in columns.items() if name in table},
        note=words.text(
            "Assumed: an effort averts {effect} of the losses of an account, and a reserve for the worst years costs "
            "{price} of it a year. Beyond the budget, keeping costs more than losing.",
            effect=words.percent(exposure.EFFECT, 0),
            price=words.percent(exposure.PRICE_OF_TAIL, 0),
        ),
        words=words,
        draw=lambda ax: plots.budget(table, ax=ax, words=words),
        native=natives.budget(table, words=words),
    )


def board(distribution: LossDistribution, stakes: Stakes, *, setting: Setting, firm: Firm | None = None) -> Exhibit:
    """Say in three sentences what the board must know: the expected loss, a bad year, and how much the firm can bear.

    Without ``firm``, as `exposure.firm` returns it, the third says why that is not known.
    """
    words = setting.words
    kind = kind_of(stakes, words)
    whole = float(stakes.table["stake"].sum())
    parts = named(distribution.contributions(WORST), stakes)
    costliest = parts.sort_values("expected", ascending=False, kind="stable").iloc[0]
    expected = words.plural(
        "Over the next twelve months we must expect to lose {expected} of {kind}, {share} of what is at stake with the "
        "only account judged, {name}.",
        "Over the next twelve months we must expect to lose {expected} of {kind}, {share} of what is at stake with the "
        "{n} accounts judged; {name} alone accounts for {part} of that loss.",
        len(stakes.table),
        expected=words.amount(distribution.expected),
        kind=kind,
        share=words.percent(part_of(distribution.expected, whole)),
        name=costliest["name"],
        part=words.percent(part_of(costliest["expected"], distribution.expected), 0),
    )
    tail, raised = distribution.expected_shortfall(WORST), raised_together(distribution)
    at_risk = distribution.value_at_risk(BAD)
    told = {"bad_years": years(BAD, words), "worst_years": years(WORST, words), "worst": words.amount(tail)}
    if at_risk > 0:
        bad = words.text(
            "In one year in {bad_years} it is more than {bad}, and the worst year in {worst_years} costs {worst} on "
            "average",
            bad=words.amount(at_risk),
            **told,
        )
    else:
        bad = words.text(
            "More than {most} of {bad_years} years cost nothing, and the worst year in {worst_years} costs {worst} on "
            "average",
            most=other_years(BAD, words),
            **told,
        )
    if raised:
        more = words.percent(raised)
        bad += words.text(": {more} more than if customers left independently of each other", more=more)
    bad += "."
    questions = [words.text("What to expect"), words.text("A bad year"), words.text("How much we can bear")]
    return Exhibit(
        key="board",
        message=words.text(
            "{expected} of {kind} is the loss to expect, {worst} that of a very bad year",
            expected=words.amount(distribution.expected),
            kind=kind,
            worst=words.amount(tail),
        ),
        measure=forecast(setting, words.text("Loss of {kind} if customers leave", kind=kind)),
        table=pd.DataFrame({"question": questions, "sentence": [expected, bad, _bearable(firm, stakes, words)]}),
        columns={"question": (words.text("Question"), "text"), "sentence": (words.text("Answer"), "text")},
        note=assumed(distribution, stakes, words),
        words=words,
    )


def _bearable(firm: Firm | None, stakes: Stakes, words: Words) -> str:
    if firm is None:
        if kind_of(stakes, words) == words.text("revenue"):
            return words.text("How many accounts can go before the year ends at a loss can't be said without cost.")
        return words.text("How many accounts can go before the year ends at a loss can't be said without fixed costs.")
    if firm.result <= 0:
        return words.text(
            "The year ends at a loss of {loss} before any account leaves; there is nothing to bear it with.",
            loss=words.amount(-firm.result),
        )
    probability = chance(firm.loss_probability, words)
    if firm.can_go == 0:
        return words.text(
            "{name} alone would use up our result of {result}; with a probability of {chance}, the year ends at a "
            "loss.",
            name=name_of(firm.by_size.index[0], stakes),
            result=words.amount(firm.result),
            chance=probability,
        )
    if firm.can_go == len(firm.by_size):
        return words.text("Our result of {result} would survive even the loss of all accounts.",
                          result=words.amount(firm.result))  # fmt: skip
    return words.plural(
        "Our result of {result} survives the loss of the largest account, but of no second; with a probability of "
        "{chance}, the year ends at a loss.",
        "Our result of {result} survives the loss of the {n} largest accounts, but of no more; with a probability of "
        "{chance}, the year ends at a loss.",
        firm.can_go,
        result=words.amount(firm.result),
        chance=probability,
    )
