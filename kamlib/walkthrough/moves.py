"""What the sliders of the walk-through move: exhibits as functions of one or two figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kamlib import checks, concentration, exhibits, exposure

if TYPE_CHECKING:
    import pandas as pd

    from kamlib.exhibits import Exhibit, Setting

CORRELATION: Final = 0.1  # of a sector's accounts, beyond the economy: what banks assume for firms, at the lower end
_MOST_BARS: Final = 60  # more can't be told apart


def cut(table: pd.DataFrame, *, share: float, setting: Setting) -> Exhibit:
    """Show the largest customers that bring ``share`` of the revenue together; ``table`` is a `customers.table`."""
    checks.fraction(share, name="share")
    words = setting.words
    revenue = table["revenue"].clip(lower=0)
    needed = concentration.customers_for(revenue, share=share)
    message = words.plural(
        "{n} of {customers} customers brings {share} of revenue",
        "{n} of {customers} customers bring {share} of revenue",
        needed,
        customers=words.number((revenue > 0).sum()),
        share=words.percent(share, 0),
    )
    return exhibits.pareto(table, setting=setting, top=min(max(needed, 1), _MOST_BARS)).reworded(message)


def loss(table: pd.DataFrame, *, correlation: float, months_to_replace: float, setting: Setting) -> Exhibit:
    """Show the loss to expect and that of bad years under other assumptions.

    ``table`` has a row an account: ``margin`` or else ``revenue`` of twelve months, ``p_loss``, ``sector`` if known.
    """
    checks.columns(table, ["p_loss"])
    stakes = exposure.stakes(table, months_to_replace=months_to_replace)
    known = "sector" in table and table["sector"].notna().any()
    law = exposure.loss_distribution(
        stakes.table["stake"],
        table["p_loss"],
        severity=stakes.table["severity"],
        correlation=correlation,
        sector=table["sector"] if known else None,
        sector_correlation=CORRELATION if known else 0.0,
    )
    return exhibits.exposure_curve(law, stakes, setting=setting)
