"""The blocks of the page: each answers one question about an account, or says in a sentence what it lacks.

Every block has a fixed number of rows at most: the page is one page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from kamlib import keyaccounts
from kamlib.brief.facts import FEWEST_PEERS, OVERDUE
from kamlib.exhibits import reason_of
from kamlib.exhibits.bridge import verdict_titles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kamlib.brief.facts import Case
    from kamlib.style import Words

_MEMBERS: Final = 4  # rows a block has room for
_ITEMS: Final = 3  # lost, and as many gained
_OVERDUE: Final = 5
_CREDITS: Final = 2
_CONTACTS: Final = 3
_GROUPS: Final = 3  # named in a sentence


@dataclass(frozen=True)
class Block:
    """One question about the account.

    Parameters
    ----------
    key, title : str
    words : Words
    lines : tuple of str
        Sentences, what the data lacks among them.
    table : DataFrame or None
    columns : mapping
        Column of ``table`` to its heading and its kind, as `Words.figure` knows them.
    """

    key: str
    title: str
    words: Words
    lines: tuple[str, ...] = ()
    table: pd.DataFrame | None = None
    columns: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def years(case: Case) -> Block:
    """Show revenue and margin of the full years that the ledger covers."""
    words, found = case.setting.words, case.years
    title = words.text("Revenue and contribution margin")
    lines = []
    if found.empty:
        lines.append(words.text("The ledger covers less than a year, so no years are compared."))
    if not case.sales.has("cost"):
        lines.append(words.text("The ledger has no cost, so no contribution margin is shown."))
    columns = {
        "end": (words.text("12 months to"), "date"),
        "revenue": (words.text("Revenue"), "money"),
        "growth": (words.text("Growth"), "percent"),
        "margin": (words.text("Margin"), "money"),
        "margin_share": (words.text("of revenue"), "percent"),
    }
    shown = found.iloc[::-1].reset_index(drop=True).dropna(axis="columns", how="all")
    return Block("years", title, words, tuple(lines), *_table(shown, columns))


def group(case: Case) -> Block | None:
    """List the companies of a group, each with its revenue."""
    words, known = case.setting.words, case.sales.customers
    members = known[known["account"] == case.account].set_index("customer")
    sums = case.sums("customer")
    every = sums.index.union(members.index)
    if len(every) < 2:
        return None
    found = sums.reindex(every).fillna(0.0).sort_values("now", ascending=False, kind="stable").reset_index(names="no")
    found["name"] = found["no"].map(members["name"]).fillna(found["no"]) if "name" in members else found["no"]
    found = _with_rest(found, _MEMBERS, "name", words)
    columns = {
        "name": (words.text("Customer"), "text"),
        "now": (words.text("Revenue"), "money"),
        **({"before": (words.text("before"), "money")} if case.compares else {}),
    }
    title = words.text("The group: {n} customers", n=words.number(len(every)))
    return Block("group", title, words, (), *_table(found, columns))


def rhythm(case: Case) -> Block:
    """Say when it orders, and what is overdue."""
    words, found, title = case.setting.words, case.rhythm, case.setting.words.text("Rhythm of orders")
    if found is None:
        return Block("rhythm", title, words, (words.text("It has never ordered, so there is no rhythm."),))
    last = words.date(found.last)
    if pd.isna(found.usual):
        return Block("rhythm", title, words, (words.text("One order so far, on {last}.", last=last),))
    told = words.text(
        "Last order on {last}, {ago}; it usually orders every {usual} days, and its longest pause so far was {longest} "
        "days.",
        last=last,
        ago=found.ago(words),
        usual=words.number(found.usual),
        longest=words.number(found.longest),
    )
    if found.factor > 1:
        factor = words.number(found.factor, 1)
        told += " " + words.text("The silence is {factor} times the usual interval.", factor=factor)
    lines = [told]
    silent = case.silent_groups.sort_values("since")
    if case.overdue:
        lines.append(words.text("It is overdue: the silence is longer than any before."))
    elif not case.sales.has("product_group"):
        lines.append(words.text("The ledger has no product groups, so none is checked for being overdue."))
    elif silent.empty:
        lines.append(
            words.text("No product group is overdue by {factor} times its own interval.", factor=words.number(OVERDUE))
        )
    columns = {
        "group": (words.text("Overdue product group"), "text"),
        "usual": (words.text("Usually every (days)"), "number"),
        "since": (words.text("Days since"), "number"),
        "before": (words.text("before"), "money"),
    }
    shown = silent.rename_axis("group").reset_index().head(_OVERDUE)
    return Block("rhythm", title, words, tuple(lines), *_table(shown, columns))


def assortment(case: Case) -> Block:
    """List products lost and gained between the period before and now."""
    words, title = case.setting.words, case.setting.words.text("Products lost and gained")
    if not case.sales.has("product"):
        return Block("products", title, words, (words.text("The ledger has no products, so no change is shown."),))
    if not case.compares:
        lacking = words.text("The ledger does not reach back to the period before, so no changes are shown.")
        return Block("products", title, words, (lacking,))
    sums = case.sums("product")
    lost = sums[(sums["before"] > 0) & (sums["now"] <= 0)].sort_values("before", ascending=False, kind="stable")
    gained = sums[(sums["now"] > 0) & (sums["before"] <= 0)].sort_values("now", ascending=False, kind="stable")
    kept = words.number(((sums["before"] > 0) & (sums["now"] > 0)).sum())
    lines = [
        words.text("No product lost or gained; bought in both periods: {kept}.", kept=kept)
        if lost.empty and gained.empty
        else words.text(
            "Products lost: {lost} ({before} before), gained: {gained} ({now} now), bought in both periods: {kept}.",
            lost=words.number(len(lost)),
            before=words.amount(lost["before"].sum()),
            gained=words.number(len(gained)),
            now=words.amount(gained["now"].sum()),
            kept=kept,
        )
    ]
    if case.sales.has("product_group"):
        groups = case.sums("product_group")
        gone = groups[(groups["before"] > 0) & (groups["now"] <= 0)].sort_values("before", ascending=False)
        if len(gone):
            named = [f"{name} ({words.amount(before)})" for name, before in gone["before"].head(_GROUPS).items()]
            lines.append(words.text("Product groups lost: {groups}.", groups=words.listing(named)))
    kinds = (("lost", words.text("lost"), lost), ("gained", words.text("gained"), gained))
    rows = [part.head(_ITEMS).assign(change=said) for _, said, part in kinds]
    shown = pd.concat(rows).rename_axis("product").reset_index()
    if "product_group" in case.lines and len(shown):
        group_of = case.lines.drop_duplicates("product", keep="last").set_index("product")["product_group"]
        of_group = shown["product"].map(group_of)
        shown["product"] = (shown["product"] + " (" + of_group + ")").fillna(shown["product"])
    columns = {
        "product": (words.text("Product"), "text"),
        "change": (words.text("Change"), "text"),
        "before": (words.text("before"), "money"),
        "now": (words.text("now"), "money"),
    }
    return Block("products", title, words, tuple(lines), *_table(shown, columns))


def price(case: Case) -> Block:
    """Say what it pays of the list price, against last year and against similar customers."""
    words, title = case.setting.words, case.setting.words.text("Price against list")
    if not case.sales.has("list_revenue"):
        return Block("price", title, words, (words.text("The ledger has no list prices, so none are compared."),))
    own, lines = case.row["price_realisation"], []
    if pd.isna(own):
        return Block("price", title, words, (words.text("Nothing was bought at a list price in the period."),))
    year_ago = case.realisation(case.setting.months, 2 * case.setting.months) if case.compares else float("nan")
    if pd.isna(year_ago):
        lines.append(words.text("It pays {own} of the list price.", own=words.percent(own)))
    else:
        lines.append(
            words.text(
                "It pays {own} of the list price, after {before} in the period before.",
                own=words.percent(own),
                before=words.percent(year_ago),
            )
        )
    kind, peers = case.peers
    usual = case.usual(case.table["price_realisation"])
    facts = {"n": words.number(len(peers)), "abc": case.classes[case.account]}
    if usual is None:
        lines.append(
            words.text("Fewer than {n} similar customers, so none are compared.", n=words.number(FEWEST_PEERS))
        )
    elif kind == "sector":
        lines.append(
            words.text(
                "Median of {n} similar customers ({abc} class, {sector}): {median}.",
                sector=case.row["sector"],
                median=words.percent(usual[0.5]),
                **facts,
            )
        )
    else:
        lines.append(
            words.text(
                "Median of {n} similar customers ({abc} class): {median}.", median=words.percent(usual[0.5]), **facts
            )
        )
    if case.concession is not None:
        found = case.concession
        lines.append(
            words.text(
                "Concession: {points} points less since {day}, {cost} a year, {volume}.",
                points=words.number(-100 * found["change"], 1),
                day=words.date(found["since"]),
                cost=words.amount(found["cost_a_year"]),
                volume=verdict_titles(words)[found["verdict"]],
            )
        )
    else:
        lines.append(words.text("No concession that can be told from chance."))
    return Block("price", title, words, tuple(lines))


def credit_notes(case: Case) -> Block:
    """List the latest credit notes, and what was taken back in full."""
    words, title = case.setting.words, case.setting.words.text("Credit notes")
    period = case.between(0, case.setting.months)
    notes = period[period["revenue"] < 0]
    if notes.empty:
        return Block("credit_notes", title, words, (words.text("None in the period."),))
    gross = float(period.loc[period["revenue"] > 0, "revenue"].sum())
    credited = -float(notes["revenue"].sum())
    lines = [
        words.text("{credited} in the period, {share} of gross revenue.", credited=words.amount(credited),
                   share=words.percent(credited / gross))
        if gross > 0
        else words.text("{credited} in the period, and nothing was bought.", credited=words.amount(credited))
    ]  # fmt: skip
    pairs = case.sales.audit.reversed_pairs
    back = pd.to_datetime(pairs["reversed_on"])
    start = case.end - pd.DateOffset(months=case.setting.months)
    taken = pairs[pairs["customer"].isin(case.lines["customer"].unique()) & (back > start) & (back <= case.end)]
    if len(taken):
        lines.append(
            words.plural(
                "{n} line of it was taken back in full within 30 days, {amount}.",
                "{n} lines of it were taken back in full within 30 days, {amount}.",
                len(taken),
                amount=words.amount(taken["revenue"].sum()),
            )
        )
    by = ["date", *(["order"] if "order" in notes else [])]
    latest = notes.groupby(by, dropna=False)["revenue"].sum().reset_index().iloc[::-1].head(_CREDITS)
    columns = {
        "date": (words.text("Date"), "date"),
        "order": (words.text("Document"), "text"),
        "revenue": (words.text("Amount"), "cents"),
    }
    return Block("credit_notes", title, words, tuple(lines), *_table(latest, columns))


def contacts(case: Case) -> Block:
    """List the last contacts, and the promises that are open."""
    words, title, log = case.setting.words, case.setting.words.text("Contacts"), case.contacts
    if log is None:
        return Block("contacts", title, words, (words.text("There is no contact log, so no contacts are shown."),))
    lines = []
    visits = case.visits
    if log.empty:
        lines.append(words.text("The contact log shows no contact with this customer."))
    if visits is not None:
        planned = words.number(visits["planned"], 0 if visits["planned"] >= 1 else 1)
        lines.append(
            words.text("{made} contacts in the period, {planned} were planned.",
                       made=words.number(visits["contacts"]), planned=planned)
        )  # fmt: skip
    late = case.open_follow_ups.sort_values("date")
    if len(late):
        lines.append(
            words.plural(
                "{n} promised follow-up has not come; it was due on {due}.",
                "{n} promised follow-ups have not come; the latest was due on {due}.",
                len(late),
                due=words.date(late["due"].iloc[-1]),
            )
        )
    columns = {
        "date": (words.text("Date"), "date"),
        "kind": (words.text("Kind"), "text"),
        "owner": (words.text("Who"), "text"),
        "outcome": (words.text("Outcome"), "text"),
    }
    return Block("contacts", title, words, tuple(lines), *_table(log.head(_CONTACTS), columns))


def standing(case: Case) -> Block:
    """Say where it stands among our accounts, and who depends on whom."""
    words, row, title = case.setting.words, case.row, case.setting.words.text("Standing")
    if pd.isna(row["rank"]):
        lacking = words.text("No revenue above 0 in the period, so it has no rank and no share.")
        return Block("standing", title, words, (lacking,))
    lines = []
    if case.account in case.listed.index:
        reason = reason_of(case.listed.loc[case.account].to_dict(), words)
        lines.append(words.text("On the list of key accounts: {reason}.", reason=reason))
    else:
        lines.append(
            words.text(
                "Not on the list of the {n} key accounts: no. {rank} by revenue.",
                n=words.number(len(case.listed)),
                rank=words.number(row["rank"]),
            )
        )
    found = case.dependence
    if found is None:
        lines.append(words.text("Nothing tells how much it depends on us."))
        return Block("standing", title, words, tuple(lines))
    share = found.get("share_of_margin", found["share_of_revenue"])
    kind = words.text("contribution margin") if "share_of_margin" in found else words.text("revenue")
    lines.append(words.text("It brings {share} of our {kind}.", share=words.percent(share), kind=kind))
    if pd.notna(found.get("share_of_wallet")):
        lines.append(
            words.text(
                "We deliver {share} of what it buys of such goods.", share=words.percent(found["share_of_wallet"], 0)
            )
        )
    if found["weaker_side"]:
        lines.append(words.text("We depend on it more than it does on us: we are the weaker side."))
    elif share >= keyaccounts.MATERIAL:
        lines.append(words.text("We are not the weaker side."))
    return Block("standing", title, words, tuple(lines))


def _table(table: pd.DataFrame, columns: Mapping[str, tuple[str, str]]) -> tuple[Any, dict[str, tuple[str, str]]]:
    """Return the table with those of ``columns`` that it has, or None where there are no rows."""
    known = {name: column for name, column in columns.items() if name in table}
    return (table if len(table) else None), known


def _with_rest(table: pd.DataFrame, rows: int, name: str, words: Words) -> pd.DataFrame:
    """Return the first ``rows``, the last of them the sum of all that don't fit."""
    if len(table) <= rows:
        return table
    rest = table.iloc[rows - 1 :]
    label = words.text("{n} others", n=words.number(len(rest)))
    summed = pd.DataFrame([rest.sum(numeric_only=True).to_dict() | {name: label}])
    return pd.concat([table.head(rows - 1), summed], ignore_index=True)


# In the order of reading; a block that is None has nothing to say.
BLOCKS: Final[tuple[Callable[[Case], Block | None], ...]] = (
    years,
    standing,
    group,
    rhythm,
    assortment,
    price,
    credit_notes,
    contacts,
)
