from __future__ import annotations

import functools
import itertools
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import betaln, gammaln, hyp2f1, logsumexp, roots_genlaguerre, roots_jacobi
from scipy.stats import gamma as gamma_law

from kamlib import btyd, checks, ledger
from kamlib.btyd import BGNBD, MBGNBD, BGCNBDk, Diagnosis, GammaGamma, MBGCNBDk, ParetoNBD, fitting
from kamlib.btyd.histories import Histories

if TYPE_CHECKING:
    from pathlib import Path

    from kamlib.btyd import PurchaseModel

HISTORY = ("frequency", "recency", "T")

# Each model at parameters under which 2,000 customers tell all four of them.
MODELS: dict[str, PurchaseModel] = {
    "BG/NBD": BGNBD().at(r=0.5, alpha=5.0, a=0.8, b=2.5),
    "MBG/NBD": MBGNBD().at(r=0.8, alpha=5.0, a=0.6, b=2.0),
    "BG/CNBD-2": BGCNBDk(2).at(r=0.8, alpha=3.0, a=0.8, b=2.5),
    "MBG/CNBD-3": MBGCNBDk(3).at(r=1.4, alpha=2.0, a=0.5, b=2.5),
    "Pareto/NBD": ParetoNBD().at(r=0.6, alpha=8.0, s=0.8, beta=12.0),
}
ERLANG = [name for name in MODELS if name != "Pareto/NBD"]


def columns(table: Any) -> tuple[Any, Any, Any]:
    return tuple(table[name] for name in HISTORY)


def observed(model: PurchaseModel, customers: int, seed: int) -> pd.DataFrame:
    """Customers who came at different times and have been observed for 30 to 60 weeks."""
    return model.simulate(np.random.default_rng(seed + 1000).uniform(30, 60, customers), seed=seed)


def likelihood_of(model: PurchaseModel, x: float, t_x: float, T: float) -> float:
    """The log-likelihood of one customer without what no parameter touches, as `fit` reckons it."""
    rows = Histories(*(np.array([value], dtype=float) for value in (x, t_x, T, 1)))
    return model._log_likelihood(tuple(model.params_.values()), rows)[0]


@pytest.fixture(scope="module")
def sample(shared_data: Path) -> pd.DataFrame:
    return pd.read_csv(shared_data / "cdnow_sample_summary.csv")


@pytest.fixture(scope="module")
def grocery(shared_data: Path) -> pd.DataFrame:
    """First year as a summary in weeks, and the purchase days of the second year as ``later``."""
    days = pd.read_parquet(shared_data / "grocery_log.parquet").drop_duplicates().sort_values(["cust", "date"])
    end = pd.Timestamp("2006-12-31")
    year = days[days["date"] <= end]
    by = year.groupby("cust")["date"]
    gaps = by.diff().dt.days / 7
    return pd.DataFrame(
        {
            "frequency": by.size() - 1,
            "recency": (by.max() - by.min()).dt.days / 7,
            "T": (end - by.min()).dt.days / 7,
            "log_intervals": np.log(gaps).groupby(year["cust"]).sum(),
            "later": days[days["date"] > end].groupby("cust").size().reindex(by.size().index, fill_value=0),
        }
    )


# --- likelihoods: by hand, by a second way, as published --------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "likelihood", "alive"),
    [
        # All parameters 1, x = 1 at t_x = 1 of T = 3.
        # BG/NBD, m = 1, s = 2: B(1,2)/B(1,1) = 1/2; Gamma(2)/Gamma(1) / 4^2 = 1/16; A = 1; D = 1/1 (4/2)^2 = 4.
        (BGNBD(), 1 / 2 * 1 / 16 * 5, 1 / 5),
        # MBG/NBD, m = 2: B(1,3)/B(1,1) = 1/3; D = 1/2 (4/2)^2 = 2.
        (MBGNBD(), 1 / 3 * 1 / 16 * 3, 1 / 3),
        # BG/CNBD-2, s = 3, u = 2/4: 1/2; Gamma(3)/Gamma(1) / 4^3 = 1/32; A = 1 + 3/2; D = (4/2)^3 = 8.
        (BGCNBDk(2), 1 / 2 * 1 / 32 * 21 / 2, 5 / 21),
        # MBG/CNBD-2: 1/3, 1/32, A = 5/2, D = 8/2.
        (MBGCNBDk(2), 1 / 3 * 1 / 32 * 13 / 2, 5 / 13),
    ],
)
def test_one_customer_by_hand(model: PurchaseModel, likelihood: float, alive: float) -> None:
    model = model.at(r=1, alpha=1, a=1, b=1)
    assert likelihood_of(model, 1, 1, 3) == pytest.approx(math.log(likelihood), rel=1e-14)
    assert model.p_alive([1], [1.0], [3.0]) == pytest.approx([alive], rel=1e-14)


