"""Why an account's probability is above that of a typical one, as codes and figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy.special import logit

from kamlib.churn.panel import PREDICTORS

if TYPE_CHECKING:
    from collections.abc import Callable

    from kamlib.churn.models import Model

MOST: Final = 3
_NOTABLE: Final = 0.1  # in logits: a tenth more in the odds

# The figures that go with each code, and when they bear it out: a model may blame what no reader would see.
FIGURES: Final[dict[str, tuple[str, ...]]] = {
    "silent": ("usual_interval", "days_since", "longest_interval"),
    "rarer": ("purchases_recent_before", "purchases_recent", "purchases", "purchases_quarter"),
    "spend": ("revenue_recent_before", "revenue_recent"),
    "basket": ("groups_recent_before", "groups_recent", "vanished_groups", "products_recent_before", "products_recent"),
    "price": ("price_change",),
    "credit_notes": ("credit_share",),
    "contact": ("days_since_contact", "contacts"),
    "sector": ("sector_trend",),
    "habit": ("usual_interval", "regularity", "tenure", "revenue"),
}
_BORNE_OUT: Final[dict[str, Callable[[pd.DataFrame], Any]]] = {
    "silent": lambda t: ~(t["days_since"] <= t["usual_interval"]),
    "rarer": lambda t: (
        (t["purchases_recent"] < t["purchases_recent_before"]) | (4 * t["purchases_quarter"] < t["purchases"])
    ),
    "spend": lambda t: t["revenue_recent"] < t["revenue_recent_before"],
    "basket": lambda t: (
        (_of(t, "groups_recent") < _of(t, "groups_recent_before"))
        | (_of(t, "products_recent") < _of(t, "products_recent_before"))
    ),
    "price": lambda t: _of(t, "price_change").notna(),
    "credit_notes": lambda t: t["credit_share"] > 0,
    "contact": lambda t: _of(t, "days_since_contact") > 0,
    "sector": lambda t: _of(t, "sector_trend") < 0,
    "habit": lambda t: pd.Series(data=True, index=t.index),
}


def _of(table: pd.DataFrame, column: str) -> pd.Series[float]:
    return table[column] if column in table else pd.Series(np.nan, table.index)


def attributions(model: Model, X: pd.DataFrame, typical: pd.Series[float]) -> pd.DataFrame:
    """Return how much each fact moves each account's logit: as it is, less with that fact as it typically is.

    It needs nothing of the model but its predictions, so it holds for rules, regression and boosting alike. In a
    logistic regression it is the sum of coefficient times distance from the typical account, exactly.

    Parameters
    ----------
    model : Model
        Fitted.
    X : DataFrame
        Predictors, a row an account.
    typical : Series
        Predictors of the typical account.

    Returns
    -------
    DataFrame
        The accounts of ``X``, a column per fact of `PREDICTORS`.
    """
    given = logit(model.predict(X))
    swapped = {
        code: logit(model.predict(X.assign(**{column: typical[column] for column in columns})))
        for code, columns in PREDICTORS.items()
    }
    return pd.DataFrame({code: given - value for code, value in swapped.items()}, index=X.index)


def reasons(moved: pd.DataFrame, known: pd.DataFrame) -> pd.Series[Any]:
    """Return for each account up to three facts that raise its risk most and that its figures bear out.

    Parameters
    ----------
    moved : DataFrame
        As `attributions` returns them.
    known : DataFrame
        The same accounts as `panel.snapshot` returns them.

    Returns
    -------
    Series
        A list of dicts per account, the strongest first: ``code`` (of `FIGURES`), ``effect`` (in logits) and the
        figures that are known.
    """
    seen = {code: _BORNE_OUT[code](known).astype(bool) for code in map(str, moved)}
    counted = moved.where(pd.DataFrame(seen) & (moved >= _NOTABLE)).to_numpy()
    strongest = np.argsort(-counted, axis=1, kind="stable")[:, :MOST]  # those that don't count are missing, and last
    found: list[list[dict[str, Any]]] = []
    for effects, places, row in zip(counted, strongest, known.to_dict("records"), strict=True):
        codes = {str(moved.columns[place]): float(effects[place]) for place in places if not np.isnan(effects[place])}
        found.append([
            {"code": code, "effect": effect}
            | {name: float(row[name]) for name in FIGURES[code] if name in row and pd.notna(row[name])}
            for code, effect in codes.items()
        ])  # fmt: skip
    return pd.Series(found, index=moved.index, dtype=object)
