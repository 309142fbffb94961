"""What price, volume and mix did to the revenue of each account, beside products and accounts that came and went.

The period before is the reference. Over the products that an account bought in both periods, with quantities q,
prices p = revenue / quantity and totals Q of the pieces:

    price  = sum of q1 (p1 - p0)
    volume = (Q1 - Q0) x the average p0: more pieces in the old mix
    mix    = sum of q1 p0 - Q1 x the average p0: the same pieces in another mix

A product counts as bought where both its net quantity and its net revenue are above 0. Bought now alone it is new,
before alone it is lost; bought in neither period (credits without goods, more returned than sold) its change is
"other". The whole change of an account that was no customer before is new_accounts, of one that is none now
lost_accounts, of one in neither period other.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from kamlib import checks

EFFECTS: Final = (
    "price", "volume", "mix", "new_products", "lost_products", "new_accounts", "lost_accounts", "other",
)  # fmt: skip


def price_volume_mix(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return each account's change of revenue as effects of price, volume, mix, and what came and went.

    Parameters
    ----------
    before, now : DataFrame
        One row per account and product, as `customers.by_product` returns them for two periods of equal length:
        ``account``, ``product``, ``quantity``, ``revenue`` (net). A missing quantity counts as 0.

    Returns
    -------
    DataFrame
        Indexed by account: ``revenue_before``, the `EFFECTS` and ``revenue``. The effects add up to the change of
        each account, and the sums of the columns to the change in total.

    Raises
    ------
    KamlibError
        If a column or a revenue is missing.

    Notes
    -----
    Pieces are added up whatever they are: where units differ, read volume and mix as one. Source: sales-price,
    sales-quantity and sales-mix variance in Horngren, Datar and Rajan, Cost Accounting.

    Examples
    --------
    >>> before = pd.DataFrame({"account": "x", "product": ["a", "b"], "quantity": [10, 10], "revenue": [20.0, 60.0]})
    >>> now = pd.DataFrame({"account": "x", "product": ["a", "b"], "quantity": [10, 20], "revenue": [20.0, 100.0]})
    >>> price_volume_mix(before, now)[["price", "volume", "mix"]].round(2)  # 20 x (5 - 6); 10 x 4; 140 - 30 x 4
             price  volume   mix
    account
    x        -20.0    40.0  20.0
    """
    lines = _both(before, now)
    net = lines.groupby("account")[["revenue_0", "revenue_1"]].sum()
    was, is_now = (net[c].to_numpy() > 0 for c in net)
    bought_0, bought_1 = ((lines[f"quantity_{k}"] > 0) & (lines[f"revenue_{k}"] > 0) for k in (0, 1))
    change = lines["revenue_1"] - lines["revenue_0"]
    effects = {
        **_price_volume_mix(lines[bought_0 & bought_1]),
        "new_products": _by_account(lines, change[bought_1 & ~bought_0]),
        "lost_products": _by_account(lines, change[bought_0 & ~bought_1]),
        "other": _by_account(lines, change[~bought_0 & ~bought_1]),
    }
    table = pd.DataFrame(effects, index=net.index).reindex(columns=EFFECTS).fillna(0.0)
    table.loc[~(was & is_now)] = 0.0  # of an account that came or went as a whole the change is one effect
    whole = net["revenue_1"] - net["revenue_0"]
    for effect, accounts in (
        ("new_accounts", ~was & is_now),
        ("lost_accounts", was & ~is_now),
        ("other", ~was & ~is_now),
    ):
        table[effect] = np.where(accounts, whole, table[effect])
    table.insert(0, "revenue_before", net["revenue_0"])
    return table.assign(revenue=net["revenue_1"])


def _both(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Return one row per account and product with quantity and revenue of both periods, 0 where there is none."""
    keys, figures = ["account", "product"], ["quantity", "revenue"]
    sides = []
    for k, (side, name) in enumerate(((before, "before"), (now, "now"))):
        checks.columns(side, [*keys, *figures], name=name)
        checks.numbers(side["revenue"], name=f"revenue in {name}")
        sides.append(side[[*keys, *figures]].rename(columns={figure: f"{figure}_{k}" for figure in figures}))
    return pd.concat(sides).groupby(keys, dropna=False).sum().astype(np.float64)


def _by_account(lines: pd.DataFrame, amounts: pd.Series[float]) -> pd.Series[float]:
    return amounts.reindex(lines.index, fill_value=0.0).groupby("account").sum()


def _price_volume_mix(kept: pd.DataFrame) -> dict[str, pd.Series[float]]:
    """Split the change of the products bought in both periods, by account."""
    at_old_price = kept["quantity_1"] * kept["revenue_0"] / kept["quantity_0"]
    sums = kept.assign(at_old_price=at_old_price).groupby("account").sum()
    at_old_mix = sums["quantity_1"] * sums["revenue_0"] / sums["quantity_0"]
    return {
        "price": sums["revenue_1"] - sums["at_old_price"],
        "volume": at_old_mix - sums["revenue_0"],
        "mix": sums["at_old_price"] - at_old_mix,
    }
