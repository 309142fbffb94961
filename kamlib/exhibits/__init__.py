"""An exhibit is a message, the table it was computed from, a chart of it, and a note: one function per exhibit.

Every message is computed from the exhibit's own table, so that it can't contradict it.
"""

from kamlib.exhibits.audit import audit
from kamlib.exhibits.bridge import concessions, price_volume_mix, retention, revenue_bridge
from kamlib.exhibits.concentration import figures, lorenz, migration, over_time, pareto, share_by_group, whale
from kamlib.exhibits.coverage import attention, follow_ups, overdue, owners
from kamlib.exhibits.exhibit import Exhibit, Lacking, Setting, or_lacking, setting
from kamlib.exhibits.keyaccounts import dependence, key_accounts, list_changes, portfolio, reason_of, value, worth

__all__ = [
    "Exhibit",
    "Lacking",
    "Setting",
    "attention",
    "audit",
    "concessions",
    "dependence",
    "figures",
    "follow_ups",
    "key_accounts",
    "list_changes",
    "lorenz",
    "migration",
    "or_lacking",
    "over_time",
    "overdue",
    "owners",
    "pareto",
    "portfolio",
    "price_volume_mix",
    "reason_of",
    "retention",
    "revenue_bridge",
    "setting",
    "share_by_group",
    "value",
    "whale",
    "worth",
]
