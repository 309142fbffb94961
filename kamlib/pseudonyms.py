"""Pseudonyms, for results that are handed on: who is who, only those can tell who hold the secret.

A pseudonym is a letter and digits of a keyed hash (HMAC-SHA256, RFC 2104) of the customer's number. So it stays the
same from month to month and says nothing about the customer; without the secret, no guess can even be tested. Whatever
reckons after `anonymise` sees pseudonyms only, so there is no name that an exhibit could show by mistake.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import os
import re
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from kamlib.checks import KamlibError
from kamlib.recognise import UNSEEN, folded, neat
from kamlib.style import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from kamlib.audit import Audit
    from kamlib.ledger import Ledger

_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # I and O look like figures
_DIGITS: Final = 4  # for customers, groups and orders: one in 240,000 by chance
_STAFF_DIGITS: Final = 2  # they are few
_SHORTEST_SECRET: Final = 32  # bytes
_SHARED_BY: Final = 3  # customers, for what a contact log says to be a code and not a text about one of them
# A word may be parted by what nobody sees, and its accents may be characters of their own.
_WORD: Final = re.compile(rf"[^\W_](?:[{UNSEEN}\u200c\u200d\u0300-\u036f]*[^\W_])*[\u0300-\u036f]*")
_AND: Final = ("and", "und", "u", "et", "amp")  # written for & or not at all
# Of the customer master: what is shown as it is, names in it excepted. Other texts go, other numbers stay.
_SPOKEN: Final = ("segment", "sector", "region", "contract_end")


def secret_file() -> Path:
    """Return where this user's secret lies: what KAMLIB_SECRET names, or a file in the user's configuration folder."""
    if named := os.environ.get("KAMLIB_SECRET"):
        return Path(named)
    folder = os.environ.get("APPDATA" if os.name == "nt" else "XDG_CONFIG_HOME")
    return Path(folder or Path.home() / ".config") / "kamlib" / "secret"


def new_secret() -> str:
    """Return a secret that nobody can guess, as text for a file that its owner alone can read."""
    return secrets.token_hex(32) + "\n"


def secret(path: str | Path | None = None) -> bytes:
    """Return the secret in the file ``path`` or, without one, in `secret_file`.

    Raises
    ------
    KamlibError
        If the file is not there, can't be read, or holds too little to be a secret.
    """
    place = Path(path) if path is not None else secret_file()
    if not place.exists():
        raise KamlibError(f"there is no secret {str(place)!r}; `kam report --anonymise` makes one unless told where.")
    try:
        return _long_enough(place.read_bytes().strip(), str(place))
    except OSError as error:
        raise KamlibError(f"the secret {str(place)!r} can't be read: {error.strerror}.") from None


def _long_enough(secret: bytes, called: str) -> bytes:
    if not isinstance(secret, bytes) or len(secret) < _SHORTEST_SECRET:
        raise KamlibError(
            f"{called} is no secret: it must have at least {_SHORTEST_SECRET} bytes that nobody can guess; "
            "pseudonyms.new_secret() makes one."
        )
    return secret


def anonymise(ledger: Ledger, *, secret: bytes, language: str = "en") -> Ledger:
    """Return the ledger with pseudonyms in place of customers, groups, account managers and order numbers.

    Parameters
    ----------
    ledger : Ledger
    secret : bytes
        The same secret gives the same pseudonyms; see `secret` and `new_secret`.
    language : {"en", "de"}
        Of the names that are given: "Customer A1712", "Kunde A1712".

    Returns
    -------
    Ledger
        The same figures. Names, former ones too, are hidden wherever they stand as whole words, in any usual spelling,
        in the names of products and segments and in the account of the reading too; of the customer master's other
        columns the numbers stay; of the contact log's texts those stay that several customers share; the file's name
        and the lines set aside are not told.

    Examples
    --------
    >>> from kamlib import ledger
    >>> sales = pd.DataFrame({"customer": ["17"], "name": "Acme Ltd", "date": "2025-12-31", "revenue": 9.0})
    >>> anonymise(ledger.read(sales), secret=b"not a secret, for it stands here").customers[["customer", "name"]]
      customer            name
    0    B2434  Customer B2434
    """
    words = Words(language)
    who = _cast(ledger, _long_enough(secret, "secret"), words)
    hide = _hider(who.called)
    renamed = {"customer": who.numbers, "account": who.accounts}
    if ledger.has("order"):
        renamed["order"] = _codes("order", _values(ledger, "order"), secret)
    for column in filter(ledger.has, ("product", "product_group")):
        renamed[column] = {text: _of_product(text, hide) for text in _values(ledger, column)}
    hidden = ledger.renamed(renamed)
    return replace(
        hidden,
        audit=_audit(ledger.audit, who, hide, words),
        customers=_master(ledger, who, hide),
        aliases=ledger.aliases.iloc[:0],
        contacts=None if ledger.contacts is None else _contacts(ledger.contacts, who, hide),
    )


def key_table(ledger: Ledger, *, secret: bytes, language: str = "en") -> pd.DataFrame:
    """Return who is who in the ledger that `anonymise` makes of this one.

    Returns
    -------
    DataFrame
        ``pseudonym``, ``kind`` (customer, group, account manager), ``number`` (of a customer), ``name`` where known;
        sorted by kind and pseudonym.
    """
    who = _cast(ledger, _long_enough(secret, "secret"), Words(language))
    name = ledger.customers.set_index("customer").get("name", pd.Series(dtype="str"))
    rows: list[tuple[str | None, ...]]
    rows = [(label, "customer", number, name.get(number)) for number, label in who.customers.items()]
    rows += [(label, "group", None, group) for group, label in who.groups.items()]
    rows += [(label, "account manager", None, person) for person, label in who.staff.items()]
    table = pd.DataFrame(rows, columns=["pseudonym", "kind", "number", "name"]).astype("str")
    order = pd.Categorical(table["kind"], ["customer", "group", "account manager"], ordered=True)
    return table.assign(order=order).sort_values(["order", "pseudonym"], ignore_index=True).drop(columns="order")


# --- who is called what -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cast:
    numbers: dict[str, str]  # customer number to code
    customers: dict[str, str]  # customer number to "Customer A1712"
    groups: dict[str, str]  # group to "Group A1712"
    staff: dict[str, str]  # person to "Account manager A17"
    called: dict[str, str]  # all that one of them may be called in a text, to what it is called now

    @property
    def accounts(self) -> dict[str, str]:
        """An account's key, a customer number or a group's name, to its new one."""
        return self.groups | self.numbers


def _cast(ledger: Ledger, secret: bytes, words: Words) -> _Cast:
    known, log, examples, aliases = ledger.customers, ledger.contacts, ledger.audit.examples, ledger.aliases
    nobody = pd.Series(dtype="str")
    met = nobody if log is None else log["customer"]
    with_us = nobody if log is None else log.get("owner", nobody)
    every = _texts(_values(ledger, "customer"), known["customer"], aliases["customer"], examples["customer"], met)
    numbers = _codes("customer", every, secret)
    groups = _codes("group", _texts(_values(ledger, "account"), known["account"]) - every, secret)
    owners = aliases.loc[aliases["kind"] == "owner", "text"]
    staff = _codes("staff", _texts(owners, with_us), secret, digits=_STAFF_DIGITS)
    customers_as = {number: words.text("Customer {code}", code=code) for number, code in numbers.items()}
    groups_as = {group: words.text("Group {code}", code=code) for group, code in groups.items()}
    staff_as = {person: words.text("Account manager {code}", code=code) for person, code in staff.items()}
    accounts_as = groups_as | customers_as
    belongs = {number: number for number in every} | dict(zip(known["customer"], known["account"], strict=True))
    labels = {"name": customers_as, "parent": {number: accounts_as[key] for number, key in belongs.items()}}
    former = {text: labels[kind][number] for number, kind, text in aliases.itertuples(index=False) if kind in labels}
    parent, name = (known[["customer", "account"]].assign(text=known.get(c)).dropna() for c in ("parent", "name"))
    called = {text: accounts_as[account] for text, account in zip(parent["text"], parent["account"], strict=True)}
    called |= {text: customers_as[number] for text, number in zip(name["text"], name["customer"], strict=True)}
    return _Cast(numbers, customers_as, groups_as, staff_as, former | staff_as | accounts_as | called)


def _values(ledger: Ledger, column: str) -> list[str]:
    """Return what stands in a column of the ledger, each value once."""
    seen: pd.Series[str] = ledger.table.select(column).distinct().to_pandas()[column]
    return seen.dropna().tolist()


def _texts(*columns: Iterable[Any]) -> set[str]:
    return {text for column in columns for text in column if isinstance(text, str)}


def _codes(kind: str, values: Collection[str], secret: bytes, *, digits: int = _DIGITS) -> dict[str, str]:
    """Give each value a letter and at least ``digits`` digits, and more only to those that would be called the same.

    All of these grow, none keeps the short code: it would otherwise mean one customer today and another tomorrow.
    """
    waiting = {value: _long_code(kind, value, secret) for value in values}
    codes: dict[str, str] = {}
    for length in itertools.count(1 + digits):
        bearers = Counter(code[:length] for code in waiting.values())
        codes |= {value: code[:length] for value, code in waiting.items() if bearers[code[:length]] == 1}
        waiting = {value: code for value, code in waiting.items() if value not in codes}
        if not waiting:
            break
    return codes


def _long_code(kind: str, value: str, secret: bytes) -> str:
    digest = hmac.new(secret, f"{kind}\0{value}".encode(), hashlib.sha256).digest()
    rest, letter = divmod(int.from_bytes(digest), len(_LETTERS))
    return _LETTERS[letter] + f"{rest % 10**40:040d}"


# --- hiding names in texts --------------------------------------------------------------------------------------------


def _hider(called: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that replaces names in a text: whole words in any spelling, the longest name first.

    Names of one or two letters and numbers of fewer than five digits stand in many texts by chance and tell nothing.
    """
    labels: dict[tuple[str, ...], str] = {}
    lengths: dict[str, set[int]] = {}  # in words, of the names that begin with a word
    for name, label in called.items():
        found = _words(name)
        if sum(len(neat(match.group())) for match, _ in found) >= (3 if any(c.isalpha() for c in name) else 5):
            heard = tuple(word for _, word in found)
            labels[heard] = label
            lengths.setdefault(heard[0], set()).add(len(heard))

    def hide(text: str) -> str:
        found = _words(text)
        kept, done, at = [], 0, 0
        while at < len(found):
            for length in sorted(lengths.get(found[at][1], ()), reverse=True):
                label = labels.get(tuple(word for _, word in found[at : at + length]))
                if label is not None:
                    kept += [text[done : found[at][0].start()], label]
                    at = min(at + length, len(found))
                    done = found[at - 1][0].end()
                    break
            else:
                at += 1
        return "".join([*kept, text[done:]])

    return hide


