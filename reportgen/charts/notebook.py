"""A figure as an Altair chart that stands by itself: with its data inside and in plain colours, for a notebook or a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from reportgen.charts.figure import PIXELS, Figure
from reportgen.charts.style import ChartStyle

PAPER = ChartStyle(
    ink="#1c1d21", muted="#62666f", hairline="#e4e5e9", paper="#ffffff", accent="#3451c6", font="Inter, system-ui, sans-serif"
)
"""The colours of the theme on white: a notebook has no variables of a page."""


def notebook_chart(figure: Figure) -> alt.LayerChart:
    """The figure, drawn in `PAPER`, as a chart that Altair can show, combine and save.

    Its size is in pixels, its frames are inside (numbers that are not finite as null), and its title is the figure's.
    """
    spec: dict[str, Any] = dict(figure.spec)
    if not isinstance(spec.get("width"), int):
        spec["width"] = PIXELS["text"]
    spec["datasets"] = {name: _records(frame) for name, frame in figure.data.items()}
    spec["title"] = {"text": figure.title, "subtitle": figure.subtitle, "anchor": "start", "offset": 12}
    spec["config"] = _on_paper(figure.spec["config"])
    return alt.LayerChart.from_dict(spec)


def _on_paper(config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with a ground of its own, since a notebook may be dark, and room around the drawing."""
    title = {"color": PAPER.ink, "fontSize": 15, "fontWeight": 600, "subtitleColor": PAPER.muted, "subtitleFontSize": 12}
    return {**config, "background": PAPER.paper, "padding": 12, "title": title}


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return list(json.loads(frame.to_json(orient="records", date_format="iso", double_precision=15)))
