"""What a report costs: each step beside plain pandas doing the same, in one run on this machine.

Run with ``python benchmarks/report.py [online_retail_2011.parquet]``; without a file, the shipped company is read.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kamlib import concentration, customers, datasets, ledger, report

if TYPE_CHECKING:
    from collections.abc import Callable


def seconds(task: Callable[[], object], repeats: int = 3) -> float:
    """Return the shortest of several runs: what else the machine does only ever adds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return min(times)


def command(*arguments: str) -> float:
    return seconds(lambda: subprocess.run(arguments, check=True, capture_output=True))


def main() -> None:
    own = [str(Path(sys.argv[1]))] if len(sys.argv) > 1 else []  # without one, as a user has the shipped company
    path = Path(own[0]) if own else datasets.company_path()
    bare, loaded = command(sys.executable, "-c", "pass"), command(sys.executable, "-c", "import kamlib")
    print(f"import kamlib, beyond the interpreter's start: {loaded - bare:6.3f} s")
    book = ledger.read(path)
    rows = book.audit.rows_read
    read = seconds(lambda: ledger.read(path))
    plain = seconds(lambda: pd.read_parquet(path))
    print(f"read {rows:,} rows, recognised and audited:     {read:6.2f} s  ({read / plain:.1f} x pandas.read_parquet)")
    table = seconds(lambda: customers.table(book, as_of=book.last_day))
    print(f"one row per account, {book.audit.counts['accounts']:,} accounts:        {table:6.2f} s")
    revenue = customers.table(book, as_of=book.last_day)["revenue"].clip(lower=0)
    fast = seconds(lambda: concentration.indices(revenue, resamples=200))
    slow = seconds(lambda: naive(revenue.to_numpy()), 1)
    print(f"14 indices, 200 resamples:                    {fast:6.3f} s  ({slow / fast:.0f} x as fast as one by one)")
    with tempfile.TemporaryDirectory() as folder:
        kam = str(Path(sys.executable).parent / "kam")
        cold = command(kam, "report", *own, "--out", f"{folder}/out")
        print(f"kam report, cold start to written folder:     {cold:6.1f} s")
        whole = ledger.read(path) if own else datasets.read()
        costs = None if own else datasets.fixed_costs(as_of=whole.last_day)
        built = report.build(whole, as_of=whole.last_day, fixed_costs=costs)
        written = seconds(lambda: report.write(built, f"{folder}/x"), 1)
        print(f"  of which deck, charts, page, workbook:      {written:6.1f} s")


def naive(values: object) -> None:
    """Resample and reckon each index by itself, as one would write it first."""
    import numpy as np

    rng = np.random.default_rng(0)
    positive = np.asarray(values)[np.asarray(values) > 0]
    for _ in range(200):
        drawn = rng.choice(positive, positive.size)
        for index in (concentration.gini, concentration.hhi, concentration.top_share, concentration.theil):
            index(drawn)
        for count in (1, 5, 10):
            concentration.top_share(drawn, count=count)
        concentration.customers_for(drawn)
        concentration.hall_tideman(drawn)
        concentration.hannah_kay(drawn, alpha=1.5)


if __name__ == "__main__":
    main()