def test_one_customer_of_pareto_by_hand() -> None:
    # All parameters 1: D = integral from 1 to 3 of 4^3 / (1 + tau)^4 = 64/3 (1/8 - 1/64) = 7/3; L = 1/4^2 1/4 (1 + D).
    model = ParetoNBD().at(r=1, alpha=1, s=1, beta=1)
    assert likelihood_of(model, 1, 1, 3) == pytest.approx(math.log(1 / 64 * 10 / 3), rel=1e-9)
    assert model.p_alive([1], [1.0], [3.0]) == pytest.approx([3 / 10], rel=1e-9)


@pytest.mark.parametrize("name", ERLANG)
@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0.0, 20.0), (1, 3.0, 20.0), (4, 19.0, 20.0), (7, 9.0, 30.0)])
def test_likelihood_against_the_average_over_lambda_and_p(name: str, x: int, t_x: float, T: float) -> None:
    model: Any = MODELS[name]
    r, alpha, a, b = model.params_.values()
    k = model.k_
    # What a customer of known lambda and p does, term by term; then Gauss quadrature over both laws.
    rate, rate_weight = roots_genlaguerre(150, r - 1)
    rate = rate / alpha
    p, p_weight = roots_jacobi(60, b - 1, a - 1)
    p = (1 + p) / 2
    rate, p = rate[:, None], p[None, :]
    silent = gamma_law.sf(T - t_x, k, scale=1 / rate)
    passed = (1 - p) ** (x + model.modified)
    failed = p * (1 - p) ** (x + model.modified - 1) if x + model.modified else 0.0
    each = rate ** (k * x) * np.exp(-rate * t_x) * (failed + passed * silent)
    weight = (rate_weight / rate_weight.sum())[:, None] * (p_weight / p_weight.sum())
    assert likelihood_of(model, x, t_x, T) == pytest.approx(math.log((weight * each).sum()), rel=1e-8)


def pareto_by_hypergeometric(params: tuple[float, ...], x: float, t_x: float, T: float) -> float:
    """The likelihood as Fader & Hardie 2005 write it, whose terms stay in range for moderate arguments."""
    r, alpha, s, beta = params
    larger, smaller = max(alpha, beta), min(alpha, beta)
    power = r + s + x
    upper = s + 1 if alpha >= beta else r + x

    def term(t: float) -> float:
        z = (larger - smaller) / (larger + t)
        return hyp2f1(power, upper, power + 1, z) / (larger + t) ** power

    stopped = s / power * (term(t_x) - term(T))
    alive = 1 / ((alpha + T) ** (r + x) * (beta + T) ** s)
    return gammaln(r + x) - gammaln(r) + r * math.log(alpha) + s * math.log(beta) + math.log(alive + stopped)


@pytest.mark.parametrize("params", [(0.55, 10.6, 0.61, 11.7), (0.55, 11.7, 0.61, 10.6), (2.0, 1.5, 0.3, 6.0)])
@pytest.mark.parametrize(("x", "t_x", "T"), [(0, 0.0, 39.0), (2, 30.43, 38.86), (12, 20.0, 30.0)])
def test_pareto_against_the_hypergeometric_form(params: tuple[float, ...], x: int, t_x: float, T: float) -> None:
    model = ParetoNBD().at(**dict(zip(ParetoNBD.names, params, strict=True)))
    assert likelihood_of(model, x, t_x, T) == pytest.approx(pareto_by_hypergeometric(params, x, t_x, T), rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    logs=st.tuples(*[st.floats(-4, 4)] * 4),
    x=st.sampled_from([0, 1, 5, 80, 5000]),
    T=st.floats(0.1, 100),
    late=st.floats(0.01, 0.999),
)
def test_pareto_against_adaptive_integration(logs: tuple[float, ...], x: int, T: float, late: float) -> None:
    r, alpha, s, beta = np.exp(logs)
    t_x = T * late if x else 0.0
    model = ParetoNBD().at(r=r, alpha=alpha, s=s, beta=beta)

    def integrand(share: float) -> float:  # tau - t_x, as a share of the time left, on a cubic scale: steep at 0
        since = (T - t_x) * share**3
        power = (r + x) * math.log1p(since / (alpha + t_x)) + (s + 1) * math.log1p(since / (beta + t_x))
        return math.exp(-power) * (T - t_x) * 3 * share**2

    edges = [0, 1e-3, 1e-2, 0.05, 0.1, 0.2, 0.4, 0.7, 1]
    mass = sum(quad(integrand, *edge, epsabs=0, epsrel=1e-11)[0] for edge in itertools.pairwise(edges))
    log_stopped = math.log(s * mass) + (r + x) * math.log((alpha + T) / (alpha + t_x))
    log_stopped += s * math.log((beta + T) / (beta + t_x)) - math.log(beta + t_x)
    assert model.p_alive([x], [t_x], [T])[0] == pytest.approx(1 / (1 + math.exp(min(log_stopped, 700))), rel=1e-7)


