"""Where a value stands on the x axis: at its step, its time, or another metric of the same step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reportgen.model import Run, Series

AxisKind = Literal["step", "time", "wall", "metric"]
WORDS: tuple[AxisKind, ...] = ("step", "time", "wall")
"""What `x` may be besides a metric: the run's step, seconds since its start, or the clock."""


@dataclass(frozen=True, eq=False)
class Trace:
    """One metric of one run along the x axis.

    Attributes:
        run: The run's id.
        x: Ascending, finite, shape (n,): steps, seconds since the start, epoch seconds, or values of a metric.
        y: Values, shape (n,); non-finite ones are gaps.
        interpolated: The x metric was logged at other steps, so that positions lie between its own.
        left_out: How many logged values have no place on the axis.
    """

    run: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    interpolated: bool = False
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.x)

    @property
    def non_finite(self) -> int:
        """How many values are gaps."""
        return int(np.count_nonzero(~np.isfinite(self.y)))

    @property
    def last(self) -> float:
        """The last finite value, or NaN."""
        finite = self.y[np.isfinite(self.y)]
        return float(finite[-1]) if len(finite) else float("nan")


def default_axis(runs: Sequence[Run], key: str) -> str:
    """The step metric that the tracker was told to draw `key` over, when every run that has both agrees; else "step"."""
    told = set()
    for run in runs:
        if key in run.history:
            defined = run.definition(key)
            step_metric = defined.step_metric if defined else None
            told.add(step_metric if step_metric in run.history and step_metric != key else None)
    return next(iter(told)) or "step" if len(told) == 1 else "step"


def trace(run: Run, key: str, x: str) -> Trace | None:
    """The metric `key` of a run along `x`: "step", "time" (seconds since the start), "wall" (epoch seconds) or a metric.

    A metric as axis gives its value at the same step. Where it was never logged at the same steps (an epoch that is
    logged after its batches), its values are interpolated over the steps between its first and its last one; nothing
    is extrapolated.

    Returns:
        The trace in ascending x (equal positions in logged order), or None when the run has no such metric.
    """
    series = run.history.get(key)
    if series is None:
        return None
    at, interpolated = positions(run, series, x)
    placed = np.flatnonzero(np.isfinite(at))
    order = placed[np.argsort(at[placed], kind="stable")]
    return Trace(run.id, at[order], series.value[order], interpolated, len(series) - len(placed))


def positions(run: Run, series: Series, x: str, start: float | None = None) -> tuple[NDArray[np.float64], bool]:
    """Where each value of one of the run's metrics stands along `x`, in logged order (see `trace`).

    Args:
        start: `start_time(run)`, where the caller knows it.

    Returns:
        Positions, shape (n,), NaN for a value that has no place, and whether they were interpolated.
    """
    if x == "step":
        return series.step.astype(np.float64), False
    if x == "wall":
        return series.time, False
    if x == "time":
        return series.time - (start_time(run) if start is None else start), False
    if x not in run.history:
        return np.full(len(series), np.nan), False
    return _metric_at(run.history[x], series.step)


def start_time(run: Run) -> float:
    """When the run began, epoch seconds: its own start, but never after its first logged value; NaN when unknown."""
    logged = [float(np.nanmin(one.time)) for one in run.history.values() if np.isfinite(one.time).any()]
    first = min(logged, default=float("nan"))
    return min(run.started.timestamp(), first) if run.started and logged else first


def _metric_at(axis: Series, steps: NDArray[np.int64]) -> tuple[NDArray[np.float64], bool]:
    """The axis metric's value at each step, shape of `steps`, NaN where it has none; and whether it was interpolated."""
    finite = np.isfinite(axis.value)
    known, values = axis.step[finite], axis.value[finite]
    if not len(known) or not len(steps):
        return np.full(len(steps), np.nan), False
    order = np.argsort(known, kind="stable")
    known, values = known[order], values[order]
    place = np.clip(np.searchsorted(known, steps, side="right") - 1, 0, None)
    same = known[place] == steps
    if same.any():
        return np.where(same, values[place], np.nan), False
    return np.interp(steps.astype(np.float64), known.astype(np.float64), values, left=np.nan, right=np.nan), True


def without(one: Trace, wrong: NDArray[np.bool_]) -> Trace:
    """The trace with some of its points removed (`wrong`, shape (n,))."""
    return replace(one, x=one.x[~wrong], y=one.y[~wrong], left_out=one.left_out + int(wrong.sum()))
