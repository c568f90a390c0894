"""Histograms: how many runs have which value of a column.

`python -m reportgen.charts.histogram > histogram.svg` draws an example.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.analysis.attribute_names import attribute_name
from reportgen.charts.axis import Scale, nice_domain, scale_for, tick_step, wants_log
from reportgen.charts.colouring import Colouring, colour_by
from reportgen.charts.figure import Figure
from reportgen.charts.interaction import VISIBLE, toggle_params
from reportgen.charts.layout import Layout, layered
from reportgen.charts.style import ChartStyle
from reportgen.charts.summaries import SummarySettings, facets_of, numbers_of, raw_values
from reportgen.charts.words import counted, is_share, key_words, number_text
from reportgen.model import Runs
from reportgen.words import _


def histogram_chart(runs: Runs, settings: SummarySettings, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """How many runs have which value of `settings.y`, stacked by the values of `settings.color` (many numbers in ranges).

    One figure, or one for each value of `settings.facet`, with common bins and axes.
    """
    layout = layout or Layout()
    log = wants_log(settings.y, raw_values(runs, settings.y)) if settings.log is None else settings.log
    numbers = numbers_of(runs, settings.y, positive=log)
    values = np.array(numbers.values)
    edges = bin_edges(values, settings.bins, log)
    colours = colour_by(runs.in_order(numbers.runs), settings.color, style, bins=5) if settings.color else None
    entries = [colours.entries[run.id] if colours else "" for run in numbers.runs]
    axis = scale_for(settings.y, edges, log=log, nice=False, percent=is_share(settings.y, numbers.values))
    shown = list(colours.colours) if colours else [""]
    charts = [
        (facet, values[places], *stacked(values[places], [entries[i] for i in places], shown, edges))
        for facet, places in facets_of(numbers.runs, settings.facet).items()
    ]
    most = max(int(totals.max()) for *_, totals in charts)
    legend = colours.legend(style, layout) if colours else ()
    return [
        Figure(
            spec=_spec(axis, most, colours, style, layout, toggles=bool(legend)), data={"bins": bins},
            title=facet or layout.title or _("{metric} of {runs}").format(metric=key_words(settings.y), runs=counted(len(values), "run")),
            subtitle=colours.said if colours and legend else "",
            description=_described(settings, facet, own, totals, edges, axis.percent), width=layout.width, height=layout.tall(220),
            notes=numbers.notes if i == 0 else (), legend=legend,
        )
        for i, (facet, own, bins, totals) in enumerate(charts)
    ]  # fmt: skip


def _described(
    settings: SummarySettings, facet: str, values: NDArray[np.float64], totals: NDArray[np.int64], edges: NDArray[np.float64], percent: bool
) -> str:
    middle, low, high = (number_text(float(value), percent) for value in (np.median(values), values.min(), values.max()))
    fullest = int(totals.argmax())
    ends = [number_text(float(edge), percent) for edge in edges[fullest : fullest + 2]]
    sentence = _("Histogram of {what}: {runs} from {low} to {high}, median {middle}; most of them ({n}) lie between {first} and {last}.")
    what = _("{metric} for {which}").format(metric=attribute_name(settings.y), which=facet) if facet else attribute_name(settings.y)
    return sentence.format(
        what=what, runs=counted(len(values), "run"), low=low, high=high, middle=middle, n=totals.max(), first=ends[0], last=ends[1]
    )


def stacked(
    values: NDArray[np.float64], entries: Sequence[str], shown: Sequence[str], edges: NDArray[np.float64]
) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """The bins that have runs, for each entry above the one before (`from`, `to`), and the number of runs in each bin."""
    place = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, len(edges) - 2)
    base = np.zeros(len(edges) - 1, dtype=np.int64)
    pieces = []
    for entry in shown:
        count = np.bincount(place[[one == entry for one in entries]], minlength=len(edges) - 1)
        pieces.append(pd.DataFrame({"low": edges[:-1], "high": edges[1:], "from": base, "to": base + count, "runs": count, "entry": entry}))
        base = base + count
    bins = pd.concat(pieces, ignore_index=True)
    return bins[bins["runs"] > 0].reset_index(drop=True), base


def _spec(axis: Scale, most: int, colours: Colouring | None, style: ChartStyle, layout: Layout, toggles: bool) -> dict[str, Any]:
    number_format = ".1%" if axis.percent else ".4~g"
    top = math.ceil(nice_domain(0, most)[1])
    step = max(1, round(tick_step(0, top)))
    y = {"field": "from", "type": "quantitative", "scale": {"domain": [0, top], "nice": False}}
    tooltip = [
        {"field": "low", "type": "quantitative", "title": _("from"), "format": number_format},
        {"field": "high", "type": "quantitative", "title": _("to"), "format": number_format},
        *([{"field": "entry", "title": colours.title}] if colours else []),
        {"field": "runs", "type": "quantitative", "title": _("runs")},
    ]
    mark = {"type": "rect", "stroke": style.paper, "strokeWidth": 1, "opacity": 0.9}
    layer: dict[str, Any] = {
        "data": {"name": "bins"},
        "transform": [dict(VISIBLE)] if toggles else [],
        "mark": mark if colours else {**mark, "color": style.categories[0]},
        "encoding": {
            "x": {"field": "low", "type": "quantitative", "scale": axis.vega_scale(), "axis": axis.vega_axis()},
            "x2": {"field": "high"},
            "y": {**y, "axis": {"title": _("runs"), "values": list(range(0, top + 1, step)), "format": "d"}},
            "y2": {"field": "to"},
            "tooltip": tooltip,
        },
    }
    if colours:
        layer["encoding"]["fill"] = colours.channel(style, layout)
    params = toggle_params() if toggles else []
    return layered([layer], style, layout, layout.tall(220), "histogram", params, toggle=toggles)


def bin_edges(values: NDArray[np.float64], wanted: int | None, log: bool) -> NDArray[np.float64]:
    """Ascending edges: of as many bins as wanted, with round ends where that is possible (on a log axis: of equal ratio).

    By default the greater of what Freedman and Diaconis (1981) and Sturges (1926) say: runs come in clumps, whose wide quartiles
    would give the first rule too few bins.
    """
    scaled = np.log10(values) if log else values / 1.0
    low, high = float(scaled.min()), float(scaled.max())
    if not high - low > 1e-12 * max(abs(low), abs(high)):
        half = abs(low) * 0.05 or 0.5
        edges = np.array([low - half, high + half])
        return np.asarray(10.0**edges if log else edges)
    if not math.isfinite(high - low):
        return np.array([low, low / 2 + high / 2, high])
    spread = float(np.subtract(*np.quantile(scaled, [0.75, 0.25])))
    rule = (high - low) / (2 * spread / len(values) ** (1 / 3)) if spread > 0 else 1.0
    count = wanted or min(max(math.ceil(rule), math.ceil(math.log2(len(values))) + 1, 5), 60)
    if log:
        return np.asarray(10.0 ** np.linspace(low, high, count + 1))
    if wanted:
        return _exactly(low, high, wanted)
    step = tick_step(low, high, count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if not math.isfinite(first * step) or abs(first) > 2**50:
        return np.linspace(low, high, count + 1)
    return np.array([float(f"{i * step:.12g}") for i in range(first, max(last, first + 1) + 1)])


def _exactly(low: float, high: float, count: int) -> NDArray[np.float64]:
    """The edges of `count` bins: round ones when all values lie between them and both outer bins hold one, else evenly spaced."""
    power = 10.0 ** math.floor(math.log10((high - low) / count))
    for digits in (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12):
        step = digits * power
        first = math.floor(low / step + 1e-9)
        reached = high / step - first
        if count - 1 < reached <= count + 1e-9 and abs(first) < 2**50:
            return np.array([float(f"{(first + i) * step:.12g}") for i in range(count + 1)])
    return np.linspace(low, high, count + 1)


if __name__ == "__main__":
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(histogram_chart(example_runs(120), SummarySettings("val/acc", color="config.optimizer.name"), ChartStyle())[0])