def _words(text: str) -> list[tuple[re.Match[str], str]]:
    """Return the words of a text: where each stands, and how it is compared."""
    found = ((match, folded(match.group())) for match in _WORD.finditer(text))
    return [(match, word) for match, word in found if word not in _AND]


def _of_product(text: str, hide: Callable[[str], str]) -> str:
    """Hide names in a product; one without a letter is a number, which may be some customer's by chance."""
    return hide(text) if re.search(r"[^\W\d_]", text) else text


def _each(column: pd.Series[Any], hide: Callable[[str], Any]) -> pd.Series[Any]:
    """Hide names in a column, each of its texts once."""
    return column.map({text: hide(text) for text in column.dropna().unique()}).astype(column.dtype)


def _hidden(value: Any, hide: Callable[[str], str]) -> Any:
    """Hide names in the texts of a nested mapping."""
    if isinstance(value, Mapping):
        return {key: _hidden(item, hide) for key, item in value.items()}
    return hide(value) if isinstance(value, str) else value


def _renamed(column: pd.Series[str], names: Mapping[str, str]) -> pd.Series[str]:
    return column.map(names).astype("str")


def _master(ledger: Ledger, who: _Cast, hide: Callable[[str], str]) -> pd.DataFrame:
    """Return the customer master of pseudonyms, with a row for every customer of the ledger: all have a name now."""
    known = ledger.customers
    every = pd.DataFrame({"customer": sorted(_texts(_values(ledger, "customer"), known["customer"]))}, dtype="str")
    every = every.merge(known, how="left", on="customer")
    account = every["account"].fillna(every["customer"])
    columns: dict[str, Any] = {
        "customer": _renamed(every["customer"], who.numbers),
        "account": _renamed(account, who.accounts),
        "name": _renamed(every["customer"], who.customers),
        "parent": _renamed(account.where(every["parent"].notna()), who.groups | who.customers),
    }
    for name in every.columns.difference([*columns, "owner"], sort=False):
        if name in _SPOKEN:
            columns[name] = _each(every[name], lambda value: _hidden(value, hide))
        elif pd.api.types.is_numeric_dtype(every[name]):
            columns[name] = every[name]
    if "owner" in every:
        columns["owner"] = _renamed(every["owner"], who.staff)
    return pd.DataFrame(columns).sort_values("customer", ignore_index=True)


