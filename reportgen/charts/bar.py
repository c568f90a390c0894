"""Bar charts: one number per run, the best first, or the means of groups.

`python -m reportgen.charts.bar > bar.svg` draws an example.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from reportgen.analysis.grouping import summarise
from reportgen.charts.axis import Scale, scale_for
from reportgen.charts.colouring import Colouring, colour_by, colour_runs
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.style import ChartStyle
from reportgen.charts.summaries import Numbers, SummarySettings, facets_of, numbers_of, ordered, summarised, title_of
from reportgen.charts.words import category, counted, is_share, key_words, named, number_text, run_labels
from reportgen.model import Goal, Runs
from reportgen.words import _

_MOST_BARS = 40
_ROW = 22


@dataclass(frozen=True, eq=False)
class Bars:
    """The bars of one chart: a row each, the best first; and one of `dots` for each run behind a mean."""

    facet: str
    rows: pd.DataFrame
    dots: pd.DataFrame
    left_out: int


def bar_chart(runs: Runs, settings: SummarySettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """A bar per run, the best first; or one per value of `settings.x`: the mean of its runs, with each run as a dot.

    One figure, or one for each value of `settings.facet`.
    """
    layout = layout or Layout()
    numbers = numbers_of(runs, settings.y)
    percent = is_share(settings.y, numbers.values)
    drawn = runs.in_order(numbers.runs)
    colours = colour_by(drawn, settings.color, style, bins=5) if settings.color else colour_runs(drawn, settings.y, style)
    charts = [
        _bars(runs, numbers, places, facet, settings, colours, style, percent)
        for facet, places in facets_of(numbers.runs, settings.facet).items()
    ]
    if settings.color and settings.x and _is_mixed(numbers, settings.x, colours):
        mixed = _("Runs of one bar differ in {key}: it has the colour of the first of them.").format(key=key_words(settings.color))
        numbers = replace(numbers, notes=(*numbers.notes, mixed))
    dots = [value for bars in charts if settings.x is not None for value in bars.dots["value"]]
    means = [mean for bars in charts for mean in bars.rows["mean"]]
    scale = scale_for(settings.y, [0.0, *means, *dots], percent=percent)
    return [
        _figure(bars, numbers if i == 0 else replace(numbers, notes=()), runs, settings, colours, scale, style, layout)
        for i, bars in enumerate(charts)
    ]


def _bars(
    runs: Runs, numbers: Numbers, places: Sequence[int], facet: str, settings: SummarySettings, colours: Colouring, style: ChartStyle,
    percent: bool,
) -> Bars:  # fmt: skip
    labels = run_labels(numbers.runs)
    shown = [numbers.runs[i] for i in places]
    names = [labels[run.id] if settings.x is None else category(settings.x, run[settings.x]) for run in shown]
    dots = pd.DataFrame({"name": names, "value": [numbers.values[i] for i in places], "run": [labels[run.id] for run in shown]})
    first = {name: run.id for name, run in zip(reversed(names), reversed(shown), strict=True)}
    rows: list[dict[str, Any]] = []
    for name in ordered(shown, names, settings.x) if settings.x else dict.fromkeys(names):
        values = dots.loc[dots["name"] == name, "value"].to_numpy()
        band = summarise(np.zeros(1), values[:, None], "ci")
        rows.append(
            {"name": name, "mean": float(band.mean[0]), "lower": float(band.lower[0]), "upper": float(band.upper[0]), "runs": len(values),
             "text": number_text(float(band.mean[0]), percent), **colours.columns(first[name], style)}
        )  # fmt: skip
    if settings.x is None or not _is_ordered(runs, settings.x):
        rows.sort(key=lambda row: row["mean"] if runs.goal(settings.y) == "min" else -row["mean"])
    kept = pd.DataFrame(rows[:_MOST_BARS])
    return Bars(facet, kept, dots[dots["name"].isin(kept["name"])].reset_index(drop=True), len(rows) - len(kept))


def _figure(
    bars: Bars, numbers: Numbers, runs: Runs, settings: SummarySettings, colours: Colouring, scale: Scale, style: ChartStyle,
    layout: Layout,
) -> Figure:  # fmt: skip
    rows = bars.rows.to_dict("records")
    height = max(_ROW * len(rows), 44)
    notes = numbers.notes
    if bars.left_out:
        only = _("The first {n} of {all} bars of {which}.") if bars.facet else _("The first {n} of {all} bars.")
        notes = (*notes, only.format(n=_MOST_BARS, all=bars.left_out + _MOST_BARS, which=bars.facet))
    legend = colours.legend(style, layout) if settings.color else ()
    own = settings.color is not None or settings.x is None
    means = "" if settings.x is None or all(row["runs"] == 1 for row in rows) else _("mean of the runs, 95 % interval; a dot is a run")
    return Figure(
        spec=_spec(bars, settings, style, layout, height, colours if own else None, scale),
        data={"bars": bars.rows, **({} if settings.x is None else {"dots": bars.dots})},
        title=bars.facet or layout.title or title_of(settings, len(numbers.runs)),
        subtitle=", ".join(filter(None, [means, colours.said if legend else ""])),
        description=_described(rows, settings, bars.facet, runs.goal(settings.y), scale.percent),
        width=layout.width, height=height, notes=notes, legend=legend,
    )  # fmt: skip


def _described(rows: Sequence[Mapping[Any, Any]], settings: SummarySettings, facet: str, goal: Goal | None, percent: bool) -> str:
    best = (min if goal == "min" else max)(rows, key=lambda row: row["mean"])
    low, high = (number_text(end(row["mean"] for row in rows), percent) for end in (min, max))
    sentence = (
        _("Bar chart of {what}, {bars} from {low} to {high}; the best is {name} with {value}.")
        if goal
        else _("Bar chart of {what}, {bars} from {low} to {high}; the greatest is {name} with {value}.")
    )
    bars = counted(len(rows), "bar")
    return sentence.format(what=summarised(settings, facet), bars=bars, low=low, high=high, name=best["name"], value=best["text"])


def _is_mixed(numbers: Numbers, column: str, colours: Colouring) -> bool:
    entries: dict[str, set[str]] = {}
    for run in numbers.runs:
        entries.setdefault(category(column, run[column]), set()).add(colours.entries.get(run.id, ""))
    return any(len(one) > 1 for one in entries.values())


def _is_ordered(runs: Runs, column: str) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for run in runs if (value := run[column]) is not None)


def _spec(
    bars: Bars, settings: SummarySettings, style: ChartStyle, layout: Layout, height: int, colours: Colouring | None, scale: Scale
) -> dict[str, Any]:  # fmt: skip
    grouped = settings.x is not None
    fill = colours.channel(style, layout) if colours else None
    rest = colours.rest if colours else ""
    title = key_words(settings.x) if settings.x else None
    y = {"field": "name", "type": "nominal", "sort": list(bars.rows["name"]), "axis": {
        "title": title, "domain": False, "labelLimit": 220, "grid": False}}  # fmt: skip
    x = {"type": "quantitative", "scale": scale.vega_scale(), "axis": {**scale.vega_axis(), "grid": True, "domain": False}}
    opacity: dict[str, Any] = (
        {"condition": {"test": f"datum.entry === {rest!r}", "value": 0.4}, "value": 0.9} if rest else {"value": 0.5 if grouped else 0.9}
    )
    tooltip = [
        {"field": "name", "title": key_words(settings.x) if settings.x else _("run")}, {"field": "text", "title": key_words(settings.y)},
        *([{"field": "runs", "type": "quantitative", "title": _("runs")}] if grouped else []),
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
                 named("run", _("run")),
                 {"field": "value", "type": "quantitative", "title": key_words(settings.y),
                  "format": ".1%" if scale.percent else ".4~g"}]}},
            {"data": {"name": "bars"}, "mark": {**text, "dx": 8}, "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "text"}}},
        ]  # fmt: skip
    else:
        sign = {"expr": "datum.mean < 0 ? -6 : 6"}
        layers.append({"data": {"name": "bars"}, "mark": {**text, "dx": sign, "align": {"expr": "datum.mean < 0 ? 'right' : 'left'"}},
                       "encoding": {"y": y, "x": {"field": "mean", **x}, "text": {"field": "text"}}})  # fmt: skip
    spec = layered(layers, style, layout, height, "bar")
    # Text is measured with figures narrower than the page's tabular ones: names and numbers may be wider by a tenth.
    return {**spec, "padding": {"left": 8, "top": 2, "right": 14, "bottom": 2}}


if __name__ == "__main__":
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(bar_chart(example_runs(), SummarySettings("val/acc"), ChartStyle())[0])
