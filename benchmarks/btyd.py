"""Print speed, memory, likelihood and coverage of the buy-till-you-die models, side by side with lifetimes.

Run it on an idle machine: python benchmarks/btyd.py ../shared/data --lifetimes PYTHON. lifetimes 0.11.3 needs an older
pandas than kamlib, so it lives in an environment of its own, whose interpreter is named:

    python3 -m venv peer && peer/bin/pip install lifetimes==0.11.3 "numpy<2" "pandas<2.1" "scipy<1.12"

Both get the same arrays and one thread; both likelihoods are recomputed here by one function that is neither's. With
--coverage, 200 simulated data sets are fitted to each model to count how often the 95 % intervals cover the truth.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.special import betaln, gammaln, hyp2f1, logsumexp
from threadpoolctl import threadpool_limits

from kamlib.btyd import BGNBD, MBGNBD, BGCNBDk, MBGCNBDk, ParetoNBD

if TYPE_CHECKING:
    from collections.abc import Callable

    from kamlib.btyd import PurchaseModel

REPEATS = 5
MOST = 5_000  # purchases of one customer
PEER = """
import json, resource, statistics, sys, time
import lifetimes, numpy
rows, name, seconds = numpy.load(sys.argv[1]), sys.argv[2], []
for _ in range(int(sys.argv[3])):
    fitter = lifetimes.BetaGeoFitter() if name == "BG/NBD" else lifetimes.ParetoNBDFitter()
    start = time.perf_counter()
    fitter.fit(rows["x"], rows["t_x"], rows["T"])
    seconds.append(time.perf_counter() - start)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
print(json.dumps([statistics.median(seconds), list(fitter.params_), peak]))
"""
MODELS: tuple[PurchaseModel, ...] = (
    BGNBD().at(r=0.5, alpha=5.0, a=0.8, b=2.5),
    MBGNBD().at(r=0.8, alpha=5.0, a=0.6, b=2.0),
    BGCNBDk(2).at(r=0.8, alpha=3.0, a=0.8, b=2.5),
    MBGCNBDk(3).at(r=1.4, alpha=2.0, a=0.5, b=2.5),
    ParetoNBD().at(r=0.6, alpha=8.0, s=0.8, beta=12.0),
)


def main() -> None:
    """Run all benchmarks and print their figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with cdnow_master.parquet")
    parser.add_argument("--lifetimes", metavar="PYTHON", help="interpreter of an environment that has lifetimes")
    parser.add_argument("--coverage", action="store_true", help="200 simulated data sets a model")
    arguments = parser.parse_args()
    if arguments.lifetimes is None:
        print("No interpreter with lifetimes is named (--lifetimes), so its columns are missing.")
    for end in ("1997-09-30", "1998-06-30"):
        rows = cdnow(arguments.data / "cdnow_master.parquet", end)
        print(f"\nCDNOW, {len(rows):,} customers, weeks to {end}")
        side_by_side(rows, ("BG/NBD", "Pareto/NBD"), arguments.lifetimes)
    before = peak()
    lengths = np.random.default_rng(0).uniform(20, 40, 1_000_000)
    rows = BGNBD().at(r=0.243, alpha=4.414, a=0.793, b=2.426).simulate(lengths, seed=0)
    distinct = len(rows[["frequency", "recency", "T"]].drop_duplicates())
    print(f"\nsimulated, {len(rows):,} customers, {distinct:,} of them distinct")
    gc.collect()
    side_by_side(rows, ("BG/NBD",), arguments.lifetimes)
    print(f"peak memory of kamlib's process {peak():.2f} GB, {before:.2f} GB before the million was drawn")
    frequent()
    if arguments.coverage:
        coverage(200)


def cdnow(path: Path, end: str) -> pd.DataFrame:
    """Return frequency, recency and T in weeks at ``end``."""
    days = pd.read_parquet(path).query("date <= @end").drop_duplicates(["customer_id", "date"])
    by = days.groupby("customer_id")["date"]
    first, last = by.min(), by.max()
    columns = {"recency": (last - first).dt.days / 7, "T": (pd.Timestamp(end) - first).dt.days / 7}
    return pd.DataFrame({"frequency": by.size() - 1} | columns)


def side_by_side(rows: pd.DataFrame, names: tuple[str, ...], peer: str | None) -> None:
    """Time the fits of each model, and print the likelihood by one independent function."""
    x, t_x, T = (rows[name].to_numpy(dtype=float) for name in ("frequency", "recency", "T"))
    judge = {"BG/NBD": bg_log_likelihood, "Pareto/NBD": pareto_log_likelihood}
    ours = {"BG/NBD": BGNBD, "Pareto/NBD": ParetoNBD}
    for name in names:
        with threadpool_limits(1):
            seconds, fitted = timed(lambda name=name: ours[name]().fit(x, t_x, T), REPEATS)
        value = judge[name](tuple(fitted.params_.values()), x, t_x, T)
        print(f"{name:12s} kamlib    {seconds:8.3f} s   log-likelihood {value:16.4f}   {fitted.diagnosis_}")
        if peer is not None:
            slower, params, held = lifetimes_fit(peer, name, {"x": x, "t_x": t_x, "T": T})
            other = judge[name](params, x, t_x, T)
            print(
                f"{name:12s} lifetimes {slower:8.3f} s   log-likelihood {other:16.4f}   its process held {held:.2f} GB"
            )
            print(f"{name:12s} {slower / seconds:.0f} times as fast, log-likelihood {value - other:+.1e}")


