"""Who is about to leave: the risk list with its reasons, its record, and who declines: one function an exhibit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from kamlib import churn, plots
from kamlib.exhibits import natives
from kamlib.exhibits.exhibit import Exhibit, Measure, chance, money_and

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kamlib.churn import Backtest
    from kamlib.exhibits.exhibit import Setting
    from kamlib.style import Words

_CLASSES: Final = (0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)  # of probability: most accounts are safe, and crowd near 0


def risk_list(risk: pd.DataFrame, table: pd.DataFrame, *, horizon: int, setting: Setting) -> Exhibit:
    """List accounts by the probability of losing them, with the reasons in words.

    ``risk`` is what `churn.risk` returns, for the accounts to show; ``table`` a `customers.table`.
    """
    words = setting.words
    stake = "margin" if "margin" in table else "revenue"
    judged = risk[risk["p_loss"].notna()]
    ranged = bool(judged["p_low"].notna().any())  # without a record there is none
    shown = judged.assign(
        name=table["name"].reindex(judged.index),
        stake=table[stake].reindex(judged.index),
        why=[reasons_of(found, words) for found in judged["reasons"]],
        said=[words.text("yes") if overdue else "" for overdue in judged["overdue"]],
    )
    expected = float((shown["p_loss"] * shown["stake"].clip(lower=0)).sum())
    if shown.empty:
        message = words.text("Nobody is known to be at risk: no account has a probability of leaving")
    elif not ranged:
        message = words.text(
            "Not tested on the past: of all {n} key accounts, {name} is the likeliest to leave within {days} days "
            "({p})",
            n=words.number(len(shown)),
            name=shown["name"].iloc[0],
            days=words.number(horizon),
            p=chance(shown["p_loss"].iloc[0], words),
        )
    else:
        first = shown.iloc[0]
        message = words.text(
            "{name} is the likeliest key account to leave within {days} days ({p}); of all {n}, {lost} are expected to "
            "go, with {stake} of {kind}",
            name=first["name"],
            days=words.number(horizon),
            p=chance(first["p_loss"], words, digits=0),
            n=words.number(len(shown)),
            lost=words.number(shown["p_loss"].sum(), 1),
            stake=words.amount(expected),
            kind=words.text("contribution margin") if stake == "margin" else words.text("revenue"),
        )
    return Exhibit(
        key="risk_list",
        message=message,
        measure=Measure(
            words.text("Key accounts by the probability of no purchase, and what is at stake"),
            money_and(setting),
            words.text("{days} days from {day}", days=words.number(horizon), day=words.date(setting.end)),
            words.text("forecast"),
        ),
        table=shown.reset_index(drop=True),
        columns={
            "name": (words.text("Customer"), "text"),
            "p_loss": (words.text("Probability"), "percent"),
            **({"p_low": (words.text("Low"), "percent"), "p_high": (words.text("High"), "percent")} if ranged else {}),
            "stake": (_stake_title(stake, words), "money"),
            "why": (words.text("Reasons"), "text"),
            "said": (words.text("Overdue rule"), "text"),
        },
        note=_note_on_risks(judged["model"].unique().tolist(), tested=ranged, words=words),
        words=words,
    )


def _note_on_risks(models: Sequence[str], *, tested: bool, words: Words) -> str:
    model = words.listing([model_titles(words)[one] for one in models])
    said = [words.text("A loss is no purchase within the horizon.")]
    if tested:
        said.append(
            words.text(
                "Probability by the model with the best record ({model}), calibrated on what came true; its interval "
                "(95%) is that of the record.",
                model=model,
            )
        )
    elif model:
        said.append(words.text("Probability by {model}; the ledger is too short to test it on the past.", model=model))
    said.append(words.text("Overdue rule: silent for over twice its usual interval."))
    return " ".join(said)


def _stake_title(stake: str, words: Words) -> str:
    return words.text("Contribution margin") if stake == "margin" else words.text("Revenue")


def reasons_of(reasons: list[dict[str, Any]], words: Words) -> str:
    """Say in words and figures what raised the risk of one account; ``reasons`` is one entry of `churn.risk`."""
    return "; ".join(filter(None, (_reason(reason, words) for reason in reasons)))


def _reason(reason: Mapping[str, Any], words: Words) -> str:
    """Say one reason by the first phrase that fits its code and whose figures are known."""
    for code, known, phrase in _PHRASES:
        if reason["code"] == code and reason.keys() >= known:
            return phrase(reason, words)
    return ""


_PHRASES: Final[tuple[tuple[str, set[str], Callable[[Mapping[str, Any], Words], str]], ...]] = (
    ("silent", {"usual_interval", "days_since"}, lambda r, words: words.text(
        "orders every {usual} days, silent for {days}",
        usual=words.number(r["usual_interval"]), days=words.number(r["days_since"]),
    )),
    ("silent", {"days_since"}, lambda r, words: words.text(
        "silent for {days} days", days=words.number(r["days_since"]),
    )),
    ("rarer", {"purchases_recent", "purchases_recent_before"}, lambda r, words: words.text(
        "bought on {now} days lately, {before} a year ago",
        now=words.number(r["purchases_recent"]), before=words.number(r["purchases_recent_before"]),
    )),
    ("spend", {"revenue_recent", "revenue_recent_before"}, lambda r, words: words.text(
        "spent {now} lately, {before} a year ago",
        now=words.amount(r["revenue_recent"]), before=words.amount(r["revenue_recent_before"]),
    )),
    ("basket", {"groups_recent", "groups_recent_before"}, lambda r, words: words.text(
        "bought {before} product groups a year ago, {now} now",
        before=words.number(r["groups_recent_before"]), now=words.number(r["groups_recent"]),
    )),
    ("basket", {"products_recent", "products_recent_before"}, lambda r, words: words.text(
        "bought {before} products a year ago, {now} now",
        before=words.number(r["products_recent_before"]), now=words.number(r["products_recent"]),
    )),
    ("price", {"price_change"}, lambda r, words: words.text(
        "its price moved by {points} points of list", points=words.number(100 * r["price_change"], 1),
    )),
    ("credit_notes", {"credit_share"}, lambda r, words: words.text(
        "{share} of its purchases came back", share=words.percent(r["credit_share"]),
    )),
    ("contact", {"days_since_contact"}, lambda r, words: words.text(
        "last contact {days} days ago", days=words.number(r["days_since_contact"]),
    )),
    ("sector", {"sector_trend"}, lambda r, words: words.text(
        "its sector changed by {trend}", trend=words.percent(r["sector_trend"], 0),
    )),
    ("habit", set(), lambda _, words: words.text("its habits are those of customers who leave")),
)  # fmt: skip


def model_titles(words: Words) -> dict[str, str]:
    """Name the models and the rules of thumb that compete."""
    return {
        "base_rate": words.text("rule: as many as always"),
        "overdue": words.text("rule: overdue twice its interval"),
        "last_year": words.text("rule: same as last year"),
        "btyd": words.text("purchase model (MBG/CNBD-k)"),
        "logistic": words.text("logistic regression"),
        "boosting": words.text("gradient boosting"),
        "combined": words.text("combination"),
    }


def record(found: Backtest, *, setting: Setting) -> Exhibit:
    """Tell how good the probabilities of earlier days turned out; ``found`` as `churn.backtest` returns it."""
    words = setting.words
    titles = model_titles(words)
    winner = titles[found.winner]
    if found.scores.empty:
        message = words.text("Too little history to test any model: {model} is used as it stands", model=winner)
    else:
        losses = found.scores["log_loss"].to_dict()
        rule = found.scores[found.scores["naive"]]["log_loss"].min()
        values = {
            "model": winner,
            "loss": words.number(losses[found.winner], 3),
            "rule": words.number(rule, 3),
        }
        message = (
            words.plural(
                "On {n} past day, the best model ({model}) beats every rule of thumb: log loss {loss} against {rule}",
                "On {n} past days, the best model ({model}) beats every rule of thumb: log loss {loss} against {rule}",
                len(found.tested),
                **values,
            )
            if found.beats_naive
            else words.plural(
                "On {n} past day no model beats the best rule of thumb (log loss {rule})",
                "On {n} past days no model beats the best rule of thumb (log loss {rule})",
                len(found.tested),
                **values,
            )
        )
    table = found.scores.rename_axis("model").reset_index()
    if table.empty:
        table = pd.DataFrame({"model": [found.winner]})
    table["model"] = table["model"].map(titles)
    columns = {
        "model": (words.text("Model"), "text"),
        "log_loss": (words.text("Log loss"), "index"),
        "brier_skill": (words.text("Brier skill"), "percent"),
        "auc": (words.text("AUC"), "index"),
        "average_precision": (words.text("Average precision"), "index"),
        "lift": (words.text("Lift, top tenth"), "decimal"),
        "calibration_error": (words.text("Calibration error"), "percent"),
        "calibration_error_low": (words.text("Low"), "percent"),
        "calibration_error_high": (words.text("High"), "percent"),
    }
    return Exhibit(
        key="churn_record",
        message=message,
        measure=Measure(
            words.text("Out-of-time record of all models"),
            words.text("log loss / index 0 to 1 / %"),
            _past(found, words),
            words.text("forecast against actual"),
        ),
        table=table,
        columns={name: column for name, column in columns.items() if name in table},
        note=words.text(
            "A model is tested on days whose horizon has ended, learning from earlier ones; there are none."
        )
        if found.scores.empty
        else words.text(
            "Each model learned only from days whose horizon had ended before the day it was tested on. Chosen is the "
            "lowest log loss, or the simplest model within one standard error of it."
        ),
        words=words,
    )


def calibration(found: Backtest, *, setting: Setting) -> Exhibit:
    """Hold what was given against what came true; ``found`` as `churn.backtest` returns, with a tested model."""
    words = setting.words
    mine = found.predictions[found.predictions["model"] == found.winner]
    classes = mine.groupby(pd.cut(mine["p"], _CLASSES, include_lowest=True), observed=True)
    curves = [churn.calibration_curve(part["p"], part["happened"], bins=1) for _, part in classes]
    curve = pd.concat(curves, ignore_index=True)
    within = int(((curve["low"] <= curve["predicted"]) & (curve["predicted"] <= curve["high"])).sum())
    top = curve.iloc[-1]
    return Exhibit(
        key="calibration",
        message=words.text(
            "Of accounts given about {p}, {came} left; {within} of {n} classes agree within their interval",
            p=words.percent(top["predicted"], 0),
            came=words.percent(top["observed"], 0),
            within=words.number(within),
            n=words.number(len(curve)),
        ),
        measure=Measure(
            words.text("Share of accounts that left by the probability given"),
            "%",
            _past(found, words),
            words.text("forecast against actual"),
        ),
        table=curve,
        columns={
            "cases": (words.text("Cases"), "number"),
            "predicted": (words.text("Given"), "percent"),
            "observed": (words.text("Came true"), "percent"),
            "low": (words.text("Low"), "percent"),
            "high": (words.text("High"), "percent"),
        },
        note=words.text("Intervals (95%) by Wilson; an account counts once for each past day."),
        words=words,
        draw=lambda ax: plots.calibration(curve, ax=ax, words=words),
        native=natives.calibration(curve, words=words),
    )


def _past(found: Backtest, words: Words) -> str:
    """Say from which days on, and how long, what was forecast was held against what came."""
    days = [words.date(day) for day in found.tested]
    horizon = words.number(found.horizon)
    if not days:
        return words.text("{days} days, no past day to test on", days=horizon)
    if len(days) == 1:
        return words.text("{days} days from {day}", days=horizon, day=days[0])
    return words.plural(
        "{days} days from {n} past day, {first} to {last}",
        "{days} days from each of {n} past days, {first} to {last}",
        len(days),
        days=horizon,
        first=days[0],
        last=days[-1],
    )


def signals(found: pd.DataFrame, table: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """List the accounts that decline before they are gone; ``found`` as `churn.decline_signals` returns."""
    words = setting.words
    flagged = found[found["signal"]]
    names = table["name"].reindex(flagged["account"]).set_axis(flagged.index).fillna(flagged["account"])
    measures = {
        "frequency": words.text("purchase days"),
        "basket": words.text("breadth of basket"),
        "spend": words.text("revenue"),
    }
    shown = flagged.assign(name=names, what=flagged["measure"].map(measures))
    accounts = flagged["account"].nunique()
    message = (
        words.text("No account declines in purchase days, breadth of basket or revenue beyond chance")
        if flagged.empty
        else words.plural(
            "{n} account declines beyond chance: {name}",
            "{n} accounts decline beyond chance; the clearest is {name}",
            accounts,
            name=shown["name"].iloc[0],
        )
    )
    return Exhibit(
        key="signals",
        message=message,
        measure=Measure(
            words.text("Accounts that decline in purchase days, breadth of basket or revenue a month"),
            words.text("number / {money} / %", money=setting.money),
            words.text("months until {day} against the same a year before", day=words.date(setting.end)),
            words.text("actual against the period before"),
        ),
        table=shown.reset_index(drop=True),
        columns={
            "name": (words.text("Customer"), "text"),
            "what": (words.text("Measure"), "text"),
            "months": (words.text("Months"), "number"),
            "before": (words.text("A month before"), "decimal"),
            "now": (words.text("A month now"), "decimal"),
            "change": (words.text("Change"), "percent"),
            "p_value": (words.text("Chance alone"), "index"),
        },
        note=words.text(
            "An account that did not change is flagged in 1% of cases (sign test over months, Holm over measures)."
        ),
        words=words,
    )
