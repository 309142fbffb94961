"""Whom do we neglect: one function an exhibit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from kamlib import coverage, plots
from kamlib.exhibits import natives
from kamlib.exhibits.exhibit import Exhibit, measure, money_and

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kamlib.exhibits.exhibit import Setting


def overdue(
    covered: pd.DataFrame,
    *,
    setting: Setting,
    key: str = coverage.KEY,
    plan: Mapping[str, float] = coverage.PLAN,
) -> Exhibit:
    """List the key accounts that are overdue for a contact; ``covered`` as `coverage.coverage` returns it."""
    words = setting.words
    late = coverage.overdue_accounts(covered[covered["class"] == key]).sort_values("days_overdue", ascending=False)
    of = int((covered["class"] == key).sum())
    if late.empty:
        message = words.text("Every {key} account was contacted as often as planned", key=key)
    else:
        first = late.iloc[0]
        days = first["days_since_contact"]
        since = (
            words.text("was never contacted")
            if pd.isna(days)
            else words.text("was last contacted {days} days ago", days=words.number(days))
        )
        message = words.text(
            "{name}, with {revenue} of revenue, {since}; {n} of {of} {key} accounts are overdue",
            name=first["name"],
            revenue=words.amount(first["revenue"]),
            since=since,
            n=words.number(len(late)),
            of=words.number(of),
            key=key,
        )
    columns = {
        "name": (words.text("Customer"), "text"),
        "owner": (words.text("Account manager"), "text"),
        "revenue": (words.text("Revenue"), "money"),
        "margin": (words.text("Contribution margin"), "money"),
        "contacts": (words.text("Contacts"), "number"),
        "planned": (words.text("Planned"), "decimal"),
        "last_contact": (words.text("Last contact"), "date"),
        "days_overdue": (words.text("Days overdue"), "number"),
    }
    return Exhibit(
        key="overdue",
        message=message,
        measure=measure(
            setting,
            words.text("{key} accounts that are overdue for a contact", key=key),
            unit=money_and(setting, words.text("days")),
        ),
        table=late.reset_index(drop=True),
        columns={name: column for name, column in columns.items() if name in late},
        note=words.text(
            "Plan of contacts a year: {plan}. It is an assumption; set your own.",
            plan=", ".join(f"{name} {words.number(count)}" for name, count in plan.items()),
        ),
        words=words,
    )


def attention(covered: pd.DataFrame, *, setting: Setting, top: int = 25) -> Exhibit:
    """Hold each key account's share of contacts against its share of margin.

    ``covered`` is what `coverage.coverage` returns.
    """
    words = setting.words
    stake = "share_of_margin" if "share_of_margin" in covered else "share_of_revenue"
    kind = words.text("contribution margin") if stake == "share_of_margin" else words.text("revenue")
    largest = covered[covered["class"] == coverage.KEY].sort_values("revenue", ascending=False).head(top)
    short = largest[largest["share_of_contacts"] < largest[stake] / 2]
    return Exhibit(
        key="attention",
        message=words.plural(
            "{n} of the {of} largest accounts gets less than half the attention that its {kind} would warrant",
            "{n} of the {of} largest accounts get less than half the attention that their {kind} would warrant",
            len(short),
            of=words.number(len(largest)),
            kind=kind,
        )
        if len(short)
        else words.text(
            "None of the {of} largest accounts gets less than half the attention that its {kind} would warrant",
            of=words.number(len(largest)),
            kind=kind,
        ),
        measure=measure(setting, words.text("Share of contacts against share of {kind}", kind=kind), unit="%"),
        table=largest.reset_index(drop=True),
        columns={
            "name": (words.text("Customer"), "text"),
            "contacts": (words.text("Contacts"), "number"),
            "share_of_contacts": (words.text("Share of contacts"), "percent"),
            stake: (words.text("Share of {kind}", kind=kind), "percent"),
        },
        note=words.text("Attention by margin is a yardstick, no rule: small accounts need a minimum of contacts, too."),
        words=words,
        draw=lambda ax: plots.coverage(largest, ax=ax, words=words),
        native=natives.coverage(largest, words=words, share=stake),
    )


def follow_ups(
    missing: pd.DataFrame, table: pd.DataFrame, *, setting: Setting, within: int = coverage.FOLLOW_UP_WITHIN
) -> Exhibit:
    """List the promised follow-ups that did not come; ``missing`` as `coverage.missing_follow_ups` returns it."""
    words = setting.words
    names = table["name"].reindex(missing["account"]).set_axis(missing.index)
    named = missing.assign(name=names.fillna(missing["account"]))
    open_ = int(named["next_contact"].isna().sum())
    columns = {
        "name": (words.text("Customer"), "text"),
        "date": (words.text("Contact"), "date"),
        "kind": (words.text("Kind"), "text"),
        "owner": (words.text("Account manager"), "text"),
        "outcome": (words.text("Outcome"), "text"),
        "due": (words.text("Follow-up due"), "date"),
        "next_contact": (words.text("Next contact"), "date"),
        "days_late": (words.text("Days late"), "number"),
    }
    return Exhibit(
        key="follow_ups",
        message=words.plural(
            "{n} promised follow-up came late or not at all, {open} of them still open",
            "{n} promised follow-ups came late or not at all, {open} of them still open",
            len(named),
            open=words.number(open_),
        ),
        measure=measure(
            setting,
            words.text("Contacts that promised a follow-up within {days} days", days=words.number(within)),
            unit=words.text("days late"),
        ),
        table=named,
        columns={name: column for name, column in columns.items() if name in named},
        note=words.text("A promise is kept by another contact with the account, on a later day and in time."),
        words=words,
    )


def owners(by_owner: pd.DataFrame, table: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """Show what hangs on each account manager; ``by_owner`` as `coverage.by_owner` returns it."""
    words = setting.words
    named = by_owner.assign(
        owner=by_owner["owner"].replace("", words.text("not stated")),
        largest=table["name"].reindex(by_owner["largest_account"]).to_numpy(),
    )
    first = named.iloc[0]
    columns = {
        "owner": (words.text("Account manager"), "text"),
        "accounts": (words.text("Customers"), "number"),
        "key_accounts": (words.text("A accounts"), "number"),
        "revenue": (words.text("Revenue"), "money"),
        "share": (words.text("Share"), "percent"),
        "largest": (words.text("Largest customer"), "text"),
        "largest_account_share": (words.text("Largest customer of it"), "percent"),
        "contacts_per_account": (words.text("Contacts a customer"), "decimal"),
        "overdue_accounts": (words.text("Overdue"), "number"),
    }
    return Exhibit(
        key="owners",
        message=words.text(
            "{owner} looks after {share} of revenue and {n} A accounts; if {owner} left, {accounts} customers with "
            "{revenue} would have to be handed over",
            owner=first["owner"],
            share=words.percent(first["share"]),
            n=words.number(first["key_accounts"]),
            accounts=words.number(first["accounts"]),
            revenue=words.amount(first["revenue"]),
        ),
        measure=measure(setting, words.text("Net revenue by account manager"), unit=money_and(setting)),
        table=named,
        columns={name: column for name, column in columns.items() if name in named},
        note=words.text("By the account manager in the customer master."),
        words=words,
    )
