"""Box charts: one number per run by the values of a key.

`python -m reportgen.charts.box > box.svg` draws an example.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.charts.axis import Scale, scale_for, wants_log
from reportgen.charts.colouring import Colouring, colour_by
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered, slanted_labels
from reportgen.charts.style import ChartStyle
from reportgen.charts.summaries import SummarySettings, facets_of, numbers_of, ordered, raw_values, summarised, title_of
from reportgen.charts.words import (
    category,
    counted,
    is_share,
    key_words,
    listed,
    named,
    number_text,
    run_labels,
    text_width,
    value_label,
)
from reportgen.model import Runs
from reportgen.words import _, count

_FEW = 5
_MOST = 24


def box_chart(runs: Runs, settings: SummarySettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """For each value of `settings.x` the quartiles, the whiskers, and each run as a dot.

    One figure, or one for each value of `settings.facet`.
    """
    layout = layout or Layout()
    log = wants_log(settings.y, raw_values(runs, settings.y)) if settings.log is None else settings.log
    numbers = numbers_of(runs, settings.y, positive=log)
    key = settings.x
    names = [category(key, run[key]) if key else _("all runs") for run in numbers.runs]
    order = ordered(numbers.runs, names, key)
    order, left_out = order[:_MOST], len(order) - _MOST
    colours = colour_by(runs.in_order(numbers.runs), settings.color, style) if settings.color else None
    scale = scale_for(
        settings.y, list(numbers.values), log=log, given=settings.given, percent=is_share(settings.y, numbers.values)
    )  # fmt: skip
    beyond = _("{n} more values of {key} have no box here.")
    more = (beyond.format(n=left_out, key=key_words(key or "")),) if left_out > 0 else ()
    if settings.facet:
        sizes = Counter((value_label(settings.facet, run[settings.facet]), name) for run, name in zip(numbers.runs, names, strict=True))
        few = sum(size < _FEW for (_, name), size in sizes.items() if name in order)
        little = _("{n} of {boxes} hold fewer than five runs and say little.").format(n=count(few), boxes=counted(len(sizes), "box"))
        more = (*more, little) if few else more
    labels = run_labels(numbers.runs)
    figures: list[Figure] = []
    for facet, places in facets_of(numbers.runs, settings.facet).items():
        rows = [
            {"name": names[i], "value": numbers.values[i], "run": labels[run.id], **(colours.columns(run.id, style) if colours else {})}
            for i in places
            for run in [numbers.runs[i]]
            if names[i] in order
        ]
        if rows:
            notes = () if figures else (*numbers.notes, *more)
            figures.append(_figure(rows, order, facet, notes, settings, scale, colours, style, layout))
    return figures


def _figure(
    rows: list[dict[str, Any]], order: list[str], facet: str, notes: tuple[str, ...], settings: SummarySettings, scale: Scale,
    colours: Colouring | None, style: ChartStyle, layout: Layout,
) -> Figure:  # fmt: skip
    rows.sort(key=lambda row: (order.index(row["name"]), row["value"]))
    dots = pd.DataFrame(rows)
    # The golden ratio spreads neighbours in value far apart (Roberts 2018, the R1 sequence).
    rank = dots.groupby("name", sort=False).cumcount().to_numpy()
    alone = dots["name"].map(dots["name"].value_counts()).to_numpy() == 1
    dots["jitter"] = np.where(alone, 0.0, ((rank + 1) * 0.6180339887 % 1 * 2 - 1).round(3))
    there = [name for name in order if (dots["name"] == name).any()]
    boxes = pd.DataFrame([box_of(name, dots.loc[dots["name"] == name, "value"].to_numpy()) for name in there])
    found = boxes.to_dict("records")
    medians = [f"{row['name']} {number_text(row['median'], scale.percent)} ({row['runs']})" for row in found]
    few = [str(row["name"]) for row in found if row["runs"] < _FEW]
    if few and len(there) > 1 and not facet:
        notes = (*notes, _("Fewer than five runs: {names}; their boxes say little.").format(names=listed(few, 6)))
    said = _("Box chart of {what}. Medians (runs): {medians}.")
    legend = colours.legend(style, layout) if colours else ()
    subtitle = _("quartiles, whiskers to 1.5 times their distance; a dot is a run")
    return Figure(
        spec=_spec(order, settings, scale, colours, style, layout), data={"boxes": boxes, "dots": dots},
        title=facet or layout.title or title_of(settings, len(dots)),
        subtitle=", ".join(filter(None, [subtitle, colours.said if colours and legend else ""])),
        description=said.format(what=summarised(settings, facet), medians=listed(medians, 8)), width=layout.width, height=layout.tall(),
        notes=notes, legend=legend,
    )  # fmt: skip


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
    order: list[str], settings: SummarySettings, scale: Scale, colours: Colouring | None, style: ChartStyle, layout: Layout
) -> dict[str, Any]:  # fmt: skip
    title = key_words(settings.x) if settings.x else None
    widest = round(max(map(text_width, order))) + 8
    x = {"field": "name", "type": "nominal", "scale": {"domain": order}, "axis": {
        "title": title, **slanted_labels(len(order), widest), "labelLimit": 140, "labelOverlap": False, "ticks": False}}  # fmt: skip
    y: dict[str, Any] = {"type": "quantitative", "scale": scale.vega_scale(), "axis": scale.vega_axis()}
    boxes, band = {"name": "boxes"}, {"band": 0.46}
    shade = style.categories[0]
    number_format = ".1%" if scale.percent else ".4~g"
    tooltip = [
        {"field": "name", "title": title or _("runs")},
        *({"field": field, "type": "quantitative", "title": said, "format": number_format} for field, said in (
            ("high", _("upper whisker")), ("q3", _("upper quartile")), ("median", _("median")), ("q1", _("lower quartile")),
            ("low", _("lower whisker")))),
        {"field": "runs", "type": "quantitative", "title": _("runs")},
    ]  # fmt: skip
    # A channel for the offset would make the boxes as narrow as its bands.
    aside = {"expr": "datum.jitter * bandwidth('x') * 0.17"}
    dots: dict[str, Any] = {"type": "circle", "size": 30, "opacity": 0.75, "xOffset": aside, **({} if colours else {"color": shade})}
    fill = {"fill": colours.channel(style, layout)} if colours else {}
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
                    named("run", _("run")),
                    {"field": "value", "type": "quantitative", "title": key_words(settings.y), "format": number_format}]}},
            {"data": boxes, "mark": {"type": "tick", "orient": "horizontal", "width": band, "thickness": 2, "color": style.ink},
             "encoding": {"x": x, "y": {"field": "median", **y}}},
        ],
        style, layout, layout.tall(), "box", slants=True,
    )  # fmt: skip


if __name__ == "__main__":
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(box_chart(example_runs(60), SummarySettings("val/acc", x="config.channels"), ChartStyle())[0])
