"""Where revenue goes from one period to the next: who moved it, who stayed, what price and volume did, what was given.

A bridge starts from two periods of equal length, the one before and the one now, and every step is exactly additive.
An account is a customer of a period if its net revenue there is above 0; who has nothing, or more credited than sold,
is none, but the amount stays in the sums.
"""

from __future__ import annotations

from kamlib.bridge.concessions import VERDICTS, concessions, realisation
from kamlib.bridge.prices import EFFECTS, price_volume_mix
from kamlib.bridge.revenue import MOVEMENTS, movements, retention, revenue_bridge

__all__ = [
    "EFFECTS",
    "MOVEMENTS",
    "VERDICTS",
    "concessions",
    "movements",
    "price_volume_mix",
    "realisation",
    "retention",
    "revenue_bridge",
]
