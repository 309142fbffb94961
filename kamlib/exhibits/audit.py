"""Can the figures be trusted: the account of a reading as an exhibit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from kamlib.exhibits.exhibit import Exhibit, Measure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kamlib.audit import Audit
    from kamlib.style import Words


def audit(found: Audit, *, words: Words) -> Exhibit:
    """Account for every row and every cent of a reading, and name what looks odd in what was used."""
    rows = [
        _line(words.text("Read"), found.rows_read, found.revenue_read),
        *(
            _set_aside(found, reason, n, revenue, words)
            for reason, n, revenue in found.set_aside.itertuples(index=False)
        ),
        _line(words.text("Used"), found.rows_used, found.revenue_used, _days(found, words)),
        *_remarkable(found, words),
    ]
    aside = found.rows_read - found.rows_used
    if aside:
        message = words.text(
            "All {read} rows are accounted for: {used} used, {aside} set aside with {revenue} of revenue",
            read=words.number(found.rows_read),
            used=words.number(found.rows_used),
            aside=words.number(aside),
            revenue=words.amount(found.revenue_set_aside),
        )
    else:
        message = words.text("All {read} rows are used, none is set aside", read=words.number(found.rows_read))
    return Exhibit(
        key="audit",
        message=message,
        measure=_measure(found, words),
        table=pd.DataFrame(rows, columns=["what", "rows", "revenue", "remark"]),
        columns={
            "what": (words.text("What"), "text"),
            "rows": (words.text("Rows"), "number"),
            "revenue": (words.text("Revenue"), "cents"),
            "remark": (words.text("Remark"), "text"),
        },
        note=_recognised(found, words),
        words=words,
    )


def _measure(found: Audit, words: Words) -> Measure:
    source = found.format.get("source", words.text("the table"))
    money = words.currency or words.text("currency units")
    return Measure(
        words.text("Rows and net revenue of {source}", source=source),
        words.text("number of rows and {money}", money=money),
        words.text("{first} to {last}", first=words.date(found.first_day), last=words.date(found.last_day)),
        words.text("actual"),
    )


def _line(what: str, rows: int | None, revenue: float | None = None, remark: str = "") -> dict[str, Any]:
    return {"what": what, "rows": rows, "revenue": revenue, "remark": remark}


def _days(found: Audit, words: Words) -> str:
    return words.text(
        "customer numbers: {customers}; accounts, with groups as one: {accounts}; {first} to {last}",
        customers=words.number(found.counts["customers"]),
        accounts=words.number(found.counts["accounts"]),
        first=words.date(found.first_day),
        last=words.date(found.last_day),
    )


def _set_aside(found: Audit, reason: str, rows: int, revenue: float, words: Words) -> dict[str, Any]:
    lines = found.examples.loc[found.examples["reason"] == reason, "line"].dropna().astype(int)
    remark = words.text("first in line {lines}", lines=", ".join(map(str, lines))) if len(lines) else ""
    if reason == "total_line" and "control_total" in found.format:
        control = found.format["control_total"]["revenue"]
        remark += "; " + words.text(
            "the file's own total is {total}, the rows read sum to {read}",
            total=words.money(control, 2),
            read=words.money(found.revenue_read, 2),
        )
    return _line(words.text("Set aside: {reason}", reason=_reason(reason, words)), rows, revenue, remark)


def _reason(reason: str, words: Words) -> str:
    known = {
        "no_customer": words.text("no customer"),
        "no_date": words.text("no date"),
        "no_revenue": words.text("no revenue"),
        "implausible_date": words.text("implausible date"),
        "total_line": words.text("total line"),
        "repeated_header": words.text("repeated header"),
        "ruler_line": words.text("ruler line"),
        "too_many_fields": words.text("more fields than the header"),
    }
    return known.get(reason) or words.text("unreadable {column}", column=reason.removeprefix("unreadable_"))


def _remarkable(found: Audit, words: Words) -> Iterator[dict[str, Any]]:
    """Yield what the reader should look at among the rows that were used."""
    counts = found.counts
    yield _line(
        words.text("of these, credit notes"), int(counts["credit_notes"]), counts["credit_notes_revenue"]
    )  # fmt: skip
    pairs = found.reversed_pairs
    if len(pairs):
        first = pairs.iloc[0]
        yield _line(
            words.text("of these, sales taken back in full within 30 days"),
            2 * len(pairs),
            0.0,
            words.text(
                "{n} pairs of {revenue}; the largest: customer {customer}, {amount} on {date}",
                n=words.number(len(pairs)),
                revenue=words.amount(pairs["revenue"].sum()),
                customer=first["customer"],
                amount=words.money(first["revenue"], 2),
                date=words.date(first["date"]),
            ),
        )
    if counts["duplicates"]:
        remark = words.text("kept: look whether they were booked twice")
        what = words.text("of these, rows identical to another one")
        yield _line(what, int(counts["duplicates"]), counts["duplicates_revenue"], remark)
    merged = found.rows_used - int(counts["purchases"])
    remark = words.text("{n} purchases remain, one a customer and day", n=words.number(counts["purchases"]))
    yield _line(words.text("of these, on the day of another row of the customer"), merged, None, remark)
    for column, cells in found.format.get("unreadable_cells", {}).items():
        yield _line(words.text("of these, with an unreadable {column}", column=column), cells)
    for start, end, days in found.gaps[["start", "end", "days"]].itertuples(index=False):
        since, until = words.date(start), words.date(end)
        what = words.text("Days without any row: {first} to {last}", first=since, last=until)
        yield _line(what, None, None, words.plural("{n} day", "{n} days", days))
    if "customers" in found.format:
        master = found.format["customers"]
        remark = words.plural(
            "{n} customer with sales is not in it",
            "{n} customers with sales are not in it",
            master["sales_customers_missing"],
        )
        yield _line(words.text("Customer master"), master["rows_read"], None, remark)
    if "contacts" in found.format:
        log = found.format["contacts"]
        remark = words.text("{used} used", used=words.number(log["rows_used"]))
        yield _line(words.text("Contact log"), log["rows_read"], None, remark)


def _recognised(found: Audit, words: Words) -> str:
    """Say in one paragraph how the file was understood."""
    form = found.format
    parts = [f"{role} = {column!r}" for role, column in form.get("columns", {}).items()]
    marks = {mark for mark in form.get("decimal", {}).values() if mark}
    said = {
        words.text("encoding"): form.get("encoding"),
        words.text("separator"): _separator(form.get("separator"), words),
        words.text("header in line"): form.get("header_line"),
        words.text("decimal mark"): " ".join(sorted(marks)),
        words.text("dates"): _date_order(form.get("date_order"), words),
        words.text("currency"): form.get("currency"),
        words.text("revenue"): _revenue(form.get("revenue", ""), words),
    }
    parts += [f"{what}: {value}" for what, value in said.items() if value]
    return words.text("Recognised: {parts}.", parts="; ".join(parts))


def _separator(found: str | None, words: Words) -> str | None:
    known = {"semicolon": words.text("semicolon"), "comma": words.text("comma"), "tab": words.text("tab"), "bar": "|"}
    return found if found is None else known.get(found, found)


def _date_order(found: str | None, words: Words) -> str:
    return {
        "clear": words.text("clear"),
        "dmy": words.text("day, month, year"),
        "mdy": words.text("month, day, year"),
    }.get(found or "", "")


def _revenue(found: str, words: Words) -> str:
    """Say what revenue was taken from, in the reader's language."""
    source, _, discount = found.partition(", less discount as ")
    if source.startswith("column "):
        return words.text("column {name}", name=source.removeprefix("column "))
    if not discount:
        return words.text("quantity x unit price") if source else ""
    return {
        "fraction": words.text("quantity x unit price, less discount as a fraction"),
        "percent": words.text("quantity x unit price, less discount in per cent"),
        "amount": words.text("quantity x unit price, less discount as an amount"),
    }[discount]
