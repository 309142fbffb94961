"""Exhibits to a PowerPoint deck: native charts and tables that whoever gets it can edit."""

from kamlib.export.powerpoint.deck import presentation, selection
from kamlib.export.powerpoint.template import check_template

__all__ = ["check_template", "presentation", "selection"]
