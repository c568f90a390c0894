"""The page of all runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from reportgen.blocks.links import run_link
from reportgen.blocks.runs import runs_table
from reportgen.charts.style import ChartStyle
from reportgen.errors import QueryError
from reportgen.model import Runs
from reportgen.site.contexts import RunsContext
from reportgen.site.pages.facts import number

_COLUMNS = 9


def runs_page(runs: Runs, *, base: Mapping[str, Any], style: ChartStyle) -> RunsContext:
    """All that the template of the runs page shows."""
    root = base["root"]
    table = runs_table(runs, _columns(runs), root=root, style=style, sort=_main(runs))
    lead = _lead(runs, root, style)
    return RunsContext(**base, title="Runs", description=lead.striptags(), lead=lead, table=table, run_count=len(runs))


def _lead(runs: Runs, root: str, style: ChartStyle) -> Markup:
    metric = _main(runs)
    if not metric:
        return Markup("No metric tells which of these runs is the best.")
    best = runs.best(metric)
    link = run_link(best, root, style.colour(best.id))
    value = best[metric]
    shown = number(value) if isinstance(value, int | float) else str(value)
    return Markup("{} has the best {}: <strong>{}</strong>.").format(link, metric, shown)


def _main(runs: Runs) -> str:
    """The metric that runs are ranked by: validation first, one that nearly all runs have."""
    for wanted in ("val", "test", "eval", ""):
        for goal in ("max", "min"):
            for key in runs.metrics:
                if wanted in key.lower() and runs.goal(key) == goal and _has_values(runs, key):
                    return key
    return ""


def _has_values(runs: Runs, key: str) -> bool:
    try:
        return len(runs.top(len(runs), key)) * 2 >= len(runs)
    except QueryError:
        return False


def _columns(runs: Runs) -> Sequence[str]:
    """What differs between the runs: hyperparameters, then metrics with a direction; no more than fit."""
    config = [f"config.{key}" for key in runs.config_keys if _differs(runs, f"config.{key}")]
    metrics = [key for key in runs.metrics if runs.goal(key)]
    return [*config[: _COLUMNS - min(len(metrics), 3)], *metrics[:3]]


def _differs(runs: Runs, column: str) -> bool:
    return len({repr(run[column]) for run in runs}) > 1
