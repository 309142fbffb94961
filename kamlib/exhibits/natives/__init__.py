"""The charts of the exhibits in figures, for a deck: a table goes in, a `Categories` or a `Plane` comes out.

One function per chart in `plots`, of the same name and with the same rows; figures are those of the table, and only
the parts of stacked bars are reckoned here.
"""

from kamlib.exhibits.natives.bridge import concessions, retention, waterfall
from kamlib.exhibits.natives.churn import calibration
from kamlib.exhibits.natives.concentration import (
    largest_bar,
    lorenz,
    migration,
    over_time,
    pareto,
    share_by_group,
    whale,
)
from kamlib.exhibits.natives.coverage import coverage
from kamlib.exhibits.natives.exposure import budget, contributions, exposure_curve, stake_matrix
from kamlib.exhibits.natives.keyaccounts import dependence, portfolio

__all__ = [
    "budget",
    "calibration",
    "concessions",
    "contributions",
    "coverage",
    "dependence",
    "exposure_curve",
    "largest_bar",
    "lorenz",
    "migration",
    "over_time",
    "pareto",
    "portfolio",
    "retention",
    "share_by_group",
    "stake_matrix",
    "waterfall",
    "whale",
]
