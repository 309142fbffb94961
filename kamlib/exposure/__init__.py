"""What it would cost if accounts left: the law of the loss, its measures, and what they mean for the firm.

A stake is what an account brings in a year; a severity the part of it that is not recovered in time; a loss their
product. Risk arrives as a column of probabilities, wherever it was estimated.
"""

from kamlib.exposure.distribution import LossDistribution, loss_distribution
from kamlib.exposure.firm import Firm, break_even, by_size, firm, worst
from kamlib.exposure.retention import EFFECT, PRICE_OF_TAIL, allocate, retention
from kamlib.exposure.scenarios import A_SHARE, FALTER, FOLLOW, PRICE_CUT, SCENARIOS, scenarios
from kamlib.exposure.stakes import HORIZON, MONTHS_TO_REPLACE, RAMP, Stakes, stakes
from kamlib.exposure.uncertainty import CORRELATIONS, SEVERITIES, SHARED, sensitivity, uncertainty

__all__ = [
    "A_SHARE",
    "CORRELATIONS",
    "EFFECT",
    "FALTER",
    "FOLLOW",
    "HORIZON",
    "MONTHS_TO_REPLACE",
    "PRICE_CUT",
    "PRICE_OF_TAIL",
    "RAMP",
    "SCENARIOS",
    "SEVERITIES",
    "SHARED",
    "Firm",
    "LossDistribution",
    "Stakes",
    "allocate",
    "break_even",
    "by_size",
    "firm",
    "loss_distribution",
    "retention",
    "scenarios",
    "sensitivity",
    "stakes",
    "uncertainty",
    "worst",
]
