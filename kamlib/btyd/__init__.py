"""Buy-till-you-die models: how often a customer buys, and whether it still is one, from nothing but its purchases.

Without contracts nobody says goodbye, so a model weighs a customer's silence against its own rhythm and against what
other customers did. The default for firms is `MBGCNBDk`; BG/NBD and Pareto/NBD are there to compare with.
"""

from kamlib.btyd.dropout import BGNBD, MBGNBD, BGCNBDk, MBGCNBDk
from kamlib.btyd.fitting import Diagnosis
from kamlib.btyd.model import Forecast, PurchaseModel
from kamlib.btyd.pareto import ParetoNBD
from kamlib.btyd.spend import GammaGamma, Independence
from kamlib.btyd.summary import UNITS, summary

__all__ = [
    "BGNBD",
    "MBGNBD",
    "UNITS",
    "BGCNBDk",
    "Diagnosis",
    "Forecast",
    "GammaGamma",
    "Independence",
    "MBGCNBDk",
    "ParetoNBD",
    "PurchaseModel",
    "summary",
]
