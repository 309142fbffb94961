"""The command line: ``kam report``, ``kam audit``, ``kam notebooks``, ``kam brief``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from kamlib import brief, datasets, exhibits, export, records, report, style
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kamlib.ledger import Ledger

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Key accounts from a sales ledger: how concentrated, who, at what risk, at what cost.",
)

Sales = Annotated[
    str | None, typer.Argument(help="Sales ledger: CSV, Excel or Parquet. Without it, the shipped company.")
]
Customers = Annotated[str | None, typer.Option(help="Customer master: name, parent, segment, sector, region, owner")]
Contacts = Annotated[str | None, typer.Option(help="Contact log: customer, date, kind, owner, outcome.")]
Columns = Annotated[str, typer.Option(help="Columns that are not recognised, as customer=Kd.,date=Tag,revenue=EUR.")]
Layout = Annotated[
    str,
    typer.Option(
        help="What the file leaves open: decimal=comma|point, date_order=dmy|mdy, discount=fraction|percent|amount, "
        "encoding=, separator=, sheet=; several with commas between."
    ),
]
Language = Annotated[str, typer.Option(help="Language of the results: en or de.")]
Out = Annotated[str, typer.Option(help="Folder for the results; a former result there is replaced.")]
AsOf = Annotated[
    str | None, typer.Option(help="Last day of the period, as 2025-12-31. Default: the ledger's last day.")
]
Months = Annotated[int, typer.Option(help="Length of the period in months.", min=1)]
FixedCosts = Annotated[float | None, typer.Option(help="Fixed costs of a year, in the ledger's currency.", min=0)]


def _pairs(text: str, option: str) -> dict[str, str | None]:
    """Split ``a=b,c=d``; an empty right side says that there is no such thing."""
    pairs: dict[str, str | None] = {}
    for part in filter(None, text.split(",")):
        key, mark, value = part.partition("=")
        if not mark:
            raise KamlibError(f"{option} takes pairs such as customer=Kd.,date=Tag; {part!r} has no equals sign.")
        pairs[key.strip()] = value.strip() or None
    return pairs


def _read(sales: str | None, customers: str | None, contacts: str | None, columns: str, layout: str) -> Ledger:
    given: Mapping[str, Any] = _pairs(layout, "--layout")
    return datasets.read(
        sales, customers=customers, contacts=contacts, columns=_pairs(columns, "--columns"), layout=given
    )


@app.command("report")
def _report(
    sales: Sales = None,
    customers: Customers = None,
    contacts: Contacts = None,
    as_of: AsOf = None,
    months: Months = 12,
    out: Out = "kam-report",
    language: Language = "en",
    fixed_costs: FixedCosts = None,
    columns: Columns = "",
    layout: Layout = "",
) -> None:
    """Write a report on a sales ledger: a page, charts, tables and figures in one folder."""
    words = style.Words(language)
    console = Console(stderr=True)
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task(
            words.text("reading {source}", source=sales or words.text("the shipped company")), total=None
        )

        def on_step(step: str) -> None:
            progress.update(task, description=step)
            if not console.is_terminal:
                console.print(f"  {step}", highlight=False)

        read = _read(sales, customers, contacts, columns, layout)
        if as_of is None:
            console.print(words.text("As of the ledger's last day, {day}.", day=words.date(read.last_day)))
        day = as_of or read.last_day
        if sales is None and fixed_costs is None:
            fixed_costs = datasets.fixed_costs(as_of=day)
        built = report.build(
            read, as_of=day, months=months, language=language, fixed_costs=fixed_costs, on_step=on_step
        )
        folder = report.write(built, out, on_step=on_step)
    shown = Console(highlight=False, soft_wrap=True)
    for number, finding in enumerate(built.findings, 1):
        shown.print(f"{number}. {finding}", markup=False)
    shown.print(words.text("Open {page}", page=folder / "index.html"), markup=False)
    others = "tables.xlsx, report.json, charts/"
    shown.print(words.text("Beside it: {others}", others=others), markup=False)


@app.command("audit")
def _audit(
    sales: Annotated[str, typer.Argument(help="Sales ledger: CSV, Excel or Parquet.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with examples of every reason.")] = False,  # noqa: FBT002
    customers: Customers = None,
    contacts: Contacts = None,
    language: Language = "en",
    columns: Columns = "",
    layout: Layout = "",
) -> None:
    """Account for every row and cent of a sales ledger: what is used, what is set aside and why."""
    found = _read(sales, customers, contacts, columns, layout).audit
    if as_json:
        sys.stdout.write(export.as_json(found.as_dict()))
        return
    words = style.Words(language, found.format.get("currency"))
    exhibit = exhibits.audit(found, words=words)
    table = Table(title=exhibit.message, caption=exhibit.note, title_justify="left", caption_justify="left")
    for title, kind in exhibit.columns.values():
        table.add_column(title, justify="left" if kind == "text" else "right", overflow="fold", no_wrap=kind != "text")
    for row in exhibit.table.to_dict("records"):
        table.add_row(*(escape(words.figure(row[name], kind)) for name, (_, kind) in exhibit.columns.items()))
    Console(highlight=False).print(table)


def _shipped_notebooks() -> list[Path]:
    """Return the walk-through: beside this module once installed, one folder up in a checkout."""
    here = Path(__file__).parent
    found = [sorted((base / "notebooks").glob("[0-9]*.ipynb")) for base in (here, here.parent)]
    if not any(found):
        raise KamlibError(f"the notebooks are neither beside {here} nor in it; reinstall kamlib.")
    return found[0] or found[1]


@app.command("notebooks")
def _notebooks(
    sales: Sales = None,
    customers: Customers = None,
    contacts: Contacts = None,
    as_of: AsOf = None,
    months: Months = 12,
    out: Out = "kam-notebooks",
    language: Language = "en",
    columns: Columns = "",
    layout: Layout = "",
) -> None:
    """Run the notebooks on a sales ledger; each is saved with its results in one folder."""
    import papermill  # takes a second to load, which the other commands need not wait for

    given = {"sales": sales, "customers_file": customers, "contacts_file": contacts}
    parameters: dict[str, Any] = {name: str(records.existing(path).resolve()) for name, path in given.items() if path}
    parameters |= {"as_of": as_of, "months": months, "language": style.Words(language).language}
    parameters |= {"columns": _pairs(columns, "--columns"), "layout": _pairs(layout, "--layout")}
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    console = Console(highlight=False, soft_wrap=True)
    for notebook in sorted(_shipped_notebooks()):
        console.print(f"{notebook.stem} ...", end=" ")
        try:
            papermill.execute_notebook(
                notebook, folder / notebook.name, parameters=parameters, kernel_name="python3", progress_bar=False
            )
            console.print("done")
        except papermill.PapermillExecutionError as error:
            failed.append(notebook.name)
            console.print(f"stopped at cell {error.exec_count}: {error.ename}: {error.evalue}", markup=False)
    console.print(f"Results in {folder}", markup=False)
    if failed:
        raise typer.Exit(1)


@app.command("brief")
def _brief(
    customer: Annotated[str, typer.Argument(help="Customer number, name, or a part of it that no other has.")],
    sales: Sales = None,
    customers: Customers = None,
    contacts: Contacts = None,
    as_of: AsOf = None,
    months: Months = 12,
    out: Annotated[str | None, typer.Option(help="HTML file; a former brief there is replaced.")] = None,
    language: Language = "en",
    columns: Columns = "",
    layout: Layout = "",
) -> None:
    """Write one printable page on a customer, to read before the conversation."""
    words = style.Words(language)
    read = _read(sales, customers, contacts, columns, layout)
    if as_of is None:
        Console(stderr=True).print(words.text("As of the ledger's last day, {day}.", day=words.date(read.last_day)))
    about = brief.of(read, customer, as_of=as_of or read.last_day, months=months, language=language)
    page = brief.write(about, out)
    shown = Console(highlight=False, soft_wrap=True)
    for number, point in enumerate(about.points, 1):
        shown.print(f"{number}. {point.text}", markup=False)
    shown.print(words.text("Open {page}", page=page), markup=False)


def main() -> None:
    """Run the command line; input that can't be used is one sentence on stderr and exit status 2."""
    try:
        app()
    except KamlibError as error:
        sys.stderr.write(f"kam: {error}\n")
        sys.exit(2)