def test_bg_nbd_as_published(sample: pd.DataFrame) -> None:
    # Fader, Hardie & Lee 2005, Marketing Science 24(2), table 1.
    model = BGNBD().fit(*columns(sample))
    assert {name: round(value, 3) for name, value in model.params_.items()} == {
        "r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426,
    }  # fmt: skip
    assert round(model.log_likelihood_, 1) == -9582.4
    assert model.diagnosis_ is Diagnosis.CONVERGED
    # Their equation 6 once more, in plain numpy.
    r, alpha, a, b = model.params_.values()
    x, t_x, T = (column.to_numpy(dtype=float) for column in columns(sample))
    log_a3 = -(r + x) * np.log(alpha + T)
    log_a4 = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x), -np.inf)
    each = betaln(a, b + x) - betaln(a, b) + gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    assert model.log_likelihood_ == pytest.approx((each + logsumexp([log_a3, log_a4], axis=0)).sum(), rel=1e-12)


def test_pareto_nbd_as_published(sample: pd.DataFrame) -> None:
    # The same table. The likelihood is so flat in beta that the printed 11.669 and the maximum, 11.6679, differ by
    # less than a millionth of it.
    model = ParetoNBD().fit(*columns(sample))
    assert {name: round(model.params_[name], 3) for name in ("r", "alpha", "s")} == {
        "r": 0.553, "alpha": 10.578, "s": 0.606,
    }  # fmt: skip
    assert model.params_["beta"] == pytest.approx(11.669, abs=0.0015)
    assert round(model.log_likelihood_, 1) == -9595.0
    params = tuple(model.params_.values())
    whole = sum(pareto_by_hypergeometric(params, *row) for row in zip(*columns(sample), strict=True))
    assert model.log_likelihood_ == pytest.approx(whole, rel=1e-9)
    printed = sum(
        pareto_by_hypergeometric((0.553, 10.578, 0.606, 11.669), *row) for row in zip(*columns(sample), strict=True)
    )
    assert 0 <= model.log_likelihood_ - printed < 1e-3


@pytest.mark.parametrize("name", MODELS)
def test_gradient_is_that_of_the_likelihood(name: str) -> None:
    model = MODELS[name]
    drawn = observed(model, 60, seed=3)
    rows = Histories(*(drawn[column].to_numpy(dtype=float) for column in HISTORY), np.ones(60))
    params = np.array(list(model.params_.values()))
    _, gradient = model._log_likelihood(tuple(params), rows)
    for place, step in enumerate(1e-5 * params):
        move = step * np.eye(4)[place]
        above, below = (model._log_likelihood(tuple(params + way * move), rows)[0] for way in (1, -1))
        assert gradient[place] == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-5)


# --- fitting ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODELS)
def test_intervals_cover_the_truth(name: str) -> None:
    truth = pd.Series(MODELS[name].params_)
    covered = []
    for seed in range(40):
        drawn = observed(MODELS[name], 2000, seed)
        found = MODELS[name].at(**MODELS[name].params_).fit(*columns(drawn))
        assert found.converged_
        interval = found.confidence_intervals()
        covered.append((interval["low"] <= truth) & (truth <= interval["high"]))
    assert 0.90 <= np.mean(covered) <= 0.99


def test_weights_stand_for_customers() -> None:
    drawn = observed(MODELS["MBG/NBD"], 400, seed=5).round({"recency": 0, "T": 0})
    drawn.loc[(drawn["frequency"] > 0) & (drawn["recency"] == 0), "recency"] = 1.0
    unique = drawn.groupby(list(HISTORY)).size().reset_index(name="n")
    each, together = MBGNBD().fit(*columns(drawn)), MBGNBD().fit(*columns(unique), weights=unique["n"])
    assert together.log_likelihood_ == pytest.approx(each.log_likelihood_, rel=1e-12)
    for name, value in each.params_.items():
        assert together.params_[name] == pytest.approx(value, rel=1e-4)
        assert together.standard_errors_[name] == pytest.approx(each.standard_errors_[name], rel=1e-3)


@pytest.mark.parametrize("name", MODELS)
def test_the_unit_of_time_is_of_no_matter(name: str) -> None:
    drawn = observed(MODELS[name], 600, seed=6)
    x, t_x, T = columns(drawn)
    weeks, days = (MODELS[name].at(**MODELS[name].params_).fit(x, t_x * unit, T * unit) for unit in (1, 7))
    for parameter, timed in zip(weeks.names, weeks.timed, strict=True):
        assert days.params_[parameter] == pytest.approx(weeks.params_[parameter] * (7 if timed else 1), rel=1e-4)
    # Each repeat purchase is a density in time, so a unit a seventh as long makes it a seventh as large.
    assert days.log_likelihood_ == pytest.approx(weeks.log_likelihood_ - x.sum() * math.log(7), rel=1e-9)
    assert days.expected_purchases(70.0, x, t_x * 7, T * 7) == pytest.approx(
        weeks.expected_purchases(10.0, x, t_x, T), rel=1e-3
    )


def test_a_level_likelihood_is_refused() -> None:
    class Level(BGNBD):
        def _log_likelihood(self, *_: Any) -> Any:
            return -1.0, np.zeros(4)

    with pytest.raises(checks.KamlibError, match="never left its start"):
        Level().fit(*columns(observed(MODELS["BG/NBD"], 50, seed=1)))


