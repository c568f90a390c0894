"""What all charts of this package share: the outer specification and its sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reportgen.charts.figure import PIXELS
from reportgen.charts.style import ChartStyle

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True)
class Layout:
    """How large a chart is and what is written on it.

    Attributes:
        width: "text", "wide" or "full".
        columns: How many charts share that width beside each other.
        height: Of the plot in pixels; None takes what suits the kind and the width.
        title: In place of the one that the chart would make.
        legend: False leaves the legend and the labels out.
        shared_legend: The figure stands beside others, with one legend for all of them; also numbers are named there.
        y_title: False where the title of the figure is the name of the metric already.
    """

    width: str = "text"
    columns: int = 1
    height: int | None = None
    title: str | None = None
    legend: bool = True
    shared_legend: bool = False
    y_title: bool = True

    @property
    def pixels(self) -> int:
        """The width of one chart; small multiples have 24 pixels between them."""
        return (PIXELS[self.width] - 24 * (self.columns - 1)) // self.columns

    def tall(self, usual: int = 280) -> int:
        """The height of the plot: smaller for small multiples."""
        return self.height or (usual if self.columns == 1 else 200 if self.columns == 2 else 160)


def layered(
    layers: Sequence[Mapping[str, Any]],
    style: ChartStyle,
    layout: Layout,
    height: int,
    kind: str,
    params: Sequence[Mapping[str, Any]] = (),
    **can: Any,
) -> dict[str, Any]:
    """A specification of layers that is as wide as `layout` says and `height` pixels high without its axes."""
    spec: dict[str, Any] = {
        "$schema": SCHEMA,
        "width": layout.pixels,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": style.vega_config(),
        "usermeta": {"reportgen": {"kind": kind, **can}},
        "layer": [dict(layer) for layer in layers],
    }  # fmt: skip
    if params:
        spec["params"] = [dict(param) for param in params]
    return spec


def one_row() -> pd.DataFrame:
    """The frame `plot`: for marks that stand once."""
    return pd.DataFrame({"x": [0]})


def joined(pieces: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Frames below each other, with these columns also when there are none."""
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame({name: [] for name in columns})
