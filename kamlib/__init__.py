"""Key-account analysis from a sales ledger: how concentrated, who, at what risk, at what cost.

Submodules load on first use, so ``import kamlib`` costs next to nothing and changes nothing.
"""

from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

_SUBMODULES = (
    "bridge",
    "brief",
    "btyd",
    "checks",
    "churn",
    "concentration",
    "coverage",
    "customers",
    "dashboard",
    "datasets",
    "exhibits",
    "export",
    "exposure",
    "features",
    "keyaccounts",
    "ledger",
    "plots",
    "pseudonyms",
    "report",
    "style",
    "walkthrough",
    "workshop",
)


def __getattr__(name: str) -> ModuleType:
    if name in _SUBMODULES:
        return import_module(f"kamlib.{name}")
    raise AttributeError(f"module 'kamlib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *_SUBMODULES]
