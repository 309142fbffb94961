from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from kamlib import records
from kamlib.checks import KamlibError
from kamlib.recognise import SALES

GERMAN = "Kunde;Datum;Umsatz\nMüller;31.12.2025;1,5\n"


def read(path, columns=None, **layout):
    return records.read(path, SALES, columns=columns or {}, layout=layout)


@pytest.fixture
def written(tmp_path):
    """A function that writes text or bytes to a file and returns its path."""

    def write(content, name="sales.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


def excel(path, sheets):
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


# --- files ------------------------------------------------------------------------------------------------------------


def test_what_is_no_file_is_said_to_be_none(tmp_path, written):
    with pytest.raises(KamlibError, match=r"there is no file '.*nowhere.csv'"):
        records.existing(tmp_path / "nowhere.csv")
    with pytest.raises(KamlibError, match=r"is a folder"):
        records.existing(tmp_path)
    with pytest.raises(KamlibError, match=r"sales.csv is empty"):
        records.existing(written(""))
    with pytest.raises(KamlibError, match=r"can't be opened|no file"):
        records.existing("a\0b")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n\x00\x01\xe2\xe3", "a PDF document"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
        (b"\xef\xbb\xbf\r\n<HTML><body><table>", "a web page"),
        (b"<?xml version='1.0'?><Workbook>", "an XML file"),
    ],
)
def test_a_document_with_the_ending_of_a_table_is_called_by_its_kind(written, content, what):
    with pytest.raises(KamlibError, match=rf"^sales.csv is {what}, not a table; export it as CSV"):
        read(written(content))


def test_the_content_tells_the_kind_and_not_the_ending(tmp_path, written):
    table = pd.DataFrame({"Kunde": ["1"], "Datum": ["2025-01-01"]})
    table.to_parquet(tmp_path / "a.csv")
    excel(tmp_path / "b.csv", {"Tabelle1": [["Kunde", "Datum"], ["1", "2025-01-01"]]})
    for path, kind in (
        (tmp_path / "a.csv", "parquet"),
        (tmp_path / "b.csv", "excel"),
        (written(GERMAN.replace(";", "\t"), "c.xls"), "text"),  # what some programs call an Excel file
    ):
        assert records.kind_of(path) == kind
        assert read(path).frame["Kunde"].tolist() in (["1"], ["Müller"])


@pytest.mark.parametrize("name", ["broken.xlsx", "broken.parquet", "broken.csv"])
@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04garbage" * 9, b"\xd0\xcf\x11\xe0" + bytes(600), b"PAR1nonsense", bytes(range(256)), b"\0" * 100, b" "],
)
def test_a_broken_file_is_an_error_that_names_it_or_what_was_looked_for(written, name, content):
    with pytest.raises(KamlibError, match=r"broken|no header line|decoded"):
        read(written(content, name))


# --- text -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "seen"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16"),
     ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")],
)  # fmt: skip
def test_encodings_are_recognised(written, encoding, seen):
    found = read(written(GERMAN, encoding=encoding))
    assert found.frame.to_dict("records") == [{"Kunde": "Müller", "Datum": "31.12.2025", "Umsatz": "1,5"}]
    assert found.how["encoding"] == seen


def test_an_encoding_can_be_given(written):
    assert read(written(GERMAN, encoding="cp850"), encoding="cp850").frame["Kunde"].tolist() == ["Müller"]
    assert read(written(GERMAN, encoding="utf-8-sig"), encoding="utf-8").frame.columns[0] == "Kunde"
    for wrong in ("ascii", "klingon", "idna", "a\0b", "hex"):
        with pytest.raises(KamlibError, match=r"can't be decoded as"):
            read(written(GERMAN), encoding=wrong)


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolon"), (",", "comma"), ("\t", "tab"), ("|", "bar")])
def test_separators_are_recognised_and_can_be_given_by_sign_or_name(written, mark, name):
    path = written(GERMAN.replace(",", ".").replace(";", mark))
    found = read(path)
    assert found.how["separator"] == name
    assert found.frame["Umsatz"].tolist() == ["1.5"]
    assert records.separator(name) == records.separator(mark) == mark


def test_a_separator_is_one_character():
    for wrong in ("", ";;", '"', "\n", "Semikolon"):
        with pytest.raises(KamlibError, match=r"separator must be one character"):
            records.separator(wrong)


