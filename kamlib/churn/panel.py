"""The cases that models learn from: each account at each cutoff, what was known then and what came of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.special import logit

from kamlib import btyd, checks, features

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kamlib.checks import DateLike
    from kamlib.ledger import Ledger

HORIZON: Final = 365  # days; a whole year has every season, and losses a year are what a loss model takes
LABELS: Final = ("lost", "shrunk")
SHRUNK_TO: Final = 0.5  # of the same months a year before
STATUSES: Final = ("judged", "slow", "gone")

_YEAR: Final = 365
_SILENT_INTERVALS: Final = 2
_FEWEST_DAYS: Final = 180  # of history before a cutoff
_STEP: Final = 3  # months between cutoffs
_CERTAIN: Final = 1e-3  # no model of purchases alone is surer than that

# What a model sees, by the fact that it speaks of. 0 is "as usual", and stands where a figure is missing.
PREDICTORS: Final[dict[str, tuple[str, ...]]] = {
    "silent": ("overdue", "beyond_longest", "beyond_season", "last_year", "silence", "btyd"),
    "rarer": ("pace", "frequency_trend"),
    "spend": ("revenue_trend",),
    "basket": ("products_trend", "groups_trend", "vanished"),
    "price": ("price_change",),
    "credit_notes": ("credit_share",),
    "contact": ("contact_gap",),
    "sector": ("sector_trend",),
    "habit": ("interval", "regularity", "size", "new", "single", "season_share"),
}


def cutoffs(ledger: Ledger, *, as_of: DateLike, horizon: int = HORIZON, months: int = _STEP) -> list[dt.date]:
    """Return the dates to look back from: those whose horizon has ended by ``as_of``, with half a year before them.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        Last day seen.
    horizon : int
        Days after a cutoff within which an account is lost or not.
    months : int
        Months between cutoffs.

    Returns
    -------
    list of date
        Rising; empty where the ledger is too short for even one.
    """
    end = checks.day(as_of, name="as_of")
    length = dt.timedelta(days=checks.whole(horizon, name="horizon"))
    checks.whole(months, name="months")
    first = ledger.audit.first_day + dt.timedelta(days=_FEWEST_DAYS - 1)
    found, latest = [], end - length
    for step in range((latest - first).days // 28 // months + 2):
        cutoff = checks.months_before(latest, step * months)
        if cutoff >= first:
            found.append(cutoff)
    return found[::-1]


def snapshot(ledger: Ledger, *, as_of: DateLike, horizon: int = HORIZON) -> pd.DataFrame:
    """Return each account as of a cutoff: its behaviour, its chance to buy no more by a model, and its status.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        The cutoff.
    horizon : int
        Days ahead.

    Returns
    -------
    DataFrame
        `features.behaviour`, ``no_purchase`` (probability of no purchase within the horizon by MBG/CNBD-k, for which
        an off-season known from the year before is no silence; missing where it can't be fitted) and ``status``:
        "gone" (silent for a year and for twice its usual interval: nothing is left to predict), "slow" (its usual
        interval exceeds the horizon, so no purchase in it would mean nothing), or else "judged".
    """
    found = features.behaviour(ledger, as_of=as_of, horizon=horizon)
    found["no_purchase"] = _no_purchase(btyd.summary(ledger, as_of=as_of), found, horizon)
    usual = found["usual_interval"].fillna(0.0)
    gone = found["days_since"] > np.maximum(_YEAR, _SILENT_INTERVALS * usual)
    status = np.select([gone, usual > horizon], ["gone", "slow"], default="judged")
    return found.assign(status=pd.Series(status, found.index, dtype="str"))


def _no_purchase(histories: pd.DataFrame, found: pd.DataFrame, horizon: int) -> pd.Series[float]:
    """Ask a purchase model; it knows no season, so a silence that an account had a year before does not count."""
    week = btyd.UNITS["week"]
    frequency, recency, T = (histories[name] for name in ("frequency", "recency", "T"))
    try:
        model = btyd.MBGCNBDk().fit(frequency, recency, T, log_intervals=histories["log_intervals"])
    except checks.KamlibError:  # too few accounts, or none that came back
        return pd.Series(np.nan, histories.index)
    seen = np.maximum(T - _off_season(found) / week, recency)
    return pd.Series(model.probability_of_no_purchase(horizon / week, frequency, recency, seen), histories.index)


def _off_season(found: pd.DataFrame) -> pd.Series[float]:
    """Return the days for which the account had been silent a year before, where its rhythm does not explain them."""
    unusual = found["silence_before"] > _SILENT_INTERVALS * found["usual_interval"]
    return found["silence_before"].where(unusual).fillna(0.0)


def cases(ledger: Ledger, *, cutoffs: Iterable[DateLike], horizon: int = HORIZON, label: str = "lost") -> pd.DataFrame:
    """Return every account that could be judged at every cutoff, and what came of it.

    Parameters
    ----------
    ledger : Ledger
    cutoffs : dates
        Each with a horizon that has ended.
    horizon : int
        Days after a cutoff.
    label : {"lost", "shrunk"}
        No purchase within the horizon; or net revenue within it under half of that of the same days a year before,
        which says nothing of an account that had none then.

    Returns
    -------
    DataFrame
        ``cutoff``, ``account``, the columns of `snapshot`, and ``happened`` (1.0 or 0.0).
    """
    checks.choice(label, name="label", options=LABELS)
    parts = [pd.DataFrame()]
    for cutoff in sorted({checks.day(day, name="cutoffs") for day in cutoffs}):
        known = snapshot(ledger, as_of=cutoff, horizon=horizon)
        known = known[known["status"] == "judged"]
        after = features.outcome(ledger, cutoff=cutoff, horizon=horizon).reindex(known.index)
        if label == "lost":
            happened = after["purchases"].fillna(0) == 0
        else:
            before = after["revenue_before"]
            happened = (after["revenue"].fillna(0) < SHRUNK_TO * before).where(before > 0)
        known = known.assign(happened=happened.astype("float64"), cutoff=pd.Timestamp(cutoff))
        parts.append(known.dropna(subset="happened").reset_index())
    return pd.concat(parts, ignore_index=True)


def predictors(known: pd.DataFrame) -> pd.DataFrame:
    """Return what a model sees of each row of `snapshot`, each figure on a scale on which 0 is "as usual".

    Ratios are logged, with half an event or a day added, so that few purchases don't say more than they can.
    """

    def column(name: str) -> pd.Series[float]:
        return known[name] if name in known else pd.Series(np.nan, known.index)

    def trend(name: str, weight: float) -> pd.Series[float]:
        return logarithm((column(f"{name}_recent") + weight) / (column(f"{name}_recent_before") + weight))

    def logarithm(ratio: pd.Series[float]) -> pd.Series[float]:
        return pd.Series(np.log(ratio), known.index)

    silence, usual = known["days_since"] + 1, known["usual_interval"] + 1
    money = known["revenue"].clip(lower=0) + 1
    small = 0.05 * money
    expected = known["purchases"] * (91 / known["history"]).clip(upper=1)
    new = logarithm((known["tenure"] + 1).clip(upper=_YEAR) / _YEAR)
    groups = column("groups_recent_before")
    seen = {
        "overdue": logarithm(silence / usual),
        "beyond_longest": logarithm(silence / (known["longest_interval"] + 1)).clip(lower=-1.5),
        "beyond_season": logarithm(silence / (known["silence_before"] + 1)),
        "last_year": ((known["days_since"] > 91) & (known["silence_before"] <= 91)).astype("float64"),
        "silence": logarithm(silence / 30),
        "btyd": pd.Series(logit(known["no_purchase"].clip(_CERTAIN, 1 - _CERTAIN)), known.index),
        "pace": logarithm((known["purchases_quarter"] + 0.5) / (expected + 0.5)),
        "frequency_trend": trend("purchases", 0.5),
        "revenue_trend": logarithm(
            (known["revenue_recent"].clip(lower=0) + small) / (known["revenue_recent_before"].clip(lower=0) + small)
        ),
        "products_trend": trend("products", 1.0),
        "groups_trend": trend("groups", 1.0),
        "vanished": column("vanished_groups") / (groups + 1),
        "price_change": column("price_change").clip(-0.2, 0.2),
        "credit_share": known["credit_share"].clip(upper=0.3),
        "contact_gap": logarithm((column("days_since_contact").clip(upper=2 * _YEAR) + 1) / 60),
        "sector_trend": column("sector_trend").clip(-0.8, 0.8),
        "interval": logarithm(usual / 30),
        "regularity": known["regularity"] - 0.75,
        "size": logarithm(money / 10_000).clip(lower=-5),
        "new": new,
        "single": known["usual_interval"].isna().astype("float64"),
        "season_share": known["season_share"] - 1,
    }
    return pd.DataFrame(seen, index=known.index).fillna(0.0)
