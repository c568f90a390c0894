"""The fence `importance`: which hyperparameters moved a target, in words, bars, curves and a table."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from reportgen.analysis.importance.words import verdict
from reportgen.blocks.block import Context, Fragment
from reportgen.blocks.importance_options import ImportanceOptions
from reportgen.blocks.importance_view import notes, table_view, verdict_html
from reportgen.blocks.objectives import objectives_notes, objectives_parts
from reportgen.blocks.table import table_html
from reportgen.charts.figure import Figure
from reportgen.charts.importance import importance_bars, marginal_curves
from reportgen.charts.layout import Layout
from reportgen.errors import QueryError
from reportgen.words import _, using_language


class Options(ImportanceOptions):
    """Options of `importance`."""

    target: str | None = Field(
        None, description="The metric or column to explain: `val/acc`, `min(val/loss)`, `last10(val/acc)`, `area(val/loss)`."
    )
    targets: list[str] | None = Field(
        None, min_length=2, max_length=5, description="In place of `target`: several objectives beside each other (`[val/acc, latency]`)."
    )
    goal: Literal["min", "max"] | None = Field(
        None, description="Whether less or more of the target is better; by default known from the metric or its name."
    )
    goals: dict[str, Literal["min", "max"]] = Field(
        default_factory=dict, description="For `targets`: whether less or more of each is better (`{latency: min}`), where it is not known."
    )
    top: int = Field(10, ge=1, le=50, description="How many parameters are drawn as bars; the table has all.")
    marginals: bool | int = Field(
        True, description="Draw how the target goes with each parameter: yes, no, or for how many parameters (six by default)."
    )
    table: bool = Field(True, description="Show the table of all parameters.")
    among: str | float | None = Field(
        None,
        description="Also what matters among the good: `top 25 %` is the quarter of the search space with the best predictions.",
    )


def render(options: Options, context: Context) -> Fragment:
    """The verdict, then the warnings, the bars, the marginal curves and the table.

    Raises:
        QueryError: The target or a parameter does not fit the runs (see `importance`).
    """
    if options.targets:
        return _several(options, options.targets, context)
    if options.target is None:
        raise QueryError("the option 'target' is missing", hint="or give several: targets: [val/acc, latency]")
    if options.goals:
        raise QueryError("goals are for several targets", hint="write goal: min or goal: max")
    found = options.importance(context, options.target, options.goal, among=options.among)
    if not found.conclusive:
        with using_language("en"):
            context.warn(f"importance of {found.target}: {verdict(found)}")
    parts: list[str | Figure] = [verdict_html(found)]
    if found.quantitative:
        parts.append(importance_bars(found, context.style, options.top))
    names = {run.id: run.name for run in context.runs}
    n_curves = (6 if options.marginals else 0) if isinstance(options.marginals, bool) else options.marginals
    curves = marginal_curves(found, context.style, names, n_curves) if n_curves else ()
    if curves:
        parts += ['<div class="small-multiples">', *curves, "</div>"]
    if options.table:
        parts.append(str(table_html(table_view(found))))
    return Fragment(
        parts=tuple(parts),
        kind="importance",
        title=_("Which parameters moved {metric}").format(metric=found.target) if options.title is None else options.title,
        caption=options.caption or "",
        width=options.width or ("wide" if found.quantitative and options.table else "text"),
        id=options.id or "",
        notes=notes(found, table=options.table),
        explained="importance",
    )


def _several(options: Options, targets: list[str], context: Context) -> Fragment:
    """The verdict of each objective, what moves several of them, and one group of bars for each parameter."""
    if options.target is not None or options.goal is not None:
        raise QueryError("target and goal are for one objective", hint="with targets write goals: {latency: min}")
    goals = {context.runs.column(name): goal for name, goal in options.goals.items()}
    columns = list(dict.fromkeys(context.runs.column(name) for name in targets))
    if len(columns) < 2:
        raise QueryError(f"'{columns[0]}' is one objective, not several", hint="write target: in place of targets:")
    if unknown := next((name for name in goals if name not in columns), None):
        raise QueryError(f"'{unknown}' in goals is none of the targets", hint=f"they are {', '.join(columns)}")
    found = [options.importance(context, name, goals.get(name), among=options.among) for name in columns]
    for one in found:
        if not one.conclusive:
            with using_language("en"):
                context.warn(f"importance of {one.target}: {verdict(one)}")
    parts = objectives_parts(found, context.style, options.top, Layout(options.width or "text"), table=options.table)
    return Fragment(
        parts=parts,
        kind="importance",
        title=_("Which parameters moved {metric}").format(metric=", ".join(columns)) if options.title is None else options.title,
        caption=options.caption or "",
        width=options.width or "text",
        id=options.id or "",
        notes=objectives_notes(found),
        explained="importance",
    )
