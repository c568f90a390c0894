"""The page of all runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from reportgen.analysis.column_format import column_format
from reportgen.blocks.links import run_link
from reportgen.blocks.runs import runs_table
from reportgen.charts.style import ChartStyle
from reportgen.errors import QueryError
from reportgen.model import Runs, State, number
from reportgen.site.contexts import RunsContext
from reportgen.site.pages.facts import readable
from reportgen.site.pages.lead import interest

_COLUMNS, _METRICS = 9, 3
_BROKEN: tuple[State, ...] = ("failed", "crashed", "killed")


def runs_page(runs: Runs, *, base: Mapping[str, Any], style: ChartStyle) -> RunsContext:
    """All that the template of the runs page shows; `base` is the fields of `PageContext` but title and description."""
    root = base["root"]
    metric = main_metric(runs)
    table = runs_table(runs, _columns(runs, metric), root=root, style=style, sort=metric)
    lead = Markup(" ").join(part for part in (_best(runs, metric, root, style), _states(runs)) if part)
    return RunsContext(**base, title="Runs", description=lead.striptags(), lead=lead, table=table, run_count=len(runs))


def main_metric(runs: Runs) -> str:
    """The metric that says most of the results of these runs and that at least half of them have, or ""."""
    ranked = sorted((interest(key, run), key) for run in runs for key in run.history)
    for key in dict.fromkeys(key for _, key in ranked):
        if runs.goal(key) and 2 * len(_ranking(runs, key)) >= len(runs):
            return key
    return ""


def _ranking(runs: Runs, key: str) -> Runs:
    try:
        return runs.top(len(runs), key)
    except QueryError:
        return Runs()


def _best(runs: Runs, metric: str, root: str, style: ChartStyle) -> Markup:
    """“sweep-07 is the best of 24 runs: val/acc 0.964, 0.002 ahead of sweep-22.”"""
    if not metric:
        return Markup("No metric tells which of these runs is the best.") if len(runs) > 1 else Markup("")
    ranked = _ranking(runs, metric)
    values = [value for run in ranked if (value := number(run[runs.column(metric)])) is not None]
    written = column_format(metric, values, metric=True, goal=runs.goal(metric))
    first = run_link(ranked[0], root, style.colour(ranked[0].id))
    key, shown = readable(metric), written.text(values[0])
    if len(runs) == 1:
        return Markup("{} ended at {} <strong>{}</strong>.").format(first, key, shown)
    said = Markup("{} is the best of {} runs: {} <strong>{}</strong>").format(first, len(runs), key, shown)
    if len(values) == 1:
        return Markup("{}; no other run has a finite value.").format(said)
    second = run_link(ranked[1], root, style.colour(ranked[1].id))
    ahead = abs(values[0] - values[1])
    if ahead == 0:
        return Markup("{}, level with {}.").format(said, second)
    return Markup("{}, {} ahead of {}.").format(said, written.spread(ahead), second)


def _states(runs: Runs) -> Markup:
    """“2 of them failed, 1 crashed.”"""
    counts = Counter(run.state for run in runs if run.state in _BROKEN)
    if not counts:
        return Markup("")
    named = [f"{counts[state]} {state}" for state in _BROKEN if counts[state]]
    return Markup("{}.").format(", ".join(named))


def _columns(runs: Runs, metric: str) -> Sequence[str]:
    """What differs between the runs: hyperparameters, then metrics with a direction; no more than fit."""
    config = [f"config.{key}" for key in runs.config_keys if _differs(runs, f"config.{key}")]
    directed = sorted((key for key in runs.metrics if runs.goal(key) and key != metric), key=lambda key: interest(key, runs[0]))
    metrics = [*([metric] if metric else []), *directed][:_METRICS]
    return [*config[: _COLUMNS - len(metrics)], *metrics]


def _differs(runs: Runs, column: str) -> bool:
    return len({repr(run[column]) for run in runs}) > 1
