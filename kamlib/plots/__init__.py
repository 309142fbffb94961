"""One function a chart: a table that was reckoned elsewhere goes in, an Axes comes out.

Every chart draws on the Axes it is given, or on a new figure, and returns the Axes. Titles are none of its business:
`style.finish` sets message, measure and note around it. What can be labelled where it stands bears no legend.

>>> import pandas as pd
>>> from kamlib import style
>>> curve = pd.DataFrame({"customers_share": [0.0, 0.8, 1.0], "value_share": [0.0, 0.3, 1.0]})
>>> with style.use("slide"):
...     ax = lorenz(curve, top_share=0.7)
...     style.finish(ax, message="The largest 20% bring 70% of revenue", measure="Net revenue, 2025")
>>> ax.get_xlabel()
'customers, from the smallest to the largest'
"""

from kamlib.plots.bridge import concessions, price_path, retention, waterfall
from kamlib.plots.brief import trend
from kamlib.plots.churn import calibration
from kamlib.plots.concentration import lorenz, migration, over_time, pareto, share_by_group, whale
from kamlib.plots.coverage import coverage
from kamlib.plots.exposure import budget, contributions, exposure_curve, stake_matrix
from kamlib.plots.keyaccounts import dependence, portfolio

__all__ = [
    "budget",
    "calibration",
    "concessions",
    "contributions",
    "coverage",
    "dependence",
    "exposure_curve",
    "lorenz",
    "migration",
    "over_time",
    "pareto",
    "portfolio",
    "price_path",
    "retention",
    "share_by_group",
    "stake_matrix",
    "trend",
    "waterfall",
    "whale",
]
