"""Bar charts: one number per run, the best first, or the means of groups.

`python -m reportgen.charts.bar > bar.svg` draws an example.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportgen.analysis.grouping import summarise
from reportgen.charts.axis import scale_for
from reportgen.charts.colouring import category, colour_by, colour_runs
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.style import ChartStyle
from reportgen.charts.summaries import SummarySettings, numbers_of, ordered, title_of
from reportgen.charts.words import counted, is_share, key_words, number_text, run_labels
from reportgen.model import Runs

_MOST_BARS = 40
_ROW = 22


def bar_chart(runs: Runs, settings: SummarySettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """A bar per run, the best first; or one per value of `settings.x`: the mean of its runs, with each run as a dot."""
    layout = layout or Layout()
    numbers = numbers_of(runs, settings.y)
    percent = is_share(settings.y, numbers.values)
    drawn = runs.in_order(numbers.runs)
    colours = colour_by(drawn, settings.color, style) if settings.color else colour_runs(drawn, settings.y, style)
    labels = run_labels(numbers.runs)
    names = [labels[run.id] if settings.x is None else category(settings.x, run[settings.x]) for run in numbers.runs]
    dots = pd.DataFrame({"name": names, "value": numbers.values, "run": [labels[run.id] for run in numbers.runs]})
    first = {name: run.id for name, run in zip(reversed(names), reversed(numbers.runs), strict=True)}
    rows: list[dict[str, Any]] = []
    for name in ordered(numbers.runs, names, settings.x) if settings.x else dict.fromkeys(names):
        values = dots.loc[dots["name"] == name, "value"].to_numpy()
        band = summarise(np.zeros(1), values[:, None], "ci")
        rows.append(
            {"name": name, "mean": float(band.mean[0]), "lower": float(band.lower[0]), "upper": float(band.upper[0]), "runs": len(values),
             "text": number_text(float(band.mean[0]), percent), **colours.columns(first[name], style)}
        )  # fmt: skip
    goal = runs.goal(settings.y)
    if settings.x is None or not _is_ordered(runs, settings.x):
        rows.sort(key=lambda row: row["mean"] if goal == "min" else -row["mean"])
    left_out, rows = len(rows) - _MOST_BARS, rows[:_MOST_BARS]
    bars = pd.DataFrame(rows)
    height = max(_ROW * len(rows), 44)
    notes = (*numbers.notes, *([f"The first {_MOST_BARS} of {left_out + _MOST_BARS} bars."] if left_out > 0 else []))
    best = (min if goal == "min" else max)(rows, key=lambda row: row["mean"])
    said = f"Bar chart of {settings.y}" + (f" by {settings.x}" if settings.x else "")
    ends = [number_text(end(row["mean"] for row in rows), percent) for end in (min, max)]
    frames = {"bars": bars}
    if settings.x is not None:
        frames["dots"] = dots[dots["name"].isin(bars["name"])].reset_index(drop=True)
    own = settings.color is not None or settings.x is None
    fill = colours.channel(style, legend=bool(settings.color) and layout.legend) if own else None
    return [
        Figure(
            spec=_spec(bars, dots, settings, style, layout, height, fill, colours.rest if own else "", percent),
            data=frames, title=layout.title or title_of(settings, len(numbers.runs)),
            subtitle="" if settings.x is None else "mean of the runs, 95 % interval; a dot is a run" if (bars["runs"] > 1).any() else "",
            description=f"{said}, {counted(len(rows), 'bar')} from {ends[0]} to {ends[1]}; {'the best' if goal else 'the greatest'} is "
            f"{best['name']} with {best['text']}.",
            width=layout.width, height=height, notes=notes,
        )
    ]  # fmt: skip


def _is_ordered(runs: Runs, column: str) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for run in runs if (value := run[column]) is not None)


def _spec(
    bars: pd.DataFrame, dots: pd.DataFrame, settings: SummarySettings, style: ChartStyle, layout: Layout, height: int,
    fill: dict[str, Any] | None, rest: str, percent: bool,
) -> dict[str, Any]:  # fmt: skip
    grouped = settings.x is not None
    values = [0.0, *bars["mean"], *(dots["value"] if grouped else ())]
    scale = scale_for(settings.y, values, percent=percent)
    title = key_words(settings.x) if settings.x else None
    y = {"field": "name", "type": "nominal", "sort": list(bars["name"]), "axis": {
        "title": title, "domain": False, "labelLimit": 220, "grid": False}}  # fmt: skip
    x = {"type": "quantitative", "scale": scale.vega_scale(), "axis": {**scale.vega_axis(), "grid": True, "domain": False}}
    opacity: dict[str, Any] = (
        {"condition": {"test": f"datum.entry === {rest!r}", "value": 0.4}, "value": 0.9} if rest else {"value": 0.5 if grouped else 0.9}
    )
    tooltip = [
        {"field": "name", "title": key_words(settings.x) if settings.x else "run"}, {"field": "text", "title": key_words(settings.y)},
        *([{"field": "runs", "type": "quantitative", "title": "runs"}] if grouped else []),
    ]  # fmt: skip
    layers: list[dict[str, Any]] = [
        {
            "data": {"name": "bars"},
            "mark": {"type": "bar", "height": {"band": 0.66}, **({} if fill else {"color": style.categories[0]})},
            "encoding": {"y": y, "x": {"field": "mean", **x}, "x2": {"datum": 0}, "opacity": opacity, "tooltip": tooltip}
            | ({"fill": fill} if fill else {}),
        }
    ]
    text: dict[str, Any] = {"type": "text", "align": "left", "baseline": "middle", "color": style.ink}
    if grouped:
        interval = {"y": y, "x": {"field": "lower", **x}, "x2": {"field": "upper"}}
        layers += [
            {"data": {"name": "bars"}, "transform": [{"filter": "isValid(datum.lower)"}],
             "mark": {"type": "rule", "color": style.ink, "strokeWidth": 1.25, "clip": True}, "encoding": interval},
            {"data": {"name": "dots"}, "mark": {"type": "circle", "size": 26, "color": style.ink, "opacity": 0.5},
             "encoding": {"y": y, "x": {"field": "value", **x}, "tooltip": [
                 {"field": "run"},
                 {"field": "value", "type": "quantitative", "title": key_words(settings.y), "format": ".1%" if percent else ".4~g"}]}},
            {"data": {"name": "bars"}, "mark": {**text, "dx": 8}, "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "text"}}},
        ]  # fmt: skip
    else:
        sign = {"expr": "datum.mean < 0 ? -6 : 6"}
        layers.append({"data": {"name": "bars"}, "mark": {**text, "dx": sign, "align": {"expr": "datum.mean < 0 ? 'right' : 'left'"}},
                       "encoding": {"y": y, "x": {"field": "mean", **x}, "text": {"field": "text"}}})  # fmt: skip
    return layered(layers, style, layout, height, "bar")


if __name__ == "__main__":
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(bar_chart(example_runs(), SummarySettings("val/acc"), ChartStyle())[0])
