"""The account of a reading: every row and every cent, what was set aside and why, what looks odd in what was used."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, cast

import ibis
import pandas as pd

from kamlib.checks import KamlibError

if TYPE_CHECKING:
    import datetime as dt

    import ibis.expr.types as ir

# Lines that are no sales line: whatever stands in their revenue column adds up other lines or is shifted.
_NO_SALE: Final = ("total_line", "repeated_header", "ruler_line", "too_many_fields")
_EXAMPLES: Final = 3  # of each reason
_REVERSED_WITHIN: Final = 30  # days: a credit note this soon after the same amount takes the order back


@dataclass(frozen=True)
class Audit:
    """What was read, used and set aside, how it was understood, and what the reader should look at.

    Parameters
    ----------
    rows_read, rows_used : int
        Data lines below the header, and those of them in the ledger.
    revenue_read, revenue_used : float
        Sum of the revenue that could be read; totals lines carry none.
    set_aside : DataFrame
        ``reason``, ``rows``, ``revenue``: one row a reason; read = used + set aside, in rows and in revenue.
    examples : DataFrame
        ``reason``, ``line``, ``customer``, ``date``, ``revenue``, ``text``: the first lines of each reason.
    format : dict
        What was recognised and how: encoding, separator, header line, columns, decimal mark, currency, ...
    first_day, last_day : date
        Of the lines used.
    counts : dict
        ``customers``, ``accounts``, ``purchases`` (customer and day: lines of one day count as one purchase),
        ``credit_notes`` and ``duplicates`` (rows beyond the first of identical lines), each with its revenue.
    reversed_pairs : DataFrame
        Sales taken back in full within 30 days: ``customer``, ``product``, ``date``, ``reversed_on``, ``revenue``.
    gaps : DataFrame
        ``start``, ``end``, ``days``: stretches without a single line, far longer than usual.
    """

    rows_read: int
    rows_used: int
    revenue_read: float
    revenue_used: float
    set_aside: pd.DataFrame
    examples: pd.DataFrame
    format: dict[str, Any]
    first_day: dt.date
    last_day: dt.date
    counts: dict[str, float]
    reversed_pairs: pd.DataFrame
    gaps: pd.DataFrame

    @property
    def rows_set_aside(self) -> dict[str, int]:
        """Rows set aside by reason."""
        return dict(zip(self.set_aside["reason"], self.set_aside["rows"].astype(int).tolist(), strict=True))

    @property
    def revenue_set_aside(self) -> float:
        """The revenue of the rows set aside, as far as it could be read."""
        return float(self.set_aside["revenue"].sum())

    def as_dict(self) -> dict[str, Any]:
        """Return everything as one nested mapping, for JSON."""
        facts = {field.name: getattr(self, field.name) for field in fields(self)}
        return facts | {"rows_set_aside": self.rows_set_aside, "revenue_set_aside": self.revenue_set_aside}


def total(amounts: ir.Column) -> Any:
    """Sum amounts exactly: decimals do not depend on the order in which an engine adds, floats do."""
    return cast("ir.NumericColumn", amounts).cast("decimal(38, 6)").sum().cast("float64").fill_null(0.0)


def of(lines: ir.Table, used: ir.Table, *, how: dict[str, Any], cells: pd.DataFrame | None) -> Audit:
    """Take the account of ``lines``, each with its ``reason`` ("" if used), and of the ``used`` ones.

    Raises
    ------
    KamlibError
        If no line can be used; the message says what stood in the way.
    """
    by_reason = _by_reason(lines)
    set_aside = by_reason[by_reason["reason"] != ""].reset_index(drop=True)
    examples = _examples(lines, cells)
    rows_read = int(by_reason["rows"].sum())
    if len(set_aside) == len(by_reason):
        raise KamlibError(_nothing_left(rows_read, set_aside, examples))
    sound = by_reason.loc[by_reason["reason"] == ""].iloc[0]
    facts = _facts(used)
    return Audit(
        rows_read=rows_read,
        rows_used=int(sound["rows"]),
        revenue_read=float(by_reason["revenue"].sum()),
        revenue_used=float(sound["revenue"]),
        set_aside=set_aside,
        examples=examples,
        format=how | _control_total(lines),
        first_day=facts.pop("first_day"),
        last_day=facts.pop("last_day"),
        counts=facts | _duplicates(used),
        reversed_pairs=_reversed_pairs(used),
        gaps=_gaps(used),
    )


def _by_reason(lines: Any) -> pd.DataFrame:
    counted = ibis.ifelse(lines.reason.isin(_NO_SALE), 0.0, lines.revenue)
    table: pd.DataFrame = lines.group_by("reason").agg(rows=lines.count(), revenue=total(counted)).to_pandas()
    return table.sort_values(["rows", "reason"], ascending=[False, True]).reset_index(drop=True)


def _examples(lines: Any, cells: pd.DataFrame | None) -> pd.DataFrame:
    """Return the first lines of each reason, with the text they had where the source was made by hand."""
    columns = ["reason", "line", "customer", "date", "revenue"]
    nth = ibis.row_number().over(group_by="reason", order_by=["line", "date", "customer", "revenue"])
    rest = lines.filter(lines.reason != "").select(columns).mutate(nth=nth)
    first: pd.DataFrame = rest.filter(rest.nth < _EXAMPLES).order_by(["reason", "nth"]).to_pandas().drop(columns="nth")
    text = pd.Series("", index=first.index, dtype="str")
    if cells is not None and len(first):
        raw = cells.loc[first["line"].astype("int64")].astype("str").fillna("")
        text = pd.Series([" | ".join(row) for row in raw.to_numpy()], index=first.index, dtype="str")
    return first.assign(text=text)


def _nothing_left(rows: int, set_aside: pd.DataFrame, examples: pd.DataFrame) -> str:
    if not rows:
        return "the source has a header, but no line below it."
    reason = set_aside["reason"].iloc[0]
    shown = examples.loc[examples["reason"] == reason].iloc[0]
    where = f"line {int(shown['line'])} ({shown['text'][:80]!r})" if pd.notna(shown["line"]) else "any line"
    return f"none of the {rows:,} lines can be used; the commonest reason is {reason}, first at {where}."


def _control_total(lines: Any) -> dict[str, Any]:
    """Return the last total line that bears an amount: the reader can hold it against what was read."""
    totals = lines.filter((lines.reason == "total_line") & lines.revenue.notnull() & lines.line.notnull())
    last = totals.order_by(lines.line.desc()).limit(1).select("line", "revenue").to_pandas()
    found = [{"line": int(line), "revenue": float(revenue)} for line, revenue in last.itertuples(index=False)]
    return {"control_total": found[0]} if found else {}


def _facts(used: Any) -> dict[str, Any]:
    credit = used.revenue < 0
    facts = used.agg(
        first_day=used.date.min(),
        last_day=used.date.max(),
        customers=used.customer.nunique(),
        accounts=used.account.nunique(),
        credit_notes=credit.sum().fill_null(0),
        credit_notes_revenue=total(ibis.ifelse(credit, used.revenue, 0.0)),
    ).to_pandas()
    counted = facts.iloc[0].to_dict() | {"purchases": used.select("customer", "date").distinct().count().execute()}
    days = {key: pd.Timestamp(counted.pop(key)).date() for key in ("first_day", "last_day")}
    return days | {k: float(v) if k.endswith("revenue") else int(v) for k, v in counted.items()}


def _duplicates(used: Any) -> dict[str, float]:
    """Count the rows beyond the first of those that agree in every column that was read."""
    same = used.group_by(used.columns).agg(copies=used.count())
    more = same.filter(same.copies > 1)
    found = more.agg(
        duplicates=(more.copies - 1).sum().fill_null(0), duplicates_revenue=total((more.copies - 1) * more.revenue)
    ).to_pandas()
    return {
        "duplicates": int(found["duplicates"].iloc[0]),
        "duplicates_revenue": float(found["duplicates_revenue"].iloc[0]),
    }


def _reversed_pairs(used: Any) -> pd.DataFrame:
    """Match each credit note with the latest open sale of the same customer, product and amount before it."""
    key = ["customer", *(["product"] if "product" in used.columns else [])]
    lines = used.select(*key, "date", "revenue", amount=used.revenue.abs().cast("decimal(38, 6)"))
    lines = lines.filter(lines.amount > 0)
    group = ibis.window(group_by=[*key, "amount"])
    both = lines.mutate(lowest=lines.revenue.min().over(group), highest=lines.revenue.max().over(group))
    both = both.filter((both.lowest < 0) & (both.highest > 0)).select(*key, "date", "revenue")
    # A sale stands before a credit note of the same day: what is taken back was sold first.
    candidates = both.order_by([*key, "date", both.revenue.desc()]).to_pandas()
    group = candidates.groupby([*key, candidates["revenue"].abs().round(6)], dropna=False).ngroup()
    day = (candidates["date"] - pd.Timestamp(0)).dt.days
    open_sales: dict[int, list[int]] = {}
    pairs = []
    for row, (name, on, revenue) in enumerate(zip(group, day, candidates["revenue"], strict=True)):
        sales = open_sales.setdefault(name, [])
        if revenue > 0:
            sales.append(row)
        elif sales and on - day[sales[-1]] <= _REVERSED_WITHIN:
            pairs.append((sales.pop(), row))
    sold, back = ([pair[side] for pair in pairs] for side in (0, 1))
    found: pd.DataFrame = candidates.loc[sold, [*key, "date", "revenue"]].reset_index(drop=True)
    found.insert(len(key) + 1, "reversed_on", candidates.loc[back, "date"].to_numpy())
    return found.sort_values(["revenue", *key, "date"], ascending=[False, *[True] * (len(key) + 1)], ignore_index=True)


def _gaps(used: Any) -> pd.DataFrame:
    """Return stretches without a line, longer than ten days and five times as long as the longest of 95 % of them."""
    days = pd.to_datetime(used.select("date").distinct().order_by("date").to_pandas()["date"])
    length = days.diff().dt.days
    usual = length.quantile(0.95) if len(days) > 1 else 0.0
    long = length > max(10, 5 * usual)
    gaps: pd.DataFrame = pd.DataFrame(
        {"start": days.shift() + pd.Timedelta(days=1), "end": days - pd.Timedelta(days=1)}
    )[long]
    gaps["days"] = (length[long] - 1).astype("int64")
    return gaps.sort_values("days", ascending=False, kind="stable", ignore_index=True)
