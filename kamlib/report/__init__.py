"""The main job: a sales ledger in, one folder of results out, in the order of the questions a manager asks."""

from kamlib.report.run import Report, build, write
from kamlib.report.sections import Section

__all__ = ["Report", "Section", "build", "write"]
