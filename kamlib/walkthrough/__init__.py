"""The walk-through: its tables in the reader's language, and the run of all its notebooks on one's own ledger."""

from kamlib.walkthrough.moves import cut, loss
from kamlib.walkthrough.running import Failure, Run, Walk, run
from kamlib.walkthrough.tables import Table, said_above, table

__all__ = ["Failure", "Run", "Table", "Walk", "cut", "loss", "run", "said_above", "table"]
