"""Box charts: one number per run by the values of a key.

`python -m reportgen.charts.box > box.svg` draws an example.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.charts.axis import scale_for, wants_log
from reportgen.charts.colouring import Colouring, category, colour_by
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.style import ChartStyle
from reportgen.charts.summaries import SummarySettings, numbers_of, ordered, raw_values, title_of
from reportgen.charts.words import is_share, key_words, listed, number_text, run_labels
from reportgen.model import Runs

_FEW = 5
_MOST = 24


def box_chart(runs: Runs, settings: SummarySettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """For each value of `settings.x` the quartiles, the whiskers, and each run as a dot."""
    layout = layout or Layout()
    log = wants_log(settings.y, raw_values(runs, settings.y)) if settings.log is None else settings.log
    numbers = numbers_of(runs, settings.y, positive=log)
    key = settings.x
    names = [category(key, run[key]) if key else "all runs" for run in numbers.runs]
    order = ordered(numbers.runs, names, key)
    order, left_out = order[:_MOST], len(order) - _MOST
    labels = run_labels(numbers.runs)
    colours = colour_by(runs.in_order(numbers.runs), settings.color, style) if settings.color else None
    rows = [
        {"name": name, "value": value, "run": labels[run.id], **(colours.columns(run.id, style) if colours else {})}
        for name, value, run in zip(names, numbers.values, numbers.runs, strict=True)
        if name in order
    ]
    rows.sort(key=lambda row: (order.index(row["name"]), row["value"]))
    dots = pd.DataFrame(rows)
    # The golden ratio spreads neighbours in value far apart (Roberts 2018, the R1 sequence).
    rank = dots.groupby("name", sort=False).cumcount().to_numpy()
    alone = dots["name"].map(dots["name"].value_counts()).to_numpy() == 1
    dots["jitter"] = np.where(alone, 0.0, ((rank + 1) * 0.6180339887 % 1 * 2 - 1).round(3))
    boxes = pd.DataFrame([box_of(name, dots.loc[dots["name"] == name, "value"].to_numpy()) for name in order])
    percent = is_share(settings.y, numbers.values)
    scale = scale_for(settings.y, list(numbers.values), log=log, given=settings.given, percent=percent)
    medians = [f"{row['name']} {number_text(row['median'], percent)} ({row['runs']})" for row in boxes.to_dict("records")]
    few = [str(row["name"]) for row in boxes.to_dict("records") if row["runs"] < _FEW]
    notes = [*numbers.notes]
    if few and len(order) > 1:
        notes.append(f"Fewer than five runs: {listed(few, 6)}; their boxes say little.")
    if left_out > 0:
        notes.append(f"{left_out} more values of {key_words(key or '')} have no box here.")
    said = f"Box chart of {settings.y}" + (f" by {key}" if key else "")
    return [
        Figure(
            spec=_spec(order, settings, scale.vega_scale(), scale.vega_axis(), colours, style, layout, percent),
            data={"boxes": boxes, "dots": dots}, title=layout.title or title_of(settings, len(numbers.runs)),
            subtitle="quartiles, whiskers to 1.5 times their distance; a dot is a run",
            description=f"{said}. Medians (runs): {listed(medians, 8)}.", width=layout.width, height=layout.tall(), notes=tuple(notes),
        )
    ]  # fmt: skip


def box_of(name: str, values: NDArray[np.float64]) -> dict[str, Any]:
    """Quartiles by linear interpolation, and the furthest values within 1.5 times their distance (Tukey 1977)."""
    q1, median, q3 = np.quantile(values, [0.25, 0.5, 0.75])
    reach = 1.5 * (q3 - q1)
    inside = values[(values >= q1 - reach) & (values <= q3 + reach)]
    return {
        "name": name, "runs": len(values), "low": float(inside.min()), "q1": float(q1), "median": float(median),
        "q3": float(q3), "high": float(inside.max()),
    }  # fmt: skip


def _spec(
    order: list[str], settings: SummarySettings, scale: dict[str, Any], axis: dict[str, Any], colours: Colouring | None,
    style: ChartStyle, layout: Layout, percent: bool,
) -> dict[str, Any]:  # fmt: skip
    title = key_words(settings.x) if settings.x else None
    crowded = layout.pixels / len(order) < 70 and max(map(len, order)) > 8
    x = {"field": "name", "type": "nominal", "sort": order, "axis": {
        "title": title, "labelAngle": -40 if crowded else 0, "labelLimit": 140, "ticks": False}}  # fmt: skip
    y: dict[str, Any] = {"type": "quantitative", "scale": scale, "axis": axis}
    boxes, band = {"name": "boxes"}, {"band": 0.46}
    shade = style.categories[0]
    number_format = ".1%" if percent else ".4~g"
    tooltip = [
        {"field": "name", "title": title or "runs"},
        *({"field": field, "type": "quantitative", "title": said, "format": number_format} for field, said in (
            ("high", "upper whisker"), ("q3", "upper quartile"), ("median", "median"), ("q1", "lower quartile"), ("low", "lower whisker"))),
        {"field": "runs", "type": "quantitative", "title": "runs"},
    ]  # fmt: skip
    # A channel for the offset would make the boxes as narrow as its bands.
    aside = {"expr": "datum.jitter * bandwidth('x') * 0.17"}
    dots: dict[str, Any] = {"type": "circle", "size": 30, "opacity": 0.75, "xOffset": aside, **({} if colours else {"color": shade})}
    fill = {"fill": colours.channel(style, legend=layout.legend)} if colours else {}
    whisker = {"type": "rule", "color": style.muted, "strokeWidth": 1.25}
    return layered(
        [
            {"data": boxes, "mark": whisker, "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "q1"}}},
            {"data": boxes, "mark": whisker, "encoding": {"x": x, "y": {"field": "q3", **y}, "y2": {"field": "high"}}},
            {"data": boxes, "mark": {
                "type": "bar", "width": band, "color": style.muted if colours else shade, "opacity": 0.16, "cornerRadius": 2},
             "encoding": {"x": x, "y": {"field": "q1", **y}, "y2": {"field": "q3"}, "tooltip": tooltip}},
            {"data": {"name": "dots"}, "mark": dots, "encoding": {
                "x": x, "y": {"field": "value", **y}, **fill,
                "tooltip": [
                    {"field": "run"},
                    {"field": "value", "type": "quantitative", "title": key_words(settings.y), "format": number_format}]}},
            {"data": boxes, "mark": {"type": "tick", "orient": "horizontal", "width": band, "thickness": 2, "color": style.ink},
             "encoding": {"x": x, "y": {"field": "median", **y}}},
        ],
        style, layout, layout.tall(), "box",
    )  # fmt: skip


if __name__ == "__main__":
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(box_chart(example_runs(60), SummarySettings("val/acc", x="config.channels"), ChartStyle())[0])