def _contacts(log: pd.DataFrame, who: _Cast, hide: Callable[[str], str]) -> pd.DataFrame:
    """Return the contact log of pseudonyms; of its texts those are left that several customers share."""
    hidden = log.assign(customer=_renamed(log["customer"], who.numbers))
    if "owner" in log:
        hidden["owner"] = _renamed(log["owner"], who.staff)
    for column in log.columns.intersection(["kind", "outcome"]):
        shared = log["customer"].groupby(log[column]).transform("nunique") >= _SHARED_BY
        hidden[column] = _each(log[column].where(shared), hide)
    return hidden


def _audit(found: Audit, who: _Cast, hide: Callable[[str], str], words: Words) -> Audit:
    """Return the account of the reading without the file's name, its sheet's and what its lines say."""
    pairs = found.reversed_pairs.assign(customer=_renamed(found.reversed_pairs["customer"], who.numbers))
    if "product" in pairs:
        pairs["product"] = _each(pairs["product"], lambda text: _of_product(text, hide))
    told = {key: value for key, value in found.format.items() if key != "sheet"}
    return replace(
        found,
        examples=found.examples.assign(customer=_renamed(found.examples["customer"], who.numbers), text=""),
        format=_hidden(told, hide) | {"source": words.text("sales ledger, anonymised")},
        reversed_pairs=pairs,
    )
