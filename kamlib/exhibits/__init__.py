"""An exhibit is a message, the table it was computed from, a chart of it, and a note: one function per exhibit.

Every message is computed from the exhibit's own table, so that it can't contradict it.
"""

from kamlib.exhibits.audit import audit
from kamlib.exhibits.concentration import figures, lorenz, migration, over_time, pareto, share_by_group, whale
from kamlib.exhibits.exhibit import Exhibit, Setting, setting

__all__ = [
    "Exhibit",
    "Setting",
    "audit",
    "figures",
    "lorenz",
    "migration",
    "over_time",
    "pareto",
    "setting",
    "share_by_group",
    "whale",
]
