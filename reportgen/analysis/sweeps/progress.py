"""How a search went: the best so far, the distribution of its results, and when each trial ran."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.sweeps.trials import Trials
from reportgen.model import Run, State


@dataclass(frozen=True, eq=False)
class BestSoFar:
    """The best value after each trial, for one objective.

    Attributes:
        trial: The place of each trial that counts among all trials, from 0, int64, shape (n,).
        ended: When it ended, in seconds since the first trial began, shape (n,); NaN where the log does not say.
        value, best: What it reached, and the best up to it in the order of `trial`, shape (n,).
        improved: Whether it was better than all before, shape (n,).
    """

    trial: NDArray[np.int64]
    ended: NDArray[np.float64]
    value: NDArray[np.float64]
    best: NDArray[np.float64]
    improved: NDArray[np.bool_]


def best_so_far(trials: Trials, objective: int = 0) -> BestSoFar:
    """The best value up to each trial that counts."""
    where = np.flatnonzero(trials.counted)
    value = trials.values[where, objective]
    sign = trials.objectives[objective].sign
    best = np.minimum.accumulate(value * sign) * sign if len(value) else value
    improved = np.concatenate([[True], np.diff(best) != 0]) if len(value) else np.zeros(0, dtype=bool)
    begin = beginning(trials)
    ended = np.array([_seconds(trials.runs[int(i)], begin) for i in where], dtype=np.float64)
    return BestSoFar(where.astype(np.int64), ended, value, best, improved)


def over_time(progress: BestSoFar, sign: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The best so far in the order in which trials ended: seconds and values, both of shape (m,), of those whose end is known."""
    known = np.flatnonzero(np.isfinite(progress.ended))
    order = known[np.argsort(progress.ended[known], kind="stable")]
    if not len(order):
        return np.empty(0), np.empty(0)
    return progress.ended[order], np.minimum.accumulate(progress.value[order] * sign) * sign


def empirical_distribution(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The empirical distribution function at each distinct finite value: the values, ascending, and the share of values up to each."""
    finite = values[np.isfinite(values)]
    at, times = np.unique(finite, return_counts=True)
    return at, np.cumsum(times) / max(1, len(finite))


@dataclass(frozen=True)
class Bar:
    """When a trial ran.

    Attributes:
        row: Which lane it is drawn in, from 0: trials at the same time are in different lanes.
        start, end: In seconds since the first trial began.
    """

    run: str
    row: int
    start: float
    end: float
    state: State


@dataclass(frozen=True)
class Timeline:
    """Trials over time. `without` trials have no known start; of `open_ended` the end is not known and that of the sweep is taken."""

    bars: tuple[Bar, ...]
    lanes: int
    without: int
    open_ended: int

    @property
    def seconds(self) -> float:
        """From the first start to the last end."""
        return max((bar.end for bar in self.bars), default=0.0)

    @property
    def busy(self) -> float:
        """The seconds of all trials together."""
        return sum(bar.end - bar.start for bar in self.bars)


def timeline(trials: Trials) -> Timeline:
    """When the trials ran, each in the first lane that is free at its start."""
    begin = beginning(trials)
    known = [run for run in trials.runs if run.started is not None]
    last = max((_seconds(run, begin) for run in known if run.ended), default=0.0)
    last = max(last, *(_start(run, begin) for run in known)) if known else last
    free: list[float] = []
    bars = []
    for run in sorted(known, key=lambda run: _start(run, begin)):
        start = _start(run, begin)
        end = max(_seconds(run, begin), start) if run.ended else last
        row = next((i for i, until in enumerate(free) if until <= start), len(free))
        free[row : row + 1] = [max(end, start + 1e-9)]
        bars.append(Bar(run.id, row, start, end, run.state))
    return Timeline(tuple(bars), len(free), len(trials) - len(known), sum(run.ended is None for run in known))


def beginning(trials: Trials) -> float:
    """When the first trial began, epoch seconds; NaN when no log says."""
    return min((run.started.timestamp() for run in trials.runs if run.started), default=math.nan)


def _start(run: Run, begin: float) -> float:
    return run.started.timestamp() - begin if run.started else math.nan


def _seconds(run: Run, begin: float) -> float:
    return run.ended.timestamp() - begin if run.ended else math.nan
