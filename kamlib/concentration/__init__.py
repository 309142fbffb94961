"""How concentrated revenue is on few customers: indices and their uncertainty, curves, classes, groups, change.

An index takes one number a customer, the revenue of a period, in any order. It counts the customers above 0
(`checks.positive`): zeros are left out, negatives are left out with a `KamlibWarning`, a missing number is a
`KamlibError`. Shares, levels and the HHI are fractions, 0..1.
"""

from kamlib.concentration.change import decompose, migration, over_time
from kamlib.concentration.curves import (
    ABC_SHARES,
    CLASSES,
    WhalePeak,
    abc_classes,
    lorenz_curve,
    pareto_table,
    whale_curve,
    whale_peak,
)
from kamlib.concentration.measures import (
    customers_for,
    effective_customers,
    entropy,
    gini,
    hall_tideman,
    hannah_kay,
    hhi,
    indices,
    rosenbluth,
    theil,
    top_share,
)

__all__ = [
    "ABC_SHARES",
    "CLASSES",
    "WhalePeak",
    "abc_classes",
    "customers_for",
    "decompose",
    "effective_customers",
    "entropy",
    "gini",
    "hall_tideman",
    "hannah_kay",
    "hhi",
    "indices",
    "lorenz_curve",
    "migration",
    "over_time",
    "pareto_table",
    "rosenbluth",
    "theil",
    "top_share",
    "whale_curve",
    "whale_peak",
]
