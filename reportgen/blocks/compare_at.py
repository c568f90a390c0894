"""The option `at` of `compare`: the runs as they were at the same step or time, or what the same result cost them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from reportgen.analysis.column_format import duration_text
from reportgen.analysis.comparison import resolve
from reportgen.analysis.equal_budget import BudgetAxis, cut, equal_budget
from reportgen.analysis.equal_result import equal_result
from reportgen.errors import QueryError
from reportgen.model import Goal, Runs
from reportgen.words import _

At = Literal["step", "time", "result"]


@dataclass(frozen=True)
class Taken:
    """What is compared, and where it was taken.

    Attributes:
        among: All runs of the report, in which names and repeats are looked up.
        said: Where, in a few words.
    """

    runs: Runs
    among: Runs
    columns: Sequence[str]
    goals: Mapping[str, Goal | None]
    said: str = ""


def taken(at: At | None, runs: Runs, among: Runs, columns: Sequence[str], goals: Mapping[str, Goal | None]) -> Taken:
    """The runs and columns that a comparison is made of.

    Raises:
        QueryError: A name fits no column; no column is a metric over steps; runs without times.
    """
    if at is None:
        return Taken(runs, among, columns, goals)
    if at == "result":
        return _at_result(runs, among, resolve(among, columns), goals)
    return _at_budget(at, runs, among, columns, goals)


def _at_budget(axis: BudgetAxis, runs: Runs, among: Runs, columns: Sequence[str], goals: Mapping[str, Goal | None]) -> Taken:
    budget = equal_budget(runs, resolve(among, columns), axis)
    if axis == "time":
        said = _("after {time}, where {run} ends").format(time=duration_text(budget.at), run=budget.shortest)
    else:
        said = _("at step {step}, where {run} ends").format(step=f"{budget.at:,.0f}", run=budget.shortest)
    return Taken(budget.runs, cut(among, axis, budget.at), columns, goals, said)


def _at_result(runs: Runs, among: Runs, columns: Sequence[str], goals: Mapping[str, Goal | None]) -> Taken:
    metric = next((name for name in columns if any(name in run.history for run in runs)), None)
    if metric is None:
        raise QueryError("no column is a metric over steps", hint="name a logged metric in columns")
    goal = next((given for name, given in goals.items() if among.column(name) == metric), None) or among.goal(metric)
    if goal is None:
        raise QueryError(f"nothing says whether more or less of '{metric}' is better", hint=f"write goals: {{{metric}: max}}")
    result = equal_result(runs, metric, goal)
    told = result.told(runs)
    costs = [name for name in (result.steps, result.seconds) if any(name in run.summary for run in told)]
    shown = [name for name in columns if not any(name in run.history for run in runs)]
    level = f"{result.level:.4g}"
    said = _("until {metric} was {level}, the best of {run}").format(metric=metric, level=level, run=result.last)
    return Taken(told, result.told(among), [*shown, *costs], {**goals, **dict.fromkeys(costs, "min")}, said)
