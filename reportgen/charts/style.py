"""How charts look: one frozen value that the theme can change, and the Vega configuration made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reportgen.model import Runs

CATEGORIES = (
    "#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#ff8ab7", "#a463f2", "#97bbf5", "#9c6b4e", "#9498a0",
)  # fmt: skip
"""Observable's ten categorical colours (Observable Plot, scheme "observable10")."""


@dataclass(frozen=True)
class ChartStyle:
    """Colours are CSS: variables of the theme, so that a chart follows light and dark without being redrawn."""

    ink: str = "var(--ink)"
    muted: str = "var(--muted)"
    hairline: str = "var(--hairline)"
    paper: str = "var(--paper)"
    accent: str = "var(--accent)"
    font: str = "var(--sans)"
    axis_size: int = 12
    line_width: float = 1.75
    raw_opacity: float = 0.25
    band_opacity: float = 0.15
    categories: tuple[str, ...] = CATEGORIES
    run_colours: Mapping[str, str] = field(default_factory=dict)

    def colour(self, run_id: str) -> str:
        """The colour of a run, the same on the whole site."""
        return self.run_colours.get(run_id, self.categories[-1])

    def vega_config(self) -> dict[str, Any]:
        """The `config` of every Vega-Lite specification."""
        text = {"labelColor": self.muted, "titleColor": self.muted, "labelFontSize": self.axis_size, "titleFontSize": self.axis_size}
        return {
            "background": None,
            "font": self.font,
            "view": {"stroke": None},
            "axis": {
                **text, "titleFontWeight": 400, "domain": False, "ticks": False, "gridColor": self.hairline,
                "gridWidth": 1, "labelPadding": 6, "tickCount": 5,
            },
            "axisX": {"grid": False, "ticks": True, "tickColor": self.hairline, "domain": True, "domainColor": self.hairline, "titleAnchor": "end"},
            "axisY": {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "start", "titleBaseline": "bottom", "titleX": 0, "titleY": -10},
            "legend": {**text, "orient": "top", "title": None, "symbolType": "circle"},
            "header": text,
            "line": {"strokeWidth": self.line_width, "strokeJoin": "round", "strokeCap": "round"},
            "point": {"filled": True, "size": 45},
            "range": {"category": list(self.categories)},
            "text": {"color": self.ink, "fontSize": self.axis_size},
            "rule": {"color": self.muted},
        }  # fmt: skip


def run_colours(runs: Runs, categories: tuple[str, ...] = CATEGORIES) -> dict[str, str]:
    """Run id → colour, by the order of the runs; the ten colours repeat when there are more runs."""
    return {run.id: categories[i % len(categories)] for i, run in enumerate(runs)}
