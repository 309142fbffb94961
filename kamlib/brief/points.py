"""What to talk about: of all that stands out about an account, the three points with the most money in them.

A candidate says nothing unless the figures carry it. Money is contribution margin, so that a lost discount and a lost
order can be held against each other; without costs it is revenue.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from kamlib.brief.facts import FEWEST_PEERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from kamlib.brief.facts import Case

COUNT: Final = 3
NEWS: Final = 0.1  # of revenue: a smaller change is no news
_NOTABLE_CREDITS: Final = 0.02  # of gross revenue: fewer credit notes are daily business
_NAMED: Final = 3  # product groups in a sentence


@dataclass(frozen=True)
class Point:
    """A sentence to talk about, what kind of point it is, and the money in it a year."""

    key: str
    money: float
    text: str


def talking_points(case: Case) -> tuple[Point, ...]:
    """Return the points with the most money in them, the largest first."""
    found = [point for candidate in CANDIDATES if (point := candidate(case)) is not None]
    return tuple(sorted(found, key=lambda point: -point.money)[:COUNT])


def overdue_orders(case: Case) -> Point | None:
    """Say that orders have stopped: the silence is long for its rhythm, and was no pause a year ago."""
    rhythm, words = case.rhythm, case.setting.words
    if rhythm is None or not rhythm.overdue:
        return None
    missed, as_a_year_ago = case.missed(rhythm)
    if missed <= 0:
        return None
    facts = {
        "days": words.number(rhythm.since),
        "usual": words.number(rhythm.usual),
        "missed": words.amount(missed),
        "last": words.date(rhythm.last),
    }
    if as_a_year_ago:
        text = words.text(
            "No order for {days} days, since {last}; it usually orders every {usual} days. "
            "In the same days a year ago it bought for {missed}: what has changed?",
            **facts,
        )
    else:
        text = words.text(
            "No order for {days} days, since {last}; it usually orders every {usual} days. "
            "At its pace until then that would have been {missed}: what has changed?",
            **facts,
        )
    return Point("overdue", case.worth(missed), text)


def shrinking_basket(case: Case) -> Point | None:
    """Say that product groups have fallen silent while orders go on."""
    words, silent = case.setting.words, case.silent_groups
    if silent.empty or not case.compares:
        return None
    less = silent.assign(less=silent["before"] - silent["now"]).sort_values("less", ascending=False, kind="stable")
    less = less[less["less"] > 0]
    if less.empty:
        return None
    text = words.plural(
        "Orders go on, but one product group has fallen silent, {groups}: {less} less than the period before. "
        "Who delivers it now?",
        "Orders go on, but {n} product groups have fallen silent, {groups}: {less} less than the period before. "
        "Who delivers them now?",
        len(less),
        groups=_first(list(map(str, less.index)), case),
        less=words.amount(less["less"].sum()),
    )
    return Point("basket", case.worth(float(less["less"].sum())), text)


def decline(case: Case) -> Point | None:
    """Say that revenue fell, and neither silence nor a narrower basket explains it."""
    words, row = case.setting.words, case.row
    if case.overdue or not case.silent_groups.empty or not case.compares:
        return None
    fell = row["revenue_before"] - row["revenue"]
    if not (row["revenue_before"] > 0 and fell >= NEWS * row["revenue_before"]):
        return None
    text = words.text(
        "Revenue fell by {change} to {now}, {fell} less than in the period before: what is behind it?",
        change=words.percent(fell / row["revenue_before"], 0),
        now=words.amount(row["revenue"]),
        fell=words.amount(fell),
    )
    before = case.between(case.setting.months, 2 * case.setting.months)
    share = 1 - before["cost"].sum() / row["revenue_before"] if "cost" in before else 1.0  # what they earned then
    return Point("decline", max(fell * share, 0.0), text)


def concession_without_volume(case: Case) -> Point | None:
    """Say that it won a lower price and bought no more for it."""
    words, found = case.setting.words, case.concession
    if found is None or found["verdict"] != "no_more_volume":
        return None
    text = words.text(
        "It pays {points} points less of the list price since {day}: {cost} a year. Its volume changed by {change} "
        "({low} to {high}) against similar customers: what do we get in return?",
        points=words.number(-100 * found["change"], 1),
        day=words.date(found["since"]),
        cost=words.amount(found["cost_a_year"]),
        change=words.percent(found["relative_volume"], 0),
        low=words.percent(found["relative_volume_low"], 0),
        high=words.percent(found["relative_volume_high"], 0),
    )
    return Point("concession", float(found["cost_a_year"]), text)


def price_below_peers(case: Case) -> Point | None:
    """Say that it pays less of the list price than three of four similar customers."""
    words, row = case.setting.words, case.row
    own = row.get("price_realisation")
    if own is None or pd.isna(own) or (case.concession is not None and case.concession["verdict"] == "no_more_volume"):
        return None
    usual = case.usual(case.table["price_realisation"])
    if usual is None or own >= usual[0.25]:
        return None
    gap = (usual[0.5] - own) * row["list_revenue"]
    text = words.text(
        "It pays {own} of the list price, less than three of four similar customers; at their median of {median} "
        "it would pay {gap} more in the period.",
        own=words.percent(own),
        median=words.percent(usual[0.5]),
        gap=words.amount(gap),
    )
    return Point("price", float(gap), text)


def loss(case: Case) -> Point | None:
    """Say that it costs more than it brings."""
    words, row = case.setting.words, case.row
    if not row.get("margin", 0.0) < 0 or not row["revenue"] > 0:
        return None
    text = words.text(
        "We lose {loss} on {revenue} of revenue, before any fixed cost: which price or which effort has to change?",
        loss=words.amount(-row["margin"]),
        revenue=words.amount(row["revenue"]),
    )
    return Point("loss", float(-row["margin"]), text)


def credited(case: Case) -> Point | None:
    """Say that more of its purchases came back as credit notes than with three of four similar customers."""
    words, table = case.setting.words, case.table
    gross = table["revenue"] - table["credit_notes"]
    shares = -table["credit_notes"] / gross.where(gross > 0)
    own, usual = shares[case.account], case.usual(shares)
    if pd.isna(own) or own < _NOTABLE_CREDITS or usual is None or own <= usual[0.75]:
        return None
    text = words.text(
        "Credit notes came to {credited}, {share} of its purchases; the median of similar customers is {median}. "
        "What goes wrong?",
        credited=words.amount(-case.row["credit_notes"]),
        share=words.percent(own),
        median=words.percent(usual[0.5]),
    )
    return Point("credits", case.worth(float((own - usual[0.5]) * gross[case.account])), text)


def growth(case: Case) -> Point | None:
    """Say that it bought clearly more, and earned us something: thanks are due."""
    words, row = case.setting.words, case.row
    if not case.compares or not row["revenue_before"] > 0 or row["growth"] < NEWS or row.get("margin", 1.0) <= 0:
        return None
    more = row["revenue"] - row["revenue_before"]
    text = words.text(
        "Revenue grew by {change} to {now}, {more} more than in the period before: thank them, and ask what drives it.",
        change=words.percent(row["growth"], 0),
        now=words.amount(row["revenue"]),
        more=words.amount(more),
    )
    return Point("growth", case.worth(float(more)), text)


def white_space(case: Case) -> Point | None:
    """Say that most similar customers buy a product group that it never bought."""
    words, products, row = case.setting.words, case.products, case.row
    peers = case.peers[1]
    if products is None or "product_group" not in products or case.overdue or len(peers) < FEWEST_PEERS:
        return None
    if not case.worth(row["revenue"]) > 0:  # more of it would earn nothing
        return None
    theirs = products[products["account"].isin(peers.index)]
    theirs = theirs.groupby(["account", "product_group"])["revenue"].sum().reset_index()
    theirs["share"] = theirs["revenue"] / theirs["account"].map(peers["revenue"])
    by_group = theirs[theirs["revenue"] > 0].groupby("product_group")["share"].agg(["size", "median"])
    never = ~by_group.index.isin(case.lines["product_group"].dropna().unique())
    open_ = by_group[never & (by_group["size"] > len(peers) / 2)].sort_values("median", kind="stable")
    if open_.empty:
        return None
    best = open_.iloc[-1]
    text = words.text(
        "{n} of {of} similar customers buy {group}, it never did; at the median share of those who do, "
        "that would be {amount} in the period.",
        n=words.number(best["size"]),
        of=words.number(len(peers)),
        group=open_.index[-1],
        amount=words.amount(best["median"] * row["revenue"]),
    )
    return Point("white_space", case.worth(float(best["median"] * row["revenue"])), text)


def no_contact(case: Case) -> Point | None:
    """Say that it is overdue for a contact; at stake is its margin by the share of planned contacts that lack."""
    words, row, visits = case.setting.words, case.row, case.visits
    if visits is None or not visits["overdue"] or not visits["gap"] > 0:
        return None
    facts = {
        "planned": words.number(visits["planned"], 0 if visits["planned"] >= 1 else 1),
        "made": words.number(visits["contacts"]),
    }
    if pd.isna(visits["last_contact"]):
        text = words.text("The contact log shows no contact at all; planned were {planned} in the period.", **facts)
    else:
        text = words.text(
            "Last contact on {day}, {days} days ago; {made} of {planned} planned contacts took place in the period.",
            day=words.date(visits["last_contact"]),
            days=words.number(visits["days_since_contact"]),
            **facts,
        )
    stake = row.get("margin", row["revenue"])
    return Point("no_contact", max(stake, 0.0) * min(visits["gap"] / visits["planned"], 1.0), text)


def missing_follow_up(case: Case) -> Point | None:
    """Say that a promise is open; at stake is one order of usual size."""
    words, late = case.setting.words, case.open_follow_ups
    if late.empty or case.rhythm is None:
        return None
    latest, order = late.sort_values("date").iloc[-1], case.usual_order
    text = words.text(
        "A follow-up agreed on {day} was due on {due} and has not come; a usual order of this customer is {order}.",
        day=words.date(latest["date"]),
        due=words.date(latest["due"]),
        order=words.amount(order),
    )
    return Point("follow_up", case.worth(order), text)


def idle_contacts(case: Case) -> Point | None:
    """Say that we went on talking to it after the last order, and no order came."""
    words, log, rhythm = case.setting.words, case.contacts, case.rhythm
    if log is None or rhythm is None or not rhythm.overdue or not (log["date"] > rhythm.last).any():
        return None
    text = words.plural(
        "{n} contact since the last order, on {day}, and no order: what was said there?",
        "{n} contacts since the last order, the latest on {day}, and no order: what was said there?",
        (log["date"] > rhythm.last).sum(),
        day=words.date(log["date"].iloc[0]),
    )
    return Point("idle_contacts", 0.0, text)


def lapsed(case: Case) -> Point | None:
    """Say that it bought nothing in the period, and its record is too thin or too uneven to call that overdue."""
    words, rhythm = case.setting.words, case.rhythm
    if rhythm is None or rhythm.overdue or rhythm.last > case.end - pd.DateOffset(months=case.setting.months):
        return None
    bought = float(case.lines["revenue"].sum())
    text = words.text(
        "Nothing was bought in the period; the last order was on {last}, and all of them came to {revenue}: "
        "is it still a customer?",
        last=words.date(rhythm.last),
        revenue=words.amount(bought),
    )
    return Point("lapsed", 0.0, text)


def next_order(case: Case) -> Point | None:
    """Say when, by its rhythm, the next order is due."""
    words, rhythm = case.setting.words, case.rhythm
    if rhythm is None or not rhythm.steady or rhythm.factor > 1:
        return None
    text = words.text(
        "By its usual interval of {usual} days the next order is due about {day}; a usual one is {order}.",
        usual=words.number(rhythm.usual),
        day=words.date(rhythm.last + pd.Timedelta(days=round(rhythm.usual))),
        order=words.amount(case.usual_order),
    )
    return Point("next_order", 0.0, text)


def mainstay(case: Case) -> Point | None:
    """Say how much of what it buys is one product."""
    words, row = case.setting.words, case.row
    if not case.sales.has("product") or not row["revenue"] > 0:
        return None
    by_product = case.sums("product")["now"].sort_values(kind="stable")
    text = words.text(
        "{share} of what it bought is one product of {n}, {product}: what is it used for, and could we do more there?",
        share=words.percent(min(by_product.iloc[-1] / by_product.clip(lower=0).sum(), 1.0), 0),
        n=words.number((by_product > 0).sum()),
        product=by_product.index[-1],
    )
    return Point("mainstay", 0.0, text)


def wallet(case: Case) -> Point | None:
    """Say that it buys from others, too; nobody knows how much of that could be ours, so no money is in it."""
    words, share = case.setting.words, case.row.get("share_of_wallet")
    if share is None or not 0 < share < 1:
        return None
    text = words.text(
        "We deliver {share} of what it buys of such goods: who delivers the rest, and why?",
        share=words.percent(share, 0),
    )
    return Point("wallet", 0.0, text)


def steady(case: Case) -> Point | None:
    """Say that it goes on buying: a word of thanks, if nothing else is larger."""
    words, row = case.setting.words, case.row
    if not row["revenue"] > 0 or not row["orders"] or case.overdue:
        return None
    text = words.plural(
        "{n} order in {months} months, {revenue} in all: a word of thanks is due.",
        "{n} orders in {months} months, {revenue} in all: a word of thanks is due.",
        row["orders"],
        months=words.number(case.setting.months),
        revenue=words.amount(row["revenue"]),
    )
    return Point("steady", 0.0, text)


def _first(names: list[str], case: Case) -> str:
    """Name the first few, and how many more there are."""
    words = case.setting.words
    more = len(names) - _NAMED
    return words.listing(names if more <= 0 else [*names[:_NAMED], words.text("{n} more", n=words.number(more))])


CANDIDATES: Final[tuple[Callable[[Case], Point | None], ...]] = (
    overdue_orders,
    shrinking_basket,
    decline,
    concession_without_volume,
    price_below_peers,
    loss,
    credited,
    growth,
    white_space,
    no_contact,
    missing_follow_up,
    idle_contacts,
    lapsed,
    wallet,
    next_order,
    steady,
    mainstay,
)
