"""Distributions over steps as a picture: time to the right, value upwards, the more ink the more values."""

from __future__ import annotations

import base64
import struct
import zlib

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.analysis.distribution import DistributionOverSteps
from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle

INK = "#4269d0"


def distribution_over_steps(
    distribution: DistributionOverSteps, *, title: str, style: ChartStyle, width: str = "text", height: int = 160
) -> Figure:
    """A heatmap of one tensor's distribution over steps, with its mean as a line.

    The cells are one small image: a page holds dozens of these, and thousands of rectangles each would make it
    heavy. Its opacity is the square root of the share of values, so that thin tails can be seen.
    """
    edges, steps = distribution.edges, distribution.steps
    left, right = _cell_borders(steps)
    picture = pd.DataFrame({"x": [(left + right) / 2], "y": [(edges[0] + edges[-1]) / 2], "picture": [_picture(distribution)]})
    mean = pd.DataFrame({"x": steps, "y": np.clip(distribution.mean, edges[0], edges[-1]), "mean": distribution.mean})
    x = alt.X("x:Q", title="step", scale=alt.Scale(domain=[left, right], nice=False), axis=alt.Axis(format="~s"))
    y = alt.Y("y:Q", title=None, scale=alt.Scale(domain=[edges[0], edges[-1]], nice=False), axis=alt.Axis(format="~g"))
    # Vega-Lite gives an image no second corner: it stands in the middle and is stretched over the plot.
    heat = (
        alt.Chart(alt.NamedData("picture"))
        .mark_image(aspect=False, width=alt.expr("width"), height=alt.expr("height"))
        .encode(x, y, url="picture:N")
    )
    line = (
        alt.Chart(alt.NamedData("mean"))
        .mark_line(color=style.ink, strokeWidth=1, opacity=0.7)
        .encode(x, y, tooltip=[alt.Tooltip("x:Q", title="step"), alt.Tooltip("mean:Q", format=".3g")])
    )
    spec = alt.layer(heat, line).properties(width=300, height=height).to_dict(validate=False)
    spec["config"] = style.vega_config()
    spread, middle = distribution.spread, distribution.mean
    return Figure(
        spec=spec,
        data={"picture": picture, "mean": mean},
        title=title,
        description=(
            f"Distribution of {distribution.key} over {len(steps)} logged steps, {steps[0]} to {steps[-1]}. Its standard "
            f"deviation goes from {spread[0]:.3g} to {spread[-1]:.3g}, its mean from {middle[0]:.3g} to {middle[-1]:.3g}."
        ),
        width=width,
        height=height,
    )


def _cell_borders(steps: NDArray[np.int64]) -> tuple[float, float]:
    """The first cell starts and the last one ends half a cell beside its step."""
    if len(steps) == 1:
        return float(steps[0]) - 0.5, float(steps[0]) + 0.5
    half = (steps[-1] - steps[0]) / (len(steps) - 1) / 2
    return float(steps[0] - half), float(steps[-1] + half)


def _picture(distribution: DistributionOverSteps) -> str:
    """The shares as a PNG of one colour with varying opacity, a column per evenly spaced step, in a data URL."""
    steps = distribution.steps
    columns = min(len(steps), 200)
    at = np.linspace(steps[0], steps[-1], columns)
    nearest = np.abs(steps[None, :] - at[:, None]).argmin(axis=1)
    share = distribution.share[nearest].T[::-1]
    opacity = np.sqrt(share / max(float(share.max()), 1e-12))
    png = _png(np.round(opacity * 255).astype(np.uint8), INK)
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _png(alpha: NDArray[np.uint8], colour: str) -> bytes:
    """A PNG (colour type 3: palette with opacity per entry) of `alpha`, shape (height, width)."""
    height, width = alpha.shape
    rgb = bytes.fromhex(colour.removeprefix("#"))
    rows = b"".join(b"\0" + row.tobytes() for row in alpha)

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", rgb * 256),
            chunk(b"tRNS", bytes(range(256))),
            chunk(b"IDAT", zlib.compress(rows, 9)),
            chunk(b"IEND", b""),
        ]
    )
