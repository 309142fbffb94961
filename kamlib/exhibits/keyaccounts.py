"""Who are our key accounts, where are we the weaker side, and what is each worth: one function an exhibit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from kamlib import keyaccounts, plots
from kamlib.exhibits import natives
from kamlib.exhibits.exhibit import Exhibit, compared, measure, money_and

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kamlib.exhibits.exhibit import Setting
    from kamlib.style import Words

_TORN: Final = (0.05, 0.95)  # of the weightings: an account that is on the list in as many depends on the weights


def key_accounts(listed: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """Set out the list with the reason for each row; ``listed`` as `keyaccounts.key_accounts` returns it."""
    words = setting.words
    share = float(listed["share"].sum())
    torn = int(listed["acceptability"].between(*_TORN).sum()) if "acceptability" in listed else 0
    message = words.plural(
        "{n} key account brings {share} of revenue",
        "{n} key accounts bring {share} of revenue; the smallest of them {smallest}",
        len(listed),
        share=words.percent(share),
        smallest=words.amount(listed["revenue"].min()),
    )
    if torn:
        message += words.plural("; {n} depends on the weights", "; {n} depend on the weights", torn)
    columns = {
        "rank": (words.text("Rank"), "number"),
        "name": (words.text("Customer"), "text"),
        "revenue": (words.text("Revenue"), "money"),
        "share": (words.text("Share"), "percent"),
        "growth": (words.text("Growth"), "percent"),
        "score": (words.text("Score (0 to 1)"), "index"),
        "acceptability": (words.text("On the list in"), "percent"),
        "why": (words.text("Reason"), "text"),
    }
    table = listed.assign(why=[reason_of(row, words) for row in listed.to_dict("records")])
    limit = {
        "share": words.text("the largest that bring {share} of revenue", share=words.percent(keyaccounts.SHARE, 0)),
        "size": words.text("the {n} largest", n=words.number(len(listed))),
    }[str(listed["limit"].iloc[0])]
    return Exhibit(
        key="key_accounts",
        message=message,
        measure=measure(setting, words.text("Key accounts by net revenue"), unit=money_and(setting)),
        table=table.reset_index(drop=True),
        columns={name: column for name, column in columns.items() if name in table},
        note=words.text(
            "On the list are {limit}; companies of one group count as one. 'On the list in' is the share of "
            "10,000 random "
            "weightings of the criteria around the given ones in which the account is among the best by score; between "
            "{low} and {high}, it depends on the weights.",
            limit=limit,
            low=words.percent(_TORN[0], 0),
            high=words.percent(_TORN[1], 0),
        ),
        words=words,
    )


def reason_of(row: Mapping[Any, Any], words: Words) -> str:
    """Say in words why an account is on the list; ``row`` is one of `keyaccounts.key_accounts`."""
    by_cut = words.text("no. {rank} by revenue", rank=words.number(row["rank"]))
    if "score" not in row or pd.isna(row["score"]):
        parts = [by_cut]
    else:
        best = [
            criterion_title(row[key], words) for key in ("best_criterion", "second_criterion") if pd.notna(row[key])
        ]
        by_score = words.text(
            "no. {rank} by score, best at {criteria}",
            rank=words.number(row["score_rank"]),
            criteria=words.listing(best),
        )
        parts = {"cut": [by_cut], "score": [by_score], "both": [by_cut, by_score]}[row["reason"]]
    growth = row.get("growth")
    if growth is not None and pd.notna(growth) and abs(growth) >= 0.1:  # less is no news
        change = words.percent(abs(growth), 0)
        parts.append(
            words.text("grew by {change}", change=change)
            if growth > 0
            else words.text("shrank by {change}", change=change)
        )
    return "; ".join(parts)


def criterion_title(column: str, words: Words) -> str:
    """Name a criterion as it stands in a sentence; a column of one's own keeps its name."""
    known = {
        "revenue": words.text("revenue"),
        "margin": words.text("contribution margin"),
        "growth": words.text("growth"),
        "potential": words.text("potential"),
        "products": words.text("breadth of products"),
        "orders": words.text("orders"),
        "price_realisation": words.text("price realisation"),
        "share_of_wallet": words.text("share of wallet"),
        "regularity": words.text("regularity"),
        "tenure": words.text("tenure"),
    }
    return known.get(column, column)