def test_diagnoses() -> None:
    start = [np.array([1.0, -1.0])]

    def saddle(theta: Any) -> Any:  # level in the second parameter
        return -float(theta[0] ** 2), np.array([-2 * theta[0], 0.0])

    def endless(theta: Any) -> Any:  # rises for ever in the second, ever less
        return -float(theta[0] ** 2 + np.exp(-theta[1])), np.array([-2 * theta[0], np.exp(-theta[1])])

    def level(_: Any) -> Any:
        return 0.0, np.zeros(2)

    def hill(theta: Any) -> Any:
        return -float(theta @ theta), -2 * theta

    found = {function.__name__: fitting.maximise(function, start, size=1) for function in (hill, saddle, level)}
    assert found["hill"].diagnosis is Diagnosis.CONVERGED
    assert found["hill"].covariance == pytest.approx(np.eye(2) / 2, rel=1e-6)
    assert found["saddle"].diagnosis is Diagnosis.HESSIAN_NOT_POSITIVE_DEFINITE
    assert np.isnan(found["saddle"].covariance).all()
    assert found["level"].diagnosis is Diagnosis.NEVER_LEFT_START
    assert fitting.maximise(endless, start, size=1).diagnosis is Diagnosis.AT_BOUNDARY


def test_customers_who_never_stop_are_a_boundary() -> None:
    # Everybody bought to the end: the chance to stop is 0, and a / b has no maximum above it.
    steady = MBGCNBDk(4).at(r=5.0, alpha=2.0, a=1e-6, b=1.0)
    model = MBGCNBDk(4).fit(*columns(observed(steady, 500, seed=2)))
    assert model.diagnosis_ is not Diagnosis.CONVERGED
    assert not model.converged_


FAULTS: list[tuple[str, dict[str, Any]]] = [
    ("recency has 2 entries", {"recency": [0.0, 1.0]}),
    ("frequency must be whole numbers", {"frequency": [0, 1.5] * 10}),
    ("frequency must not be negative", {"frequency": [0, -1] * 10}),
    ("recency must not be negative", {"recency": [0, -5.0] * 10}),
    ("T must not be smaller than recency", {"T": [10.0, 4.0] * 10}),
    ("must be 0 together", {"recency": [1.0, 5.0] * 10}),
    ("must be 0 together", {"recency": [0.0, 0.0] * 10}),
    ("weights must be above 0", {"weights": [1.0, 0.0] * 10}),
    ("log_intervals has 1 entries", {"log_intervals": [1.0]}),
    ("T has 20 missing", {"T": [np.nan] * 20}),
    ("nobody bought again", {"frequency": [0] * 20, "recency": [0.0] * 20}),
    ("any time after", {"frequency": [0] * 20, "recency": [0.0] * 20, "T": [0.0] * 20}),
    ("there are 2 customers", {"frequency": [0, 1], "recency": [0.0, 5.0], "T": [10.0, 10.0]}),
]


@pytest.mark.parametrize(("message", "fault"), FAULTS)
def test_what_can_not_be_is_said(message: str, fault: dict[str, Any]) -> None:
    good: dict[str, Any] = {"frequency": [0, 1] * 10, "recency": [0.0, 5.0] * 10, "T": [10.0, 10.0] * 10}
    with pytest.raises(checks.KamlibError, match=message):
        MBGCNBDk(1).fit(**(good | fault))


def test_a_model_without_parameters_says_so() -> None:
    with pytest.raises(checks.KamlibError, match="call fit first"):
        BGNBD().p_alive([1], [1.0], [2.0])
    with pytest.raises(checks.KamlibError, match="has no k yet"):
        MBGCNBDk().at(r=1, alpha=1, a=1, b=1).p_alive([1], [1.0], [2.0])
    with pytest.raises(checks.KamlibError, match="params must be r, alpha, a, b"):
        BGNBD().at(r=1, alpha=1, s=1, beta=1)
    with pytest.raises(checks.KamlibError, match="alpha must be above 0"):
        BGNBD().at(r=1, alpha=0, a=1, b=1)
    with pytest.raises(checks.KamlibError, match="was not fitted"):
        MODELS["BG/NBD"].forecast(1.0, [1], [1.0], [2.0])
    with pytest.raises(checks.KamlibError, match="t must not be negative"):
        MODELS["BG/NBD"].expected_purchases(-1.0, [1], [1.0], [2.0])
    with pytest.raises(checks.KamlibError, match="t has 2 entries"):
        MODELS["BG/NBD"].expected_purchases([1.0, 2.0], [1], [1.0], [2.0])


# --- regularity -------------------------------------------------------------------------------------------------------


def test_regularity_is_recognised() -> None:
    drawn = observed(MODELS["MBG/CNBD-3"], 1500, seed=9)
    assert MBGCNBDk().fit(*columns(drawn), log_intervals=drawn["log_intervals"]).k_ == 3
    random = observed(MODELS["MBG/NBD"], 1500, seed=9)
    assert MBGCNBDk().fit(*columns(random), log_intervals=random["log_intervals"]).k_ == 1


