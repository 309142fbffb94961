"""The command line: ``kam report``, ``kam audit``, ``kam notebooks``, ``kam brief``."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from kamlib import brief, checks, customers, datasets, exhibits, export, pseudonyms, records, report, style, walkthrough
from kamlib.brief import search
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from kamlib.checks import DateLike
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
Language = Annotated[str, typer.Option(help=f"Language of the results: {', '.join(style.LANGUAGES)}.")]
Out = Annotated[str, typer.Option(help="Folder for the results; a former result there is replaced.")]
AsOf = Annotated[
    str | None, typer.Option(help="Last day of the period, as 2025-12-31. Default: the ledger's last day.")
]
Months = Annotated[int, typer.Option(help="Length of the period in months.", min=1, max=1200)]
Anonymise = Annotated[
    bool,
    typer.Option("--anonymise", help="Customers, groups and account managers become pseudonyms, the same every time."),
]
Secret = Annotated[
    str | None,
    typer.Option(
        help="File with the secret that the pseudonyms come from. Default: the file that KAMLIB_SECRET names, else one "
        "in your configuration folder, made at first use."
    ),
]
KeyTable = Annotated[
    str | None, typer.Option(help="CSV file of who is who among the pseudonyms, for your eyes only. Default: none.")
]
Template = Annotated[
    str | None, typer.Option(help="Your firm's .pptx or .potx: its layouts, colours, fonts for the deck.")
]
Notes = Annotated[
    bool, typer.Option("--notes", help="Write method and assumptions on each slide, for a deck that is read alone.")
]


def _amount(given: float | None) -> float | None:
    return given if given is None else checks.amount(given, name="--fixed-costs")


FixedCosts = Annotated[
    float | None, typer.Option(help="Fixed costs of a year, in the ledger's currency.", callback=_amount)
]


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


def _keyed(given: str | None, words: style.Words, console: Console) -> dict[str, Any]:
    """Return what pseudonyms depend on, and say where the secret lies; the user's own is made at first use."""
    place = Path(given) if given else pseudonyms.secret_file()
    if not (given or os.environ.get("KAMLIB_SECRET") or place.exists()):
        export.private(place, pseudonyms.new_secret())
    keyed = {"secret": pseudonyms.secret(place), "language": words.language}
    said = words.text(
        "Pseudonyms come from the secret in {path}: keep it, and keep it to yourself; with another one they change.",
        path=place,
    )
    console.print(said, markup=False, highlight=False, soft_wrap=True)
    return keyed


def _check_anonymity(*, anonymise: bool, secret: str | None, key_table: str | None = None, out: str = "") -> None:
    """Refuse, before anything is read, what would do nothing or hand the names on with the report."""
    if not anonymise and (secret or key_table):
        option = "--secret" if secret else "--key-table"
        raise KamlibError(f"{option} speaks of pseudonyms; add --anonymise, or leave it out.")
    for option, path in {"--key-table": key_table, "--secret": secret}.items():
        if path and out and Path(path).resolve().is_relative_to(Path(out).resolve()):
            raise KamlibError(f"{option} names a file in the report's folder {out!r}; choose a place outside of it.")


def _as_of_last_day(read: Ledger, words: style.Words) -> str:
    """Say which day is taken; one in the future is told, not refused, for the clock may be the one that is wrong."""
    told = words.text("As of the ledger's last day, {day}.", day=words.date(read.last_day))
    if read.last_day > dt.datetime.now(tz=dt.UTC).date():
        told += " " + words.text("That day lies in the future: if it is a slip, give another one with --as-of.")
    return told


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
    template: Template = None,
    notes: Notes = False,  # noqa: FBT002
    anonymise: Anonymise = False,  # noqa: FBT002
    secret: Secret = None,
    key_table: KeyTable = None,
    columns: Columns = "",
    layout: Layout = "",
) -> None:
    """Write a report on a sales ledger: a page, a deck, charts, tables and figures in one folder."""
    words = style.Words(language)
    _check_anonymity(anonymise=anonymise, secret=secret, key_table=key_table, out=out)
    export.vacant(out)
    if key_table:
        export.check_key_table(key_table, words=words)
    if template:
        export.check_template(template)
    console = Console(stderr=True)
    with _progress(console) as progress:
        task = progress.add_task(
            words.text("reading {source}", source=sales or words.text("the shipped company")), total=None
        )

        def on_step(step: str) -> None:
            progress.update(task, description=step)
            if not console.is_terminal:
                console.print(f"  {step}", markup=False, highlight=False)

        read = _read(sales, customers, contacts, columns, layout)
        if as_of is None:
            console.print(_as_of_last_day(read, words))
        day = as_of or read.last_day
        if anonymise:
            keyed = _keyed(secret, words, console)
            key = pseudonyms.key_table(read, **keyed) if key_table else None
            read = pseudonyms.anonymise(read, **keyed)
        if sales is None and fixed_costs is None:
            fixed_costs = datasets.fixed_costs(as_of=day)
        built = report.build(
            read, as_of=day, months=months, language=language, fixed_costs=fixed_costs, on_step=on_step
        )
        folder = report.write(built, out, template=template, notes=notes, on_step=on_step)
        if key_table and key is not None:
            export.key_table(key, key_table, words=words)
    shown = Console(highlight=False, soft_wrap=True)
    for number, finding in enumerate(built.findings, 1):
        shown.print(f"{number}. {finding}", markup=False)
    shown.print(words.text("Open {page}", page=folder / "index.html"), markup=False)
    others = "deck.pptx, tables.xlsx, report.json, charts/"
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


