"""The bootstrap of an interquartile mean beside rliable's on the same scores. A script, not a test.

    python tests/bench/statistics_rliable.py [--resamples 10000]

For each size it prints both values with their 95 % intervals (percentiles of as many resamples), the processor seconds of both and
their ratio; then how often the intervals that reportgen shows hold the truth, beside plain percentiles, for few runs drawn from known
distributions.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "statistics"))

from rliable_peer import rliable

from reportgen.analysis.statistics import Sample, aggregate, estimate, resampled
from reportgen.analysis.statistics.resampling import interval

_SIZES = ((5, 1), (5, 10), (10, 26), (10, 57))
_TRUTH = {"normal": 0.0, "exponential": 0.7383760}
"""The interquartile mean of each distribution; of the exponential by quadrature of its quantiles from 1/4 to 3/4."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resamples", type=int, default=10_000)
    parser.add_argument("--repetitions", type=int, default=1_000)
    options = parser.parse_args()
    library, metrics = rliable()
    print("runs × tasks       rliable                    reportgen              seconds          ratio")
    for runs, tasks in _SIZES:
        values = np.random.default_rng(runs * tasks).lognormal(size=(runs, tasks))
        sample = Sample.of_tasks({f"{j:02}": values[:, j].tolist() for j in range(tasks)})
        np.random.seed(0)
        theirs, first = timed(
            lambda values=values: library.get_interval_estimates(
                {"": values}, lambda one: np.array([metrics.aggregate_iqm(one)]), reps=options.resamples
            )
        )
        ours, second = timed(lambda sample=sample: interval(resampled(sample, "iqm", options.resamples), 0.95))
        low, high = theirs[1][""].ravel()
        shown = f"{theirs[0][''].item():8.4f} ({low:.3f}–{high:.3f})  {aggregate(sample, 'iqm'):8.4f} ({ours[0]:.3f}–{ours[1]:.3f})"
        print(f"{runs:4} × {tasks:<4} {shown}  {first:7.2f} {second:7.3f}  {first / second:7.1f}")
    print("\ncoverage of 95 % intervals of the interquartile mean\nruns  distribution   percentile  reportgen")
    for name, truth in _TRUTH.items():
        for runs in (5, 10, 20):
            held = coverage(name, truth, runs, options.repetitions)
            print(f"{runs:4}  {name:12}   {held[0]:10.3f}  {held[1]:9.3f}")


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    """The result and the processor seconds."""
    begin = time.process_time()
    return act(), time.process_time() - begin


def coverage(name: str, truth: float, runs: int, repetitions: int) -> tuple[float, float]:
    """How often the plain percentile interval and the one that is shown hold the truth."""
    rng = np.random.default_rng(runs)
    plain = shown = 0
    for _ in range(repetitions):
        sample = Sample.of(rng.normal(size=runs) if name == "normal" else rng.exponential(size=runs))
        low, high = interval(resampled(sample, "iqm", 2_000), 0.95)
        plain += low <= truth <= high
        found = estimate(sample, "iqm")
        shown += found.low <= truth <= found.high
    return plain / repetitions, shown / repetitions


if __name__ == "__main__":
    main()
