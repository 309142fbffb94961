"""Exhibits to a PowerPoint deck: native charts and tables that whoever gets it can edit."""

from kamlib.export.powerpoint.deck import presentation, selection

__all__ = ["presentation", "selection"]
