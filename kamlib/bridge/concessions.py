"""Where a key account won a lower price, what that costs a year, and whether more volume followed.

A concession is a step down in the share of the list price that an account pays, beyond the slow drift of its own
(`kamlib.bridge.steps`). Volume is sales at list prices: the n months from the step on against the same calendar
months a whole number of years before, n as large as the data allow. Peers are the accounts between a fifth of and
five times its size before the step that bought in every quarter looked at and won no concession themselves; the sum
of their sales is the trend that the account is held against (difference in differences: Ashenfelter and Card 1985).
The interval draws the peers anew, and blocks of the account's own pairs of months. It says how much more than its
peers the account bought, not why.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from kamlib import checks
from kamlib.bridge.steps import BLOCK, SIDE, largest_fall

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from kamlib.bridge.steps import Step
    from kamlib.checks import FloatArray

VERDICTS: Final = ("no_more_volume", "more_volume", "unclear", "no_concession", "too_short")

_YEAR: Final = 12  # months
_THIN: Final = 0.1  # of the median month; where sales and credits nearly cancel, their ratio is no price
_SIMILAR: Final = 5.0  # peers are at most so many times larger or smaller
_FEWEST_PEERS: Final = 5
_RESAMPLES: Final = 1999
_FOUND: Final = (  # what is said of a concession
    "since", "realisation_before", "change", "change_low", "change_high", "drift", "list_revenue", "cost_a_year",
    "break_even_volume", "volume_change", "peers", "peers_volume_change", "relative_volume", "relative_volume_low",
    "relative_volume_high",
)  # fmt: skip


def realisation(monthly: pd.DataFrame, *, accounts: Iterable[str] | None = None) -> pd.DataFrame:
    """Return the share of the list price that each account paid in each month.

    Parameters
    ----------
    monthly : DataFrame
        One row per account and month, as `customers.by_period` returns it: ``account``, ``period_end``, ``revenue``,
        ``list_revenue``.
    accounts : iterable of str, optional
        The accounts wanted; all without it.

    Returns
    -------
    DataFrame
        ``account``, ``period_end``, ``revenue``, ``list_revenue`` and ``realisation``, a fraction; missing in a month
        with under a tenth of the list revenue of the account's median month.

    Raises
    ------
    KamlibError
        If there are no list prices, or an account is not in the table.

    Examples
    --------
    >>> monthly = pd.DataFrame({"account": "x", "period_end": pd.to_datetime(["2025-01-31", "2025-02-28"])})
    >>> realisation(monthly.assign(revenue=[90.0, 88.0], list_revenue=100.0))["realisation"].tolist()
    [0.9, 0.88]
    """
    _check(monthly)
    rows = monthly.loc[
        monthly["account"].isin(_wanted(monthly, accounts)), ["account", "period_end", "revenue", "list_revenue"]
    ].reset_index(drop=True)
    listed = rows["list_revenue"].where(rows["list_revenue"] > 0)
    usual = listed.groupby(rows["account"]).transform("median")
    return rows.assign(realisation=rows["revenue"] / listed.where(listed >= _THIN * usual))


def _check(monthly: pd.DataFrame) -> None:
    if "list_revenue" not in monthly:
        raise checks.DataLacks(
            "without list prices nothing can be said about concessions; give the ledger a column of revenue at list "
            "price, or columns of unit price and discount."
        )
    checks.columns(monthly, ["account", "period_end", "revenue"], name="monthly")
    checks.numbers(monthly["revenue"], name="revenue in monthly")
    days = pd.Series(monthly["period_end"].unique()).sort_values().diff().dt.days.dropna()
    if not days.between(28, 31).all():
        raise checks.KamlibError("monthly must have one period a month without a gap; gather it with months=1.")
    if monthly.duplicated(["account", "period_end"]).any():
        raise checks.KamlibError("monthly has an account twice in a month; add up its rows first.")


def _wanted(monthly: pd.DataFrame, accounts: Iterable[str] | None) -> list[str]:
    known = monthly["account"].drop_duplicates().sort_values().tolist()
    wanted = known if accounts is None else list(dict.fromkeys(accounts))
    if unknown := [account for account in wanted if account not in set(known)]:
        raise checks.KamlibError(
            f"accounts has {len(unknown)} that monthly doesn't know, the first is {unknown[0]!r}; "
            "name them as in its column 'account'."
        )
    return wanted


@dataclass(frozen=True)
class _Chance:
    """How much is left to chance, and how it is drawn: a ``tail`` outside an interval on either side."""

    tail: float
    resamples: int
    seed: int


def concessions(
    monthly: pd.DataFrame,
    *,
    accounts: Iterable[str] | None = None,
    level: float = 0.05,
    confidence: float = 0.8,
    enough: float = 0.25,
    smallest: float = 0.005,
    seed: int = 0,
) -> pd.DataFrame:
    """Return for each account whether its price stepped down, what that costs, and whether volume followed.

    Parameters
    ----------
    monthly : DataFrame
        As for `realisation`, with ``cost`` where known; accounts not tested serve as peers.
    accounts : iterable of str, optional
        The key accounts to test; all without it.
    level : float
        Chance that any account without a step is named, over all that are tested (Holm 1979).
    confidence : float
        Of the intervals; either verdict on volume errs at most half as often as they do.
    enough : float
        Gain over the peers that "no_more_volume" excludes; a ratio of 1.25 is a usual bound (Schuirmann 1987).
    smallest : float
        A step by less than this fraction of the list price is no concession.
    seed : int

    Returns
    -------
    DataFrame
        Indexed by account: ``verdict`` (`VERDICTS`), ``p_value``, ``p_adjusted``. The rest for concessions alone:
        ``since``; ``realisation_before``, ``change``, ``drift`` (a year) in fractions of the list price;
        ``list_revenue`` and ``cost_a_year`` of the last 12 months; with costs ``break_even_volume``, the gain that
        keeps the margin; ``volume_change``, ``peers`` (how many), ``peers_volume_change``, ``relative_volume`` (one
        ratio over the other, less 1). Intervals end in ``_low`` and ``_high``.

    Raises
    ------
    KamlibError
        If list prices lack, a month is missing or doubled, or an account is unknown.
    """
    _check(monthly)
    tested = _wanted(monthly, accounts)
    tail = (1 - checks.fraction(confidence, name="confidence")) / 2
    # The smallest p-value that R permutations can give, 1 / (R + 1), must stay below the level of the strictest test.
    resamples = max(_RESAMPLES, math.ceil(2 * len(tested) / checks.fraction(level, name="level")))
    chance = _Chance(tail, resamples, seed)
    listed = _wide(monthly, "list_revenue").fillna(0.0)
    price = _wide(realisation(monthly, accounts=tested), "realisation").reindex(index=tested, columns=listed.columns)
    steps = {account: _step(price.loc[account], listed.loc[account], chance) for account in tested}
    too_short = price.notna().sum(axis=1) < 2 * SIDE
    p_value = pd.Series({a: step.p_value if step else 1.0 for a, step in steps.items()}, price.index, np.float64)
    p_value = p_value.mask(too_short)
    p_adjusted = _holm(p_value)
    given = {a: step for a, step in steps.items() if step and p_adjusted[a] <= level and step.change <= -smallest}

    others = listed.drop(index=list(given)).to_numpy()
    last_year = monthly[monthly["period_end"].isin(listed.columns[-_YEAR:])]
    sums = last_year.groupby("account").sum(numeric_only=True).reindex(listed.index, fill_value=0.0)
    rows: list[dict[str, Any]] = [
        _price_given(step, sums.loc[a], listed.columns) | _volume(listed.loc[a].to_numpy(), others, step.at, chance)
        for a, step in given.items()
    ]
    table = pd.DataFrame(rows, index=list(given), columns=_FOUND).reindex(price.index)
    table = table.astype(dict.fromkeys(_FOUND[1:], np.float64)).assign(since=pd.to_datetime(table["since"]))
    table.insert(0, "verdict", "no_concession")
    table.insert(1, "p_value", p_value)
    table.insert(2, "p_adjusted", p_adjusted)
    table.loc[too_short, "verdict"] = "too_short"
    table.loc[list(given), "verdict"] = "unclear"
    table.loc[table["relative_volume_high"] < enough, "verdict"] = "no_more_volume"
    table.loc[table["relative_volume_low"] > 0, "verdict"] = "more_volume"  # even if it is less than enough
    return table if "cost" in monthly else table.drop(columns="break_even_volume")


def _wide(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    return rows.set_index(["account", "period_end"])[value].unstack()  # noqa: PD010 - pivot_table drops empty rows


def _step(price: Any, listed: Any, chance: _Chance) -> Step | None:
    sold = np.flatnonzero(price.notna())
    return largest_fall(
        price.to_numpy()[sold],
        listed.to_numpy()[sold],
        sold,
        tail=chance.tail,
        resamples=chance.resamples,
        seed=chance.seed,
    )


def _holm(p_value: pd.Series[float]) -> pd.Series[float]:
    """Return p-values that hold for all tests at once; missing ones are no test. Source: Holm (1979)."""
    ordered = p_value.dropna().sort_values()
    adjusted = (ordered * np.arange(ordered.size, 0, -1)).cummax().clip(upper=1.0)
    return adjusted.reindex(p_value.index)


def _price_given(step: Step, year: Any, ends: pd.Index[Any]) -> dict[str, Any]:
    """Say since when how much was given, and what that costs at the volume of the last ``year``."""
    listed = year["list_revenue"]
    found = {
        "since": ends[step.at - 1] + pd.Timedelta(days=1),
        "realisation_before": step.before,
        "change": step.change,
        "change_low": step.low,
        "change_high": step.high,
        "drift": step.drift * _YEAR,
        "list_revenue": listed,
        "cost_a_year": -step.change * listed,
    }
    # Margin before = margin now + what was given; the volume has to make up for it (Nagle, Hogan and Zale, The
    # Strategy and Tactics of Pricing). Where nothing is left of the margin, no volume can.
    margin = year["revenue"] - year.get("cost", np.nan)
    return found | {"break_even_volume": -step.change * listed / margin if margin > 0 else np.nan}


def _volume(own: FloatArray, others: FloatArray, at: int, chance: _Chance) -> dict[str, float]:
    """Hold the change in the account's sales at list prices from month ``at`` on against that of its peers."""
    n = min(own.size - at, at // _YEAR * _YEAR)
    start = at - math.ceil(n / _YEAR) * _YEAR
    then, now = slice(start, start + n), slice(at, at + n)
    pairs = np.column_stack([own[then], own[now]])
    if n < SIDE or not (pairs.sum(axis=0) > 0).all():
        return {}
    peers = _peers(others, pairs[:, 0].sum(), then, now)
    found = {"volume_change": math.expm1(_log_ratio(pairs)), "peers": len(peers)}
    if len(peers) < _FEWEST_PEERS:
        return found
    rng = np.random.default_rng(chance.seed)
    drawn = rng.integers(len(peers), size=(chance.resamples, len(peers)))
    scatter_of_peers = _log_ratio(peers[drawn]) - _log_ratio(peers)
    scatter = _log_ratio(pairs[_blocks(rng, n, chance.resamples)]) - _log_ratio(pairs)
    scatter *= math.sqrt(n / (n - BLOCK))  # blocks of a short series scatter too little by that
    relative = _log_ratio(pairs) - _log_ratio(peers)
    low, high = np.expm1(relative + np.quantile(scatter - scatter_of_peers, [chance.tail, 1 - chance.tail]))
    return found | {
        "peers_volume_change": math.expm1(_log_ratio(peers)),
        "relative_volume": math.expm1(relative),
        "relative_volume_low": low,
        "relative_volume_high": high,
    }


def _peers(others: FloatArray, size: float, then: slice, now: slice) -> FloatArray:
    """Return what each peer bought in all of ``then`` and of ``now``: a row each, two columns."""
    span = others[:, then.start : now.stop]
    quarters = span[:, span.shape[1] % BLOCK :].reshape(len(others), -1, BLOCK).sum(axis=2)
    sums: FloatArray = np.column_stack([others[:, then].sum(axis=1), others[:, now].sum(axis=1)])
    similar = (sums[:, 0] >= size / _SIMILAR) & (sums[:, 0] <= size * _SIMILAR)
    peers: FloatArray = sums[similar & (quarters > 0).all(axis=1) & (sums[:, 1] > 0)]
    return peers


def _log_ratio(pairs: FloatArray) -> Any:
    """Return the log of the ratio of sums, second column over first; a sum that credits undo counts as tiny."""
    sums = pairs.sum(axis=-2)
    logs = np.log(np.maximum(sums, 1e-6 * sums.max()))
    return logs[..., 1] - logs[..., 0]


def _blocks(rng: np.random.Generator, n: int, resamples: int) -> NDArray[np.int64]:
    """Draw n months in blocks of `BLOCK`, the last month followed by the first (Politis and Romano 1992)."""
    start = rng.integers(n, size=(resamples, -(-n // BLOCK), 1))
    drawn: NDArray[np.int64] = ((start + np.arange(BLOCK)) % n).reshape(resamples, -1)[:, :n]
    return drawn
