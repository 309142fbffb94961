from __future__ import annotations

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamlib import cells
from kamlib.checks import KamlibError


def text(*values: object) -> pd.Series:
    return pd.Series(list(values), dtype="str", name="Wert")


def numbers(*values: object, decimal: str = ",") -> list[float]:
    return cells.numbers(pd.Series(list(values)), decimal=decimal).values.tolist()


# --- numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "-1234,5",
        "1234,5-",
        "(1234,5)",
        "-1.234,50",
        "1.234,50-",
        "(1.234,50)",
        "1.234,50 -",
        "- 1.234,50",
        "-1 234,50",
        "-1\u00a0234,50",
        "-1\u202f234,50",
        "-1'234,50",
        "-1\u2019234,50",
        "\u22121.234,50",
        "\u20131.234,50",
        "-1.234,50 €",
        "-€1.234,50",
        "€ -1.234,50",
        "-EUR 1.234,50",
        "EUR -1.234,50",
        "1.234,50- EUR",
        "1.234,50 EUR-",
        "(EUR 1.234,50)",
        "(1.234,50) €",
        "1.234,50-*",
        "-1,2345E3",
        "-0001234,5",
        "  -1234,5\t",
    ],
)
def test_one_number_written_in_many_ways(written):
    assert numbers(written) == [-1234.5]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.250,-", 1250.0),
        ("1.250,--", 1250.0),
        ("CHF 1'250.\u2013", 1250.0),
        ("+5", 5.0),
        (",5", 0.5),
        ("0,125", 0.125),
        ("15 %", 15.0),
        ("Fr. 3,20", 3.2),
        ("US$ 7", 7.0),
        ("-0", 0.0),
    ],
)
def test_prices_as_they_are_written(written, value):
    assert numbers(written) == [value]


@pytest.mark.parametrize(
    "written",
    ["abc", "1.23.4", "12 34", "1 2", "1,2,3", "1.2345,0", "--5", "(-5)", "5 S", "1/2", "12,5x", "1*2", "0x1F", "inf",
     "1e", "1,", ".", "-", "1'23", "12:30", "\u0663"],
)  # fmt: skip
def test_what_is_no_number_is_marked_and_not_guessed(written):
    seen = cells.numbers(text("1,5", written), decimal=",")
    nothing = written == "-"
    assert np.isnan(seen.values[1])
    assert seen.unreadable.tolist() == [False, not nothing]


@pytest.mark.parametrize("nothing", ["", " ", "-", "\u2014", "NULL", "null", "None", "#NV", "#N/A", "n/a", "NaN", "NA"])
def test_the_words_for_nothing_are_empty_cells_and_no_mistakes(nothing):
    column = text("1", nothing)
    seen = cells.numbers(column, decimal=".")
    assert np.isnan(seen.values[1])
    assert not seen.unreadable.any()
    assert not cells.dates(text("2025-01-01", nothing), order="").unreadable.any()
    assert cells.texts(column).values.isna().tolist() == [False, True]


def test_numbers_that_are_numbers_already_keep_their_value_whatever_the_mark():
    mixed = pd.Series([1.234, 5, Decimal("0.25"), "1.234,5", None, np.nan, True], dtype="object")
    seen = cells.numbers(mixed, decimal=",")
    assert seen.values[:4].tolist() == [1.234, 5.0, 0.25, 1234.5]
    assert seen.values[4:].isna().all()
    assert seen.unreadable.tolist() == [False] * 6 + [True]  # TRUE is no amount
    assert cells.decimal_of(mixed) == ","  # the float 1.234 says nothing about the text beside it
    assert cells.numbers(pd.Series([1, None], dtype="Int64"), decimal="").values.tolist()[0] == 1.0
    assert cells.numbers(pd.Series(["1,5"], dtype="category"), decimal=",").values.tolist() == [1.5]


def test_amounts_that_no_sum_could_carry_are_unreadable():
    for column in (pd.Series([1.0, np.inf, 1e16, -np.inf]), text("1", "1e400", "10000000000000000", "-1e99")):
        seen = cells.numbers(column, decimal=".")
        assert seen.values.tolist()[0] == 1.0
        assert seen.unreadable.tolist() == [False, True, True, True]


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["1.234,56", "12"], ","),
        (["1,234.56", "12"], "."),
        (["1.234.567"], ","),
        (["1,234,567"], "."),
        (["12,5"], ","),
        (["0.125"], "."),  # no number begins with a group of 0
        (["0,125"], ","),
        (["1'234.567"], "."),
        (["1.234", "12,5"], ","),  # the whole column decides
        (["1,234", "12.5"], "."),
        (["12", "1'234"], ""),
        (["", "n/a"], ""),
        (["1.234"], None),
        (["1,234", "5,678"], None),
    ],
)
def test_the_whole_column_tells_the_decimal_mark(values, mark):
    assert cells.decimal_of(text(*values)) == mark


