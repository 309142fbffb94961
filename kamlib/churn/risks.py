"""The risk of each account now, how sure that is, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks
from kamlib.churn import models, panel, rolling
from kamlib.churn.facts import attributions, reasons

if TYPE_CHECKING:
    import datetime as dt

    from kamlib.checks import DateLike, FloatArray
    from kamlib.churn.models import Model
    from kamlib.churn.rolling import Backtest
    from kamlib.ledger import Ledger

_SHOWN: Final = ("revenue", "days_since", "usual_interval", "longest_interval", "purchases")


def risk(
    ledger: Ledger,
    *,
    as_of: DateLike,
    horizon: int = panel.HORIZON,
    label: str = "lost",
    record: Backtest | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> pd.DataFrame:
    """Return each account's probability to be lost within the horizon, by the model with the best record.

    Parameters
    ----------
    ledger : Ledger
    as_of : date
        Last day seen.
    horizon : int
        Days ahead.
    label : {"lost", "shrunk"}
        As for `backtest`.
    record : Backtest, optional
        With the same horizon and label, of cutoffs whose horizon has ended by ``as_of``; made here without it.
    level : float
        Of the interval.
    seed : int

    Returns
    -------
    DataFrame
        Indexed by account, the highest probability first: ``status`` (see `snapshot`; only who is "judged" has a
        probability), ``p_loss``, ``p_low`` and ``p_high`` (range of the share of accounts that are lost of those given
        such a probability, from the record; missing without one), ``model``, ``naive`` (what the best rule of thumb
        says; missing without cases to learn from), ``overdue`` (silent for over twice its usual interval), revenue of
        the last year, the rhythm, and ``reasons``: up to three dicts with ``code``, ``effect`` (in logits) and the
        figures of `FIGURES`.

    Raises
    ------
    KamlibError
        If ``record`` does not fit, or neither cases nor purchases can carry any model.
    """
    end = checks.day(as_of, name="as_of")
    checks.fraction(level, name="level")
    if record is None:
        dates = panel.cutoffs(ledger, as_of=end, horizon=horizon)
        record = rolling.backtest(ledger, cutoffs=dates, horizon=horizon, label=label, seed=seed)
    _fits(record, end, horizon, label)
    known = panel.snapshot(ledger, as_of=end, horizon=horizon)
    judged = known[known["status"] == "judged"]
    winner = record.winner
    if winner == "btyd" and judged["no_purchase"].isna().any():
        raise checks.DataLacks(
            "up to {end} there are too few purchases for a purchase model, and no cases to learn from; "
            "take a longer ledger or a shorter horizon.",
            end=end,
        )
    X = panel.predictors(judged)
    fitted, typical = _fitted(record, winner), _typical(record, X)
    raw = fitted.predict(X)
    line = record.calibration_of(winner)
    low, high = line.interval(raw, level=level)
    found = known[["status", *_SHOWN]].assign(
        p_loss=_spread(line.apply(raw).clip(models.EDGE, 1 - models.EDGE), judged, known),
        p_low=_spread(low, judged, known),
        p_high=_spread(high, judged, known),
        model=pd.Series(winner, judged.index, dtype="str").reindex(known.index),
        naive=_spread(_naive(record, X), judged, known),
        overdue=known["days_since"] > 2 * known["usual_interval"],
        reasons=reasons(attributions(fitted, X, typical), judged).reindex(known.index),
    )
    order = ["status", "p_loss", "p_low", "p_high", "model", "naive", "overdue", *_SHOWN, "reasons"]
    return found[order].sort_values("p_loss", ascending=False, kind="stable")


def _fits(record: Backtest, end: dt.date, horizon: int, label: str) -> None:
    if (record.horizon, record.label) != (horizon, label):
        raise checks.KamlibError(
            f"record is of horizon {record.horizon} and label {record.label!r}, but {horizon} and {label!r} are asked "
            "for; make it with the same."
        )
    late = [day for day in record.cutoffs if pd.Timestamp(day) + pd.Timedelta(days=horizon) > pd.Timestamp(end)]
    if late:
        raise checks.KamlibError(
            f"record has the cutoff {late[0]}, whose {horizon} days end after {end}; make it without that cutoff."
        )


def _fitted(record: Backtest, name: str) -> Model:
    """Fit the model on all cases of the record; the purchase model needs none."""
    fresh = models.model(name, seed=record.seed)
    if name == "btyd":
        return fresh
    if record.cases.empty:
        raise checks.DataLacks("there are no cases to learn from; take a longer ledger or a shorter horizon.")
    return fresh.fit(panel.predictors(record.cases), record.cases["happened"].to_numpy(), record.cases["account"])


def _typical(record: Backtest, X: pd.DataFrame) -> pd.Series[float]:
    return (X if record.cases.empty else panel.predictors(record.cases)).median()


def _naive(record: Backtest, X: pd.DataFrame) -> FloatArray:
    if record.cases.empty:
        return np.full(len(X), np.nan)
    table = record.scores
    best = "overdue" if table.empty else str(table.loc[[*models.NAIVE], "log_loss"].idxmin())
    return _fitted(record, best).predict(X)


def _spread(values: FloatArray, judged: pd.DataFrame, known: pd.DataFrame) -> pd.Series[float]:
    """Give the judged their figures, and the others none."""
    return pd.Series(values, judged.index).reindex(known.index)