def test_likelihoods_of_different_k_are_of_the_same_data() -> None:
    # One customer, purchases at 1 and 3. Erlang-2 intervals 1 and 2 have the density lambda^2 t e^(-lambda t) each, so
    # the product has 1 * 2 beside what the parameters touch: log 2. Its last purchase alone is Erlang-4 at 3: 3^3/3!,
    # against 3^1/1! for k = 1, whose two intervals are uniform given their sum: log(27/6 / 3) = log(3/2).
    rows = Histories(*(np.array([value]) for value in (2.0, 3.0, 9.0, 1.0)), np.array([math.log(2)]))
    assert BGCNBDk(2)._timing(rows) == pytest.approx(math.log(2), rel=1e-14)
    less = Histories(rows.frequency, rows.recency, rows.T, rows.weights)
    assert BGCNBDk(2)._timing(less) == pytest.approx(math.log(3 / 2), rel=1e-14)
    assert BGCNBDk(1)._timing(rows) == BGCNBDk(1)._timing(less) == 0


def test_regularity_pays_on_the_grocery_log(grocery: pd.DataFrame) -> None:
    history = columns(grocery)
    chosen = MBGCNBDk().fit(*history, log_intervals=grocery["log_intervals"])
    random = MBGCNBDk(1).fit(*history)
    assert chosen.k_ == MBGCNBDk().fit(*history).k_ == 2  # the three columns alone tell, too
    assert chosen.log_likelihood_ > random.log_likelihood_ + 500
    ahead = [model.expected_purchases(52.0, *history) - grocery["later"] for model in (chosen, random)]
    for measure in (lambda e: abs(e).mean(), lambda e: (e**2).mean(), lambda e: abs(e.sum())):
        assert measure(ahead[0]) < measure(ahead[1])


# --- predictions ------------------------------------------------------------------------------------------------------


@functools.cache
def lives(name: str, customers: int = 20_000, T: float = 20.0, t: float = 15.0) -> pd.DataFrame:
    """Customers purchase by purchase, as the models tell it, observed until T and watched for t more."""
    rng = np.random.default_rng(7)
    model: Any = MODELS[name]
    params = model.params_
    rate = rng.gamma(params["r"], 1 / params["alpha"], customers)
    if name == "Pareto/NBD":
        k, stop = 1, rng.exponential(1 / rng.gamma(params["s"], 1 / params["beta"], customers))
        p = np.zeros(customers)
    else:
        k, stop = model.k_, np.full(customers, np.inf)
        p = rng.beta(params["a"], params["b"], customers)
        if model.modified:
            stop = np.where(rng.random(customers) < p, 0.0, stop)
    frequency, later = np.zeros((2, customers), dtype=int)
    recency, now = np.zeros((2, customers))
    going = np.flatnonzero(stop > 0)
    while going.size:
        now[going] += rng.gamma(k, 1 / rate[going])
        going = going[now[going] < np.minimum(stop[going], T + t)]
        early = now[going] <= T
        frequency[going] += early
        later[going] += ~early
        recency[going[early]] = now[going[early]]
        ends = rng.random(going.size) < p[going]
        stop[going[ends]] = now[going[ends]]
        going = going[~ends]
    columns = {"frequency": frequency, "recency": recency, "T": T, "later": later}
    return pd.DataFrame(columns | {"alive": stop > T, "alive_later": stop > T + t})


@pytest.mark.parametrize("name", MODELS)
def test_predictions_hold_for_customers_drawn_one_by_one(name: str) -> None:
    model, T, t = MODELS[name], 20.0, 15.0
    life = lives(name).copy()
    history = columns(life)
    predicted = {
        "alive": model.p_alive(*history),
        "alive_later": model.p_alive(*history, t=t),
        "later": model.expected_purchases(t, *history),
        "none": model.probability_of_no_purchase(t, *history),
    }
    life["none"] = life["later"] == 0
    # Groups that a history can tell: by purchases, and whether the last one was lately.
    group = [life["frequency"].clip(upper=4), life["recency"] > T / 2]
    for column, values in predicted.items():
        error = (life[column].astype(float) - values).groupby(group).agg(["mean", "std", "size"])
        error = error[error["size"] > 200]
        assert len(error) >= 5
        z = error["mean"] / (error["std"] / np.sqrt(error["size"])).clip(lower=1e-9)
        assert z.abs().where(error["mean"].abs() > 1e-6, 0.0).max() < 4


@pytest.mark.parametrize("name", MODELS)
def test_simulated_customers_are_those_drawn_one_by_one(name: str) -> None:
    n = 20_000
    slow, quick = lives(name), MODELS[name].simulate(np.full(n, 20.0), seed=8)
    assert (quick["recency"] <= quick["T"]).all()
    for column in ("frequency", "recency", "alive"):
        one, other = slow[column].astype(float), quick[column].astype(float)
        assert abs(one.mean() - other.mean()) < 4 * math.hypot(one.std(), other.std()) / math.sqrt(n)
    for purchases in (0, 1, 3):
        one, other = ((table["frequency"] == purchases).mean() for table in (slow, quick))
        assert abs(one - other) < 4 * math.sqrt(2 * one / n)


