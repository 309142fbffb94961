"""The portfolio matrix: how attractive an account is, and how strong our own position with it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from kamlib import checks
from kamlib.keyaccounts import criteria as scoring

if TYPE_CHECKING:
    from kamlib.keyaccounts.criteria import Criteria

ATTRACTIVENESS: Final = {"revenue": 1.0, "growth": 1.0, "margin": 1.0, "potential": 1.0}
POSITION: Final = {"products": 1.0, "tenure": 1.0, "regularity": 1.0, "price_realisation": 1.0}
QUADRANTS: Final = ("strategic", "star", "status", "streamline")
WALLET: Final = "share_of_wallet"


def portfolio(
    table: pd.DataFrame,
    *,
    attractiveness: Criteria | None = None,
    position: Criteria | None = None,
    scaling: str = "rank",
    splits: tuple[float, float] = (0.5, 0.5),
) -> pd.DataFrame:
    """Return each account's place in the portfolio matrix, both axes on 0..1.

    Parameters
    ----------
    table : DataFrame
        One row an account, revenue above 0.
    attractiveness, position : mapping of str to float, optional
        Columns and weights; by default those of `ATTRACTIVENESS` and `POSITION` that ``table`` knows. ``tenure`` (days
        since the first purchase) and ``regularity`` (1 within the usual interval, else the part that it makes up of
        the days since the last purchase) are reckoned where ``table`` has them not.
    scaling : {"rank", "range"}
        As for `score`.
    splits : (float, float)
        Attractiveness and position from which on they are high.

    Returns
    -------
    DataFrame
        In the order of ``table``: name, revenue, attractiveness, position, quadrant (high and high: "strategic", only
        attractive "star", only well held "status", neither "streamline"), position_from ("share_of_wallet" where that
        is known and no criterion itself, else "criteria"), attractiveness_missing and position_missing (criteria), and
        each criterion on 0..1 as attractiveness_X, position_X. Source: McDonald and Woodburn (2007).

    Examples
    --------
    >>> table = pd.DataFrame({"revenue": [9.0, 5.0, 1.0], "share_of_wallet": [0.2, 0.8, 0.5], "products": [1, 5, 2]})
    >>> portfolio(table)["quadrant"].tolist()
    ['star', 'strategic', 'status']
    """
    checks.columns(table, ["revenue"])
    scoring.accounts(table)
    known = _with_reckoned(table[table["revenue"] > 0])
    if known.empty:
        raise checks.DataLacks("no account has revenue above 0, so there is no portfolio.")
    parts, axes = {}, {}
    for axis, given, default in (
        ("attractiveness", attractiveness, ATTRACTIVENESS),
        ("position", position, POSITION),
    ):
        criteria = _known_of(known, default, axis) if given is None else given
        parts[axis] = scoring.scaled(known, criteria=criteria, scaling=scaling)
        axes[axis] = scoring.weighted_mean(parts[axis], scoring.weights_of(criteria))
    wallet = pd.Series(np.nan, index=known.index)
    if WALLET in known and WALLET not in parts["position"]:
        wallet = scoring.scaled(known, criteria={WALLET: 1.0}, scaling=scaling)[WALLET]
        # A mean of several criteria keeps to the middle; scaled once more it spreads over 0..1 as the wallet does.
        axes["position"] = wallet.fillna(
            scoring.scaled(axes["position"].to_frame("position"), criteria={"position": 1.0}, scaling=scaling)[
                "position"
            ]
        )
    result = known[[column for column in ("name", "revenue") if column in known]].assign(
        **axes,
        quadrant=_quadrant(axes["attractiveness"], axes["position"], splits),
        position_from=np.where(wallet.notna(), WALLET, "criteria"),
        **{f"{axis}_missing": part.isna().sum(axis=1) for axis, part in parts.items()},
    )
    return result.join([part.add_prefix(f"{axis}_") for axis, part in parts.items()])


def _with_reckoned(table: pd.DataFrame) -> pd.DataFrame:
    """Add tenure and regularity, unless they are there or can't be reckoned."""
    reckoned = {}
    if {"first_purchase", "last_purchase", "days_since"} <= {*table.columns}:
        since = table["days_since"].astype("Float64").astype("float64")
        reckoned["tenure"] = (table["last_purchase"] - table["first_purchase"]).dt.days + since
        if "usual_interval" in table:
            interval = table["usual_interval"]
            reckoned["regularity"] = interval / np.maximum(interval, since)
    return table.assign(**{column: figures for column, figures in reckoned.items() if column not in table})


def _known_of(table: pd.DataFrame, default: Criteria, axis: str) -> Criteria:
    """Return the default criteria of which ``table`` knows something."""
    known = {column: weight for column, weight in default.items() if column in table and table[column].notna().any()}
    if not known:
        raise checks.KamlibError(f"table has none of {', '.join(map(repr, default))}; give criteria for {axis}.")
    return known


def _quadrant(attractive: pd.Series, position: pd.Series, splits: tuple[float, float]) -> pd.Series[str]:
    if len(splits) != 2 or not all(0 < split < 1 for split in splits):
        raise checks.KamlibError(f"splits must be two fractions between 0 and 1 such as (0.5, 0.5), got {splits!r}.")
    high, strong = attractive >= splits[0], position >= splits[1]
    names = np.select([high & strong, high, strong], QUADRANTS[:3], default=QUADRANTS[3])
    return pd.Series(names, attractive.index, dtype="str").where(attractive.notna() & position.notna())
