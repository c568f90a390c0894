"""The fence `importance`: which hyperparameters moved a target, in words, bars, curves and a table."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup
from pydantic import Field

from reportgen.analysis.importance import Importance, ParameterImportance, TargetScale, importance, minus, percent, signed
from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.table import MISSING, Cell, Constant, Head, TableView, name_html, table_html
from reportgen.charts.figure import Figure
from reportgen.charts.importance import importance_bars, marginal_curves, share_label


class Options(BlockOptions):
    """Options of `importance`."""

    target: str = Field(description="The metric or column to explain: `val/acc`, `min(val/loss)`.")
    goal: Literal["min", "max"] | None = Field(
        None, description="Whether less or more of the target is better; by default known from the metric or its name."
    )
    params: str | list[str] | None = Field(
        None,
        description="Which parameters: names or globs (`optimizer.*`); by default the whole config but seeds and repetitions.",
    )
    top: int = Field(10, ge=1, le=50, description="How many parameters are drawn as bars; the table has all.")
    log: str | list[str] = Field(
        default_factory=list, description="Parameters to read on a log scale; those that look log-uniform are by themselves."
    )
    linear: str | list[str] = Field(default_factory=list, description="Parameters not to read on a log scale.")
    scale: TargetScale = Field("linear", description="How the target is read: `linear`, `log`, or `rank` when a few runs have wild values.")
    marginals: bool | int = Field(
        True, description="Draw how the target goes with each parameter: yes, no, or for how many parameters (six by default)."
    )
    table: bool = Field(True, description="Show the table of all parameters.")
    seed: int = Field(0, ge=0, description="Seed of the random forest and of the resampling.")


def render(options: Options, context: Context) -> Fragment:
    """The verdict, then the warnings, the bars, the marginal curves and the table.

    Raises:
        QueryError: The target or a parameter does not fit the runs (see `importance`).
    """
    found = importance(
        context.runs,
        options.target,
        options.goal,
        None if options.params is None else _listed(options.params),
        log=_listed(options.log),
        linear=_listed(options.linear),
        scale=options.scale,
        seed=options.seed,
    )
    if not found.conclusive:
        context.warn(f"importance of {found.target}: {found.verdict}")
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
        title=f"Which parameters moved {found.target}" if options.title is None else options.title,
        caption=options.caption or "",
        width=options.width or "text",
        id=options.id or "",
        notes=notes(found),
    )


def verdict_html(found: Importance) -> str:
    """The answer in words, and what weakens it; a warning stands out when nothing can be told."""
    listed = [Markup("<p>{}</p>").format(text) for text in found.warnings]
    if not found.conclusive:
        title = Markup('<p class="notice-title">{}</p>').format(found.verdict)
        return str(Markup('<div class="notice warn" role="note">{}{}</div>').format(title, Markup("").join(listed)))
    verdict = Markup('<p class="verdict">{}</p>').format(found.verdict)
    if listed:
        verdict += Markup('<div class="notice warn" role="note">{}</div>').format(Markup("").join(listed))
    return str(verdict)


def table_view(found: Importance) -> TableView:
    """All parameters: share with interval, direction, rank correlation with interval, and the runs that have it."""
    heads: tuple[Head, ...] = (
        Head("parameter"),
        Head("share", number=True),
        Head("direction"),
        Head("rank correlation", number=True),
        Head("runs", number=True),
    )
    if not found.quantitative:
        heads = tuple(head for head in heads if head.name not in ("share", "direction"))
    constants: tuple[Constant, ...] = ()
    if len(found.parameters) > 1 and all(one.n_runs == found.n_runs for one in found.parameters):
        heads, constants = heads[:-1], (Constant("runs", f"{found.n_runs}", f"{found.n_runs}"),)
    rows = []
    for one in found.parameters:
        cells = _cells(found, one)
        rows.append(tuple(cells[head.name] for head in heads))
    label = f"Importance of parameters for {found.target}"
    return TableView(heads, tuple(rows), label, constants, of_what=f"{len(rows)} parameters")


def _cells(found: Importance, one: ParameterImportance) -> dict[str, Cell]:
    share, correlation = MISSING, MISSING
    if found.quantitative:
        share = Cell.of(share_label(one), repr(one.share))
    if known := one.correlation:
        text = f"{signed(known.value)} ({minus(known.low)} to {minus(known.high)})"
        correlation = Cell.of(text, repr(known.value))
    runs = f"{one.n_runs}" if one.n_runs == found.n_runs else f"{one.n_runs} of {found.n_runs}"
    name = name_html(one.name) + (Markup(' <span class="prefix">(log)</span>') if one.log else Markup(""))
    return {
        "parameter": Cell(name, one.name),
        "share": share,
        "direction": Cell.of(one.direction) if one.above_noise else Cell(Markup('<span class="prefix">within the noise</span>')),
        "rank correlation": correlation,
        "runs": Cell.of(runs, str(one.n_runs)),
    }


def notes(found: Importance) -> tuple[str, ...]:
    """What the numbers are, how well the model does, and what was left out and why."""
    said = []
    if found.quantitative:
        said += [
            f"A share is the part of the variance of the target among these {found.n_runs} runs that a parameter explains alone.",
            f"Functional ANOVA of a random forest of {found.n_trees} trees (Hutter, Hoos and Leyton-Brown 2014), its main "
            f"effects tested on runs that the trees have not seen; out-of-bag R² of the forest {minus(found.r2)}. Intervals are "
            f"from {found.n_resamples} bootstrap resamples of the runs, each with a forest of its own. The noise floor "
            f"({percent(found.noise_floor)}) is what the luckiest parameter gets in 95 % of {found.n_permutations} shuffles "
            "of the target.",
        ]
    if found.ignored:
        said.append("Left out: " + "; ".join(f"{one.name} ({one.reason})" for one in found.ignored) + ".")
    return tuple(said)


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
