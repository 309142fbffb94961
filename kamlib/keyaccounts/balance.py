"""Dependence on both sides: what we would lose with a customer, and how hard it would find it to do without us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from kamlib import checks
from kamlib.keyaccounts import criteria as scoring

if TYPE_CHECKING:
    from kamlib.keyaccounts.criteria import Criteria

IFRS_MAJOR_CUSTOMER: Final = 0.1  # of revenue: from here on IFRS 8.34 has a firm disclose its reliance on a customer
MATERIAL: Final = 0.01  # below it we don't depend on anybody; an assumption
# Our part of what it buys says most; the range it buys and what nobody else buys stand in for the cost of switching.
DEPENDENCE: Final = {"share_of_wallet": 2.0, "breadth": 1.0, "sole_bought": 1.0}


def dependence(
    table: pd.DataFrame,
    products: pd.DataFrame | None = None,
    *,
    weights: Criteria = DEPENDENCE,
    major: float = IFRS_MAJOR_CUSTOMER,
    material: float = MATERIAL,
) -> pd.DataFrame:
    """Return how much we depend on each account against how much it depends on us.

    Parameters
    ----------
    table, products : DataFrame
        One row an account, revenue above 0; and what each bought in that period (`customers.by_product`), if known.
    weights : mapping of str to float
        Its dependence on us is their weighted mean, missing ones left out: ``share_of_wallet``; ``breadth``, the part
        of our product groups (or else products) that it buys; ``sole_bought``, the part of its revenue with products
        that nobody else buys: made for it, so that no other supplier has them ready.
    major, material : float
        Share where our dependence counts as full (default: IFRS 8.34), and below which no side is called weaker.

    Returns
    -------
    DataFrame
        Most important first: name, revenue, share_of_revenue, share_of_margin (where there are costs),
        major_customer (revenue share of ``major`` or more), our_dependence (share of margin, else of revenue, over
        ``major``, 0..1), each of ``weights`` that is known, missing (how many are not), their_dependence (0..1),
        balance (ours - theirs) and weaker_side (we are: the balance is above 0, the share at least ``material``).
        Source: Emerson (1962), power is the other side's dependence.

    Examples
    --------
    >>> table = pd.DataFrame({"revenue": [20.0, 80.0], "share_of_wallet": [0.3, 1.0]}, index=["x", "y"])
    >>> dependence(table)[["our_dependence", "their_dependence", "weaker_side"]]
       our_dependence  their_dependence  weaker_side
    y             1.0               1.0        False
    x             1.0               0.3         True
    """
    checks.columns(table, ["revenue"])
    scoring.accounts(table)
    checks.fraction(major, name="major")
    checks.fraction(material, name="material")
    counted = table[table["revenue"] > 0]
    if counted.empty:
        raise checks.DataLacks("no account has revenue above 0, so there is nobody to depend on.")
    result = counted[[column for column in ("name", "revenue") if column in counted]].assign(
        share_of_revenue=counted["revenue"] / counted["revenue"].sum()
    )
    share = result["share_of_revenue"]
    if "margin" in counted:
        earned = table["margin"].sum()
        if not earned > 0:
            raise checks.DataLacks(
                "margins sum to {earned}; drop the column 'margin' to go by revenue.", earned=f"{earned:,.2f}"
            )
        result["share_of_margin"] = share = counted["margin"] / earned
    held = _held(counted, products, weights)
    result = result.assign(
        major_customer=result["share_of_revenue"] >= major,
        our_dependence=(share / major).clip(0.0, 1.0),  # on a loss-maker nobody depends
        **held,
        missing=held.isna().sum(axis=1),
        their_dependence=scoring.weighted_mean(
            held, scoring.weights_of({c: w for c, w in weights.items() if c in held})
        ),
    )
    result["balance"] = result["our_dependence"] - result["their_dependence"]
    result["weaker_side"] = (result["balance"] > 0) & (share >= material)
    return result.loc[share.sort_values(ascending=False, kind="stable").index]


def _held(table: pd.DataFrame, products: pd.DataFrame | None, weights: Criteria) -> pd.DataFrame:
    """Return what holds each account with us, as fractions: those of ``weights`` of which anything is known."""
    known = table[[column for column in weights if column in table]].astype("float64")
    if products is not None:
        known = known.join(_switching(products), validate="one_to_one")
    known = known[[column for column in weights if column in known and known[column].notna().any()]]
    if known.empty or not known.columns.size:
        raise checks.DataLacks(
            "nothing tells how much accounts depend on us ({weights}); give products, or a customer master with "
            "'share_of_wallet'.",
            weights=", ".join(map(repr, weights)),
        )
    outside = known.columns[((known < 0) | (known > 1)).any()]
    if outside.size:
        raise checks.KamlibError(f"{outside[0]!r} must be a fraction between 0 and 1; per cent are divided by 100.")
    return known


def _switching(products: pd.DataFrame) -> pd.DataFrame:
    """Return breadth and sole-bought share by account, from the products that it bought net of returns."""
    checks.columns(products, ["account", "product", "revenue"], name="products")
    bought = products[products["revenue"] > 0]
    unit = "product_group" if "product_group" in bought else "product"
    buyers = bought.groupby("product")["account"].transform("nunique")
    by_account = bought.assign(sole=bought["revenue"].where(buyers == 1, 0.0)).groupby("account")
    return pd.DataFrame({
        "breadth": by_account[unit].nunique() / max(bought[unit].nunique(), 1),
        "sole_bought": by_account["sole"].sum() / by_account["revenue"].sum(),
    })  # fmt: skip