def test_rows_know_the_line_they_begin_at_after_quoted_line_breaks(written):
    text = 'Kunde,Datum,Artikel\r\n1,2025-01-01,"Rohr\r\n5 m, blank"\r\n2,2025-01-02,x\r\n'
    found = read(written(text))
    assert found.frame.index.tolist() == [2, 4]
    assert found.frame["Artikel"].tolist() == ["Rohr\r\n5 m, blank", "x"]
    assert text.split("\r\n")[4 - 1].startswith("2,")  # the file's fourth line


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('1;"Rohr 5;3', ["1", '"Rohr 5', "3"]),  # opens and never closes
        ('1;"5" Rohr";3', ["1", '5" Rohr', "3"]),  # a mark within marks, not doubled
        ('1;5" Rohr;3', ["1", '5" Rohr', "3"]),
        ('1;"5"" Rohr; blank";3', ["1", '5" Rohr; blank', "3"]),
        ('"1";"x" ;"3"', ["1", "x", "3"]),
    ],
)
def test_a_stray_quotation_mark_costs_its_own_line_at_most(line, cells):
    before = [f'"{n}";"a";"b"' for n in range(3)]
    after = [f'"{n}";"a;b";"c"' for n in range(60)]
    rows, lines, stray = records.split("\n".join([*before, line, *after]), ";")
    assert [cell.strip() for cell in rows[3]] == cells
    assert lines == list(range(1, 65))
    assert rows[4:] == [[str(n), "a;b", "c"] for n in range(60)]
    assert stray == (cells[1] == '"Rohr 5' or line in ('1;"5" Rohr";3', '"1";"x" ;"3"'))


def test_a_quotation_mark_at_the_end_of_the_file_and_huge_fields_are_no_trouble():
    assert records.split('a;"b', ";")[0] == [["a", '"b']]
    long = "x" * 200_000  # beyond what Python's csv module takes for a field
    assert records.split(f"a;b\n1;{long}\n2;c", ";")[0] == [["a", "b"], ["1", long], ["2", "c"]]


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2, max_size=4), min_size=1
    ),
    st.sampled_from([";", ",", "\t", "|"]),
)
def test_whatever_is_quoted_by_the_book_is_read_back(rows, mark):
    def quoted(field):
        return '"' + field.replace('"', '""') + '"'

    text = "".join(mark.join(map(quoted, row)) + "\n" for row in rows)
    found, _, stray = records.split(text, mark)
    few = all(sum(field.count("\n") + field.count("\r") for field in row) < 40 for row in rows)
    assert not few or (found == rows and stray == 0)


# --- header and lines below it ----------------------------------------------------------------------------------------


def test_title_blank_ruler_and_repeated_header_lines_are_told_from_data(written):
    path = written(
        "Umsatzliste 2025;;\n"
        "Stand: 31.12.2025;;\n"
        ";;\n"
        "\n"
        "Kunde;Datum;Umsatz\n"  # line 5
        "-----;-----;------\n"
        "1;01.01.2025;5\n"
        "\n"
        "Kunde;Datum;Umsatz\n"
        "2;02.01.2025;6;;\n"  # line 10
        "3;03.01.2025;1;234\n"
        "4;04.01.2025\n"
        "  ;  ;  \n"
        "======\n"
    )
    found = read(path)
    assert found.how["header_line"] == 5
    assert found.how["blank_lines"] == 2
    assert found.problem.to_dict() == {
        6: "ruler_line",
        7: "",
        9: "repeated_header",
        10: "",
        11: "too_many_fields",
        12: "",
        14: "ruler_line",
    }
    assert found.frame.loc[12].tolist() == ["4", "04.01.2025", ""]


def test_a_list_as_the_screen_shows_it(written):
    path = written(
        "01.01.2026            Umsatzliste            1\n"
        "----------------------------------------\n"
        "|Kunde |Belegdatum|Nettowert |\n"
        "|------|----------|----------|\n"
        "|  4711|31.12.2025| 1.234,56-|\n"
        "|  4712|30.12.2025|    10,00 |\n"
        "----------------------------------------\n"
        "|*     |          | 1.224,56-|\n"
    )
    found = read(path)
    assert found.how["separator"] == "bar"
    assert found.frame.loc[5, ["Kunde", "Belegdatum", "Nettowert"]].tolist() == ["4711", "31.12.2025", "1.234,56-"]
    assert found.problem.to_dict() == {4: "ruler_line", 5: "", 6: "", 7: "ruler_line", 8: ""}


def test_without_a_header_the_error_shows_the_first_line_and_the_argument(written):
    with pytest.raises(
        KamlibError, match=r"no header line with customer and date.*\['1', '2025-01-01', '5'\].*columns="
    ):
        read(written("1;2025-01-01;5\n"))
    found = read(written("Kd;Tag;EUR\n1;2025-01-01;5\n"), columns={"customer": "Kd", "date": "Tag", "revenue": "EUR"})
    assert found.frame["EUR"].tolist() == ["5"]


