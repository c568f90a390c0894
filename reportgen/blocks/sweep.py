"""The fence `sweep`: a search for hyperparameters: the verdict, how it went, and where to search next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from markupsafe import Markup
from pydantic import Field

from reportgen.analysis.importance import Importance
from reportgen.analysis.search_space import next_space
from reportgen.analysis.sweeps import Objective, Trials, objectives_of, trials_of
from reportgen.blocks import sweep_figures as figures
from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.importances import sweep_importance
from reportgen.blocks.search_space_table import search_space_table
from reportgen.blocks.sweep_words import best_said, states_said, verdict_said
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout
from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistake, QueryError
from reportgen.words import ngettext

Part: TypeAlias = Literal[
    "verdict", "parallel", "importance", "progress", "slices", "contours", "ranks", "distribution", "intermediate", "timeline", "pareto",
    "next",
]  # fmt: skip
_SHOWN: tuple[Part, ...] = ("verdict", "parallel", "progress", "next")


class Options(BlockOptions):
    """Options of `sweep`."""

    sweep: str | None = Field(None, description="The runs of one sweep or study by its name; by default all runs of the fence.")
    target: str | list[str] | None = Field(
        None, description="The objectives: metrics or columns; by default those of the study, else the metric that says most."
    )
    goal: Literal["min", "max"] | None = Field(None, description="Whether less or more of the target is better; by default known from it.")
    show: list[Part] = Field(
        default_factory=lambda: list(_SHOWN),
        description="What is shown, in this order: `verdict`, `parallel`, `importance`, `progress` (best so far), `slices`, `contours`, "
        "`ranks`, `distribution`, `intermediate`, `timeline`, `pareto`, `next` (the next search space).",
    )


def render(options: Options, context: Context) -> Fragment:
    """Draws the parts that were asked for.

    Raises:
        QueryError: No run is of the sweep, a target fits no column, or nothing says what is better.
        Mistake: A part cannot be drawn from these runs.
    """
    runs = context.runs
    if options.sweep is not None:
        names = list(dict.fromkeys(run.sweep for run in runs if run.sweep))
        runs = runs.in_order(run for run in runs if run.sweep == options.sweep)
        if not runs:
            raise QueryError(f"no sweep '{options.sweep}'", hint=f"there are: {', '.join(names)}" if names else "no run is of a sweep")
    trials = trials_of(runs, _objectives(options, replace(context, runs=runs)))
    found = sweep_importance(trials)
    keys = figures.by_importance(trials, found)
    parts: list[str | Figure] = []
    for part in options.show:
        parts += _part(part, trials, found, keys, context)
    n = ngettext("{n} trial", "{n} trials", len(trials)).format(n=f"{len(trials):,}")
    name = options.sweep or next((run.sweep for run in runs if run.sweep), "")
    return Fragment(
        parts=tuple(parts),
        kind="sweep",
        title=(f"{name}, {n}" if name else n) if options.title is None else options.title,
        caption=options.caption or "",
        width=options.width or "wide",
        id=options.id or "",
        notes=(states_said(trials),),
        explained="importance" if "importance" in options.show else "",
    )


def _objectives(options: Options, context: Context) -> tuple[Objective, ...]:
    if options.target is None:
        found = objectives_of(context.runs)
        if not found:
            raise QueryError("nothing tells what these runs optimise", hint="name the metric with target")
        return found if options.goal is None else tuple(replace(one, goal=options.goal) for one in found)
    objectives = []
    for name in [options.target] if isinstance(options.target, str) else options.target:
        column = context.runs.column(name)
        goal = options.goal or context.runs.goal(column)
        if goal is None:
            raise QueryError(f"nothing says whether more or less of '{name}' is better", hint="give the goal: min or max")
        objectives.append(Objective(column, goal))
    return tuple(objectives)


def _part(part: Part, trials: Trials, found: Importance | None, keys: Sequence[str], context: Context) -> list[str | Figure]:
    style = context.style
    if part == "verdict":
        verdict = verdict_said(found, trials)
        return [Markup('<p class="verdict">{} {}</p>').format(verdict, best_said(trials, context.root, style))]
    if part == "next":
        space = next_space(trials, found)
        said = Markup("<p>{}</p>").format(space.said)
        return [said, search_space_table(space, "")] if space.advice else [said]
    drawn = _charts(part, trials, found, keys, style)
    if not drawn:
        raise Mistake(f"these runs have nothing to show for '{part}'", hint="leave it out of show")
    return list(drawn) if len(drawn) == 1 else ['<div class="small-multiples">', *drawn, "</div>"]


def _charts(part: Part, trials: Trials, found: Importance | None, keys: Sequence[str], style: ChartStyle) -> list[Figure]:
    wide, small = Layout("wide"), Layout("wide", 3)
    draw: dict[str, Callable[[], list[Figure]]] = {
        "parallel": lambda: figures.parallel(trials, keys, style, wide) if trials.n and keys else [],
        "importance": lambda: figures.bars(found, style),
        "progress": lambda: figures.progress(trials, style, Layout("wide", 2)),
        "slices": lambda: figures.slices(trials, keys, style, small),
        "contours": lambda: figures.pairs(trials, keys, style, small),
        "ranks": lambda: figures.pairs(trials, keys, style, small, rank=True),
        "distribution": lambda: figures.distribution(trials, style, Layout("wide", 2)),
        "intermediate": lambda: figures.intermediate(trials, style, wide),
        "timeline": lambda: figures.over_time(trials, style, wide),
        "pareto": lambda: figures.front(trials, style, Layout("wide", 2)),
    }
    return draw[part]()
