"""How concentrated are we: one function an exhibit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kamlib import checks, concentration, plots
from kamlib.exhibits import natives
from kamlib.exhibits.exhibit import Exhibit, Measure, compared, measure, money_and

if TYPE_CHECKING:
    import pandas as pd

    from kamlib.exhibits.exhibit import Setting
    from kamlib.style import Words

_ATTRIBUTES: Final = {"segment", "sector", "region", "owner"}  # of the customer master, by which revenue is split
RULE: Final = 0.8  # of revenue, from 20 % of the customers: the rule of thumb that the figures are held against
_FEWEST_FOR_RULE: Final = 10  # customers; of fewer, the largest 20 % are not even two
_NOTICEABLE: Final = 0.01  # a change of an index by less, in points or relative to it, is called none


def pareto(table: pd.DataFrame, *, setting: Setting, top: int = 20) -> Exhibit:
    """Show the largest customers and how fast they add up; ``table`` is a `customers.table`."""
    words = setting.words
    ranked = concentration.pareto_table(table["revenue"].clip(lower=0))
    names = table["name"].reindex(ranked.index)
    listed = ranked.assign(name=names).reset_index(drop=True)
    needed = int((ranked["cumulative_share"].shift(fill_value=0.0) < RULE - 1e-12).sum())
    told = {
        "customers": words.number(len(ranked)),
        "share": words.percent(RULE, 0),
        "name": names.iloc[0],
        "first": words.percent(ranked["share"].iloc[0]),
    }
    if needed <= top:
        message = words.plural(
            "{n} of {customers} customers brings {share} of revenue; the largest, {name}, alone brings {first}",
            "{n} of {customers} customers bring {share} of revenue; the largest, {name}, alone brings {first}",
            needed,
            **told,
        )
    else:  # what is drawn does not reach so far
        message = words.text(
            "The {top} largest of {customers} customers bring {drawn} of revenue, {n} bring {share}; {name} alone "
            "brings {first}",
            top=words.number(top),
            drawn=words.percent(ranked["cumulative_share"].iloc[top - 1], 0),
            n=words.number(needed),
            **told,
        )
    return Exhibit(
        key="pareto",
        message=message,
        measure=measure(setting, words.text("Customers by net revenue"), unit=money_and(setting)),
        table=listed,
        columns={
            "rank": (words.text("Rank"), "number"),
            "name": (words.text("Customer"), "text"),
            "value": (words.text("Revenue"), "money"),
            "share": (words.text("Share"), "percent"),
            "cumulative_share": (words.text("Cumulative share"), "percent"),
            "abc": (words.text("Class"), "text"),
        },
        note=words.text(
            "Companies of one group count as one customer. "
            "A: the largest up to {a} of revenue, B: up to {b}, C: the rest.",
            a=words.percent(concentration.ABC_SHARES[0], 0),
            b=words.percent(concentration.ABC_SHARES[1], 0),
        ),
        words=words,
        draw=lambda ax: plots.pareto(
            ranked, ax=ax, words=words, top=top, labels=dict(zip(names.index.astype("str"), names, strict=True))
        ),
        native=natives.pareto(listed, words=words, top=top),
    )


def lorenz(table: pd.DataFrame, *, indices: pd.DataFrame, setting: Setting) -> Exhibit:
    """Hold the 80/20 rule against the firm's own customers; ``indices`` as `concentration.indices` returns them."""
    words = setting.words
    curve = concentration.lorenz_curve(table["revenue"].clip(lower=0))
    found = _of_index(indices, "top_20_percent_share")
    if len(curve) - 1 < _FEWEST_FOR_RULE:  # the curve starts at 0
        verdict = words.text("too few customers to speak of 80/20")
    elif found["low"] > RULE:
        verdict = words.text("more concentrated than 80/20")
    elif found["high"] < RULE:
        verdict = words.text("less concentrated than 80/20")
    else:
        verdict = words.text("in line with 80/20")
    return Exhibit(
        key="lorenz",
        message=words.text(
            "The top 20% of customers bring {share} of revenue ({low} to {high}): {verdict}",
            share=words.percent(found["value"]),
            low=words.percent(found["low"]),
            high=words.percent(found["high"]),
            verdict=verdict,
        ),
        measure=measure(setting, words.text("Cumulative share of net revenue by share of customers"), unit="%"),
        table=curve,
        columns={
            "customers_share": (words.text("Share of customers, smallest first"), "percent"),
            "value_share": (words.text("Share of revenue"), "percent"),
        },
        note=interval_note(words),
        words=words,
        draw=lambda ax: plots.lorenz(curve, ax=ax, words=words, top_share=found["value"]),
        native=natives.lorenz(curve, words=words, top_share=found["value"], rule=RULE),
    )


