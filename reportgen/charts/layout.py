"""What all charts of this package share: the outer specification and its sizes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reportgen.charts.figure import PIXELS
from reportgen.charts.style import ChartStyle

CARD = 373
"""The width of a card, of which three stand beside each other on the page of a run: drawn for it, nothing jumps when it comes alive."""
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
        place: The width in pixels of the place that it stands in; None takes what `width` and `columns` give.
    """

    width: str = "text"
    columns: int = 1
    height: int | None = None
    title: str | None = None
    legend: bool = True
    shared_legend: bool = False
    y_title: bool = True
    place: int | None = None

    @property
    def pixels(self) -> int:
        """The width of one chart; small multiples have 24 pixels between them."""
        if self.place is not None:
            return self.place
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


def slanted_labels(count: int, widest: float) -> dict[str, Any]:
    """The part of an axis of `count` names that slants them where the chart is too narrow for `widest` pixels each.

    Vega-Lite does not know how to align a label whose angle is an expression: so that is said, too.
    """
    narrow = f"width / {max(count, 1)} < {widest}"
    return {
        "labelAngle": {"expr": f"{narrow} ? -40 : 0"},
        "labelAlign": {"expr": f"{narrow} ? 'right' : 'center'"},
        "labelBaseline": {"expr": f"{narrow} ? 'middle' : 'top'"},
    }


def joined(pieces: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    """Frames below each other, with these columns also when there are none."""
    return pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame({name: [] for name in columns})
