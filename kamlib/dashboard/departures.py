"""The slide on those who leave: what the firm earns without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from kamlib import plots
from kamlib.exhibits import Exhibit, natives
from kamlib.exhibits.bridge import steps_between
from kamlib.exhibits.exhibit import chance, forecast
from kamlib.exhibits.exposure import kind_of, name_of, part_of

if TYPE_CHECKING:
    from kamlib.dashboard.outcome import Outcome
    from kamlib.exhibits import Setting
    from kamlib.exposure import Firm
    from kamlib.style import Words

_SHOWN: Final = 8  # accounts that a slide has room for
_NAMED: Final = 3  # that a sentence has


def departures(outcome: Outcome, *, setting: Setting) -> Exhibit:
    """Show the way from the result if nobody leaves to that without those who leave for certain.

    Where the result is not known, it is the way from all that is at stake to what remains of it.
    """
    words, firm, stakes = setting.words, outcome.firm, outcome.stakes
    gone = outcome.gone
    names = pd.Series([name_of(account, stakes) for account in gone.index], gone.index, dtype="str")
    names = names.where(~names.duplicated(keep=False), names + " (" + gone.index.astype("str") + ")")
    table = pd.DataFrame({
        "name": names.to_numpy(),
        "loss": gone.to_numpy(),
        "p_loss": outcome.book.p_loss.loc[gone.index].to_numpy(),
    })  # fmt: skip
    kind = kind_of(stakes, words)
    if firm is None:
        before = float(stakes.table["stake"].sum())
        titles = (kind, words.text("what remains"))
        what = words.text("What accounts bring that leave, {kind}", kind=kind)
        note = words.text("Cost or fixed costs are not known, so what this does to the result is not shown.")
    else:
        before = firm.result
        titles = (words.text("result if nobody leaves"), words.text("result after it"))
        what = words.text("Operating result if accounts leave")
        note = words.text(
            "Contribution of {contribution} less fixed costs of {fixed}.",
            contribution=words.amount(firm.contribution), fixed=words.amount(firm.fixed_costs),
        )  # fmt: skip
    months = stakes.assumptions.set_index("name")["value"]["months_to_replace"]
    note += " " + words.text("{months} months are assumed until an account is replaced.", months=words.number(months))
    if outcome.book.judged and len(gone):
        note += " " + words.text("Who is ticked leaves for certain, whatever its probability.")
        if firm is not None and firm.result > gone.sum():
            note += " " + words.text(
                "Counting the others by their probability, the year ends at a loss with a probability of {chance}.",
                chance=chance(firm.loss_probability, words),
            )
    steps = steps_between(before, _changes(table, words), before - float(gone.sum()), titles=titles)
    return Exhibit(
        key="departures",
        message=_message(table, before, outcome, words)
        if firm is None
        else _result_message(table, firm, outcome, words),
        measure=forecast(setting, what),
        table=table,
        columns={
            "name": (words.text("Customer"), "text"),
            "loss": (words.text("Loss if it leaves"), "money"),
        }
        | ({"p_loss": (words.text("Probability"), "percent")} if outcome.book.judged else {}),
        note=note,
        words=words,
        draw=lambda ax: plots.waterfall(steps, ax=ax, words=words, scenario="forecast"),
        native=natives.waterfall(steps, words=words, scenario="forecast"),
    )


def _changes(table: pd.DataFrame, words: Words) -> dict[str, float]:
    shown, rest = table.iloc[:_SHOWN], table.iloc[_SHOWN:]
    changes = {name: -loss for name, loss in zip(shown["name"], shown["loss"], strict=True)}
    if len(rest):
        changes[words.plural("{n} other account", "{n} other accounts", len(rest))] = -float(rest["loss"].sum())
    return changes


def _named(table: pd.DataFrame, words: Words) -> str:
    """Name the accounts as the subject of a sentence."""
    if len(table) <= _NAMED:
        return words.listing(list(table["name"]))
    return words.text("{name} and {n} others", name=table["name"].iloc[0], n=words.number(len(table) - 1))


def _message(table: pd.DataFrame, whole: float, outcome: Outcome, words: Words) -> str:
    loss = float(table["loss"].sum())
    if table.empty:
        return words.text("If nobody leaves, {all} of {kind} stays", all=words.amount(whole),
                          kind=kind_of(outcome.stakes, words))  # fmt: skip
    return words.text(
        "Without {names}, {loss} of {kind} is lost, {share} of all",
        names=_named(table, words),
        loss=words.amount(loss),
        kind=kind_of(outcome.stakes, words),
        share=words.percent(part_of(loss, whole)),
    )


def _result_message(table: pd.DataFrame, firm: Firm, outcome: Outcome, words: Words) -> str:
    before, after = firm.result, firm.result - float(table["loss"].sum())
    if table.empty:
        return (
            words.text("If nobody leaves, the year ends with a result of {result}", result=words.amount(before))
            if before >= 0
            else words.text("The year ends at a loss of {loss} before any account leaves", loss=words.amount(-before))
        )
    names = _named(table, words)
    if before < 0:
        return words.text("Without {names}, the loss grows from {before} to {after}", names=names,
                          before=words.amount(-before), after=words.amount(-after))  # fmt: skip
    if after < 0:
        return words.text("Without {names}, the year ends at a loss of {after} instead of a result of {before}",
                          names=names, before=words.amount(before), after=words.amount(-after))  # fmt: skip
    fall = words.text("Without {names}, the result falls from {before} to {after}", names=names,
                      before=words.amount(before), after=words.amount(after))  # fmt: skip
    if not outcome.can_go:
        return words.text("{fall}, and the largest of the others would turn it into a loss", fall=fall)
    return words.plural(
        "{fall}, and the largest of the others can go, too, but no second, before it is a loss",
        "{fall}, and the {n} largest of the others can go, too, before it is a loss",
        outcome.can_go,
        fall=fall,
    )