def list_changes(changes: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """Show who entered and who left the list since the period before.

    ``changes`` is what `keyaccounts.changes` returns.
    """
    words = setting.words
    entered, left = (changes[changes["change"] == change] for change in ("entered", "left"))
    moved = pd.concat([entered, left])
    message = words.plural(
        "{n} account entered the list of key accounts, {left} left it",
        "{n} accounts entered the list of key accounts, {left} left it",
        len(entered),
        left=words.number(len(left)),
    )
    if moved.empty:
        message = words.text("Nobody entered or left the list of key accounts")
    if len(left):
        first = left.sort_values("value_before", ascending=False).iloc[0]
        message += words.text("; the largest that left is {name}", name=first["name"])
    titles = {"entered": words.text("entered"), "left": words.text("left")}
    table = moved.assign(
        moved=moved["change"].map(titles), why=[_reason_of_change(code, words) for code in moved["reason"]]
    )
    return Exhibit(
        key="list_changes",
        message=message,
        measure=compared(setting, words.text("Key accounts that entered or left the list, by net revenue")),
        table=table.reset_index(drop=True),
        columns={
            "moved": (words.text("Change"), "text"),
            "name": (words.text("Customer"), "text"),
            "why": (words.text("Reason"), "text"),
            "value_before": (words.text("Revenue before"), "money"),
            "value_now": (words.text("Revenue now"), "money"),
            "rank_before": (words.text("Rank before"), "number"),
            "rank_now": (words.text("Rank now"), "number"),
        },
        note=words.text("The same rule is applied to both periods."),
        words=words,
    )


def _reason_of_change(code: str, words: Words) -> str:
    return {
        "new": words.text("new customer"),
        "gone": words.text("bought nothing any more"),
        "grew": words.text("its revenue grew"),
        "shrank": words.text("its revenue shrank"),
        "others_shrank": words.text("others shrank"),
        "others_grew": words.text("others grew past it"),
        "score_rose": words.text("its score rose"),
        "score_fell": words.text("its score fell"),
        "unchanged": words.text("unchanged"),
    }[code]


def portfolio(matrix: pd.DataFrame, *, setting: Setting, accounts: pd.Index[Any] | None = None) -> Exhibit:
    """Show attractiveness against our own position; ``matrix`` as `keyaccounts.portfolio` returns it.

    ``accounts`` are those shown, by default all; their place is among all accounts in ``matrix``.
    """
    words = setting.words
    shown = matrix if accounts is None else matrix.loc[accounts]
    chances = shown[shown["quadrant"] == "star"]
    if chances.empty:
        message = words.text("With no key account is our position weak where it would be attractive")
    else:
        message = words.plural(
            "{n} of {of} key accounts is attractive while our position is weak, with {share} of their revenue",
            "{n} of {of} key accounts are attractive while our position is weak, with {share} of their revenue",
            len(chances),
            of=words.number(len(shown)),
            share=words.percent(chances["revenue"].sum() / shown["revenue"].sum(), 0),
        )
    native = natives.portfolio(shown, words=words, titles=quadrant_titles(words))
    wallet = int((shown["position_from"] == "share_of_wallet").sum())
    return Exhibit(
        key="portfolio",
        message=message,
        measure=measure(
            setting,
            words.text("Key accounts by attractiveness and own position, bubble: net revenue"),
            unit=money_and(setting, words.text("index 0 to 1")),
        ),
        table=shown.assign(quadrant=shown["quadrant"].map(quadrant_titles(words))).reset_index(drop=True),
        columns={
            "name": (words.text("Customer"), "text"),
            "revenue": (words.text("Revenue"), "money"),
            "attractiveness": (words.text("Attractiveness (0 to 1)"), "index"),
            "position": (words.text("Own position (0 to 1)"), "index"),
            "quadrant": (words.text("Quadrant"), "text"),
        },
        note=words.text(
            "By rank among all {n} accounts. Attractiveness: {attractiveness}. Own position: share of wallet "
            "where known "
            "({wallet} accounts), else {position}.",
            n=words.number(len(matrix)),
            attractiveness=words.listing(_criteria_of(matrix, "attractiveness", words)),
            wallet=words.number(wallet),
            position=words.listing(_criteria_of(matrix, "position", words)),
        ),
        words=words,
        draw=None if native is None else lambda ax: plots.portfolio(shown, ax=ax, words=words),
        native=native,
    )


def _criteria_of(matrix: pd.DataFrame, axis: str, words: Words) -> list[str]:
    """Name the criteria that went into one axis of the matrix."""
    parts = [str(column).removeprefix(f"{axis}_") for column in matrix if str(column).startswith(f"{axis}_")]
    return [criterion_title(part, words) for part in parts if part not in {"missing", "from"}]


def quadrant_titles(words: Words) -> dict[str, str]:
    """Name the quadrants of the portfolio matrix."""
    return {
        "strategic": words.text("strategic"),
        "star": words.text("star"),
        "status": words.text("status"),
        "streamline": words.text("streamline"),
    }


def dependence(table: pd.DataFrame, *, setting: Setting, top: int = 25) -> Exhibit:
    """Show where we depend on a customer more than it depends on us.

    ``table`` is what `keyaccounts.dependence` returns.
    """
    words = setting.words
    weaker = table[table["weaker_side"]]
    share = "share_of_margin" if "share_of_margin" in table else "share_of_revenue"
    kind = words.text("contribution margin") if share == "share_of_margin" else words.text("revenue")
    if weaker.empty:
        message = words.text("With no account are we the weaker side")
    else:
        message = words.plural(
            "With {n} account, {names}, we are the weaker side: {share} of our {kind}",
            "With {n} accounts we are the weaker side, {names} first: together {share} of our {kind}",
            len(weaker),
            names=weaker["name"].iloc[0],
            share=words.percent(weaker[share].sum()),
            kind=kind,
        )
    shown = table.head(max(top, int(table["weaker_side"].to_numpy().nonzero()[0].max(initial=0)) + 1))
    columns = {
        "name": (words.text("Customer"), "text"),
        "share_of_revenue": (words.text("Share of our revenue"), "percent"),
        "share_of_margin": (words.text("Share of our margin"), "percent"),
        "share_of_wallet": (words.text("Our share of wallet"), "percent"),
        "breadth": (words.text("Breadth"), "percent"),
        "sole_bought": (words.text("Sole-bought"), "percent"),
        "our_dependence": (words.text("We depend (0 to 1)"), "index"),
        "their_dependence": (words.text("They depend (0 to 1)"), "index"),
        "weak": (words.text("Weaker side"), "text"),
    }
    ours, theirs = words.text("we"), words.text("they")
    native = natives.dependence(
        shown,
        words=words,
        share=share,
        major=keyaccounts.IFRS_MAJOR_CUSTOMER,
        material=keyaccounts.MATERIAL,
    )
    listed = shown.assign(weak=[ours if weak else theirs for weak in shown["weaker_side"]])
    return Exhibit(
        key="dependence",
        message=message,
        measure=measure(
            setting,
            words.text("Our dependence on customers against theirs on us"),
            unit=words.text("% and index 0 to 1"),
        ),
        table=listed.reset_index(drop=True),
        columns={name: column for name, column in columns.items() if name in listed},
        note=words.text(
            "We depend fully from {major} of our {kind} on (IFRS 8.34 calls such a customer major). They depend "
            "by our share "
            "of wallet, the breadth of product groups they buy, and what nobody else buys. Below {material} "
            "nobody counts.",
            major=words.percent(keyaccounts.IFRS_MAJOR_CUSTOMER, 0),
            material=words.percent(keyaccounts.MATERIAL, 0),
            kind=kind,
        ),
        words=words,
        draw=None if native is None else lambda ax: plots.dependence(shown, ax=ax, words=words),
        native=native,
    )


# --- what an account is worth -----------------------------------------------------------------------------------------


def value(values: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """Show the way from list revenue to contribution margin; ``values`` as `keyaccounts.value` returns it."""
    words = setting.words
    steps = keyaccounts.waterfall(values)
    titled = steps.assign(step=steps["step"].map(step_titles(words)))
    first, last = steps.iloc[0], steps.iloc[-1]
    given = -steps.loc[steps["step"].isin(["discounts", "credit_notes"]), "amount"].sum()
    if first["step"] == "list_revenue":
        message = words.text(
            "Of {list} at list prices, {given} goes in discounts and credit notes, and {last} remains as {what}",
            list=words.amount(first["amount"]),
            given=words.amount(given),
            last=words.amount(last["amount"]),
            what=step_titles(words)[last["step"]],
        )
    else:
        message = words.text(
            "Of {first} of revenue, {last} remains as {what}",
            first=words.amount(first["amount"]),
            last=words.amount(last["amount"]),
            what=step_titles(words)[last["step"]],
        )
    return Exhibit(
        key="value",
        message=message,
        measure=measure(setting, words.text("From list revenue to contribution margin, all customers")),
        table=titled,
        columns={"step": (words.text("Step"), "text"), "amount": (words.text("Amount"), "money")},
        note=words.text("The steps are those that the ledger knows; they add up to the cent."),
        words=words,
        draw=lambda ax: plots.waterfall(titled, ax=ax, words=words),
        native=natives.waterfall(titled, words=words),
    )


def step_titles(words: Words) -> dict[str, str]:
    """Name the steps from list revenue to contribution margin."""
    return {
        "list_revenue": words.text("list revenue"),
        "discounts": words.text("discounts"),
        "gross_revenue": words.text("gross revenue"),
        "credit_notes": words.text("credit notes"),
        "revenue": words.text("net revenue"),
        "cost": words.text("cost"),
        "margin": words.text("contribution margin"),
        "cost_to_serve": words.text("cost to serve"),
        "contribution": words.text("contribution after serving"),
    }


def worth(values: pd.DataFrame, table: pd.DataFrame, *, setting: Setting, top: int = 10) -> Exhibit:
    """List the customers that lose money and the most profitable ones; ``values`` as `keyaccounts.value` returns it."""
    words = setting.words
    earned = "contribution" if "contribution" in values else "margin"
    named = values.assign(
        name=table["name"].reindex(values.index), part=values[earned] / values["revenue"].where(values["revenue"] > 0)
    )
    losing = named[named["loss_maker"]].sort_values(earned)
    best = named.sort_values(earned, ascending=False).head(top)
    if losing.empty:
        message = words.text("No customer loses money after its cost")
    else:
        message = words.text(
            "{name} loses {loss} on {revenue} of revenue, the most of {n} customers at a loss",
            name=losing["name"].iloc[0],
            loss=words.amount(-losing[earned].iloc[0]),
            revenue=words.amount(losing["revenue"].iloc[0]),
            n=words.number(len(losing)),
        )
    shown = pd.concat([losing.head(top), best])
    columns = {
        "name": (words.text("Customer"), "text"),
        "list_revenue": (words.text("List revenue"), "money"),
        "discounts": (words.text("Discounts"), "money"),
        "credit_notes": (words.text("Credit notes"), "money"),
        "revenue": (words.text("Revenue"), "money"),
        "cost": (words.text("Cost"), "money"),
        "cost_to_serve": (words.text("Cost to serve"), "money"),
        "margin": (words.text("Contribution margin"), "money"),
        "contribution": (words.text("After serving"), "money"),
        "part": (words.text("Margin of revenue"), "percent"),
    }
    return Exhibit(
        key="worth",
        message=message,
        measure=measure(
            setting,
            words.text(
                "Contribution margin by customer: losses first, then the {n} most profitable", n=words.number(len(best))
            ),
            unit=money_and(setting),
        ),
        table=shown.reset_index(drop=True),
        columns={name: column for name, column in columns.items() if name in shown},
        note=words.text(
            "Cost that would stay when a customer leaves is in these figures; losing a loss-maker may cost more "
            "than it saves."
        ),
        words=words,
    )