def test_expected_purchases_of_bg_nbd_in_closed_form() -> None:
    # Fader, Hardie & Lee 2005, equation 10, where its hypergeometric function is within range.
    model = BGNBD().at(r=0.243, alpha=4.414, a=0.793, b=2.426)
    r, alpha, a, b = model.params_.values()
    x, t_x, T = np.array([0.0, 1, 2, 7, 15]), np.array([0.0, 5, 30.43, 29, 35]), np.full(5, 38.86)
    for t in (1.0, 39.0, 200.0):
        head = (a + b + x - 1) / (a - 1)
        tail = 1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + T + t))
        expected = head * tail * model.p_alive(x, t_x, T)
        assert model.expected_purchases(t, x, t_x, T) == pytest.approx(expected, rel=1e-9)
    # Their worked customer: 2 purchases, the last at 30.43 of 38.86 weeks, buys 1.226 times in the next 39.
    assert model.expected_purchases(39.0, [2], [30.43], [38.86])[0] == pytest.approx(1.226, abs=5e-4)


def test_a_new_customer_by_hand() -> None:
    # BG/NBD, all 1: mean over p uniform of (1 - 1/(1 + t p)) / p = t / (1 + t p) is log(1 + t).
    assert BGNBD().at(r=1, alpha=1, a=1, b=1).expected_purchases_of_a_new_customer([0.0, 1.0, 9.0]) == pytest.approx(
        [0.0, math.log(2), math.log(10)], rel=1e-11
    )
    # MBG/NBD: half stop at once; for the others p ~ Beta(1, 2), density 2 (1 - p), of which the mean at t = 1 is
    # 2 int (1 - p) / (1 + p) = 2 (2 log 2 - 1).
    assert MBGNBD().at(r=1, alpha=1, a=1, b=1).expected_purchases_of_a_new_customer(1.0) == pytest.approx(
        [2 * math.log(2) - 1], rel=1e-11
    )
    # Pareto/NBD, all 1: mean rate 1, still there at v with 1/(1 + v): log(1 + t). With s = 2: 1/(1 + v)^2: t/(1 + t).
    for s, expected in ((1, math.log(10)), (2, 9 / 10)):
        model = ParetoNBD().at(r=1, alpha=1, s=s, beta=1)
        assert model.expected_purchases_of_a_new_customer(9.0) == pytest.approx([expected], rel=1e-12)


@pytest.mark.parametrize("k", [2, 3, 7])
def test_expected_purchases_of_regular_customers_term_by_term(k: int) -> None:
    # Of a new customer, lambda ~ Gamma(1, 1): the count of events in t = 1 is geometric, P(at least n) = 2^-n. With
    # a = b = 1, unmodified: the sum over i of E[(1-p)^(i-1)] 2^(-ik) = sum of 2^(-ik) / i = -log(1 - 2^-k).
    model = BGCNBDk(k).at(r=1, alpha=1, a=1, b=1)
    assert model.expected_purchases_of_a_new_customer(1.0) == pytest.approx([-math.log(1 - 2.0**-k)], rel=1e-10)
    assert model.probability_of_no_purchase(1.0, [0], [0.0], [0.0]) == pytest.approx([1 - 2.0**-k], rel=1e-12)


@pytest.mark.parametrize("name", MODELS)
def test_predictions_are_finite_and_in_order_for_all_customers(name: str) -> None:
    model = MODELS[name]
    x = np.array([0, 1, 10, 500, 5000, 5000, 5000])
    t_x = np.array([0.0, 0.001, 50, 51, 51.99, 20, 52])
    T = np.full(7, 52.0)
    rows = Histories(x.astype(float), t_x, T, np.ones(7))
    value, gradient = model._log_likelihood(tuple(model.params_.values()), rows)
    assert np.isfinite([value, *gradient]).all()
    nearly = [model.probability_of_no_purchase(t, x, t_x, T) for t in (0.0, 1.0, 100.0)]
    counts = [model.expected_purchases(t, x, t_x, T) for t in (0.0, 1.0, 100.0, 1e6)]
    alive = [model.p_alive(x, t_x, T, t=t) for t in (0.0, 1.0, 100.0, 1e6)]
    assert np.isfinite([*nearly, *counts, *alive]).all()
    assert nearly[0] == pytest.approx(np.ones(7), abs=1e-9)
    assert counts[0] == pytest.approx(np.zeros(7), abs=1e-9)
    assert (np.diff(nearly, axis=0) <= 1e-12).all()
    assert (np.diff(counts, axis=0) >= 0).all()
    assert (np.diff(alive, axis=0) <= 1e-9).all()
    assert (np.array(alive) >= 0).all()
    # An expectation is at least the probability of one purchase.
    assert (counts[1] >= 1 - nearly[1] - 1e-9).all()


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(list(MODELS)), logs=st.tuples(*[st.floats(-fitting.LIMIT, fitting.LIMIT)] * 4))
def test_likelihood_is_finite_wherever_a_fit_may_go(name: str, logs: tuple[float, ...]) -> None:
    rows = Histories(
        np.array([0.0, 0, 1, 5000, 5000, 5000]),
        np.array([0.0, 0, 0.001, 0.01, 20, 52]),
        np.array([0.0, 52, 52, 52, 52, 52]),
        np.ones(6),
    )
    value, gradient = MODELS[name]._log_likelihood(tuple(np.exp(logs)), rows)
    assert np.isfinite([value, *gradient]).all()


