"""From what a person types to one account: a number, an account's key, or a part of a name."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

import pandas as pd

from kamlib import recognise
from kamlib.checks import KamlibError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN: Final = 5  # candidates in a message
_ALIKE: Final = 0.5  # of the letters, for a name to be called near


def account_of(wanted: str, table: pd.DataFrame, known: pd.DataFrame) -> str:
    """Return the one account that ``wanted`` means, in any case of letters.

    Parameters
    ----------
    wanted : str
        A customer number, an account's key, a name, or a part of one of them that no other account has.
    table : DataFrame
        A `customers.table`, largest first: the accounts to choose from.
    known : DataFrame
        The customer master of a `Ledger`: ``customer``, ``account`` and, where known, ``name``.

    Raises
    ------
    KamlibError
        If no account fits, or several do; the message names the nearest.

    Examples
    --------
    >>> table = pd.DataFrame({"name": ["Acme Group", "Zeta Ltd"]}, index=["Acme Group", "9"])
    >>> known = pd.DataFrame({"customer": ["7", "8"], "account": "Acme Group", "name": ["Acme Ltd", "Road Runner"]})
    >>> account_of("runner", table, known), account_of("9", table, known)
    ('Acme Group', '9')
    """
    typed = _folded(wanted)
    if not typed:
        raise KamlibError("customer is empty; give a customer number or a part of a name.")
    called = _called(table, known)
    exact = called[called["text"] == typed]
    found = exact if len(exact) else called[called["text"].str.contains(typed, regex=False)]
    accounts = found["account"].unique()
    with_lines = [account for account in table.index if account in set(accounts)]  # the largest first
    if len(with_lines) == 1:
        return str(with_lines[0])
    if with_lines:
        raise KamlibError(
            f"{len(with_lines)} customers fit {wanted!r}: {_listed(with_lines, table)}; name one of them in full."
        )
    if len(accounts):
        raise KamlibError(f"the customer {wanted!r} is known, but the ledger has no line of it up to that day.")
    near = difflib.get_close_matches(typed, called["text"].unique(), n=3 * _SHOWN, cutoff=_ALIKE)
    # Who mistypes one word of a long name is near to that word, not to the name.
    words = called.assign(text=called["text"].str.split()).explode("text").dropna()
    near += difflib.get_close_matches(typed, words["text"].unique(), n=_SHOWN, cutoff=2 / 3)
    meant = pd.concat([called, words]).set_index("text").loc[near, "account"].drop_duplicates()
    nearest = [account for account in meant if account in table.index]
    hint = f"the nearest are {_listed(nearest, table)}" if nearest else "no other is like it"
    raise KamlibError(f"no customer is called {wanted!r}; {hint}.")


def _called(table: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return everything that an account goes by, each in one way of writing."""
    keys = pd.DataFrame({"text": table.index, "account": table.index})
    columns = [column for column in ("customer", "account", "name") if column in known]
    parts = [known[[column, "account"]].set_axis(["text", "account"], axis=1) for column in columns]
    named = pd.DataFrame({"text": table["name"].to_numpy(), "account": table.index})
    every = pd.concat([keys, *parts, named], ignore_index=True).dropna()
    return every.assign(text=every["text"].map(_folded)).drop_duplicates()


def _folded(text: str) -> str:
    return " ".join(recognise.folded(str(text)).split())


def _listed(accounts: Iterable[str], table: pd.DataFrame) -> str:
    shown = list(accounts)
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    names = (f"{table['name'].loc[a]} ({a})" if table["name"].loc[a] != a else a for a in shown[:_SHOWN])
    return ", ".join(names) + more