def test_a_column_with_both_marks_is_an_error_and_a_single_slip_is_not():
    with pytest.raises(KamlibError, match=r"'Wert' mixes decimal comma \('1,5'\) and decimal point \('2.5'\).*decimal"):
        cells.decimal_of(text("1,5", "2.5"))
    assert cells.decimal_of(text(*[f"{n},5" for n in range(11)], "2.5")) == ","


@given(st.integers(-(10**11), 10**11), st.sampled_from([",", "."]), st.sampled_from(["", "group", "'", " ", "\u00a0"]))
def test_cents_are_read_back_to_the_bit(cents, mark, group):
    plain = f"{abs(cents) // 100:,}".replace(",", {"group": ",."[mark == ","], "": ""}.get(group, group))
    written = f"{'-' * (cents < 0)}{plain}{mark}{abs(cents) % 100:02d}"
    assert numbers(written, decimal=mark) == [cents / 100]


@given(st.floats(-1e15, 1e15))
def test_any_float_as_python_prints_it_is_read_back_to_the_bit(value):
    assert numbers(repr(value), decimal=".") == [value]


# --- dates ------------------------------------------------------------------------------------------------------------

MARCH = dt.date(2025, 3, 4)


@pytest.mark.parametrize(
    "written",
    ["2025-03-04", "2025-03-04 10:22:01", "2025-03-04T10:22:01+01:00", "2025/03/04", "2025.3.4", "20250304",
     "20250304.0", "04.03.2025", "4.3.2025", "04.03.25", "04.03.2025 10:22", "04.03.2025, 10:22", "4. März 2025",
     "04 Mrz 2025", "4-Mar-25", "4. Maerz 2025", "Mar 4, 2025", "March 4 2025", "Dienstag, 4. März 2025",
     "Tue, 4 Mar 2025", "45720", "45720.43", " 2025-03-04 "],
)  # fmt: skip
def test_one_day_written_in_many_ways(written):
    seen = cells.dates(text(written), order="")
    assert seen.values.dt.date.tolist() == [MARCH]
    assert cells.date_order_of(text(written)) == ""


@pytest.mark.parametrize(
    ("name", "month"),
    [("Januar", 1), ("Jänner", 1), ("Feb.", 2), ("May", 5), ("Mai", 5), ("Juni", 6), ("July", 7), ("September", 9),
     ("Okt", 10), ("October", 10), ("Dez.", 12), ("Dezember", 12), ("DEC", 12)],
)  # fmt: skip
def test_months_by_name(name, month):
    assert cells.dates(text(f"1. {name} 2025"), order="").values.dt.month.tolist() == [month]


@pytest.mark.parametrize("written", ["31.02.2025", "2025-13-01", "99/99/2025", "00.01.2025", "abc", "1.2.3.4", "12:30"])
def test_days_that_no_calendar_has_are_marked(written):
    seen = cells.dates(text(written), order="dmy")
    assert seen.values.isna().all()
    assert seen.unreadable.all()


def test_days_of_the_far_past_and_future_are_read_as_they_stand():
    seen = cells.dates(text("01.01.1900", "31.12.9999"), order="")
    assert seen.values.dt.year.tolist() == [1900, 9999]


def test_two_digit_years_are_of_this_century_up_to_69():
    assert cells.dates(text("01.01.69", "01.01.70"), order="").values.dt.year.tolist() == [2069, 1970]


def test_the_whole_column_tells_the_order_of_day_and_month():
    assert cells.date_order_of(text("03/04/2025", "25/04/2025")) == "dmy"
    assert cells.date_order_of(text("03/04/2025", "04/25/2025")) == "mdy"
    assert cells.date_order_of(text("03.04.2025")) == ""
    with pytest.raises(KamlibError, match=r"day/month or month/day \(such as '03/04/2025'\).*'date_order'"):
        cells.date_order_of(text("03/04/2025", "99/99/2025"))
    with pytest.raises(KamlibError, match=r"mixes day/month .* and month/day .*'date_order'"):
        cells.date_order_of(text("25/04/2025", "04/25/2025"))
    assert cells.dates(text("03/04/25"), order="dmy").values.dt.month.tolist() == [4]
    assert cells.dates(text("03/04/25"), order="mdy").values.dt.month.tolist() == [3]


def test_typed_dates_stay_what_they_are():
    zoned = pd.Series(pd.to_datetime(["2025-03-04 00:30"]).tz_localize("Europe/Berlin"))  # the day before in UTC
    for column in (zoned, pd.Series([MARCH, None]), pd.Series([pd.Timestamp("2025-03-04 23:59"), "04.03.2025"]),
                   pd.Series([20250304]), pd.Series([20250304.0, np.nan])):  # fmt: skip
        seen = cells.dates(column, order="")
        assert set(seen.values.dropna().dt.date) == {MARCH}
        assert not seen.unreadable.any()


@given(
    st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31)),
    st.sampled_from(["%d.%m.%y", "%d/%m/%Y", "%Y%m%d", "%d-%m-%y"]),
)
def test_any_day_is_read_back(day, form):
    assert cells.dates(text(day.strftime(form)), order="dmy").values.dt.date.tolist() == [day]


