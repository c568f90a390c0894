"""What a sweep optimises: the objectives of its study, else the metric that says most of its runs."""

from __future__ import annotations

import math
from dataclasses import dataclass

from reportgen.analysis.main_metric import main_metric
from reportgen.model import Goal, Run, Runs, number


@dataclass(frozen=True)
class Objective:
    """A column of the runs that is to be made small ("min") or large ("max")."""

    column: str
    goal: Goal

    @property
    def sign(self) -> float:
        """What values are multiplied by so that less is better."""
        return 1.0 if self.goal == "min" else -1.0


def objectives_of(runs: Runs) -> tuple[Objective, ...]:
    """The objectives of a sweep: those of its study, in its order, else the main metric; none when nothing tells what is better.

    A study defines its objectives with a goal, and they have no history: what was reported while a trial ran is a metric of
    its own.
    """
    defined = {one.key: one.goal for run in runs for one in run.metrics if one.goal and not any(sign in one.key for sign in "*?[")}
    there = {key for run in runs for key in run.summary}
    logged = {key for run in runs for key in run.history}
    of_study = [Objective(key, goal) for key, goal in defined.items() if goal and key in there and key not in logged]
    if of_study:
        return tuple(of_study)
    metric = main_metric(runs)
    goal = runs.goal(metric) if metric else None
    return (Objective(metric, goal),) if goal else ()


def value_of(run: Run, column: str) -> float:
    """A finite value of a run, else NaN."""
    value = number(run[column])
    return value if value is not None and math.isfinite(value) else math.nan
