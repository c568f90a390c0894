"""What changed between two runs or groups of runs, put together from what the runs left and what all runs say."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from reportgen.analysis.artifacts import catalogue
from reportgen.analysis.main_metric import main_metric
from reportgen.analysis.what_changed import Side, WhatChanged, what_changed
from reportgen.blocks.importances import importance_if_any
from reportgen.blocks.logged_text import compared_texts
from reportgen.errors import QueryError
from reportgen.model import Run, Runs

Selection = str | Sequence[str]


def changes_between(
    before: Side, after: Side, among: Runs, targets: Sequence[str] = (), site_runs: Runs | None = None
) -> WhatChanged:
    """What changed from one side to the other.

    Args:
        among: All runs of the report, which say what matters.
        targets: Metrics or columns; by default the one that says most of the results of both sides.
        site_runs: All runs of the site, of which versions of artifacts are counted.

    Raises:
        QueryError: A target is no column of the runs.
    """
    sides = among.in_order((*before.runs, *after.runs))
    wanted = list(targets) or [key for key in [main_metric(sides)] if key]
    texts = cache(compared_texts)
    return what_changed(
        before, after, among=among, targets=wanted, explain=lambda target: importance_if_any(among, target, among.goal(target)),
        texts=texts, known=catalogue(site_runs or among),
    )  # fmt: skip


def two_sides(runs: Runs, before: Selection, after: Selection) -> tuple[Side, Side]:
    """The sides that two selections name.

    Raises:
        QueryError: A selection fits no run, or a run is on both sides.
    """
    chosen = _selected(runs, before), _selected(runs, after)
    both = [run for run in chosen[0] if run.id in {other.id for other in chosen[1]}]
    if both:
        more = f" and {len(both) - 1} more are" if len(both) > 1 else " is"
        names = _said(before), _said(after)
        raise QueryError(f"the run {both[0].name}{more} on both sides, of '{names[0]}' and of '{names[1]}'", hint="name others to compare")
    return named(chosen, (_said(before), _said(after)))


def named(chosen: tuple[Sequence[Run], Sequence[Run]], selections: tuple[str, str] = ("", "")) -> tuple[Side, Side]:
    """The sides with their names: that of a single run, with its id where both have the same, else the selection."""
    names = [runs[0].name or runs[0].id if len(runs) == 1 else said for runs, said in zip(chosen, selections, strict=True)]
    if names[0] == names[1]:
        names = [f"{name} ({runs[0].id})" for name, runs in zip(names, chosen, strict=True)]
    return Side(names[0], tuple(chosen[0])), Side(names[1], tuple(chosen[1]))


def _selected(runs: Runs, selection: Selection) -> Runs:
    found = runs.select(selection)
    if not found:
        raise QueryError(f"no run fits '{_said(selection)}'")
    return found


def _said(selection: Selection) -> str:
    return selection if isinstance(selection, str) else ", ".join(selection)
