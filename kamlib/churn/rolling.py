"""The record: what each model would have said at earlier dates, knowing nothing of what came after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks
from kamlib.churn import models, panel
from kamlib.churn.calibration import Calibration, calibrate
from kamlib.churn.measures import BINS, calibration_curve, calibration_errors, losses, scores

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from kamlib.checks import DateLike
    from kamlib.ledger import Ledger

NOTES: Final = ("no_finished_horizon", "few_outcomes", "no_test_cutoff", "no_model_beats_naive", "no_purchase_model")
FEWEST: Final = 10  # accounts lost, and accounts kept, before anything is learned from them
_RESAMPLES: Final = 200


@dataclass(frozen=True)
class Backtest:
    """What each model gave at each cutoff, what came of it, and which model is to be used.

    Attributes
    ----------
    scores : DataFrame
        Indexed by model, the simplest first: those of `scores`, each also as X_by_revenue, ``calibration_error_low``
        and ``_high`` (bootstrap over accounts, 95 %), ``naive``, and ``behind`` (log loss beyond the best one's) with
        its ``standard_error``. Empty where there was nothing to test on.
    calibration : DataFrame
        The winner's `calibration_curve`: ``weighting`` ("cases", "revenue") and its columns.
    predictions : DataFrame
        One row per model, cutoff and account: ``raw``, ``p`` (calibrated on what was known by the cutoff),
        ``happened``, ``revenue``.
    cases : DataFrame
        What there was to learn from (`panel.cases`).
    winner : str
        The model to use; ``why`` it is: "best" (lowest log loss out of time), "simplest_within_one_standard_error", or
        "fallback" (nothing could be tested).
    beats_naive : bool or None
        Whether the winner's log loss is below every naive rule's; None without a test.
    cutoffs, tested : tuple of date
        All that were asked for, and those that had something to learn from before them.
    horizon : int
        Days.
    label : str
    notes : tuple of str
        Of `NOTES`.
    seed : int
    """

    scores: pd.DataFrame
    calibration: pd.DataFrame
    predictions: pd.DataFrame
    cases: pd.DataFrame
    winner: str
    why: str
    beats_naive: bool | None
    cutoffs: tuple[dt.date, ...]
    tested: tuple[dt.date, ...]
    horizon: int
    label: str
    notes: tuple[str, ...]
    seed: int

    def calibration_of(self, model: str) -> Calibration:
        """Return what all predictions of a model out of time say of its probabilities."""
        mine = self.predictions[self.predictions["model"] == model]
        return calibrate(mine["raw"], mine["happened"], mine["account"]) if len(mine) else Calibration()


def backtest(
    ledger: Ledger,
    *,
    cutoffs: Iterable[DateLike],
    horizon: int = panel.HORIZON,
    label: str = "lost",
    seed: int = 0,
) -> Backtest:
    """Let all models compete on the past: at each cutoff they know only cases whose horizon had ended by then.

    Parameters
    ----------
    ledger : Ledger
    cutoffs : dates
        See `cutoffs`. The first serve to learn from; those a horizon later are tested.
    horizon : int
        Days after a cutoff.
    label : {"lost", "shrunk"}
        No purchase within the horizon, or less than half the revenue of the same days a year before.
    seed : int
        For boosting and bootstrap.

    Returns
    -------
    Backtest
        The winner has the lowest log loss out of time, or is the simplest within one standard error of it (paired by
        case, clustered by account). Too short a history is no error: the notes say what was lacking, and the winner
        is the purchase model or, where that can't be fitted, the base rate.

    Raises
    ------
    KamlibError
        If a horizon has not ended, or ``label`` is none.
    """
    checks.whole(horizon, name="horizon")
    dates = tuple(sorted({checks.day(day, name="cutoffs") for day in cutoffs}))
    cases = panel.cases(ledger, cutoffs=dates, horizon=horizon, label=label)
    notes = [] if dates else ["no_finished_horizon"]
    names = [*models.MODELS]
    if len(cases) and cases["no_purchase"].isna().any():
        notes.append("no_purchase_model")
        names.remove("btyd")
    predictions = _calibrated(_predictions(cases, names, horizon, seed), horizon)
    tested = tuple(day.date() for day in sorted(predictions["cutoff"].unique()))
    if dates and not tested:
        notes.append("few_outcomes" if _past(cases, dates[-1], horizon).size else "no_test_cutoff")
    if predictions.empty:
        winner = "base_rate" if "no_purchase_model" in notes else "btyd"
        table, why, beats, curve = pd.DataFrame(), "fallback", None, pd.DataFrame()
    else:
        table = _scored(predictions, seed)
        winner, why = _winner(table)
        beats = bool(table.loc[winner, "log_loss"] < table.loc[[*models.NAIVE], "log_loss"].min())
        curve = _curves(predictions[predictions["model"] == winner])
        if not beats:
            notes.append("no_model_beats_naive")
    return Backtest(
        table, curve, predictions, cases, winner, why, beats, dates, tested, horizon, label, tuple(notes), seed
    )


def enough(cases: pd.DataFrame) -> bool:
    """Tell whether there are accounts enough to learn from, of those lost and of those that stayed."""
    if cases.empty:
        return False
    accounts = cases.groupby("happened")["account"].nunique()
    return bool(accounts.reindex([0.0, 1.0], fill_value=0).min() >= FEWEST)


def _past(cases: pd.DataFrame, cutoff: dt.date, horizon: int) -> pd.DataFrame:
    """Return the cases whose outcome was known at the cutoff."""
    if cases.empty:
        return cases
    return cases[cases["cutoff"] + pd.Timedelta(days=horizon) <= pd.Timestamp(cutoff)]


def _predictions(cases: pd.DataFrame, names: list[str], horizon: int, seed: int) -> pd.DataFrame:
    columns = ["model", "cutoff", "account", "raw", "happened", "revenue"]
    parts = [pd.DataFrame(columns=columns)]
    for cutoff in cases["cutoff"].unique() if len(cases) else []:
        past, now = _past(cases, cutoff, horizon), cases[cases["cutoff"] == cutoff]
        if not enough(past):
            continue
        X, x = panel.predictors(past), panel.predictors(now)
        y = past["happened"].to_numpy()
        for name in names:
            fitted = models.model(name, seed=seed).fit(X, y, past["account"])
            found = now[["cutoff", "account", "happened", "revenue"]].assign(model=name, raw=fitted.predict(x))
            parts.append(found[columns])
    return pd.concat(parts[1:] or parts, ignore_index=True)


def _calibrated(predictions: pd.DataFrame, horizon: int) -> pd.DataFrame:
    """Add ``p``: each prediction, corrected by those of the same model whose outcome was known by its cutoff."""
    found = [pd.Series(dtype="float64")]
    for _, now in predictions.groupby(["model", "cutoff"], sort=False):
        name, cutoff = now[["model", "cutoff"]].iloc[0]
        past = _past(predictions[predictions["model"] == name], cutoff, horizon)
        line = calibrate(past["raw"], past["happened"], past["account"]) if enough(past) else Calibration()
        found.append(pd.Series(line.apply(now["raw"]).clip(models.EDGE, 1 - models.EDGE), now.index))
    return predictions.assign(p=pd.concat(found[1:] or found))


def _scored(predictions: pd.DataFrame, seed: int) -> pd.DataFrame:
    rows = {}
    for name, mine in predictions.groupby("model", sort=False):
        revenue = mine["revenue"].clip(lower=0)
        rows[name] = scores(mine["p"], mine["happened"])
        rows[name] |= {f"{k}_by_revenue": v for k, v in scores(mine["p"], mine["happened"], weights=revenue).items()}
        low, high = _calibration_error_interval(mine, seed)
        rows[name] |= {"calibration_error_low": low, "calibration_error_high": high}
    table = pd.DataFrame(rows).T.rename_axis("model")
    table["naive"] = table.index.isin(models.NAIVE)
    loss = predictions.assign(loss=losses(predictions["p"].to_numpy(), predictions["happened"].to_numpy()))
    wide = loss.pivot_table("loss", ["account", "cutoff"], "model")[table.index]
    behind = wide.sub(wide[table["log_loss"].idxmin()], axis=0)
    table["behind"] = behind.mean()
    clusters = (behind - behind.mean()).groupby("account").sum()
    return table.assign(standard_error=np.sqrt((clusters**2).sum()) / len(behind))


def _calibration_error_interval(mine: pd.DataFrame, seed: int) -> tuple[float, float]:
    """Draw accounts anew, each with all its cases."""
    rng = np.random.default_rng(seed)
    code, accounts = pd.factorize(mine["account"])
    times = rng.multinomial(len(accounts), np.full(len(accounts), 1 / len(accounts)), size=_RESAMPLES)
    found = calibration_errors(mine["p"].to_numpy(), mine["happened"].to_numpy(), times[:, code].astype("float64"))
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def _winner(table: pd.DataFrame) -> tuple[str, str]:
    best = table["log_loss"].idxmin()
    simplest = table.index[table["behind"] <= table["standard_error"]][0]  # the best is 0 behind itself
    return str(simplest), "best" if simplest == best else "simplest_within_one_standard_error"


def _curves(mine: pd.DataFrame) -> pd.DataFrame:
    weightings = {"cases": None, "revenue": mine["revenue"].clip(lower=0)}
    curves = {k: calibration_curve(mine["p"], mine["happened"], weights=w, bins=BINS) for k, w in weightings.items()}
    return pd.concat(curves, names=["weighting"]).reset_index("weighting").reset_index(drop=True)
