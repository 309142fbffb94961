"""A table of figures as a reader of one language expects it: headings in words, numbers as they are written there."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import jinja2
import pandas as pd

from kamlib.exhibits import Lacking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kamlib.exhibits import Setting
    from kamlib.style import Words

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Table:
    """Figures and how each column of them is written: its heading and its kind, as `Words.figure` knows it."""

    table: pd.DataFrame
    columns: Mapping[str, tuple[str, str]]
    words: Words

    @property
    def written(self) -> pd.DataFrame:
        """The table as text, with the headings as its columns."""
        shown = {
            name: [self.words.figure(v, kind) for v in self.table[name]] for name, (_, kind) in self.columns.items()
        }
        return pd.DataFrame(shown).set_axis([heading for heading, _ in self.columns.values()], axis=1)

    def __repr__(self) -> str:
        return self.written.to_string(index=False)

    def _repr_html_(self) -> str:
        return str(_macros().table(self))


@functools.cache
def _macros() -> Any:
    loader = jinja2.FileSystemLoader(Path(__file__).parents[1] / "templates")
    made = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return made.get_template("macros.html").module


def table(
    figures: pd.DataFrame | pd.Series | Lacking,
    names: Sequence[str] | None = None,
    *,
    setting: Setting,
    kinds: Mapping[str, str] | str = "",
    empty: str = "",
) -> Table | Lacking:
    """Return a table to look at, with headings and figures in the reader's language.

    Parameters
    ----------
    figures : DataFrame or Series
        What was reckoned; what is lacking is handed on in the reader's language.
    names : sequence of str, optional
        The columns to show, those that are there; without it the index and all of them.
    setting : Setting
        The language and the currency.
    kinds : mapping of str to str, or str
        How a column is written, as `Words.figure` knows it: ``"percent"``, ``"money"`` ...; by name, or one for all
        but the first.
    empty : str
        What to say where there are no rows.

    Examples
    --------
    >>> from kamlib.exhibits import Setting
    >>> figures = pd.DataFrame({"name": ["Huber KG"], "revenue": [125000.0]})
    >>> table(figures, ["name", "revenue"], setting=Setting("2025-12-31", language="de"))
       Kunde  Umsatz
    Huber KG 125.000
    """
    words = setting.words
    if isinstance(figures, Lacking):
        return Lacking(figures.reason, words)
    whole = figures.to_frame() if isinstance(figures, pd.Series) else figures
    whole = whole.rename_axis(str(whole.index.name or "")).reset_index() if names is None else whole
    shown = [name for name in (whole.columns if names is None else names) if name in whole]
    if not len(whole):
        return Lacking(empty or words.text("Nothing to show."), words)
    by_name = dict.fromkeys(shown[1:], kinds) if isinstance(kinds, str) and kinds else dict(kinds or {})
    known = _headings(words)
    columns = {}
    for name in shown:
        heading, kind = known.get(name, (str(name), _kind_of(whole[name])))
        kind = by_name.get(name, kind)
        unit = f", {words.currency}" if kind == "money" and words.currency else ""
        columns[name] = (heading + unit, kind)
    return Table(whole, columns, words)


def said_above(result: _Result | Lacking, *, setting: Setting) -> _Result | Lacking:
    """Return ``result``, but what is lacking without its reason, for cells below the one that told it.

    >>> from kamlib.exhibits import Setting
    >>> said_above(Lacking("The ledger has no cost."), setting=Setting("2025-12-31")).reason
    'Left out, for the reason given above.'
    """
    if isinstance(result, Lacking):
        return Lacking(setting.words.text("Left out, for the reason given above."), setting.words)
    return result


def _kind_of(column: pd.Series) -> str:
    """Tell from the values how a column of one's own is written: as numbers, days or text."""
    if pd.api.types.is_bool_dtype(column) or not (pd.api.types.is_numeric_dtype(column) or _holds_days(column)):
        return "text"
    return "date" if _holds_days(column) else "number"


def _holds_days(column: pd.Series) -> bool:
    present = column.dropna()
    return pd.api.types.is_datetime64_any_dtype(column) or (len(present) > 0 and hasattr(present.iloc[0], "isoformat"))


def _headings(words: Words) -> dict[Any, tuple[str, str]]:
    """Name the columns of kamlib's own tables, and say how each is written."""
    return {
        "account": (words.text("Belongs to"), "text"),
        "accounts": (words.text("Accounts"), "number"),
        "acceptability": (words.text("On the list in"), "percent"),
        "break_even_volume": (words.text("Break-even"), "percent"),
        "class": (words.text("Class"), "text"),
        "contacts": (words.text("Contacts"), "number"),
        "cumulative_share": (words.text("Cumulative share"), "percent"),
        "customer": (words.text("Customer number"), "text"),
        "customers": (words.text("Customer numbers"), "number"),
        "date": (words.text("Day"), "date"),
        "days_since": (words.text("Days silent"), "number"),
        "growth": (words.text("Growth"), "percent"),
        "key_accounts": (words.text("A accounts"), "number"),
        "largest_account": (words.text("Largest of them"), "text"),
        "last_contact": (words.text("Last contact"), "date"),
        "margin": (words.text("Contribution margin"), "money"),
        "margin_share": (words.text("Margin of revenue"), "percent"),
        "mix": (words.text("Mix"), "percent"),
        "naive": (words.text("By the rule"), "percent"),
        "name": (words.text("Customer"), "text"),
        "p_loss": (words.text("Probability"), "percent"),
        "peers_volume_change": (words.text("Volume of peers"), "percent"),
        "person": (words.text("Account manager"), "text"),
        "price": (words.text("Price"), "percent"),
        "price_realisation": (words.text("Paid of list price"), "percent"),
        "product": (words.text("Product"), "text"),
        "product_group": (words.text("Product group"), "text"),
        "rank": (words.text("Rank"), "number"),
        "rank_alone": (words.text("Rank alone"), "number"),
        "rank_high": (words.text("Rank at worst"), "number"),
        "rank_low": (words.text("Rank at best"), "number"),
        "rank_together": (words.text("Rank together"), "number"),
        "relative_volume_high": (words.text("at most"), "percent"),
        "relative_volume_low": (words.text("Beyond them, at least"), "percent"),
        "revenue": (words.text("Revenue"), "money"),
        "reversed_on": (words.text("Taken back on"), "date"),
        "share": (words.text("Share"), "percent"),
        "share_of_contacts": (words.text("Share of contacts"), "percent"),
        "share_of_margin": (words.text("Share of margin"), "percent"),
        "share_of_revenue": (words.text("Share of revenue"), "percent"),
        "usual_interval": (words.text("Usual interval, days"), "number"),
        "verdict": (words.text("Verdict"), "text"),
        "volume": (words.text("Volume"), "percent"),
        "volume_change": (words.text("Change of volume"), "percent"),
    }
