"""How a target goes with two parameters together: the mean prediction in bands of colour, the runs as points on it.

`python -m reportgen.charts.interaction_map > map.svg` draws an example.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.analysis.importance import Importance, PairMap
from reportgen.charts.axis import Scale, scale_for
from reportgen.charts.colouring import Colouring
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.parameter_axis import ParameterAxis, parameter_axis
from reportgen.charts.png import png
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, key_words, number_text
from reportgen.words import _

Floats = NDArray[np.float64]

BANDS = 10
_CELLS = (180, 135)
_OPACITY, _FAINT = 190, 0.15
_CLEAR, _UNCLEAR = 0.3, 1.0
"""Where the interval is as wide as so large a part of all differences on the map, fading begins, and is complete."""
_EVERY = 2
"""So many places of the grid share one place for the pointer."""


def map_axes(found: Importance, made: PairMap) -> tuple[ParameterAxis, ParameterAxis]:
    """The two axes; the map reaches from end to end."""
    x, y = (found[name] for name in made.names)
    return parameter_axis(x, made.x, steps=True, room=False), parameter_axis(y, made.y, steps=True, room=False)


def map_points(found: Importance, made: PairMap, names: Mapping[str, str]) -> pd.DataFrame:
    """The runs that have both parameters: `x, y, target, run`."""
    x, y = (found[name] for name in made.names)
    across, up = map_axes(found, made)
    rows = [
        {"x": across.place(a, made.x), "y": up.place(b, made.y), "target": target, "run": names.get(run, run)}
        for run, a, b, target in zip(found.run_ids, x.values, y.values, found.target_values, strict=True)
        if a is not None and b is not None
    ]
    return pd.DataFrame(rows, columns=["x", "y", "target", "run"])


def map_cells(found: Importance, made: PairMap) -> pd.DataFrame:
    """The predictions at places of the map, for the pointer: `x, y, mean, low, high`."""
    across, up = map_axes(found, made)
    columns = range(0, len(made.x), 1 if across.names else _EVERY)
    lines = range(0, len(made.y), 1 if up.names else _EVERY)
    rows = [
        (across.place(made.x[j], made.x), up.place(made.y[i], made.y), made.mean[i][j], made.low[i][j], made.high[i][j])
        for i in lines
        for j in columns
        if np.isfinite(made.mean[i][j])
    ]
    return pd.DataFrame(rows, columns=["x", "y", "mean", "low", "high"])


def clearness(made: PairMap) -> Floats:
    """How sure the map is at each of its places, 0 to 1: 1 where the interval is narrow beside the differences on the map."""
    mean, width = np.array(made.mean), np.array(made.high) - np.array(made.low)
    span = float(np.nanmax(mean) - np.nanmin(mean)) if np.isfinite(mean).any() else 0.0
    if span <= 0:
        return np.zeros_like(mean)
    return np.asarray(np.clip((_UNCLEAR - width / span) / (_UNCLEAR - _CLEAR), 0, 1))


def interaction_map(
    found: Importance, made: PairMap, style: ChartStyle, names: Mapping[str, str], layout: Layout | None = None
) -> Figure:  # fmt: skip
    """The map of a pair: bands of colour, faded where the model is unsure, and each run in the colour of its own target."""
    layout = layout or Layout()
    points = map_points(found, made, names)
    across, up = map_axes(found, made)
    scale = _scale(found, made, points)
    height = layout.tall(340)
    url = _picture(made, across, up, scale, style)
    x, y = (key_words(name) for name in made.names)
    missing = found.n_runs - len(points)
    return Figure(
        spec=_spec(found, across, up, scale, style, layout, height),
        data={"picture": pd.DataFrame({"url": [url]}), "cells": map_cells(found, made), "runs": points},
        title=layout.title or _("{metric} over {x} and {y}").format(metric=found.target, x=x, y=y),
        subtitle=_("mean prediction over the other parameters; faded where the runs say little; a point is a run"),
        description=_describe(found, made, points),
        width=layout.width,
        height=height,
        notes=(_("{runs} without both.").format(runs=counted(missing, "run")),) if missing else (),
    )


def _scale(found: Importance, made: PairMap, points: pd.DataFrame) -> Scale:
    """The colours: from the least to the largest prediction and nine tenths of the runs; those beyond have the colour of the end."""
    targets = points["target"].to_numpy(dtype=float)
    ends = np.quantile(targets, [0.05, 0.95]) if len(targets) else np.empty(0)
    return scale_for(found.target, np.concatenate([np.array(made.mean).ravel(), ends]), nice=False)


def _picture(made: PairMap, across: ParameterAxis, up: ParameterAxis, scale: Scale, style: ChartStyle) -> str:
    """The map in bands of colour, as a PNG in a data URL."""
    mean, clear = (_spread(table, across, up) for table in (np.array(made.mean), clearness(made)))
    share = np.clip(np.vectorize(scale.fraction)(np.nan_to_num(mean, nan=scale.domain[0])), 0, 1)
    band = np.clip((share * BANDS).astype(int), 0, BANDS - 1)
    colours = np.array([[int(step[i : i + 2], 16) for i in (1, 3, 5)] for step in style.ordered(BANDS)], dtype=np.uint8)
    opacity = np.where(np.isnan(mean), 0, _OPACITY * (_FAINT + (1 - _FAINT) * np.nan_to_num(clear)))
    pixels = np.dstack([colours[band], opacity.astype(np.uint8)])[::-1]
    return "data:image/png;base64," + base64.b64encode(png(pixels)).decode("ascii")


def _spread(table: Floats, across: ParameterAxis, up: ParameterAxis) -> Floats:
    """A table on as many cells as the picture has: straight between numbers, each level by itself."""
    wide = _weights(table.shape[1], _CELLS[0], bool(across.names))
    tall = _weights(table.shape[0], _CELLS[1], bool(up.names))
    absent = np.isnan(table)
    spread = tall @ np.where(absent, 0.0, table) @ wide.T
    return np.asarray(np.where(tall @ absent @ wide.T > 0, np.nan, spread))


def _weights(n: int, cells: int, levels: bool) -> Floats:
    """How much each of `n` places counts in each cell, shape (cells, n)."""
    if levels:
        return np.eye(n)[np.minimum((np.arange(cells) * n) // cells, n - 1)]
    at = (np.arange(cells) + 0.5) / cells * (n - 1)
    return np.asarray(np.maximum(0.0, 1 - np.abs(at[:, None] - np.arange(n)[None, :])))


def _spec(
    found: Importance, across: ParameterAxis, up: ParameterAxis, scale: Scale, style: ChartStyle, layout: Layout, height: int
) -> dict[str, Any]:  # fmt: skip
    x, y = across.channel("x"), up.channel("y", upwards=True)
    legend = Colouring("numbers", scale.title, scale=scale)
    fill = {
        "field": "target", "type": "quantitative", "legend": scale.gradient(legend.title) if layout.legend else None,
        "scale": {"type": scale.type, "domain": list(scale.domain), "range": list(style.sequence), "interpolate": "rgb", "clamp": True},
    }  # fmt: skip
    image = {
        "data": {"name": "picture"},
        "mark": {"type": "image", "aspect": False, "width": {"expr": "width"}, "height": {"expr": "height"}},
        "encoding": {"x": {"value": {"expr": "width / 2"}}, "y": {"value": {"expr": "height / 2"}},
                     "url": {"field": "url", "type": "nominal"}},
    }  # fmt: skip
    names = {"mean": _("mean"), "low": _("low"), "high": _("high")}
    ends = [{"field": field, "type": "quantitative", "title": name, "format": ".4~g"} for field, name in names.items()]
    pointer = {
        "data": {"name": "cells"},
        "mark": {"type": "square", "size": 900, "opacity": 0, "clip": True},
        "encoding": {"x": x, "y": y, "tooltip": [across.shown("x"), up.shown("y"), *ends]},
    }
    # Runs of one level stand beside each other.
    apart = {"field": "run", "type": "nominal", "sort": None}
    jitter = {"xOffset": apart} if across.names else {"yOffset": apart} if up.names else {}
    points = {
        "data": {"name": "runs"},
        "mark": {"type": "circle", "size": 46, "opacity": 1, "stroke": style.paper, "strokeWidth": 1},
        "encoding": {"x": x, "y": y, "fill": fill, **jitter, "tooltip": [
            {"field": "run", "title": _("run")}, across.shown("x"), up.shown("y"),
            {"field": "target", "type": "quantitative", "title": found.target, "format": ".4~g"}]},
    }  # fmt: skip
    return layered([image, pointer, points], style, layout, height, "interaction", slants=bool(across.names))


def _describe(found: Importance, made: PairMap, points: pd.DataFrame) -> str:
    x, y = made.names
    what = _("{metric} over {x} and {y}, {runs}.").format(metric=found.target, x=x, y=y, runs=counted(len(points), "run"))
    mean = np.array(made.mean)
    low, high = (number_text(float(end(mean))) for end in (np.nanmin, np.nanmax))
    return " ".join([what, _("The mean prediction goes from {low} to {high}.").format(low=low, high=high)])


if __name__ == "__main__":
    from reportgen.analysis.importance import importance
    from reportgen.charts.demo import example_runs, print_svg

    example = importance(example_runs(60), "val/acc", maps=1)
    print_svg(interaction_map(example, example.maps[0], ChartStyle(), {}))
