"""Charts of one number per run: bars, boxes by a key, and their distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reportgen.charts.axis import scale_for, wants_log
from reportgen.charts.colouring import category, colour_by, colour_runs
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, is_share, key_words, number_text, run_labels
from reportgen.errors import QueryError
from reportgen.model import Run, Runs, number

_MOST_BARS = 40


@dataclass(frozen=True)
class SummarySettings:
    """What the reader asked for; columns are full names of the runs table.

    Attributes:
        y: The number of each run.
        x: The key whose values make the boxes (`box`) or bars of means (`bar`); None for one bar per run.
        color: What colours stand for.
        log: Whether the axis of the number is logarithmic; None leaves it to the name.
        bins: How many bins a histogram has at the most.
    """

    y: str
    x: str | None = None
    color: str | None = None
    log: bool | None = None
    bins: int = 20


@dataclass(frozen=True)
class Numbers:
    """The finite numbers of a column, by run, and what must be said about the others."""

    runs: tuple[Run, ...]
    values: tuple[float, ...]
    notes: tuple[str, ...]


def numbers_of(runs: Runs, column: str, *, positive: bool = False) -> Numbers:
    """The finite values of a column.

    Raises:
        QueryError: No run has one.
    """
    found = [(run, value) for run in runs if (value := number(run[column])) is not None and math.isfinite(value)]
    kept = [(run, value) for run, value in found if value > 0 or not positive]
    if not kept:
        raise QueryError(f"no run has a {'positive' if positive else 'finite'} value of '{key_words(column)}'")
    notes = []
    if len(found) < len(runs):
        notes.append(f"{len(runs) - len(found)} of {counted(len(runs), 'run')} have no finite {key_words(column)}.")
    if len(kept) < len(found):
        notes.append(f"{len(found) - len(kept)} values are not positive and cannot stand on a logarithmic axis.")
    return Numbers(tuple(run for run, _ in kept), tuple(value for _, value in kept), tuple(notes))


def bar_chart(runs: Runs, settings: SummarySettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """A bar per run, the best first; or one per value of `settings.x`, the mean of its runs with each run as a dot."""
    layout = layout or Layout()
    numbers = numbers_of(runs, settings.y)
    ascending = runs.goal(settings.y) == "min"
    labels = run_labels(numbers.runs)
    colouring = colour_by(runs, settings.color, style) if settings.color else colour_runs(runs, settings.y, style)
    names = [labels[run.id] if settings.x is None else category(settings.x, run[settings.x]) for run in numbers.runs]
    dots = pd.DataFrame({"name": names, "value": numbers.values})
    means = dots.groupby("name", sort=False)["value"].agg(["mean", "count"]).reset_index()
    means = means.sort_values(["mean", "name"], ascending=[ascending, True], kind="stable")
    left_out = len(means) - _MOST_BARS
    means = means.head(_MOST_BARS)
    first = {name: run.id for name, run in zip(reversed(names), reversed(numbers.runs), strict=True)}
    by_run = settings.x is None or settings.color is not None
    means["colour"] = [colouring.colour_of(first[name], style) if by_run else style.categories[0] for name in means["name"]]
    percent = is_share(settings.y, numbers.values)
    means["text"] = [number_text(value, percent) for value in means["mean"]]
    scale = scale_for(settings.y, [0.0, *numbers.values], nice=True)
    y = {"field": "name", "type": "nominal", "sort": list(means["name"]), "title": None, "axis": {"domain": False, "labelLimit": 220}}
    x = {"type": "quantitative", "scale": scale.vega_scale(), "axis": {**scale.vega_axis(), "grid": True, "domain": False}}
    layers: list[dict[str, Any]] = [
        {
            "data": {"name": "bars"},
            "mark": {"type": "bar", "height": {"band": 0.62}, "opacity": 0.9},
            "encoding": {"y": y, "x": {"field": "mean", **x}, "color": {"field": "colour", "type": "nominal", "scale": None}},
        },
        {
            "data": {"name": "bars"},
            "mark": {"type": "text", "align": "left", "dx": 6, "color": style.ink},
            "encoding": {"y": y, "x": {"field": "mean", **x}, "text": {"field": "text"}},
        },
    ]
    frames = {"bars": means.rename(columns={"count": "runs"})}
    if settings.x is not None:
        frames["dots"] = dots[dots["name"].isin(means["name"])]
        mark = {"type": "point", "filled": True, "size": 22, "color": style.ink, "opacity": 0.55}
        layers.insert(1, {"data": {"name": "dots"}, "mark": mark, "encoding": {"y": y, "x": {"field": "value", **x}}})
        layers[-1]["mark"] |= {"dy": -11}
    notes = (*numbers.notes, *([f"The first {_MOST_BARS} of {len(means) + left_out}."] if left_out > 0 else []))
    said = "" if settings.x is None else f"mean of the runs with equal {key_words(settings.x)}; a dot is a run"
    best = means.iloc[0]
    return [
        Figure(
            spec=layered(layers, style, layout, max(22 * len(means), 44), "bar"),
            data=frames,
            title=layout.title or _title(settings, len(numbers.runs)),
            subtitle=said,
            description=f"{counted(len(means), 'bar')} of {key_words(settings.y)}. First is {best['name']} with {best['text']}.",
            width=layout.width,
            height=max(22 * len(means), 44),
            notes=notes,
        )
    ]


def box_chart(runs: Runs, settings: SummarySettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """For each value of `settings.x` the quartiles of the number, its whiskers (1.5 times the range between them), each run a dot."""
    layout = layout or Layout()
    log = wants_log(settings.y, [v for run in runs if (v := number(run[settings.y])) is not None]) if settings.log is None else settings.log
    numbers = numbers_of(runs, settings.y, positive=log)
    key = settings.x
    names = [category(key, run[key]) if key else "all runs" for run in numbers.runs]
    order = _ordered(numbers.runs, names, key)
    dots = pd.DataFrame({"name": names, "value": numbers.values, "run": [run.name for run in numbers.runs]})
    boxes = pd.DataFrame([_box(name, dots.loc[dots["name"] == name, "value"].to_numpy()) for name in order])
    scale = scale_for(settings.y, list(numbers.values), log=log)
    x = {"field": "name", "type": "nominal", "sort": order, "title": key_words(key) if key else None, "axis": {"labelAngle": 0}}
    y: dict[str, Any] = {"type": "quantitative", "scale": scale.vega_scale(), "axis": scale.vega_axis()}
    colour = style.categories[0]
    layers = [
        {
            "data": {"name": "boxes"}, "mark": {"type": "rule", "color": style.muted},
            "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
        },
        {
            "data": {"name": "boxes"}, "mark": {"type": "bar", "width": {"band": 0.4}, "color": colour, "opacity": 0.3},
            "encoding": {"x": x, "y": {"field": "q1", **y}, "y2": {"field": "q3"}},
        },
        {
            "data": {"name": "boxes"}, "mark": {"type": "tick", "width": {"band": 0.4}, "thickness": 2, "color": colour},
            "encoding": {"x": x, "y": {"field": "median", **y}},
        },
        {
            "data": {"name": "dots"}, "mark": {"type": "point", "size": 22, "color": style.ink, "opacity": 0.5},
            "encoding": {"x": x, "y": {"field": "value", **y}, "tooltip": [{"field": "run"}, {"field": "value", "format": ".4~g"}]},
        },
    ]  # fmt: skip
    said = "; ".join(f"{row['name']}: median {number_text(row['median'])} of {row['runs']}" for row in boxes.to_dict("records")[:8])
    few = [row["name"] for row in boxes.to_dict("records") if row["runs"] < 5]
    notes = (*numbers.notes, *([f"Fewer than five runs: {', '.join(few[:6])}; their boxes say little."] if few else []))
    return [
        Figure(
            spec=layered(layers, style, layout, layout.tall(), "box"),
            data={"boxes": boxes, "dots": dots},
            title=layout.title or _title(settings, len(numbers.runs)),
            subtitle="quartiles; whiskers to 1.5 times the interquartile range; a dot is a run",
            description=f"{key_words(settings.y)}: {said}.",
            width=layout.width,
            height=layout.tall(),
            notes=notes,
        )
    ]


def histogram_chart(runs: Runs, settings: SummarySettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """How many runs have which value of a column."""
    layout = layout or Layout()
    log = wants_log(settings.y, [v for run in runs if (v := number(run[settings.y])) is not None]) if settings.log is None else settings.log
    numbers = numbers_of(runs, settings.y, positive=log)
    values = np.array(numbers.values)
    edges = _edges(np.log10(values) if log else values, settings.bins)
    counts, _ = np.histogram(np.log10(values) if log else values, edges)
    edges = 10.0**edges if log else edges
    bins = pd.DataFrame({"low": edges[:-1], "high": edges[1:], "runs": counts})
    scale = scale_for(settings.y, edges, log=log, nice=False)
    tooltip = [{"field": "low", "title": "from", "format": ".4~g"}, {"field": "high", "title": "to", "format": ".4~g"}, {"field": "runs"}]
    layer = {
        "data": {"name": "bins"},
        "mark": {"type": "bar", "color": style.categories[0], "opacity": 0.85, "stroke": style.paper, "strokeWidth": 1},
        "encoding": {
            "x": {"field": "low", "type": "quantitative", "scale": scale.vega_scale(), "axis": scale.vega_axis()},
            "x2": {"field": "high"},
            "y": {"field": "runs", "type": "quantitative", "title": "runs", "axis": {"tickMinStep": 1}},
            "tooltip": tooltip,
        },
    }
    middle = float(np.median(values))
    return [
        Figure(
            spec=layered([layer], style, layout, layout.tall(200), "histogram"),
            data={"bins": bins},
            title=layout.title or f"{key_words(settings.y)} of {counted(len(values), 'run')}",
            description=f"{counted(len(values), 'run')} from {number_text(values.min())} to {number_text(values.max())}, "
            f"median {number_text(middle)}.",
            width=layout.width,
            height=layout.tall(200),
            notes=numbers.notes,
        )
    ]


def _title(settings: SummarySettings, count: int) -> str:
    by = f" by {key_words(settings.x)}" if settings.x else ""
    return f"{key_words(settings.y)}{by}, {counted(count, 'run')}"


def _ordered(runs: Sequence[Run], names: Sequence[str], key: str | None) -> list[str]:
    """The categories: by number where they are numbers, else by name."""

    def place(item: tuple[Run, str]) -> tuple[int, float, str]:
        value = number(item[0][key]) if key else None
        return (0, value, item[1]) if value is not None and math.isfinite(value) else (1, 0.0, item[1])

    return list(dict.fromkeys(name for _, name in sorted(zip(runs, names, strict=True), key=place)))


def _box(name: str, values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    """Quartiles by linear interpolation, and the furthest values within 1.5 times their distance (Tukey 1977)."""
    q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75])
    reach = 1.5 * (q3 - q1)
    inside = values[(values >= q1 - reach) & (values <= q3 + reach)]
    return {
        "name": name, "runs": len(values), "low": float(inside.min()), "q1": float(q1), "median": float(median),
        "q3": float(q3), "high": float(inside.max()),
    }  # fmt: skip


def _edges(values: np.ndarray[Any, np.dtype[np.float64]], most: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Even bins by the rule of Freedman and Diaconis (1981), between 1 and `most`."""
    low, high = float(values.min()), float(values.max())
    if low == high:
        half = abs(low) * 0.05 or 0.5
        return np.array([low - half, high + half])
    edges = np.histogram_bin_edges(values, "fd")
    count = min(max(len(edges) - 1, 1), most)
    return np.linspace(low, high, count + 1)
