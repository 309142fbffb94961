"""Who is about to leave: a probability per account that holds when the year is over, with its record and reasons.

Without contracts a loss is silent, so it is defined: no purchase within the horizon. Models learn from earlier
cutoffs whose horizon had ended, compete with rules of thumb on later ones, and are calibrated on what came true.
"""

from __future__ import annotations

from kamlib.churn.calibration import Calibration, calibrate
from kamlib.churn.facts import FIGURES
from kamlib.churn.measures import calibration_curve, scores
from kamlib.churn.models import MODELS, NAIVE
from kamlib.churn.panel import HORIZON, LABELS, PREDICTORS, STATUSES, cutoffs
from kamlib.churn.risks import risk
from kamlib.churn.rolling import NOTES, Backtest, backtest
from kamlib.churn.signals import decline_signals, decline_test
from kamlib.churn.year import HORIZONS, longest_record, risk_in_a_year

__all__ = [
    "FIGURES",
    "HORIZON",
    "HORIZONS",
    "LABELS",
    "MODELS",
    "NAIVE",
    "NOTES",
    "PREDICTORS",
    "STATUSES",
    "Backtest",
    "Calibration",
    "backtest",
    "calibrate",
    "calibration_curve",
    "cutoffs",
    "decline_signals",
    "decline_test",
    "longest_record",
    "risk",
    "risk_in_a_year",
    "scores",
]