def test_columns_that_bear_the_same_name_are_told_apart(written):
    found = read(written("Kunde;Datum;x;x;x (2);\n1;2025-01-01;a;b;c;d\n"))
    assert list(found.frame.columns) == ["Kunde", "Datum", "x", "x (2)", "x (2) (2)", "column 6"]
    assert found.frame.iloc[0].tolist() == ["1", "2025-01-01", "a", "b", "c", "d"]


def test_a_header_only_has_no_lines(written):
    assert read(written("Kunde;Datum;Umsatz")).frame.shape == (0, 3)


# --- sheets and frames ------------------------------------------------------------------------------------------------


def test_the_sheet_that_fits_is_read_with_the_line_numbers_that_excel_shows(tmp_path):
    rows = [
        [],
        ["Umsatzliste"],
        [],
        ["Kunde", "Datum", "Umsatz"],
        [4711, "31.12.2025", 1.5],
        ["", "", ""],
        ["0815", 45720, ""],
    ]
    found = read(excel(tmp_path / "a.xlsx", {"Notizen": [["nichts"]], "Daten": rows}))
    assert found.how["sheet"] == "Daten"
    assert found.how["header_line"] == 4
    assert found.frame.index.tolist() == [5, 7]
    assert found.frame["Kunde"].tolist() == [4711.0, "0815"]


def test_several_sheets_that_fit_are_listed_and_one_can_be_given(tmp_path):
    rows = [["Kunde", "Datum", "Umsatz"], ["1", "2025-01-01", 1]]
    path = excel(tmp_path / "a.xlsx", {"Januar": rows, "Februar": [*rows, rows[1]]})
    with pytest.raises(
        KamlibError, match=r"'Januar', 'Februar' of a.xlsx fit equally well.*layout=\{'sheet': 'Januar'\}"
    ):
        read(path)
    assert len(read(path, sheet="Februar").frame) == 2
    with pytest.raises(KamlibError, match=r"no sheet 'März'; it has 'Januar', 'Februar'"):
        read(path, sheet="März")


def test_a_workbook_without_data_is_an_error(tmp_path):
    with pytest.raises(KamlibError, match=r"no header line"):
        read(excel(tmp_path / "a.xlsx", {"Leer": []}))


def test_a_frame_keeps_its_values_and_counts_its_rows_from_one():
    frame = pd.DataFrame(
        {"Kunde": [1.0, np.nan, np.nan], "Datum": pd.to_datetime(["2025-01-01", None, None]), 7: ["x", "", "y"]},
        index=[9, 9, 9],
    )
    before = frame.copy()
    found = read(frame)
    pd.testing.assert_frame_equal(frame, before)
    assert found.frame.index.tolist() == [1, 3]
    assert list(found.frame.columns) == ["Kunde", "Datum", "7"]
    assert found.frame["Kunde"].dtype == "float64"
    assert read(frame.iloc[:0]).frame.shape == (0, 3)
    assert list(read(frame.set_axis(["a", "a", "b"], axis=1)).frame.columns) == ["a", "a (2)", "b"]


# --- whatever comes ---------------------------------------------------------------------------------------------------


@given(st.binary(max_size=400))
def test_random_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("fuzz") / "sales.csv"
    path.write_bytes(data)
    with pytest.raises(KamlibError):
        read(path)


def test_a_file_that_may_not_be_read_is_told_in_one_sentence(written, monkeypatch):
    path, other, opened = written(GERMAN), written(GERMAN, "other.csv"), Path.open

    def barred(file, *args, **kwargs):
        if file.name == "sales.csv":
            raise PermissionError(13, "Permission denied", str(file))
        return opened(file, *args, **kwargs)

    monkeypatch.setattr(Path, "open", barred)
    for look in (records.existing, read):
        with pytest.raises(KamlibError, match=r"the file '.*sales.csv' can't be opened \(Permission denied\)\.$"):
            look(path)
    assert records.existing(other) == other


def test_the_row_numbers_of_pandas_in_a_parquet_file_are_no_column(tmp_path):
    frame = pd.DataFrame({"Kunde": ["1", "2"], "Datum": ["2025-01-01"] * 2, "__index_level_x": [3, 4]}, index=[7, 9])
    frame.to_parquet(tmp_path / "a.parquet")
    assert list(read(tmp_path / "a.parquet").frame.columns) == ["Kunde", "Datum", "__index_level_x"]
    frame.set_index("Kunde").to_parquet(tmp_path / "b.parquet")  # an index with a name is one
    assert set(read(tmp_path / "b.parquet").frame.columns) == {"Kunde", "Datum", "__index_level_x"}