# --- texts ------------------------------------------------------------------------------------------------------------


def test_customer_numbers_are_text_with_their_leading_zeros():
    assert cells.texts(text("007", " 4711 ", "", None)).values.tolist()[:2] == ["007", "4711"]
    assert cells.texts(pd.Series([17850.0, np.nan])).values.tolist()[0] == "17850"
    assert cells.texts(pd.Series([4711.0, "A12", 12.5, 1e16], dtype="object")).values.tolist() == [
        "4711", "A12", "12.5", "10000000000000000",
    ]  # fmt: skip
    assert cells.texts(pd.Series([1, None], dtype="Float64")).values.tolist()[0] == "1"


def test_whole_numbers_lose_the_decimals_that_a_program_gave_the_whole_column():
    assert cells.texts(text("17850.0", "", "12346.0")).values.dropna().tolist() == ["17850", "12346"]
    assert cells.texts(text("17850,0", "12346,0")).values.tolist() == ["17850", "12346"]
    assert cells.texts(text("1.0", "1.1")).values.tolist() == ["1.0", "1.1"]  # versions, not numbers with gaps


# --- tables -----------------------------------------------------------------------------------------------------------


def understood(frame: pd.DataFrame, roles: dict[str, str], required: tuple[str, ...] = ("date", "revenue"), **layout):
    problem = pd.Series("", index=frame.index, dtype="str")
    return cells.understand(frame, problem, roles, layout=layout, required=required)


def table(**columns: list[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    return pd.DataFrame(columns, dtype="str"), {name: name for name in columns}


def test_what_one_number_column_leaves_open_another_settles():
    values, _, how = understood(*table(revenue=["1.234"], cost=["7,5"]))
    assert values["revenue"].tolist() == [1234.0]
    assert how["decimal"] == {"revenue": ",", "cost": ","}
    values, _, _ = understood(*table(revenue=["1.234"], cost=["7.5"]))
    assert values["revenue"].tolist() == [1.234]


def test_what_no_column_settles_is_an_error_that_an_argument_settles():
    frame, roles = table(revenue=["1.234"], quantity=["2"])
    with pytest.raises(KamlibError, match=r"'revenue' can be read with.*'1.234'.*layout=\{'decimal': 'comma'\}"):
        understood(frame, roles)
    assert understood(frame, roles, decimal="comma")[0]["revenue"].tolist() == [1234.0]
    assert understood(frame, roles, decimal="point")[0]["revenue"].tolist() == [1.234]
    with pytest.raises(KamlibError, match=r"can be read with"):  # the others disagree
        understood(*table(revenue=["1.234"], cost=["7,5"], quantity=["7.5"]))


def test_a_cell_that_cannot_be_read_is_a_problem_where_it_is_required_and_counted_elsewhere():
    frame, roles = table(customer=["a", "b", "c"], revenue=["1", "x", "3"], cost=["y", "z", "1"])
    _, problem, how = understood(frame, roles)
    assert problem.tolist() == ["", "unreadable_revenue", ""]
    assert how["unreadable_cells"] == {"cost": 1}  # the other stands in a row that is set aside anyway


def test_total_lines_are_told_from_customers_of_that_name():
    frame, roles = table(
        customer=["Total Energies", "Summe", "", "Gesamt:", "", "Summe Kunde 7", "**", "Sumitomo"],
        date=["2025-01-01", "2025-01-01", "", "", "2025-01-02", "", "", "2025-01-03"],
        product=["", "", "Grand Total", "", "Total Quartz", "", "", ""],
        revenue=["1", "2", "3", "4", "5", "6", "7", "8"],
        note=["", "", "", "", "", "", "", ""],
    )
    _, problem, _ = understood(frame, roles)
    assert (problem == "total_line").tolist() == [False, True, True, True, False, True, True, False]


# --- one text in several ways of writing ------------------------------------------------------------------------------


def test_one_name_is_one_text_however_unicode_writes_it():
    written = ["Müller", "Mu\u0308ller", "\u00a0Müller\u200b", "Mül\u00adler", "\ufeffMüller", "\u202aMüller\u202c"]
    assert cells.texts(text(*written)).values.tolist() == ["Müller"] * 6
    assert cells.texts(text("7", "7\u200b", "7\u00a0")).values.tolist() == ["7"] * 3
    assert cells.texts(pd.Series(["Mu\u0308ller", 5.0], dtype="object")).values.tolist() == ["Müller", "5"]


def test_what_joins_letters_stays():
    for name in ("\u0915\u094d\u200d\u0937", "👩\u200d🔧 Ltd"):
        assert cells.texts(text(name)).values.tolist() == [name]


def test_a_cell_of_nothing_that_can_be_seen_is_empty():
    assert cells.texts(text("\u200b", "\ufeff \u00ad", "-\u200b", "a")).values.fillna("").tolist() == ["", "", "", "a"]
    assert numbers("\u200b", "1,5\u200b")[1] == 1.5