def timed(run: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Return the median of the seconds it takes, and what it returns."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds), result


def lifetimes_fit(python: str, name: str, arrays: dict[str, Any]) -> tuple[float, tuple[float, ...], float]:
    """Fit the same model by lifetimes in its own environment; return seconds, parameters and peak memory in GB."""
    repeats = 1 if len(arrays["x"]) > 100_000 or name == "Pareto/NBD" else 3
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.npz"
        np.savez(path, **arrays)
        done = subprocess.run(
            [python, "-W", "ignore", "-c", PEER, str(path), name, str(repeats)],
            env=os.environ | {"OMP_NUM_THREADS": "1"}, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
    seconds, params, held = json.loads(done.stdout)
    return seconds, tuple(params), held


def bg_log_likelihood(params: tuple[float, ...], x: Any, t_x: Any, T: Any) -> float:
    """Return the log-likelihood of Fader, Hardie & Lee 2005, equation 6, in the data's own unit of time."""
    r, alpha, a, b = params
    alive = -(r + x) * np.log(alpha + T)
    stopped = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + t_x), -np.inf)
    each = betaln(a, b + x) - betaln(a, b) + gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    return float((each + logsumexp([alive, stopped], axis=0)).sum())


def pareto_log_likelihood(params: tuple[float, ...], x: Any, t_x: Any, T: Any) -> float:
    """Return the log-likelihood of Fader & Hardie 2005 with Gauss' hypergeometric function, in logarithms."""
    r, alpha, s, beta = params
    larger, smaller, power = max(alpha, beta), min(alpha, beta), r + s + x
    upper = s + 1 if alpha >= beta else r + x

    def log_term(t: Any) -> Any:
        z = (larger - smaller) / (larger + t)
        return np.log(hyp2f1(power, upper, power + 1, z)) - power * np.log(larger + t)

    first, last = log_term(t_x), log_term(T)
    with np.errstate(divide="ignore"):  # who bought on the last day can't have stopped before it
        stopped = np.log(s / power) + first + np.log(-np.expm1(np.minimum(last - first, 0.0)))
    alive = -(r + x) * np.log(alpha + T) - s * np.log(beta + T)
    each = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
    return float((each + np.logaddexp(alive, stopped)).sum())


def frequent() -> None:
    """Print whether all stays finite where one customer bought up to 5,000 times among others who rarely did."""
    print(f"\ncustomers with up to {MOST:,} purchases")
    x = np.array([0, 1, 10, 100, 1_000, MOST], dtype=float)
    for model in MODELS:
        rows = model.simulate(np.full(2_000, 78.0), seed=0)
        many = [np.concatenate([rows[name], extra]) for name, extra in
                (("frequency", x), ("recency", np.where(x > 0, 60.0, 0.0)), ("T", np.full(x.size, 78.0)))]  # fmt: skip
        fitted = model.at(**model.params_).fit(*many)
        figures = [
            fitted.p_alive(*many),
            fitted.expected_purchases(26.0, *many),
            fitted.probability_of_no_purchase(26.0, *many),
            [fitted.log_likelihood_, *fitted.params_.values(), *fitted.standard_errors_.values()],
        ]
        finite = all(np.isfinite(figure).all() for figure in figures)
        print(f"{type(model).__name__:10s} {'finite everywhere' if finite else 'NOT FINITE'}   {fitted.diagnosis_}")


def coverage(sets: int) -> None:
    """Print how often the 95 % intervals of each model's parameters cover the truth."""
    print(f"\ncoverage of 95 % intervals, {sets} data sets of 2,000 customers")
    for model in MODELS:
        truth, covered = pd.Series(model.params_), []
        for seed in range(sets):
            drawn = model.simulate(np.random.default_rng(seed + 1000).uniform(30, 60, 2000), seed=seed)
            fitted = model.at(**model.params_).fit(drawn["frequency"], drawn["recency"], drawn["T"])
            interval = fitted.confidence_intervals()
            covered.append((interval["low"] <= truth) & (truth <= interval["high"]))
        shares = np.mean(covered, axis=0)
        each = "  ".join(f"{name} {share:.1%}" for name, share in zip(model.names, shares, strict=True))
        print(f"{type(model).__name__:10s} {np.mean(covered):.1%}   {each}")


def peak() -> float:
    """Return the most memory that the process has held, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