@pytest.mark.parametrize("model", [BGNBD(), MBGCNBDk(2), ParetoNBD()])
def test_a_fit_holds_with_5000_purchases_a_customer(model: PurchaseModel) -> None:
    drawn = observed(MODELS["MBG/NBD"], 500, seed=4)
    heavy = pd.DataFrame({"frequency": [5000, 4000, 5000], "recency": [50.0, 20.0, 51.9], "T": 52.0})
    fitted = model.fit(*columns(pd.concat([drawn, heavy], ignore_index=True)))
    assert np.isfinite([*fitted.params_.values(), fitted.log_likelihood_]).all()
    assert fitted.diagnosis_ is Diagnosis.CONVERGED


def test_silence_speaks_louder_of_regular_customers() -> None:
    # Ten purchases in 20 weeks, then none for 6: three intervals of silence.
    history = ([10], [20.0], [26.0])
    alive = [MBGCNBDk(k).at(r=2.0, alpha=4.0 / k, a=0.5, b=4.0).p_alive(*history)[0] for k in (1, 2, 4)]
    assert alive[0] > alive[1] > alive[2]


def test_forecast_intervals_hold() -> None:
    life = lives("MBG/NBD", customers=1500)
    history = columns(life)
    model = MBGNBD().fit(*history)
    forecast = model.forecast(15.0, *history, replicates=30, seed=1)
    assert forecast.expected == pytest.approx(forecast.customers["expected"].sum())
    assert forecast.low <= life["later"].sum() <= forecast.high
    inside = forecast.customers["low"].le(life["later"]) & life["later"].le(forecast.customers["high"])
    assert inside.mean() >= 0.95
    # Of the sum: wider than luck alone would make it if the parameters were known for sure, yet not without measure.
    rng = np.random.default_rng(0)
    rows = Histories(*(life[column].to_numpy(dtype=float) for column in HISTORY), np.ones(1500))
    luck = np.quantile([model._future(rng, np.full(1500, 15.0), rows).sum() for _ in range(1000)], [0.025, 0.975])
    assert 1.15 * np.diff(luck)[0] < forecast.high - forecast.low < 4 * np.diff(luck)[0]
    again = MBGNBD().fit(*history).forecast(15.0, *history, replicates=30, seed=1)
    pd.testing.assert_frame_equal(again.customers, forecast.customers)


@pytest.mark.parametrize("name", MODELS)
def test_futures_drawn_have_the_expectation(name: str) -> None:
    model = MODELS[name]
    x, t_x, T = (np.repeat(values, 40_000) for values in ([0.0, 3.0], [0.0, 15.0], [20.0, 20.0]))
    rows = Histories(x, t_x, T, np.ones_like(x))
    drawn = model._future(np.random.default_rng(2), np.full(x.size, 10.0), rows).reshape(2, -1)
    expected = model.expected_purchases(10.0, [0, 3], [0.0, 15.0], [20.0, 20.0])
    none = model.probability_of_no_purchase(10.0, [0, 3], [0.0, 15.0], [20.0, 20.0])
    assert (np.abs(drawn.mean(axis=1) - expected) < 4 * drawn.std(axis=1) / 200).all()
    assert (np.abs((drawn == 0).mean(axis=1) - none) < 4 * np.sqrt(none * (1 - none)) / 200).all()


# --- spend ------------------------------------------------------------------------------------------------------------

SPEND = GammaGamma().at(p=6.25, q=3.74, gamma=15.44)


def test_gamma_gamma_likelihood_against_the_average_over_nu() -> None:
    # One customer with mean 20 over 3 purchases; others so that there are enough to fit. Given nu, the mean of x
    # purchases is Gamma(p x, rate nu x); averaged over nu by integration.
    frequency = np.tile([1.0, 2, 3, 5, 8], 12)
    spend = SPEND.simulate(frequency, seed=1)
    model = GammaGamma().fit(frequency, spend)
    p, q, gamma = model.params_.values()
    total = 0.0
    for x, z in zip(frequency, spend, strict=True):
        mode = (p * x + q - 1) / (gamma + x * z)

        def log_density(nu: float, x: float = x, z: float = z) -> float:
            of_mean = p * x * math.log(nu * x) + (p * x - 1) * math.log(z) - nu * x * z - gammaln(p * x)
            return of_mean + q * math.log(gamma) + (q - 1) * math.log(nu) - gamma * nu - gammaln(q)

        top = log_density(mode)
        area = sum(
            quad(lambda share: math.exp(log_density(mode * share) - top), low, high)[0]  # noqa: B023 - used at once
            for low, high in itertools.pairwise((0, 0.5, 1, 2, 4, 20))
        )
        total += top + math.log(mode * area)
    assert model.log_likelihood_ == pytest.approx(total, rel=1e-7)


