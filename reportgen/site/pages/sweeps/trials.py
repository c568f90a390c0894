"""The trials of a sweep for the browser: one script that parallel coordinates and the table of trials are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from reportgen.analysis.column_format import column_format, duration_text, plain_text
from reportgen.analysis.sweeps import Trials
from reportgen.analysis.sweeps.parameters import Searched, searched
from reportgen.analysis.sweeps.trials import ranks
from reportgen.blocks.links import run_href
from reportgen.blocks.readable import readable
from reportgen.blocks.runs import runs_table
from reportgen.charts.slices import objective_scale
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import key_words
from reportgen.site.site import Site

STILL = 50
"""Trials in the table that stands in the page without the script and on paper."""
_MOST_AXES = 12


def still_table(trials: Trials, keys: Sequence[str], root: str, style: ChartStyle) -> tuple[Markup, int]:
    """The best trials, then others in their order, as a table; and how many these are."""
    ranked = list(trials.ranked)
    chosen = trials.runs.in_order([*ranked, *(run for run in trials.runs if run not in set(ranked))][:STILL])
    there = set(chosen.columns)
    columns = [*(one.column for one in trials.objectives), *(f"config.{key}" for key in keys[:_MOST_AXES])]
    sort = f"{trials.objectives[0].column} {'asc' if trials.objectives[0].goal == 'min' else 'desc'}" if trials.objectives else ""
    return runs_table(chosen, [name for name in columns if name in there], root=root, style=style, sort=sort, id="best"), len(chosen)


def trials_script(site: Site, trials: Trials, keys: Sequence[str], root: str) -> str:
    """The script with all trials, a path below the site's root.

    `runs`: per trial its id, name, address, state and colour, the place of its colour in the sequence `colours` (-1 for a trial that
    does not count), and whether it counts. `axes`: per axis its values (numbers, or places of `choices`; null where a trial has
    none) and their texts; the objectives are the last ones.
    """
    style = site.workspace.style
    losses = trials.losses[:, 0]
    order = iter(1 - ranks(losses))
    runs = {
        "id": [run.id for run in trials.runs],
        "name": [readable(run.name) or run.slug for run in trials.runs],
        "href": [run_href(run, root) for run in trials.runs],
        "state": [run.state for run in trials.runs],
        "colour": [style.colour(run.id) for run in trials.runs],
        "tint": [round(100 * float(next(order))) if counts else -1 for counts in trials.counted],
        "duration": [run.duration for run in trials.runs],
        "took": ["" if run.duration is None else duration_text(run.duration) for run in trials.runs],
    }
    axes = [_axis(searched(key, trials.runs)) for key in keys[:_MOST_AXES]]
    axes += [_objective(trials, i) for i in reversed(range(len(trials.objectives)))]
    data = {
        "runs": runs,
        "axes": axes,
        "colours": list(style.ordered(101)),
        "objective": trials.objectives[0].column,
        "left_out": [readable(key) for key in keys[_MOST_AXES:]],
    }
    return site.script("data/sweeps", "value", data)


def _axis(one: Searched) -> dict[str, Any]:
    title = readable(key_words(one.key))
    if one.is_choice:
        values = [None if math.isnan(place) else int(place) for place in one.position]
        choices = [readable(plain_text(choice)) for choice in one.space.choices]
        numbers = all(isinstance(choice, int | float) and not isinstance(choice, bool) for choice in one.space.choices)
        return {"key": one.key, "title": title, "choices": choices, "values": values, "number": numbers}
    numbers_of = [float(value) if isinstance(value, int | float) and has else None for value, has in zip(one.values, one.has, strict=True)]
    written = column_format(one.key, [value for value in numbers_of if value is not None])
    texts = ["" if value is None else written.text(value) for value in numbers_of]
    return {"key": one.key, "title": title, "log": one.log, "values": numbers_of, "texts": texts, "number": True}


def _objective(trials: Trials, i: int) -> dict[str, Any]:
    objective = trials.objectives[i]
    column = trials.values[:, i]
    values = [float(value) if np.isfinite(value) else None for value in column]
    written = column_format(objective.column, [value for value in values if value is not None], metric=True, goal=objective.goal)
    return {
        "key": objective.column,
        "title": readable(key_words(objective.column)),
        "log": objective_scale(objective.column, column[np.isfinite(column)]).type == "log",
        "values": values,
        "texts": ["" if value is None else written.text(value) for value in values],
        "number": True,
        "goal": objective.goal,
    }