@app.command("notebooks")
def _notebooks(
    sales: Sales = None,
    customers: Customers = None,
    contacts: Contacts = None,
    as_of: AsOf = None,
    months: Months = 12,
    out: Out = "kam-notebooks",
    language: Language = "en",
    fixed_costs: FixedCosts = None,
    columns: Columns = "",
    layout: Layout = "",
) -> None:
    """Run the notebooks on a sales ledger; each is saved with its results and as a page, in one folder."""
    words = style.Words(language)
    if sales:
        _read(sales, customers, contacts, columns, layout)  # what can't be read is told before the first kernel starts
    given = {"sales": sales, "customers_file": customers, "contacts_file": contacts}
    parameters: dict[str, Any] = {name: str(records.existing(path).resolve()) for name, path in given.items() if path}
    parameters |= {"as_of": as_of, "months": months, "fixed_costs": fixed_costs}
    parameters |= {"columns": _pairs(columns, "--columns"), "layout": _pairs(layout, "--layout")}
    console = Console(stderr=True, highlight=False, soft_wrap=True)

    def on_run(done: walkthrough.Run) -> None:
        ended = done.failure.where(words) if done.failure else words.text("complete")
        console.print(f"  {done.name}: {ended}, {words.number(done.seconds)} s", markup=False)

    with _progress(console) as progress:
        task = progress.add_task("", total=None)
        walk = walkthrough.run(
            out,
            language=language,
            parameters=parameters,
            on_run=on_run,
            on_step=lambda step: progress.update(task, description=step),
        )
    shown = Console(highlight=False, soft_wrap=True)
    for run in walk.failed:
        if run.failure:
            told = f"{run.title} {run.failure.where(words)}: {run.failure.sentence} {run.failure.advice}"
            shown.print(told, markup=False)
    shown.print(words.text("Open {page}", page=walk.folder / "index.html"), markup=False)
    if walk.failed:
        raise typer.Exit(1)


def _progress(console: Console) -> Progress:
    told = TextColumn("{task.description}", markup=False)  # a file's name may look like markup
    return Progress(SpinnerColumn(), told, TimeElapsedColumn(), console=console)


def _pseudonym_of(customer: str, read: Ledger, key: pd.DataFrame, *, day: DateLike, months: int) -> str:
    """Return the pseudonym of whom the user calls by number or name, or calls by the pseudonym already."""
    called = key["pseudonym"].str.casefold()
    if (called.str.endswith(f" {customer.casefold()}") | called.eq(customer.casefold())).any():
        return customer
    account = search.account_of(customer, customers.table(read, as_of=day, months=months), read.customers)
    named = key["number"].eq(account) | (key["kind"].eq("group") & key["name"].eq(account))
    return str(key.loc[named, "pseudonym"].iloc[0])


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
    anonymise: Anonymise = False,  # noqa: FBT002
    secret: Secret = None,
    columns: Columns = "",
    layout: Layout = "",
) -> None:
    """Write one printable page on a customer, to read before the conversation."""
    words = style.Words(language)
    _check_anonymity(anonymise=anonymise, secret=secret)
    read = _read(sales, customers, contacts, columns, layout)
    if as_of is None:
        Console(stderr=True).print(_as_of_last_day(read, words))
    day = as_of or read.last_day
    if anonymise:
        keyed = _keyed(secret, words, Console(stderr=True))
        customer = _pseudonym_of(customer, read, pseudonyms.key_table(read, **keyed), day=day, months=months)
        read = pseudonyms.anonymise(read, **keyed)
    about = brief.of(read, customer, as_of=day, months=months, language=language)
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
