"""Where revenue came from and went, and where we gave in on price: one function an exhibit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from kamlib import bridge, plots
from kamlib.exhibits import natives
from kamlib.exhibits.concentration import attribute_title
from kamlib.exhibits.exhibit import Exhibit, Measure, compared, money_and

if TYPE_CHECKING:
    from kamlib.exhibits.exhibit import Setting
    from kamlib.style import Words

_WIDEST: Final = 1.5  # retention that an interval may reach on the axis; a further one ends at the rim
_HALF_A_MONTH: Final = 14  # days
_ORDER: Final = ("lost", "shrunk", "grown", "new", "won_back", "no_customer")


def revenue_bridge(moved: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """Show the way from last year's revenue to this year's; ``moved`` as `bridge.revenue_bridge` returns it."""
    words = setting.words
    sums = bridge.movements(moved)
    change, count = sums["change"].to_dict(), sums["accounts"].to_dict()
    titles = {
        "lost": words.text("lost"),
        "shrunk": words.text("shrunk"),
        "grown": words.text("grown"),
        "new": words.text("new"),
        "won_back": words.text("won back"),
        "no_customer": words.text("credited alone"),
    }
    changes = {titles[key]: change[key] for key in _ORDER if change[key]}
    before, now = float(moved["revenue_before"].sum()), float(moved["revenue"].sum())
    steps = steps_between(before, changes, now, titles=(words.text("before"), words.text("now")), first="previous")
    told = {"before": words.amount(before), "now": words.amount(now)}
    shrunk, lost = (words.amount(-change[key]) for key in ("shrunk", "lost"))
    if change["shrunk"] and change["lost"]:
        message = words.text(
            "Revenue went from {before} to {now}: customers who shrank cost {shrunk}, those who left {lost}",
            shrunk=shrunk,
            lost=lost,
            **told,
        )
    elif change["shrunk"]:
        message = words.text(
            "Revenue went from {before} to {now}: customers who shrank cost {shrunk}, and none left",
            shrunk=shrunk,
            **told,
        )
    elif change["lost"]:
        message = words.text(
            "Revenue went from {before} to {now}: customers who left cost {lost}, and none shrank", lost=lost, **told
        )
    else:
        message = words.text("Revenue went from {before} to {now}; no customer shrank or left", **told)
    counts = {titles[key]: count[key] for key in _ORDER}
    return Exhibit(
        key="revenue_bridge",
        message=message,
        measure=compared(setting, words.text("Net revenue by movement of customers")),
        table=steps.assign(customers=steps["step"].map(counts)),
        columns={
            "step": (words.text("Movement"), "text"),
            "amount": (words.text("Revenue"), "money"),
            "customers": (words.text("Customers"), "number"),
        },
        note=words.text(
            "Lost: no net revenue any more. Won back: a customer of earlier years without revenue in the period before."
        ),
        words=words,
        draw=lambda ax: plots.waterfall(steps, ax=ax, words=words),
        native=natives.waterfall(steps, words=words),
    )


def steps_between(
    before: float | None, changes: dict[str, float], now: float | None, *, titles: tuple[str, str], first: str = "level"
) -> pd.DataFrame:
    """Return the steps of a waterfall: step, kind, amount, start, end; without levels it runs from 0 to the sum.

    ``first`` is the kind of the first level: "previous" if it is that of the period before.
    """
    rows = [] if before is None else [(titles[0], first, before, 0.0, before)]
    end = before or 0.0
    for step, change in changes.items():
        rows.append((step, "change", change, end, end + change))
        end += change
    last = end if now is None else now
    rows.append((titles[1], "level", last, 0.0, last))
    return pd.DataFrame(rows, columns=["step", "kind", "amount", "start", "end"])


def price_volume_mix(effects: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """Show how much of the change was price and how much volume.

    ``effects`` is what `bridge.price_volume_mix` returns.
    """
    words = setting.words
    titles = {
        "price": words.text("price"),
        "volume": words.text("volume"),
        "mix": words.text("mix"),
        "new_products": words.text("new products"),
        "lost_products": words.text("lost products"),
        "new_accounts": words.text("new customers"),
        "lost_accounts": words.text("lost customers"),
        "other": words.text("other"),
    }
    sums = effects.sum()
    changes = {title: float(sums[key]) for key, title in titles.items() if round(float(sums[key]), 2)}
    # From 0, not from last year's revenue: beside that, the effects could not be seen.
    steps = steps_between(None, changes, None, titles=("", words.text("change in all")))
    signed = {key: words.amount(float(sums[key])) for key in ("price", "volume")}
    return Exhibit(
        key="price_volume_mix",
        message=words.text(
            "With customers and products of both periods, price brought {price} and volume {volume}", **signed
        ),
        measure=compared(setting, words.text("Change of net revenue by price, volume and mix")),
        table=steps,
        columns={"step": (words.text("Effect"), "text"), "amount": (words.text("Revenue"), "money")},
        note=words.text(
            "Reference is the period before; price, volume and mix are reckoned per customer over the products "
            "bought in both "
            "periods. Pieces of different products are added up, so read volume and mix together where units differ."
        ),
        words=words,
        draw=lambda ax: plots.waterfall(steps, ax=ax, words=words),
        native=natives.waterfall(steps, words=words),
    )


def retention(kept: pd.DataFrame, *, by: str, setting: Setting, ends: tuple[float, float] | None = None) -> Exhibit:
    """Show how much of last year's revenue stayed, by group; ``kept`` as `bridge.retention` returns it.

    ``ends`` are those of the axis; charts to be compared share them (see `retention_ends`).
    """
    words = setting.words
    least, most = retention_ends(kept) if ends is None else ends
    table = kept.rename_axis("group").reset_index()
    table["group"] = table["group"].astype("str").replace("", words.text("not stated"))
    total = float(table["revenue"].sum() / table["revenue_before"].sum())
    lowest = table.iloc[int(table["net"].to_numpy().argmin())]
    title = words.text("year of the first purchase") if by == "cohort" else attribute_title(by, words)
    told = {"group": lowest["group"], "lowest": words.percent(lowest["net"])}
    if by == "cohort":  # who first bought during the period before is no part of it, so its total is another one
        message = words.text(
            "Of all years of a first purchase, least revenue came again from {group}: {lowest}", **told
        )
    else:
        message = words.text(
            "Customers of the period before brought {total} of their revenue again; least in {group}: {lowest}",
            total=words.percent(total),
            **told,
        )
    return Exhibit(
        key=f"retention_by_{by}",
        message=message,
        measure=compared(setting, words.text("Retention of net revenue by {dimension}", dimension=title), unit="%"),
        table=table,
        columns={
            "group": (title[0].upper() + title[1:], "text"),
            "accounts": (words.text("Customers before"), "number"),
            "revenue_before": (words.text("Revenue before"), "money"),
            "net": (words.text("Net retention"), "percent"),
            "net_low": (words.text("Low"), "percent"),
            "net_high": (words.text("High"), "percent"),
            "gross": (words.text("Gross retention"), "percent"),
            "logo": (words.text("Customers kept"), "percent"),
        },
        note=words.text(
            "Net: revenue now of the customers of the period before, over theirs then. Gross counts each with no "
            "more than it "
            "had. Intervals (95%): bootstrap over customers."
        ),
        words=words,
        draw=lambda ax: plots.retention(table.set_index("group"), ax=ax, words=words, least=least, most=most),
        native=natives.retention(table, words=words, most=most),
    )


def retention_ends(*kept: pd.DataFrame) -> tuple[float, float]:
    """Return the ends of an axis, in quarters, that holds all retentions of these tables.

    Of their intervals it holds what is sensible: a wide one ends at the rim.
    """
    all_of = pd.concat(kept)
    points = all_of[["net", "gross"]].to_numpy(dtype=np.float64)
    spread = all_of.filter(regex="_low$|_high$").to_numpy(dtype=np.float64)
    least = min(np.nanmin(points), max(np.nanmin(spread), 0.0))
    most = max(np.nanmax(points), min(np.nanmax(spread), _WIDEST), 1.0)
    return float(np.floor(4 * least) / 4), float(np.ceil(4 * most) / 4)


def concessions(tested: pd.DataFrame, table: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """Say who won a lower price, what it costs, and whether volume followed.

    ``tested`` is what `bridge.concessions` returns.
    """
    words = setting.words
    named = tested.assign(name=table["name"].reindex(tested.index))
    found = named[named["since"].notna()].sort_values("cost_a_year", ascending=False)
    idle = found[found["verdict"] == "no_more_volume"]
    if len(idle):
        message = statement(idle.iloc[0], words)
    elif len(found):
        message = words.plural(
            "{n} key account won a lower price, {cost} a year; that no volume followed is not shown",
            "{n} key accounts won a lower price, {cost} a year; that no volume followed is not shown for any",
            len(found),
            cost=words.amount(found["cost_a_year"].sum()),
        )
    else:
        message = words.plural(
            "The key account won no price concession that can be told from chance",
            "None of the {n} key accounts won a price concession that can be told from chance",
            len(tested),
        )
    shown = found.assign(
        said=found["verdict"].map(verdict_titles(words)),
        since=_months_of(found["since"]).dt.to_timestamp(),  # told by the month, as in the message
    )
    return Exhibit(
        key="concessions",
        message=message,
        measure=Measure(
            words.text("Key accounts that won a lower price: change of list price and cost a year"),
            money_and(setting),
            words.text("all months until {day}", day=words.date(setting.end)),
            words.text("actual"),
        ),
        table=shown.reset_index(drop=True),
        columns={
            "name": (words.text("Customer"), "text"),
            "since": (words.text("Since"), "date"),
            "change": (words.text("Price, of list"), "percent"),
            "change_low": (words.text("Price, low"), "percent"),
            "change_high": (words.text("Price, high"), "percent"),
            "cost_a_year": (words.text("Cost a year"), "money"),
            "relative_volume": (words.text("Volume against peers"), "percent"),
            "relative_volume_low": (words.text("Volume, low"), "percent"),
            "relative_volume_high": (words.text("Volume, high"), "percent"),
            "said": (words.text("Verdict"), "text"),
        },
        note=words.text(
            "Tested: {n} key accounts, so that any of them is named by chance in 5% of cases at most (Holm). "
            "Volume: sales at list "
            "prices since then against the same months before, relative to similar accounts; it says how much "
            "more, not why.",
            n=words.number(len(tested)),
        ),
        words=words,
        draw=(lambda ax: plots.concessions(shown, ax=ax, words=words)) if len(shown) else None,
        native=natives.concessions(shown, words=words, verdicts=verdict_titles(words)) if len(shown) else None,
    )


def statement(row: pd.Series, words: Words) -> str:
    """Say what one concession came to: points of price, cost a year, volume; ``row`` is one of `bridge.concessions`."""
    return words.text(
        "{name} pays {points} points less of the list price since {month}: {cost} a year, {volume} ({low} to {high})",
        name=row["name"],
        points=words.number(-100 * row["change"], 1),
        month=words.month(_months_of(pd.Series([row["since"]])).dt.to_timestamp().iloc[0]),
        cost=words.amount(row["cost_a_year"]),
        volume=verdict_titles(words)[row["verdict"]],
        low=words.percent(row["relative_volume_low"], 0),
        high=words.percent(row["relative_volume_high"], 0),
    )


def _months_of(days: pd.Series[pd.Timestamp]) -> pd.Series[Any]:
    """Return the months that periods which begin on ``days`` lie in for the most part."""
    return (days + pd.Timedelta(days=_HALF_A_MONTH)).dt.to_period("M")


def verdict_titles(words: Words) -> dict[str, str]:
    """Name what the data say about volume after a concession."""
    return {
        "no_more_volume": words.text("no clear gain in volume"),
        "more_volume": words.text("more volume"),
        "unclear": words.text("volume unclear"),
        "no_concession": words.text("no concession"),
        "too_short": words.text("too short a record"),
    }
