"""The fence `diff`: what changed between two runs or two groups of runs, and which of it matters by what the other runs say."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from reportgen.analysis.what_changed import Side
from reportgen.analysis.what_changed.words import caveat, not_logged, signs
from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.changes import changes_between, named, two_sides
from reportgen.blocks.diff_parts import code_html, data_html, environment_html
from reportgen.blocks.diff_view import answer_html, results_html, settings_html
from reportgen.blocks.readable import readable, unbroken
from reportgen.errors import QueryError
from reportgen.words import _

Part: TypeAlias = Literal["config", "code", "environment", "data"]
_PARTS: tuple[Part, ...] = ("config", "code", "environment", "data")


class Options(BlockOptions):
    """Options of `diff`."""

    before: str | list[str] | None = Field(
        None, alias="from", description="The first side: a run or several, named as in `runs`: `best(val/acc)`, a glob, a condition."
    )
    after: str | list[str] | None = Field(
        None, alias="to", description="The second side. Without both, `runs` names the two runs: `runs: [baseline, wider]`."
    )
    target: str | list[str] | None = Field(
        None, description="Metrics or columns by which the results are judged; by default the metric that says most of both sides."
    )
    parts: list[Part] = Field(
        default_factory=lambda: list(_PARTS), description="What is compared, in this order: `config`, `code`, `environment`, `data`."
    )


def render(options: Options, context: Context) -> Fragment:
    """The answer in words, the settings that differ with what all runs say of them, then code, environment and data.

    Raises:
        QueryError: The options do not name two sides, or a target is no column of the runs.
    """
    before, after = _sides(options, context)
    targets = [options.target] if isinstance(options.target, str) else options.target or []
    found = changes_between(before, after, context.all_runs, targets, context.site_runs)
    drawn = {"config": settings_html, "code": code_html, "environment": environment_html, "data": data_html}
    parts = [answer_html(found, context.root, context.style)]
    if len(found.results) > 1:
        parts.append(results_html(found, context.style))
    parts += [drawn[part](found, context.root, context.style) for part in options.parts]
    said = _("What changed from {before} to {after}").format(before=before.name, after=after.name)
    notes = (signs(found), caveat(found) if "config" in options.parts else "", not_logged(found))
    return Fragment(
        parts=tuple(str(part) for part in parts if part),
        kind="diff",
        label="Table",
        title=readable(said) if options.title is None else options.title,
        caption=options.caption or "",
        width=options.width or "wide",
        id=options.id or "",
        notes=tuple(unbroken(readable(note)) for note in notes if note),
    )


def _sides(options: Options, context: Context) -> tuple[Side, Side]:
    if options.before is not None and options.after is not None:
        return two_sides(context.runs, options.before, options.after)
    if options.before is not None or options.after is not None:
        there, missing = ("from", "to") if options.after is None else ("to", "from")
        raise QueryError(f"option '{there}' needs the option {missing} beside it", hint=f"name the other side as {missing}: …")
    if len(context.runs) != 2:
        hint = "name two as in runs: [baseline, wider], or two groups by from: and to:"
        raise QueryError(f"two runs are compared, and option 'runs' names {len(context.runs)}", hint=hint)
    return named((context.runs[:1], context.runs[1:]))
