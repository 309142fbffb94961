"""An exhibit is a message, the table it was computed from, a chart of it, and a note: one function per exhibit.

Every message is computed from the exhibit's own table, so that it can't contradict it.
"""

from kamlib.exhibits.audit import audit
from kamlib.exhibits.bearing import board, break_even, retention_budget, stress
from kamlib.exhibits.bridge import concessions, price_volume_mix, retention, retention_ends, revenue_bridge
from kamlib.exhibits.checking import Fault, check, check_all
from kamlib.exhibits.churn import calibration, reasons_of, record, risk_list, signals
from kamlib.exhibits.concentration import figures, lorenz, migration, over_time, pareto, share_by_group, whale
from kamlib.exhibits.coverage import attention, follow_ups, overdue, owners
from kamlib.exhibits.exhibit import Exhibit, Lacking, Measure, Setting, or_lacking, setting
from kamlib.exhibits.exposure import (
    common_factors,
    contributions,
    exposure_curve,
    loss_range,
    raised_together,
    sensitivity,
    stake_matrix,
)
from kamlib.exhibits.keyaccounts import dependence, key_accounts, list_changes, portfolio, reason_of, value, worth

__all__ = [
    "Exhibit",
    "Fault",
    "Lacking",
    "Measure",
    "Setting",
    "attention",
    "audit",
    "board",
    "break_even",
    "calibration",
    "check",
    "check_all",
    "common_factors",
    "concessions",
    "contributions",
    "dependence",
    "exposure_curve",
    "figures",
    "follow_ups",
    "key_accounts",
    "list_changes",
    "lorenz",
    "loss_range",
    "migration",
    "or_lacking",
    "over_time",
    "overdue",
    "owners",
    "pareto",
    "portfolio",
    "price_volume_mix",
    "raised_together",
    "reason_of",
    "reasons_of",
    "record",
    "retention",
    "retention_budget",
    "retention_ends",
    "revenue_bridge",
    "risk_list",
    "sensitivity",
    "setting",
    "share_by_group",
    "signals",
    "stake_matrix",
    "stress",
    "value",
    "whale",
    "worth",
]