def test_gamma_gamma_recovers_its_parameters() -> None:
    truth = pd.Series(SPEND.params_)
    covered, independent = [], []
    for seed in range(40):
        frequency = 1 + np.random.default_rng(seed).poisson(3.0, 1000)
        model = GammaGamma().fit(frequency, SPEND.simulate(frequency, seed=seed))
        assert model.converged_
        interval = model.confidence_intervals()
        covered.append((interval["low"] <= truth) & (truth <= interval["high"]))
        independent.append(model.independence_.holds())
    assert 0.90 <= np.mean(covered) <= 0.99
    assert 0.85 <= np.mean(independent) < 1  # a true hypothesis falls in one of twenty tests


def test_dependence_of_spend_on_frequency_is_found() -> None:
    frequency = 1 + np.random.default_rng(3).poisson(3.0, 1000)
    found = GammaGamma().fit(frequency, SPEND.simulate(frequency, seed=3) * frequency**0.5).independence_
    assert not found.holds()
    assert found.elasticity == pytest.approx(0.5, abs=0.1)


def test_expected_spend_by_hand() -> None:
    # p = 2, q = 3, gamma = 8. A customer with mean 10 over 4 purchases: 2 (8 + 40) / (8 + 3 - 1) = 9.6, between 10 and
    # the mean of all, 2 * 8 / 2 = 8.
    model = GammaGamma().at(p=2, q=3, gamma=8)
    assert model.expected_spend([4, 0], [10.0, 0.0]) == pytest.approx([9.6, 8.0])
    assert model.mean_spend() == pytest.approx(8.0)
    assert np.isnan(GammaGamma().at(p=2, q=0.5, gamma=8).mean_spend())


@pytest.mark.parametrize(
    ("frequency", "spend", "message"),
    [
        ([1, 2] * 10, [5.0, -1.0] * 10, "monetary_value must be above 0"),
        ([0, 2] * 10, [5.0, 1.0] * 10, "frequency must be 1 or more"),
        ([1, 1] * 10, [5.0, 1.0] * 10, "can't carry a model"),
        ([1, 2], [5.0, 1.0], "can't carry a model"),
        ([1, 2] * 10, [5.0], "monetary_value has 1 entries"),
        ([1, 2.5] * 10, [5.0, 1.0] * 10, "whole numbers"),
    ],
)
def test_spends_that_can_not_be(frequency: list[float], spend: list[float], message: str) -> None:
    with pytest.raises(checks.KamlibError, match=message):
        GammaGamma().fit(frequency, spend)


# --- from the ledger --------------------------------------------------------------------------------------------------


def test_summary_by_hand() -> None:
    days = ["01-01", "01-01", "01-15", "02-05", "03-31", "01-08", "01-08"]
    lines = pd.DataFrame(
        {
            "customer": ["a", "a", "a", "a", "a", "b", "b"],
            "date": pd.to_datetime([f"2025-{day}" for day in days]),
            "revenue": [10.0, 20.0, 40.0, 20.0, 99.0, 5.0, -5.0],
            "order": ["1", "2", "3", "4", "6", "5", "5"],
        }
    )
    table = btyd.summary(ledger.read(lines), as_of="2025-02-26", unit="week")
    assert list(table.index) == ["a"]  # b sent everything back the same day
    a = table.loc["a"]
    # Days 1 January, 15 January, 5 February: 0, 2 and 5 weeks; 26 February is 8 weeks after the first.
    assert (a["frequency"], a["recency"], a["T"], a["purchases"]) == (2, 5.0, 8.0, 3)
    assert a["monetary_value"] == pytest.approx(90 / 3)
    assert a["log_intervals"] == pytest.approx(math.log(2) + math.log(3))
    assert (a["lines"], a["orders"], a["merged"], a["unit"]) == (4, 4, 1, "week")
    a = btyd.summary(ledger.read(lines), as_of="2025-02-26", unit="day").loc["a"]
    assert (a["recency"], a["T"], a["unit"]) == (35.0, 56.0, "day")
    with pytest.raises(checks.KamlibError, match="unit must be one of"):
        btyd.summary(ledger.read(lines), as_of="2025-02-26", unit="fortnight")


def test_nothing_given_is_changed() -> None:
    drawn = observed(MODELS["MBG/CNBD-3"], 100, seed=1)
    before = drawn.copy(deep=True)
    model = MBGCNBDk().fit(*columns(drawn), weights=np.ones(100), log_intervals=drawn["log_intervals"])
    model.forecast(5.0, *columns(drawn), replicates=2)
    model.p_alive(*columns(drawn), t=3.0)
    pd.testing.assert_frame_equal(drawn, before)
