from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import python_calamine

from kamlib import datasets, export, ledger, report
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from pathlib import Path

CONCENTRATION = {
    "customers", "customers_not_positive", "revenue", "top_1", "top_5", "top_10", "top_20_percent_share",
    "customers_for_80_percent", "hhi", "effective_customers", "gini",
}  # fmt: skip


@pytest.fixture(scope="module")
def company() -> ledger.Ledger:
    files = datasets.company_files()
    return ledger.read(files.sales, customers=files.customers, contacts=files.contacts)


@pytest.fixture(scope="module")
def shop(shared_data: Path) -> report.Report:
    sales = ledger.read(shared_data / "online_retail_2011.parquet")
    return report.build(sales, as_of=sales.last_day)


def without_format(figures: dict[str, Any]) -> dict[str, Any]:
    return figures | {"audit": {key: value for key, value in figures["audit"].items() if key != "format"}}


def written(built: report.Report) -> dict[str, Any]:
    """Return what report.json would hold."""
    found: dict[str, Any] = json.loads(export.as_json(built.figures))
    return found


@pytest.fixture(scope="module")
def folder(company: ledger.Ledger, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("report") / "out"
    steps: list[str] = []
    built = report.build(company, as_of="2026-06-30", on_step=steps.append)
    report.write(built, out, on_step=steps.append)
    assert len(steps) > 10  # progress is told
    return out


def test_the_folder_holds_everything(folder: Path) -> None:
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["charts", "deck.pptx", "index.html", "report.json", "tables.xlsx"]
    charts = {path.stem for path in (folder / "charts").glob("*.png")}
    assert charts == {path.stem for path in (folder / "charts").glob("*.svg")}
    assert charts >= {"pareto", "lorenz", "over_time", "migration", "whale", "share_by_sector"}


def test_report_json_has_its_documented_keys(folder: Path) -> None:
    figures = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert {"audit", "period", "concentration", "versions"} <= figures.keys()
    assert figures["period"] | {"rows": 0, "revenue": 0} == {
        "as_of": "2026-06-30", "start": "2025-07-01", "months": 12, "rows": 0, "revenue": 0,
    }  # fmt: skip
    found = figures["concentration"]
    assert found.keys() >= CONCENTRATION
    for index in CONCENTRATION - {"customers", "customers_not_positive", "revenue"}:
        assert found[f"{index}_low"] <= found[index] * 1.2
        assert found[f"{index}_low"] <= found[f"{index}_high"]
    audit = figures["audit"]
    assert audit["rows_read"] == audit["rows_used"] + sum(audit["rows_set_aside"].values())
    assert audit["revenue_read"] == pytest.approx(audit["revenue_used"] + audit["revenue_set_aside"], abs=0.005)


class Page(HTMLParser):
    """Collects what the checks ask about: elements, ids, links and addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.sources: list[str] = []
        self.alts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.ids += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if "href" in given else []
        self.sources += [given["src"] or ""] if "src" in given else []
        self.alts += [given.get("alt") or ""] if tag == "img" else []


def test_the_page_stands_by_itself(folder: Path) -> None:
    text = (folder / "index.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.tags.count("script") == 1
    assert page.tags.count("h1") == 1
    assert len(set(page.ids)) == len(page.ids)
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert all(source.startswith("data:image/svg+xml;base64,") for source in page.sources)
    assert len(page.alts) == len(page.sources) >= 9
    assert all(page.alts)
    assert not re.search(r"url\(|@import|https?://", text)


def test_the_workbook_lists_every_exhibit(folder: Path) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO((folder / "tables.xlsx").read_bytes()))
    rows = book.get_sheet_by_name("Contents").to_python()
    assert [row[0] for row in rows[1:]] == book.sheet_names[1:]
    assert {"Pareto", "Indices", "Audit of the data"} <= set(book.sheet_names)


def test_the_same_ledger_gives_the_same_bytes(company: ledger.Ledger, folder: Path, tmp_path: Path) -> None:
    again = report.write(report.build(company, as_of="2026-06-30"), tmp_path / "again")
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        assert file.read_bytes() == (again / file.relative_to(folder)).read_bytes(), file.name


def test_the_german_csv_gives_the_same_figures(folder: Path) -> None:
    files = datasets.company_files()
    data = files.sales.parent
    german = ledger.read(
        data / "company_sales_de.csv",
        customers=data / "company_customers_de.csv",
        contacts=data / "company_contacts_de.csv",
    )
    expected = without_format(json.loads((folder / "report.json").read_text(encoding="utf-8")))
    written_files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert set(expected.pop("files")) == written_files
    found = without_format(written(report.build(german, as_of=german.last_day)))
    # The CSV ends with the total line that an ERP writes; the Parquet has none.
    assert found["audit"].pop("rows_set_aside") == {"total_line": 1}
    assert expected["audit"].pop("rows_set_aside") == {}
    assert found["audit"].pop("rows_read") == expected["audit"].pop("rows_read") + 1
    assert found == expected


def twins(rows: pd.DataFrame) -> tuple[bytes, bytes]:
    """Write the same lines as a German ERP and as an English one would, each with its title and total line."""

    def german(value: float) -> str:
        figures = f"{abs(value):,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
        return figures + ("-" if value < 0 else "")

    total = rows["revenue"].sum()
    lines = ["Umsatzliste;;", "", "Debitor;Belegdatum;Nettowert (EUR)"]
    lines += [f"{r.customer};{r.date:%d.%m.%Y};{german(r.revenue)}" for r in rows.itertuples()]
    lines += [f"Summe;;{german(total)}"]
    other = ["Sales list,,", "", "Customer,Invoice date,Net value (EUR)"]
    other += [f'{r.customer},{r.date:%Y-%m-%d},"{r.revenue:,.2f}"' for r in rows.itertuples()]
    other += [f'Total,,"{total:,.2f}"']
    return "\r\n".join(lines).encode("cp1252"), "\n".join(other).encode()


def test_german_and_english_twins_give_the_same_report(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    rows = pd.DataFrame(
        {
            "customer": rng.choice([f"{n:06}" for n in range(40)], 800),
            "date": pd.Timestamp("2023-01-02") + pd.to_timedelta(np.sort(rng.integers(0, 1000, 800)), unit="D"),
            "revenue": np.round(rng.lognormal(6, 2, 800) * rng.choice([1, 1, 1, 1, -1], 800), 2),
        }
    )
    figures = []
    for name, content in zip(("german.csv", "english.csv"), twins(rows), strict=True):
        (tmp_path / name).write_bytes(content)
        read = ledger.read(tmp_path / name)
        assert read.audit.rows_set_aside == {"total_line": 1}
        assert read.audit.format["currency"] == "EUR"
        figures.append(without_format(written(report.build(read, as_of=read.last_day))))
    assert figures[0] == figures[1]
    assert figures[0]["audit"]["revenue_read"] == pytest.approx(rows["revenue"].sum(), abs=0.005)


def test_online_retail_against_ten_lines_of_numpy(shop: report.Report, shared_data: Path, tmp_path: Path) -> None:
    out = report.write(shop, tmp_path / "r")
    figures = json.loads((out / "report.json").read_text(encoding="utf-8"))
    audit, found = figures["audit"], figures["concentration"]
    assert audit["rows_read"] == 541_909 == audit["rows_used"] + sum(audit["rows_set_aside"].values())
    assert audit["rows_set_aside"] == {"no_customer": 135_080}

    raw = pd.read_parquet(shared_data / "online_retail_2011.parquet").dropna(subset="CustomerID")
    raw = raw[raw["InvoiceDate"] >= "2010-12-10"]  # twelve months that end with 2011-12-09
    sums = (raw["Quantity"] * raw["UnitPrice"]).groupby(raw["CustomerID"]).sum().to_numpy()
    x = np.sort(sums[sums > 1e-9])[::-1]
    n, share = x.size, x / x.sum()
    whole, part = int(0.2 * n), 0.2 * n - int(0.2 * n)
    rank = np.arange(n, 0, -1)  # the smallest has rank 1
    assert found["customers"] == n
    assert found["revenue"] == pytest.approx(x.sum(), abs=1e-6)
    assert found["top_20_percent_share"] == pytest.approx(share[:whole].sum() + part * share[whole], abs=1e-9)
    assert found["hhi"] == pytest.approx((share**2).sum(), abs=1e-9)
    assert found["gini"] == pytest.approx(2 * (rank * x).sum() / (n * x.sum()) - (n + 1) / n, abs=1e-9)
    assert found["customers_not_positive"] == (sums <= 1e-9).sum()


def test_a_reversed_order_is_worth_nothing(shop: report.Report, shared_data: Path) -> None:
    """Customer 16446 ordered 80,995 pieces and took them back twelve minutes later: 2.90 remain."""
    ranked = next(exhibit for exhibit in shop.exhibits if exhibit.key == "pareto").table
    position = ranked.index[ranked["name"] == "16446"][0]
    assert ranked.loc[position, "value"] == pytest.approx(2.90, abs=1e-9)
    assert position > 4000
    gross = pd.read_parquet(shared_data / "online_retail_2011.parquet").query("Quantity > 0")
    dropped = (gross["Quantity"] * gross["UnitPrice"]).groupby(gross["CustomerID"]).sum().rank(ascending=False)
    assert dropped[16446] == 4  # the trap: with returns dropped, it ranks fourth
    audit = next(exhibit for exhibit in shop.exhibits if exhibit.key == "audit").table
    named = audit.loc[audit["what"].str.contains("taken back"), "remark"].iloc[0]
    assert "customer 16446, 168,469.60" in named


def test_three_customers_are_enough(tmp_path: Path) -> None:
    sales = pd.DataFrame({"customer": ["a", "b", "c"], "date": ["2025-12-29"] * 3, "revenue": [5.0, 3.0, 2.0]})
    built = report.build(ledger.read(sales), as_of="2025-12-31")
    assert next(section.skipped for section in built.sections)  # too short a history is said, not hidden
    assert (report.write(built, tmp_path / "out") / "index.html").is_file()


@pytest.fixture(scope="module")
def three() -> report.Report:
    """Three steady customers: too few for 80/20, and nobody leaves, so no probability can be tested."""
    rhythms = {"a": (80.0, (5, 9, 40)), "b": (15.0, (21, 3, 14)), "c": (5.0, (30, 7, 60))}
    lines = []
    for name, (size, gaps) in rhythms.items():
        after = np.cumsum(np.tile(gaps, 30))
        days = pd.Timestamp("2023-06-01") + pd.to_timedelta(after[after < 940], unit="D")
        lines += [(name, day, size) for day in days]
    sales = ledger.read(pd.DataFrame(lines, columns=["customer", "date", "revenue"]))
    return report.build(sales, as_of="2025-12-31", fixed_costs=1.0)


def test_what_few_customers_cannot_carry_is_no_finding(three: report.Report) -> None:
    said = {exhibit.key: exhibit.message for exhibit in three.exhibits}
    assert said["lorenz"].endswith("too few customers to speak of 80/20")
    assert three.findings[0] == said["pareto"]
    assert "common_factors" not in said
    assert not any("0.0% more" in text or " 0 entered" in text for text in said.values())
    assert said["list_changes"] == "Nobody entered or left the list of key accounts"
    assert said["revenue_bridge"].endswith("no customer shrank or left")
    assert said["migration"].startswith("None of 2 A customers fell out")


def test_a_probability_that_was_not_tested_is_no_finding(three: report.Report) -> None:
    said = {exhibit.key: exhibit for exhibit in three.exhibits}
    assert three.figures["churn"]["backtest"]["tested"] == []
    assert said["risk_list"].message.startswith("Not tested on the past")
    assert said["board"].note.endswith("The probabilities could not be tested on the past.")
    assert not {said["risk_list"].message, said["board"].message} & set(three.findings)
    assert three.findings[1] == said["stress"].message == "a leaves: costs 1,575, more than any other scenario"
    figures = dict(report.run._headline(three))
    assert list(figures) == ["Share of the largest customer", "Customers that bring 80% of revenue"]
    assert figures["Share of the largest customer"] == "77.2%"


def test_what_found_nothing_to_list_is_no_slide(three: report.Report) -> None:
    shown = [
        one.key for section in report.run._slides(report.run._content(three))["sections"] for one in section.exhibits
    ]
    assert "pareto" in shown
    assert "list_changes" not in shown
    assert "list_changes" in {exhibit.key for exhibit in three.exhibits}


def test_fixed_costs_are_an_amount() -> None:
    sales = ledger.read(pd.DataFrame({"customer": ["a"], "date": ["2025-12-29"], "revenue": [5.0]}))
    for wrong in (-5.0, float("nan"), "much"):
        with pytest.raises(KamlibError, match="fixed_costs must be an amount"):
            report.build(sales, as_of="2025-12-31", fixed_costs=wrong)


def test_no_revenue_is_one_sentence() -> None:
    sales = pd.DataFrame({"customer": ["a"], "date": ["2025-12-29"], "revenue": [-5.0]})
    with pytest.raises(KamlibError, match="no customer has net revenue above 0"):
        report.build(ledger.read(sales), as_of="2025-12-31")
