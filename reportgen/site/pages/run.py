"""The page of one run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from reportgen.charts.figure import Figure
from reportgen.charts.lines import metric_card
from reportgen.charts.style import ChartStyle
from reportgen.model import Run, goal_of
from reportgen.site.contexts import ChartGroup, Link, RunContext
from reportgen.site.pages.facts import config_facts, duration, facts, number, summary_facts
from reportgen.site.pages.logged import ShownFiles, sections


def run_page(
    run: Run,
    *,
    base: Mapping[str, Any],
    colour: str,
    draw: Callable[[Figure], Markup],
    style: ChartStyle,
    reports: tuple[Link, ...] = (),
) -> RunContext:
    """All that the template of a run's page shows.

    Args:
        base: The fields of `PageContext`.
        draw: Takes note of a chart and gives what stands in the page for it.
        reports: The reports that were made from this run.
    """
    files = ShownFiles(base["root"])
    return RunContext(
        **base,
        title=run.name,
        description=lead(run).striptags(),
        run=run,
        colour=colour,
        lead=lead(run),
        facts=facts(run),
        notes=escape(run.notes),
        charts=_charts(run, draw, style),
        config=config_facts(run),
        summary=summary_facts(run),
        sections=sections(run, draw, style, files.add),
        files=tuple(files.linked),
        reports=reports,
    )


def lead(run: Run) -> Markup:
    """What this run did, in a sentence: its best value of the metric that matters, and how long it took."""
    steps = max((int(series.step[-1]) + 1 for series in run.history.values() if len(series)), default=0)
    took = Markup(" in {}").format(duration(run.duration)) if run.duration is not None else Markup("")
    work = Markup("{:,} steps{}.").format(steps, took) if steps else Markup("Nothing was logged{}.").format(took)
    best = _best(run)
    return Markup("{}; {}").format(best, work) if best else work


def _best(run: Run) -> Markup | None:
    for key in sorted(run.history, key=_interest):
        goal, series = goal_of(key, (run,)), run.history[key]
        if goal is None or not len(series.finite):
            continue
        value = float(series.finite.max() if goal == "max" else series.finite.min())
        at = int((series.value == value).argmax())
        defined = run.definition(key)
        axis = run.history.get(defined.step_metric) if defined and defined.step_metric else None
        where = f"step {series.step[at]:,}"
        if axis is not None and (axis.step == series.step[at]).any():
            where = f"{axis.key} {axis.value[axis.step == series.step[at]][0]:g}"
        return Markup('Best <strong>{} {}</strong> at {}').format(key, number(value), where)
    if run.history and all(not math.isfinite(value) for series in run.history.values() for value in series.value):
        return Markup("No metric has a finite value")
    return None


def _interest(key: str) -> tuple[bool, bool, str]:
    """Validation before training, what is to be maximised before losses."""
    held_out = any(word in key.lower() for word in ("val", "test", "eval", "dev"))
    return not held_out, goal_of(key) != "max", key


def _charts(run: Run, draw: Callable[[Figure], Markup], style: ChartStyle) -> tuple[ChartGroup, ...]:
    groups: dict[str, list[Markup]] = {}
    for key in sorted(run.history, key=_interest):
        defined = run.definition(key)
        if defined and defined.hidden:
            continue
        prefix = key.rsplit("/", 1)[0] if "/" in key else "Metrics"
        groups.setdefault(prefix, []).append(draw(metric_card(run, key, style)))
    return tuple(ChartGroup(name, tuple(charts)) for name, charts in groups.items())