def figures(indices: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """Set out every index with its interval; ``indices`` as `concentration.indices` returns them."""
    words = setting.words
    titles = index_titles(words)
    table = indices[indices["index"].isin(titles)]
    effective = _of_index(indices, "effective_customers")
    return Exhibit(
        key="figures",
        message=words.text(
            "Revenue is as concentrated as if {n} customers of equal size made it all ({low} to {high})",
            n=words.number(effective["value"], 1),
            low=words.number(effective["low"], 1),
            high=words.number(effective["high"], 1),
        ),
        measure=measure(
            setting,
            words.text("Concentration of net revenue over customers"),
            unit=words.text("% / index 0 to 1 / number of customers"),
        ),
        table=table.assign(index=table["index"].map(titles), kind=table["index"].map(index_kind)).reset_index(
            drop=True
        ),
        columns={
            "index": (words.text("Index"), "text"),
            "value": (words.text("Value"), "each"),
            "low": (words.text("Low"), "each"),
            "high": (words.text("High"), "each"),
        },
        note=interval_note(words),
        words=words,
    )


def over_time(table: pd.DataFrame, *, setting: Setting, index: str = "top_10") -> Exhibit:
    """Show where one index is heading; ``table`` as `concentration.over_time` returns it."""
    words = setting.words
    line = table[table["index"] == index].reset_index(drop=True)
    first, last = line.iloc[0], line.iloc[-1]
    title = index_titles(words)[index]
    change = last["value"] - first["value"]
    months = round((last["period_end"] - first["period_end"]).days / 30.4375)
    values = {
        "title": title,
        "before": words.figure(first["value"], index_kind(index)),
        "now": words.figure(last["value"], index_kind(index)),
        "months": words.number(months),
    }
    if len(line) == 1:
        message = words.text("{title}: {now}; the ledger is too short for a trend", **values)
    elif abs(change) < _NOTICEABLE * (1.0 if index_kind(index) == "percent" else abs(first["value"])):
        message = words.text("{title}: hardly changed in {months} months, {now}", **values)
    elif change > 0:
        message = words.text("{title}: up from {before} to {now} in {months} months", **values)
    else:
        message = words.text("{title}: down from {before} to {now} in {months} months", **values)
    return Exhibit(
        key="over_time",
        message=message,
        measure=Measure(
            words.text("{title} by net revenue", title=title),
            _unit_of(index, words),
            _periods(line["period_end"], setting),
            words.text("actual"),
        ),
        table=line[["period_end", "value", "low", "high", "customers"]],
        columns={
            "period_end": (words.text("Period ending"), "date"),
            "value": (title, index_kind(index)),
            "low": (words.text("Low"), index_kind(index)),
            "high": (words.text("High"), index_kind(index)),
            "customers": (words.text("Customers"), "number"),
        },
        note=interval_note(words),
        words=words,
        draw=lambda ax: plots.over_time(line, ax=ax, words=words, index=index),
        native=natives.over_time(line, words=words, kind=index_kind(index), title=title),
    )


def migration(table: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """Show who moved between A, B and C since the period before; ``table`` is a `customers.table`."""
    words = setting.words
    cells = concentration.migration(table["revenue_before"].clip(lower=0), table["revenue"].clip(lower=0))
    from_a = cells[cells["before"] == "A"]
    fell = from_a[from_a["after"] != "A"]
    rose = cells[(cells["after"] == "A") & (cells["before"] != "A")]
    told = {"of": words.number(from_a["customers"].sum()), "rose": words.number(rose["customers"].sum())}
    if fell["customers"].sum():
        message = words.plural(
            "{n} of {of} A customers fell out of the class and brings {lost} less; {rose} came into it",
            "{n} of {of} A customers fell out of the class and bring {lost} less; {rose} came into it",
            int(fell["customers"].sum()),
            lost=words.amount(fell["value_before"].sum() - fell["value_after"].sum()),
            **told,
        )
    else:
        message = words.text("None of {of} A customers fell out of the class; {rose} came into it", **told)
    return Exhibit(
        key="migration",
        message=message,
        measure=compared(
            setting,
            words.text("Customers by class of net revenue"),
            unit=words.text("number of customers and {money}", money=setting.money),
        ),
        table=cells.assign(
            before=cells["before"].replace("none", words.text("new")),
            after=cells["after"].replace("none", words.text("gone")),
        ),
        columns={
            "before": (words.text("Class before"), "text"),
            "after": (words.text("Class now"), "text"),
            "customers": (words.text("Customers"), "number"),
            "value_before": (words.text("Revenue before"), "money"),
            "value_after": (words.text("Revenue now"), "money"),
        },
        note=words.text(
            "Each period's classes are cut by its own total: A up to {a}, B up to {b}. "
            "Customers without revenue in one of the periods are new or gone.",
            a=words.percent(concentration.ABC_SHARES[0], 0),
            b=words.percent(concentration.ABC_SHARES[1], 0),
        ),
        words=words,
        draw=lambda ax: plots.migration(cells, ax=ax, words=words),
        native=natives.migration(cells, words=words),
    )


def whale(table: pd.DataFrame, *, setting: Setting) -> Exhibit:
    """Show how much of the contribution margin loss-makers take away again; ``table`` has a column ``margin``."""
    words = setting.words
    checks.columns(table, ["name", "margin"])
    margins = table.loc[table["lines"] > 0, "margin"]
    curve = concentration.whale_curve(margins)
    peak = concentration.whale_peak(curve)
    worst = table.loc[table["lines"] > 0, "name"].iloc[int(margins.to_numpy().argmin())]
    if peak.loss_makers:
        message = words.plural(
            "{n} customer loses money, {destroyed} a period: {name}",
            "{n} customers lose money and take {destroyed} of {earned} earned with the others; "
            "most is lost with {name}",
            peak.loss_makers,
            destroyed=words.amount(peak.destroyed),
            earned=words.amount(peak.value),
            name=worst,
        )
    else:
        message = words.plural(
            "The only customer brings a positive contribution margin",
            "None of the {n} customers loses money after its cost",
            len(curve),
        )
    return Exhibit(
        key="whale",
        message=message,
        measure=measure(
            setting,
            words.text("Cumulative contribution margin, most profitable customers first"),
            unit=money_and(setting),
        ),
        table=curve.assign(name=table["name"].reindex(curve.index)).reset_index(drop=True),
        columns={
            "rank": (words.text("Rank"), "number"),
            "name": (words.text("Customer"), "text"),
            "value": (words.text("Contribution margin"), "money"),
            "cumulative": (words.text("Cumulative"), "money"),
            "cumulative_share": (words.text("Share of the total"), "percent"),
            "customers_share": (words.text("Share of customers"), "percent"),
        },
        note=words.text("Contribution margin is net revenue less the cost in the ledger; 100% is the net total."),
        words=words,
        draw=lambda ax: plots.whale(curve, ax=ax, words=words),
        native=natives.whale(curve, words=words),
    )


def share_by_group(table: pd.DataFrame, *, by: str, setting: Setting) -> Exhibit:
    """Show what each segment, sector, region or owner brings, and how much of that hangs on one customer."""
    words = setting.words
    counted = table[table["revenue"] > 0]
    groups = concentration.decompose(counted.assign(**{by: counted[by].fillna("")}), by=by)
    groups["group"] = groups["group"].replace("", words.text("not stated"))
    between = groups["theil_between"].sum() / (groups["theil_between"] + groups["theil_within"]).sum()
    first = groups.iloc[0]
    dependent = groups.iloc[int(groups["top_customer_share"].where(groups["customers"] > 1, 0).to_numpy().argmax())]
    dimension = attribute_title(by, words)
    splits = {by, *(_ATTRIBUTES & set(counted))}  # those of one table are compared, so they share a scale
    most = natives.largest_bar(counted, sorted(splits))
    told = {"group": first["group"], "share": words.percent(first["share"])}
    if by == "owner":
        message = words.text("{group} looks after {share} of revenue", **told)
    else:
        message = words.text("{group} brings {share} of revenue", **told)
    top_customer = words.percent(dependent["top_customer_share"])
    if dependent["group"] == first["group"]:
        message += "; " + words.text("{top} of that is the largest customer's", top=top_customer)
    else:
        message += "; " + words.text(
            "nowhere does one customer weigh as much as in {group}: {top}", group=dependent["group"], top=top_customer
        )
    return Exhibit(
        key=f"share_by_{by}",
        message=message,
        measure=measure(
            setting, words.text("Net revenue by {dimension}", dimension=dimension), unit=money_and(setting)
        ),
        table=groups,
        columns={
            "group": (dimension[0].upper() + dimension[1:], "text"),
            "customers": (words.text("Customers"), "number"),
            "value": (words.text("Revenue"), "money"),
            "share": (words.text("Share"), "percent"),
            "top_customer_share": (words.text("Largest customer of it"), "percent"),
            "hhi": (words.text("HHI within (0 to 1)"), "index"),
        },
        note=words.text(
            "{between} of the inequality between customers (Theil index) lies between the groups, "
            "the rest within them.",
            between=words.percent(between, 0),
        ),
        words=words,
        draw=lambda ax: plots.share_by_group(groups, ax=ax, words=words, most=most),
        native=natives.share_by_group(groups, words=words, most=most),
    )


def _of_index(indices: pd.DataFrame, key: str) -> dict[str, float]:
    row = indices.loc[indices["index"] == key].iloc[0]
    return {column: float(row[column]) for column in ("value", "low", "high")}


def interval_note(words: Words) -> str:
    """Say what the intervals of the concentration figures mean."""
    return words.text(
        "The figures are a census of the period; the interval (95%) tells how they would move if the customer base "
        "were drawn again (bootstrap over customers). Customers with net revenue of 0 or less are left out."
    )


def index_titles(words: Words) -> dict[str, str]:
    """Name the indices that are shown, in the order in which they are."""
    return {
        "top_1": words.text("Share of the largest customer"),
        "top_5": words.text("Share of the 5 largest customers"),
        "top_10": words.text("Share of the 10 largest customers"),
        "top_20_percent_share": words.text("Share of the largest 20% of customers"),
        "customers_for_80_percent": words.text("Customers that bring 80% of revenue"),
        "hhi": words.text("Herfindahl-Hirschman index (HHI, 0 to 1)"),
        "hhi_normalised": words.text("HHI, normalised (0 to 1)"),
        "effective_customers": words.text("Effective number of customers (1/HHI)"),
        "gini": words.text("Gini coefficient (0 to 1)"),
        "theil": words.text("Theil index"),
        "hall_tideman": words.text("Hall-Tideman index (0 to 1)"),
        "entropy": words.text("Entropy (nats)"),
    }


def index_kind(index: str) -> str:
    """Return how an index is written, as `Words.figure` knows it."""
    if index.startswith("top_"):
        return "percent"
    return {"customers_for_80_percent": "number", "effective_customers": "decimal"}.get(index, "index")


def _periods(ends: pd.Series[Any], setting: Setting) -> str:
    """Say how long the periods are and when the first and the last of them end."""
    words = setting.words
    months, first, last = words.number(setting.months), words.date(ends.iloc[0]), words.date(ends.iloc[-1])
    if len(ends) == 1:
        return words.text("{months} months ending {day}", months=months, day=last)
    return words.text("{months} months each, ending {first} to {last}", months=months, first=first, last=last)


def _unit_of(index: str, words: Words) -> str:
    """Name the unit of an index."""
    return {
        "percent": "%",
        "number": words.text("number of customers"),
        "decimal": words.text("number of customers"),
    }.get(index_kind(index), words.text("index"))


def attribute_title(attribute: str, words: Words) -> str:
    """Name an attribute of the customer master as it stands in a sentence."""
    known = {
        "segment": words.text("segment"),
        "sector": words.text("sector"),
        "region": words.text("region"),
        "owner": words.text("account manager"),
    }
    return known.get(attribute, attribute)
