"""What competes for a probability: naive rules, the purchase model, regression, boosting and their combination.

Every model learns from predictors and outcomes (`kamlib.churn.panel`) and returns a probability a row, so that rules
of thumb and learned models are held to the same record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

import numpy as np
from scipy.special import expit, logit
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.model_selection import StratifiedGroupKFold  # type: ignore[import-untyped]
from sklearn.pipeline import make_pipeline  # type: ignore[import-untyped]
from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from kamlib import checks

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from kamlib.checks import FloatArray

NAIVE: Final = ("base_rate", "overdue", "last_year")
MODELS: Final = (*NAIVE, "btyd", "logistic", "boosting", "combined")  # the simplest first

EDGE: Final = 1e-3  # no probability is nearer to 0 or 1: a thousand cases have not shown it
_PRIOR_CASES: Final = 2.0  # at the base rate, that a rule's rate starts from
_FOLDS: Final = 3


class Model(Protocol):
    """What learns from past cases and gives a probability to new ones."""

    def fit(self, X: pd.DataFrame, y: FloatArray, accounts: pd.Series[str]) -> Self:
        """Learn from predictors, outcomes (0 or 1) and the account of each row."""

    def predict(self, X: pd.DataFrame) -> FloatArray:
        """Return a probability a row."""


def model(name: str, *, seed: int = 0) -> Model:
    """Return an unfitted model by its name in `MODELS`.

    Parameters
    ----------
    name : str
        "base_rate" (everybody alike), "overdue" (silent for twice its usual interval), "last_year" (nothing in three
        months, in which it had bought a year before), each with the rate at which those flagged and those not were
        lost; "btyd" (MBG/CNBD-k as it stands), "logistic", "boosting", and "combined", a logistic regression on the
        logits of these three.
    seed : int
    """
    checks.choice(name, name="model", options=MODELS)
    if name in NAIVE:
        return Rule(_FLAGS[name])
    if name == "btyd":
        return Given()
    return Combined(seed) if name == "combined" else Learned(name, seed)


_FLAGS: Final[dict[str, Callable[[pd.DataFrame], Any]]] = {
    "base_rate": lambda X: np.zeros(len(X), dtype=bool),
    "overdue": lambda X: X["overdue"] > np.log(2),
    "last_year": lambda X: X["last_year"] > 0,
}


@dataclass
class Rule:
    """A rule of thumb, made a probability by the share of cases in which it had been right."""

    flag: Callable[[pd.DataFrame], Any]

    def fit(self, X: pd.DataFrame, y: FloatArray, accounts: pd.Series[str]) -> Self:  # noqa: ARG002 - as all models
        """Count how often the flagged and the others were lost."""
        flagged, base = np.asarray(self.flag(X)), float(y.mean())
        self.rates_ = [
            (y[part].sum() + _PRIOR_CASES * base) / (part.sum() + _PRIOR_CASES) for part in (~flagged, flagged)
        ]
        return self

    def predict(self, X: pd.DataFrame) -> FloatArray:
        """Return the rate of the flagged or of the others."""
        found: FloatArray = np.where(self.flag(X), self.rates_[1], self.rates_[0]).clip(EDGE, 1 - EDGE)
        return found


class Given:
    """The purchase model's probability, which needs no outcomes."""

    def fit(self, X: pd.DataFrame, y: FloatArray, accounts: pd.Series[str]) -> Self:  # noqa: ARG002 - as all models
        """Learn nothing."""
        return self

    def predict(self, X: pd.DataFrame) -> FloatArray:
        """Return the probability that stands in the predictors."""
        return expit(X["btyd"].to_numpy()).clip(EDGE, 1 - EDGE)


@dataclass
class Learned:
    """Logistic regression or gradient boosting, on one thread: the same figures on every machine."""

    name: str
    seed: int = 0

    def fit(self, X: pd.DataFrame, y: FloatArray, accounts: pd.Series[str]) -> Self:  # noqa: ARG002 - as all models
        """Fit the estimator."""
        if self.name == "logistic":
            estimator = make_pipeline(StandardScaler(), LogisticRegression(C=0.05, max_iter=500))
        else:
            estimator = HistGradientBoostingClassifier(
                max_iter=60, learning_rate=0.07, max_leaf_nodes=6, min_samples_leaf=20, l2_regularization=5.0,
                early_stopping=False, random_state=self.seed,
            )  # fmt: skip
        with threadpool_limits(1):
            self.estimator_ = estimator.fit(X.to_numpy(), y)
        return self

    def predict(self, X: pd.DataFrame) -> FloatArray:
        """Return the estimator's probability."""
        with threadpool_limits(1):
            found: FloatArray = self.estimator_.predict_proba(X.to_numpy())[:, 1]
        return found.clip(EDGE, 1 - EDGE)


@dataclass
class Combined:
    """A logistic regression on the logits of the others, learned on accounts that these had not seen."""

    seed: int = 0

    def _parts(self) -> list[Model]:
        return [Given(), Learned("logistic", self.seed), Learned("boosting", self.seed)]

    def fit(self, X: pd.DataFrame, y: FloatArray, accounts: pd.Series[str]) -> Self:
        """Fit the parts on folds of accounts for the weights, and then on all."""
        unseen = np.empty((len(X), 3))
        for seen, left in StratifiedGroupKFold(_FOLDS).split(X, y, accounts):
            for column, part in enumerate(self._parts()):
                fitted = part.fit(X.iloc[seen], y[seen], accounts.iloc[seen])
                unseen[left, column] = logit(fitted.predict(X.iloc[left]))
        with threadpool_limits(1):
            self.weights_ = LogisticRegression(C=1.0).fit(unseen, y)
        self.parts_ = [part.fit(X, y, accounts) for part in self._parts()]
        return self

    def predict(self, X: pd.DataFrame) -> FloatArray:
        """Return the combined probability."""
        logits = np.column_stack([logit(part.predict(X)) for part in self.parts_])
        found: FloatArray = self.weights_.predict_proba(logits)[:, 1]
        return found.clip(EDGE, 1 - EDGE)
