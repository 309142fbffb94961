"""Print time and error of the exact loss distribution, and how long a simulation would take to come as close.

Run it on an idle machine: python benchmarks/exposure.py. 10,000 accounts with Pareto-distributed stakes, eight
sectors, both factor levels. The reference has 16 times as many points and half the distance between nodes.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np

from kamlib import exposure
from kamlib.exposure import windows

ACCOUNTS, SECTORS, LEVEL = 10_000, 8, 0.99
REPEATS, DRAWS = 5, 20_000


def main() -> None:
    """Run the benchmark and print its figures."""
    rng = np.random.default_rng(0)
    inputs: dict[str, Any] = {
        "stake": 1000 * (rng.pareto(1.3, ACCOUNTS) + 0.05),
        "p_loss": rng.beta(1, 9, ACCOUNTS),
        "sector": rng.integers(0, SECTORS, ACCOUNTS),
    }
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        law = exposure.loss_distribution(**inputs, correlation=0.1, sector_correlation=0.1)
        risk = law.value_at_risk(LEVEL)
        seconds.append(time.perf_counter() - start)
    fine = windows.windows(windows.Nodes.of(law.portfolio, refine=2), steps=16 * windows.STEPS)[0]
    exact = fine.step * int(np.searchsorted(fine.cumulative, LEVEL))
    error = abs(risk / exact - 1)
    print(f"{ACCOUNTS:,} accounts, the largest {inputs['stake'].max() / inputs['stake'].sum():.1%} of all stakes")
    print(f"law and value at risk  {statistics.median(seconds):8.2f} s   off the converged reference by {error:.4%}")

    start = time.perf_counter()
    parts = law.contributions(LEVEL)
    gap = parts["expected_shortfall"].sum() / law.expected_shortfall(LEVEL) - 1
    print(f"contributions          {time.perf_counter() - start:8.2f} s   their sum is off by {gap:.0e}")

    start = time.perf_counter()
    drawn = law.simulate(DRAWS, seed=1)
    spent = time.perf_counter() - start
    # The standard error of a quantile is sqrt(a (1 - a) / n) / density; the density is read off the exact law.
    above = [law.probability_above(exact * (1 - 0.01)), law.probability_above(exact * (1 + 0.01))]
    density = (above[0] - above[1]) / (0.02 * exact)
    relative = np.sqrt(LEVEL * (1 - LEVEL) / DRAWS) / density / exact
    seen = abs(float(np.quantile(drawn, LEVEL)) / exact - 1)
    print(f"{DRAWS:,} draws           {spent:8.2f} s   standard error {relative:.2%}, this one is off by {seen:.2%}")
    for target in (error, 0.001):
        needed = spent * (relative / target) ** 2
        times = needed / statistics.median(seconds)
        print(f"to a standard error of {target:.4%} it would take {needed:,.0f} s, {times:,.0f} times as long")


if __name__ == "__main__":
    main()
