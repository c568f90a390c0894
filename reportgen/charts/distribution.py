"""Distributions over steps as a picture: time to the right, value upwards, the more ink the more values."""

from __future__ import annotations

import base64

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.analysis.distribution import DistributionOverSteps
from reportgen.charts.axis import Scale
from reportgen.charts.figure import Figure
from reportgen.charts.layout import CARD, Layout, layered
from reportgen.charts.png import png_of_one_colour
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import named, shorten
from reportgen.words import _

INK = "#4269d0"


def distribution_over_steps(
    distribution: DistributionOverSteps, *, title: str, style: ChartStyle, width: str = "text", height: int = 160, run: str = "",
    colour: str = "", place: int = CARD,
) -> Figure:  # fmt: skip
    """A heatmap of one tensor's distribution over steps, with its mean as a line.

    The cells are one small image: a page holds dozens of these, and thousands of rectangles each would make it
    heavy. Its opacity is the square root of the share of values, so that thin tails can be seen.

    Args:
        run, colour: The name of the run and its colour, where several stand beside each other.
        place: The width in pixels of the place that it stands in.
    """
    edges, steps = distribution.edges, distribution.steps
    left, right = _cell_borders(steps)
    picture = pd.DataFrame({"x": [(left + right) / 2], "y": [(edges[0] + edges[-1]) / 2], "picture": [picture_url(distribution)]})
    mean = pd.DataFrame({"x": steps, "y": np.clip(distribution.mean, edges[0], edges[-1]), "mean": distribution.mean})
    across, upwards = Scale(_("step"), domain=(left, right)), Scale("", domain=(float(edges[0]), float(edges[-1])))
    x, y = (
        {"field": name, "type": "quantitative", "scale": scale.vega_scale(), "axis": scale.vega_axis()}
        for name, scale in (("x", across), ("y", upwards))
    )
    # Vega-Lite gives an image no second corner: it stands in the middle and is stretched over the plot.
    picture_layer = {
        "data": {"name": "picture"},
        "mark": {"type": "image", "aspect": False, "width": {"expr": "width"}, "height": {"expr": "height"}},
        "encoding": {"x": x, "y": y, "url": {"field": "picture", "type": "nominal"}},
    }
    line = {
        "data": {"name": "mean"},
        "mark": {"type": "line", "color": style.ink, "strokeWidth": 1, "opacity": 0.7},
        "encoding": {"x": x, "y": y, "tooltip": [
            {"field": "x", "type": "quantitative", "title": _("step")},
            {**named("mean", _("mean")), "type": "quantitative", "format": ".3g"}]},
    }  # fmt: skip
    layout = Layout(place=place, height=height)
    return Figure(
        spec=layered([picture_layer, line], style, layout, height, "distribution"),
        data={"picture": picture, "mean": mean},
        title=title,
        legend=((shorten(run, 40), colour),) if run else (),
        description=_described(distribution, run),
        width=width,
        height=height,
    )


def _described(distribution: DistributionOverSteps, run: str) -> str:
    steps = distribution.steps
    what = (
        _("Distribution of {key} of {run} over {n} logged steps, {first} to {last}.")
        if run
        else _("Distribution of {key} over {n} logged steps, {first} to {last}.")
    )
    course = _("Its standard deviation goes from {spread} to {last_spread}, its mean from {mean} to {last_mean}.")
    ends = {"spread": distribution.spread[0], "last_spread": distribution.spread[-1], "mean": distribution.mean[0],
            "last_mean": distribution.mean[-1]}  # fmt: skip
    said = what.format(key=distribution.key, run=run, n=len(steps), first=steps[0], last=steps[-1])
    return f"{said} {course.format(**{name: f'{value:.3g}' for name, value in ends.items()})}"


def _cell_borders(steps: NDArray[np.int64]) -> tuple[float, float]:
    """The first cell starts and the last one ends half a cell beside its step."""
    if len(steps) == 1:
        return float(steps[0]) - 0.5, float(steps[0]) + 0.5
    half = (steps[-1] - steps[0]) / (len(steps) - 1) / 2
    return float(steps[0] - half), float(steps[-1] + half)


def picture_url(distribution: DistributionOverSteps) -> str:
    """The shares as a PNG of one colour with varying opacity, a column per evenly spaced step, in a data URL."""
    steps = distribution.steps
    columns = min(len(steps), 200)
    at = np.linspace(steps[0], steps[-1], columns)
    nearest = np.abs(steps[None, :] - at[:, None]).argmin(axis=1)
    share = distribution.share[nearest].T[::-1]
    opacity = np.sqrt(share / max(float(share.max()), 1e-12))
    png = png_of_one_colour(np.round(opacity * 255).astype(np.uint8), INK)
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
