"""Slice plots: an objective over each hyperparameter, one small chart each, coloured by when a trial began.

`python -m reportgen.charts.slices > slices.svg` draws an example.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from reportgen.analysis.sweeps.parameters import Searched, searched
from reportgen.analysis.sweeps.trials import Trials
from reportgen.charts.axis import Scale, scale_for, wants_log
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.searched_axis import channel, jitter, places, shown, thinned
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, key_words, number_text, run_labels, shorten
from reportgen.words import _


def slice_values(trials: Trials, key: str, objective: int = 0) -> pd.DataFrame:
    """One row for each trial that counts and has the hyperparameter, in their order: `run, x, y, trial, jitter`.

    `trial` is the place of the trial among all trials, from 0.
    """
    runs, where = trials.counted_runs, np.flatnonzero(trials.counted)
    one = searched(key, runs)
    y = trials.values[where, objective]
    labels = run_labels(trials.runs)
    rows = [
        {"run": labels[run.id], "x": place, "y": float(value), "trial": int(at), "jitter": beside}
        for run, place, value, at, beside in zip(runs, places(one), y, where, jitter(one, y), strict=True)
        if place is not None
    ]
    return pd.DataFrame(rows, columns=["run", "x", "y", "trial", "jitter"])


def slice_charts(
    trials: Trials, keys: Sequence[str], style: ChartStyle, layout: Layout | None = None, objective: int = 0
) -> list[Figure]:  # fmt: skip
    """A small chart for each key, all with the same vertical axis."""
    layout = layout or Layout(columns=2)
    column = trials.objectives[objective].column
    y = objective_scale(column, trials.values[trials.counted, objective])
    return [_figure(trials, key, style, layout, objective, y) for key in keys]


def objective_scale(column: str, values: np.ndarray[Any, np.dtype[np.float64]]) -> Scale:
    """The axis of an objective."""
    numbers = values[np.isfinite(values)].tolist()
    scale = scale_for(column, numbers, log=wants_log(column, numbers))
    return replace(scale, title=shorten(scale.title, 40))


def _figure(trials: Trials, key: str, style: ChartStyle, layout: Layout, objective: int, y: Scale) -> Figure:
    frame = slice_values(trials, key, objective)
    one = searched(key, trials.counted_runs)
    column, goal = trials.objectives[objective].column, trials.objectives[objective].goal
    missing = trials.n - len(frame)
    notes = (_("{trials} without {key}.").format(trials=counted(missing, "trial"), key=key_words(key)),) if missing else ()
    drawn, told = thinned(frame, (frame["y"] * trials.objectives[objective].sign).tolist())
    height = layout.tall(220)
    return Figure(
        spec=_spec(one, y, len(trials), style, layout, height), data={"trials": drawn}, title=layout.title or key_words(key),
        description=_describe(frame, one, column, goal, y), width=layout.width, height=height, notes=(*notes, *told),
    )  # fmt: skip


def _spec(one: Searched, y: Scale, n: int, style: ChartStyle, layout: Layout, height: int) -> dict[str, Any]:
    encoding: dict[str, Any] = {
        "x": channel(one, "x", slants=True),
        "y": {"field": "y", "type": "quantitative", "scale": y.vega_scale(), "axis": y.vega_axis()},
        "fill": {
            "field": "trial", "type": "quantitative", "legend": None,
            "scale": {"type": "linear", "domain": [0, max(1, n - 1)], "range": list(style.sequence), "interpolate": "rgb"},
        },
        "tooltip": [
            {"field": "run", "title": _("trial")}, shown(one, "x"),
            {"field": "y", "type": "quantitative", "title": y.title, "format": ".1%" if y.percent else ".4~g"},
        ],
    }  # fmt: skip
    if one.is_choice:
        encoding["xOffset"] = {"field": "jitter", "type": "quantitative", "scale": {"domain": [-1.6, 1.6]}}
        encoding["x"]["scale"] = {"type": "band", "domain": encoding["x"]["scale"]["domain"]}
    points = {
        "data": {"name": "trials"},
        "mark": {"type": "circle", "size": 40, "opacity": 0.85, "stroke": style.paper, "strokeWidth": 0.75},
        "encoding": encoding,
    }
    return layered([points], style, layout, height, "slice", slants=one.is_choice)


def _describe(frame: pd.DataFrame, one: Searched, column: str, goal: str, y: Scale) -> str:
    what = _("{metric} over {axis}, {trials}.").format(
        metric=key_words(column), axis=key_words(one.key), trials=counted(len(frame), "trial")
    )
    if not len(frame):
        return what
    rows = list(zip(frame["run"], frame["x"], frame["y"], strict=True))
    run, x, value = (min if goal == "min" else max)(rows, key=lambda row: row[2])
    at = x if isinstance(x, str) else number_text(float(x))
    best = _("The best is {run} with {value} at {at}.").format(run=run, value=number_text(float(value), y.percent), at=at)
    return f"{what} {best}"


if __name__ == "__main__":
    from reportgen.analysis.sweeps.trials import trials_of
    from reportgen.charts.demo import example_runs, print_svg

    example = trials_of(example_runs())
    print_svg(slice_charts(example, ["optimizer.lr"], ChartStyle())[0])
