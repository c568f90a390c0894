"""Runs as they were when all of them had had the same steps, or the same time: what came later does not count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from reportgen.analysis.axes import positions, start_time
from reportgen.errors import QueryError
from reportgen.model import AGGREGATE, Run, Runs, Series

BudgetAxis = Literal["step", "time"]


@dataclass(frozen=True)
class EqualBudget:
    """Runs cut at the same place.

    Attributes:
        runs: In their order; what only the summary has stays as it is.
        at: The last step, or the seconds since the start, that all runs reached.
        shortest: The name of the run that ends there.
    """

    runs: Runs
    axis: BudgetAxis
    at: float
    shortest: str


def equal_budget(runs: Runs, columns: Sequence[str], axis: BudgetAxis) -> EqualBudget:
    """The runs at the largest budget that all of them had in the metrics of some columns.

    Args:
        columns: Names of columns; those that are no logged metric are passed over.

    Raises:
        QueryError: No column is a metric with a history, or a run has no times.
    """
    metrics = list(dict.fromkeys(found[2] if (found := AGGREGATE.match(name)) else name.removeprefix("summary.") for name in columns))
    ends = []
    for run in runs:
        own = [end for metric in metrics if metric in run.history and (end := _end(run, run.history[metric], axis)) is not None]
        if own:
            ends.append((max(own), run.name))
        elif axis == "time" and any(metric in run.history for metric in metrics):
            raise QueryError(f"the values of '{run.name}' have no times", hint="compare at the same step")
    if not ends:
        raise QueryError("no column is a metric over steps", hint="name a logged metric in columns")
    at, shortest = min(ends)
    return EqualBudget(cut(runs, axis, at), axis, at, shortest)


def cut(runs: Runs, axis: BudgetAxis, at: float) -> Runs:
    """The runs without what they logged beyond a budget; the summaries of logged metrics go, since they are of the end."""
    return runs.in_order(_cut(run, axis, at) for run in runs)


def _cut(run: Run, axis: BudgetAxis, at: float) -> Run:
    start = start_time(run) if axis == "time" else None
    history = {}
    for key, series in run.history.items():
        kept = positions(run, series, axis, start)[0] <= at
        history[key] = series if kept.all() else Series(key, series.step[kept], series.time[kept], series.value[kept])
    summary = {key: value for key, value in run.summary.items() if key not in run.history and key.rpartition(".")[0] not in run.history}
    return replace(run, history=history, summary=summary)


def _end(run: Run, series: Series, axis: BudgetAxis) -> float | None:
    """Where the last finite value of a metric stands."""
    at = positions(run, series, axis)[0][np.isfinite(series.value)]
    at = at[np.isfinite(at)]
    return float(at.max()) if len(at) else None
