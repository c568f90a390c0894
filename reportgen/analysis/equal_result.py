"""What the same result cost: the steps and the time that each run took to the best value that all of them reached."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from reportgen.analysis.axes import start_time
from reportgen.errors import QueryError
from reportgen.model import Goal, Run, Runs, Value


@dataclass(frozen=True)
class EqualResult:
    """A result that all runs of a comparison reached.

    Attributes:
        level: The best value that every run had reached at some time.
        last: The name of the run whose best it is.
    """

    metric: str
    goal: Goal
    level: float
    last: str

    @property
    def steps(self) -> str:
        """The column with the step at which a run first had the result."""
        return f"steps to {self.metric} {self.level:.4g}"

    @property
    def seconds(self) -> str:
        """The column with the seconds from a run's start until then."""
        return f"seconds to {self.metric} {self.level:.4g}"

    def told(self, runs: Runs) -> Runs:
        """The runs with the two columns; a run that never had the result has neither, one without times not the seconds."""
        return runs.in_order(replace(run, summary={**run.summary, **self._cost(run)}) for run in runs)

    def _cost(self, run: Run) -> dict[str, Value]:
        series = run.history.get(self.metric)
        if series is None:
            return {}
        with np.errstate(invalid="ignore"):
            reached = np.flatnonzero(series.value >= self.level if self.goal == "max" else series.value <= self.level)
        if not len(reached):
            return {}
        seconds = float(series.time[reached[0]]) - start_time(run)
        return {self.steps: int(series.step[reached[0]]), **({self.seconds: seconds} if math.isfinite(seconds) else {})}


def equal_result(runs: Runs, metric: str, goal: Goal) -> EqualResult:
    """The best value that all runs with the metric reached.

    Raises:
        QueryError: No run has a finite value of the metric over steps.
    """
    best = np.max if goal == "max" else np.min
    bests = [(float(best(series.finite)), run.name) for run in runs if (series := run.history.get(metric)) and len(series.finite)]
    if not bests:
        raise QueryError(f"no run has values of '{metric}' over steps", hint="name a logged metric in columns")
    level, last = min(bests) if goal == "max" else max(bests)
    return EqualResult(metric, goal, level, last)
