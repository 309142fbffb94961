"""From an account's facts to one printable page."""

from __future__ import annotations

import re
import unicodedata
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from kamlib import __version__, customers, exhibits, export, plots
from kamlib.brief import search
from kamlib.brief.blocks import BLOCKS
from kamlib.brief.facts import Case
from kamlib.brief.points import talking_points

if TYPE_CHECKING:
    from pathlib import Path

    from kamlib.brief.blocks import Block
    from kamlib.brief.points import Point
    from kamlib.checks import DateLike
    from kamlib.exhibits import Setting
    from kamlib.ledger import Ledger
    from kamlib.style import Words

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa"})
_LONGEST_PART: Final = 60  # of a file's name


@dataclass(frozen=True)
class Brief:
    """What must be known before talking to one customer, in words and figures.

    Parameters
    ----------
    account, name : str
        Its key and its name.
    setting : Setting
        As of when, how long a period, in which language.
    facts : tuple of str
        Who it is: customer number, segment, sector, region, account manager, where known.
    tiles : tuple of (str, str, str)
        The headline figures: what, figure, remark.
    points : tuple of Point
        What to talk about, three at most, the largest in money first.
    blocks : tuple of Block
    monthly : DataFrame
        ``period_end``, ``revenue`` of the full months up to three years back.
    """

    account: str
    name: str
    setting: Setting
    facts: tuple[str, ...]
    tiles: tuple[tuple[str, str, str], ...]
    points: tuple[Point, ...]
    blocks: tuple[Block, ...]
    monthly: pd.DataFrame = field(compare=False)

    @property
    def file_name(self) -> str:
        """A name for its file that every system takes, and no other customer has: ``brief-vordekamp-ag-1042.html``."""
        name = _plain(self.name) or "customer"
        account = _plain(self.account) or str(zlib.crc32(self.account.encode()))  # without a letter of ours
        return f"brief-{name}.html" if f"-{name}".endswith(f"-{account}") else f"brief-{name}-{account}.html"


def of(sales: Ledger, customer: str, *, as_of: DateLike, months: int = 12, language: str = "en") -> Brief:
    """Return the brief on one customer.

    Parameters
    ----------
    sales : Ledger
    customer : str
        Customer number, account key, name, or a part of it that no other customer has; in any case of letters.
    as_of : date
        Last day of the period; nothing after it is read.
    months : int
        Length of the period, which is held against the one of the same length before.
    language : {"en", "de"}

    Raises
    ------
    KamlibError
        If nobody or more than one customer is called so, with the nearest named, or the period has no lines.

    Examples
    --------
    >>> from kamlib import ledger
    >>> lines = pd.DataFrame({"customer": ["7", "8"], "date": ["2025-01-10", "2025-03-05"], "revenue": [90.0, 10.0]})
    >>> of(ledger.read(lines), "7", as_of="2025-12-31").tiles[0]
    ('Revenue', '90', '12 months')
    """
    setting = exhibits.setting(sales, as_of=as_of, months=months, language=language)
    table = customers.table(sales, as_of=setting.end, months=months)
    account = search.account_of(customer, table, sales.customers)
    case = Case(sales, setting, table, account)
    return Brief(
        account=account,
        name=str(case.row["name"]),
        setting=setting,
        facts=_facts(case),
        tiles=_tiles(case),
        points=talking_points(case),
        blocks=tuple(found for block in BLOCKS if (found := block(case)) is not None),
        monthly=case.monthly,
    )


def write(brief: Brief, out: str | Path | None = None) -> Path:
    """Write ``brief`` as an HTML page that prints to one sheet of A4; a former brief there is replaced.

    Without ``out`` the file bears the customer's name and lies in the working directory.
    """
    words, setting = brief.setting.words, brief.setting
    content = {
        "title": brief.name,
        "facts": brief.facts,
        "subtitle": words.text("Brief before the conversation, as of {day}", day=words.date(setting.end)),
        "tiles": brief.tiles,
        "points": brief.points,
        "blocks": brief.blocks,
        "chart_title": _chart_title(setting, words),
        "colophon": ", ".join(part for part in (setting.source, setting.period(), f"kamlib {__version__}") if part),
    }
    draws = len(brief.monthly) > 1
    chart = export.strip(lambda ax: plots.trend(brief.monthly, ax=ax, words=words)) if draws else None
    return export.document(out or brief.file_name, export.leaflet(content, chart=chart, words=words))


def _plain(text: str) -> str:
    latin = unicodedata.normalize("NFKD", text.casefold().translate(_UMLAUTS)).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", latin.decode()).strip("-")[:_LONGEST_PART].strip("-")


def _chart_title(setting: Setting, words: Words) -> str:
    unit = f", {setting.currency}" if setting.currency else ""
    return words.text("Net revenue by month{unit}, the last 12 dark", unit=unit)


def _facts(case: Case) -> tuple[str, ...]:
    words, row, numbers = case.setting.words, case.row, sorted(case.lines["customer"].unique())
    who = [words.text("customer {number}", number=numbers[0])] if len(numbers) == 1 else []
    who += [str(row[column]) for column in ("segment", "sector", "region") if pd.notna(row.get(column))]
    if pd.notna(row.get("owner")):
        who.append(words.text("account manager {name}", name=row["owner"]))
    return tuple(who)


def _tiles(case: Case) -> tuple[tuple[str, str, str], ...]:
    words, row = case.setting.words, case.row
    period = words.plural("{n} month", "{n} months", case.setting.months)
    grown = row.get("growth")
    change = words.text("{change} vs. before", change=_signed(grown, words)) if pd.notna(grown) else period
    tiles = [(words.text("Revenue"), words.amount(row["revenue"]), change)]
    if "margin" in row:
        share = row["margin_share"]
        part = words.text("{share} of revenue", share=words.percent(share)) if pd.notna(share) else period
        tiles.append((words.text("Contribution margin"), words.amount(row["margin"]), part))
    if pd.notna(row["rank"]):
        share = words.text("{share} of our revenue", share=words.percent(row["share"]))
        rank = words.text("{abc}, no. {rank}", abc=case.classes[case.account], rank=words.number(row["rank"]))
        tiles.append((words.text("Class and rank"), rank, share))
    if case.rhythm is not None:
        usual = case.rhythm.usual
        every = words.text("usually every {days}", days=words.number(usual)) if pd.notna(usual) else ""
        tiles.append((words.text("Last order"), case.rhythm.ago(words), every))
    if pd.notna(row.get("price_realisation")):
        tiles.append((words.text("Price"), words.percent(row["price_realisation"]), words.text("of the list price")))
    return tuple(tiles)


def _signed(value: Any, words: Words) -> str:
    sign = "+" if round(value, 3) > 0 else ""
    return f"{sign}{words.percent(value)}".replace("-", "\N{MINUS SIGN}")
