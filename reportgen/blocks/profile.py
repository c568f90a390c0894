"""The fence `profile`: performance profiles of groups of runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from reportgen.analysis.column_format import column_format
from reportgen.analysis.compared_rows import Row, row_values, rows_of
from reportgen.analysis.comparison import resolve
from reportgen.analysis.statistics import LEVEL, Profile, Sample, profile
from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.compare import as_list
from reportgen.blocks.comparison_words import names_text
from reportgen.blocks.readable import paragraph
from reportgen.charts.colouring import colour_by
from reportgen.charts.layout import Layout
from reportgen.charts.profile import GroupProfile, profile_chart
from reportgen.errors import QueryError
from reportgen.model import Goal, Runs
from reportgen.words import _, ngettext

_MOST_SCORES = 400


class Options(BlockOptions):
    """Options of `profile`."""

    target: str = Field(description="The metric that says how good a run is: `val/acc`, `min(val/loss)`.")
    group: str | list[str] = Field(description="Columns by which runs are put together: one line for each combination.")
    goal: Literal["min", "max"] | None = Field(
        None, description="Whether less or more of the target is better; by default known from the metric or its name."
    )
    tasks: str | list[str] = Field(
        default_factory=list,
        description="Columns that say on what a run was tried, such as `config.dataset`: only tasks that all groups have count.",
    )
    level: float = Field(LEVEL, gt=0.5, lt=1, description="How sure the band is to hold the truth at one score.")
    height: int | None = Field(None, ge=100, le=1200, description="Height of the plot in pixels.")


def render(options: Options, context: Context) -> Fragment:
    """A sentence on the middle run of each group, then the profiles.

    Raises:
        QueryError: The target or a column does not fit the runs; no run has a value; nothing says what is better.
    """
    runs = context.runs
    target = runs.column(options.target)
    goal = options.goal or runs.goal(target)
    if goal is None:
        raise QueryError(f"nothing says whether more or less of '{target}' is better", hint="write goal: max or goal: min")
    by, tasks = (resolve(runs, as_list(names)) for names in (options.group, options.tasks))
    groups, missing = _groups(runs, target, by, tasks, goal, options.level)
    layout = Layout(title=options.title or "", width=options.width or "text", height=options.height)
    colours = colour_by(runs, by[0], context.style) if len(by) == 1 else None
    if colours is not None and colours.kind != "categories":
        colours = None
    figure = profile_chart(groups, target, goal, options.level, context.style, layout, colours)
    return Fragment(
        parts=(paragraph(_verdict(groups, target, goal)), figure),
        kind="profile",
        title=options.title or "",
        caption=options.caption or "",
        width=options.width or "text",
        id=options.id or "",
        notes=_notes(groups, missing),
        explained="comparison",
    )


def _groups(
    runs: Runs, target: str, by: Sequence[str], tasks: Sequence[str], goal: Goal, level: float
) -> tuple[list[GroupProfile], int]:  # fmt: skip
    """The profile of each group at all scores of all of them, best in the middle first; and how many runs have no value."""
    rows = rows_of(list(runs), by)
    values = row_values(rows, target, tasks)
    samples = [(row, value) for row, value in zip(rows, values, strict=True) if isinstance(value, Sample) and value.n]
    if not samples:
        raise QueryError(f"no run has a finite value of '{target}'", hint="name a metric with numbers")
    missing = len(runs) - sum(sample.n for _row, sample in samples)
    scores = np.unique(np.concatenate([sample.pooled for _row, sample in samples]))
    if len(scores) > _MOST_SCORES:
        scores = np.unique(np.quantile(scores, np.linspace(0, 1, _MOST_SCORES)))
    ends = np.array([scores[0] - _room(scores), *scores, scores[-1] + _room(scores)])
    found = [_group(row, sample, ends, goal, level) for row, sample in samples]
    return sorted(found, key=lambda one: -float(one.profile.share.sum())), missing


def _room(scores: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """How far the lines go beyond the first and the last score, so that their ends are seen."""
    return 0.03 * float(np.ptp(scores)) or 0.01 * abs(float(scores[0])) or 1.0


def _group(row: Row, sample: Sample, scores: np.ndarray[tuple[int], np.dtype[np.float64]], goal: Goal, level: float) -> GroupProfile:
    return GroupProfile(row.runs[0].id, row.name, profile(sample, scores, goal, level))


def _verdict(groups: Sequence[GroupProfile], target: str, goal: Goal) -> str:
    """The score that half of the runs of each group reach, and whether one group is ahead at every score."""
    middles = [_middle(one.profile, goal) for one in groups]
    written = column_format(target, middles, metric=True, goal=goal)
    listed = names_text([f"{one.label} {written.text(middle)}" for one, middle in zip(groups, middles, strict=True)])
    half = _("Half of the runs reach: {groups}.").format(groups=listed)
    if len(groups) < 2:
        return half
    never_behind = all((groups[0].profile.share >= other.profile.share).all() for other in groups[1:])
    said = _("At no score is {name} behind.") if never_behind else _("The profiles cross: which group is ahead depends on the score.")
    return f"{half} {said.format(name=groups[0].label)}"


def _middle(found: Profile, goal: Goal) -> float:
    """The best score that at least half of the runs reach."""
    reached = np.flatnonzero(found.share >= 0.5)
    if goal == "max":
        # Half are better than the last of these scores; the next one is what they reach.
        return float(found.scores[min(reached[-1] + 1, len(found.scores) - 1)])
    return float(found.scores[max(reached[0] - 1, 0)])


def _notes(groups: Sequence[GroupProfile], missing: int) -> tuple[str, ...]:
    counts = names_text([f"{one.label} {one.profile.n}" for one in groups])
    said = [_("Runs: {groups}.").format(groups=counts)]
    if any(np.isnan(one.profile.low).any() for one in groups):
        said.append(_("Without band: one run alone, or a task with one run."))
    if missing:
        without = ngettext("{n} run without a finite value is left out.", "{n} runs without a finite value are left out.", missing)
        said.append(without.format(n=missing))
    return (" ".join(said),)
