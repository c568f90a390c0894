"""What a sweep optimises: the objectives of its study, else the metric that says most of its runs."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from reportgen.errors import QueryError
from reportgen.model import Goal, Run, Runs, goal_of, number

_HELD_OUT = re.compile(r"(?<![a-z])(val|valid|validation|test|eval|evaluation|dev|heldout)(?![a-z])")
_EFFORT = re.compile(r"(?<![a-z])(time|seconds|runtime|duration|latency|memory|cost)(?![a-z])")


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


def main_metric(runs: Runs) -> str:
    """The metric that says most of the results of these runs and that at least half of them have, or ""."""
    ranked = sorted((interest(key, run), key) for run in runs for key in run.history)
    for key in dict.fromkeys(key for _, key in ranked):
        if runs.goal(key) and 2 * len(ranking(runs, key)) >= len(runs):
            return key
    return ""


def ranking(runs: Runs, key: str) -> Runs:
    """The runs with a finite value of a metric, best first; none when nothing says what is better."""
    try:
        return runs.top(len(runs), key)
    except QueryError:
        return Runs()


def interest(key: str, run: Run) -> tuple[bool, bool, bool, bool, str]:
    """Sorts metrics by how much they say of the result: those with a direction, held-out data, scores before losses."""
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", key).lower()
    goal = goal_of(key, (run,))
    return goal is None, bool(_EFFORT.search(words)), not _HELD_OUT.search(words), goal != "max", key


def value_of(run: Run, column: str) -> float:
    """A finite value of a run, else NaN."""
    value = number(run[column])
    return value if value is not None and math.isfinite(value) else math.nan
