"""How charts look: one frozen value that the theme can change, and the Vega configuration made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reportgen.model import Runs

CATEGORIES = (
    "#4269d0", "#efb118", "#ff725c", "#6cc5b0", "#3ca951", "#ff8ab7", "#a463f2", "#97bbf5", "#9c6b4e", "#9498a0",
)  # fmt: skip
"""Observable's ten categorical colours (Observable Plot, scheme "observable10")."""

SEQUENCE = ("#4f46c8", "#7d45c9", "#a94aa8", "#cf5580", "#e56f56", "#e68a2e", "#d9a514")
"""For ordered values: light and dark enough in between to be seen on white and on black paper."""


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
    sequence: tuple[str, ...] = SEQUENCE
    run_colours: Mapping[str, str] = field(default_factory=dict)

    def colour(self, run_id: str) -> str:
        """The colour of a run, the same on the whole site."""
        return self.run_colours.get(run_id, self.categories[-1])

    def ordered(self, n: int) -> tuple[str, ...]:
        """`n` colours for ordered values, from the one end of `sequence` to the other."""
        if n == 1:
            return (self.categories[0],)
        return tuple(_between(self.sequence, i / (n - 1)) for i in range(n))

    def vega_config(self) -> dict[str, Any]:
        """The `config` of every Vega-Lite specification.

        The text alternative of a figure stands in the page, so that Vega writes none of its own into the SVG.
        """
        text = {"labelColor": self.muted, "titleColor": self.muted, "labelFontSize": self.axis_size, "titleFontSize": self.axis_size}
        return {
            "background": None,
            "aria": False,
            "font": self.font,
            "padding": 2,
            "view": {"stroke": None},
            "axis": {
                **text, "titleFontWeight": 400, "domain": False, "ticks": False, "gridColor": self.hairline,
                "gridWidth": 1, "labelPadding": 6, "tickCount": 5, "labelLimit": 160, "titleLimit": 400,
            },
            "axisX": {
                "grid": False, "ticks": True, "tickColor": self.hairline, "tickSize": 4, "domain": True, "domainColor": self.hairline,
                "titleAnchor": "end", "titlePadding": 6, "labelFlush": False, "labelOverlap": True, "labelPadding": 4,
            },
            "axisY": {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "start", "titleBaseline": "bottom", "titleX": 0, "titleY": -12},
            "legend": {
                **text, "titleFontWeight": 400, "orient": "top", "symbolType": "circle", "symbolSize": 70, "labelLimit": 180,
                "titleLimit": 240, "offset": 30, "columnPadding": 14, "rowPadding": 3, "gradientThickness": 8, "gradientLength": 160,
                "gradientStrokeWidth": 0, "gradientOpacity": 1, "gradientLabelOffset": 4, "unselectedOpacity": 1,
            },
            "header": text,
            "mark": {"color": self.categories[0]},
            "line": {"strokeWidth": self.line_width, "strokeJoin": "round", "strokeCap": "round"},
            "point": {"filled": True, "size": 45},
            "range": {"category": list(self.categories), "ordinal": list(self.sequence), "ramp": list(self.sequence)},
            "text": {"color": self.ink, "fontSize": self.axis_size},
            "rule": {"color": self.muted},
        }  # fmt: skip


def run_colours(runs: Runs, categories: tuple[str, ...] = CATEGORIES) -> dict[str, str]:
    """Run id → colour, by the order of the runs; after all colours come a darker and a lighter shade of each, then all again."""
    shades: dict[str, str] = {}
    for i, run in enumerate(runs):
        base, round_ = categories[i % len(categories)], i // len(categories) % 3
        shades[run.id] = base if not round_ else _mixed(base, "#000000" if round_ == 1 else "#ffffff", 0.3 if round_ == 1 else 0.4)
    return shades


def _between(colours: Sequence[str], share: float) -> str:
    place = share * (len(colours) - 1)
    left = min(int(place), len(colours) - 2)
    return _mixed(colours[left], colours[left + 1], place - left)


def _mixed(one: str, other: str, share: float) -> str:
    """Two hex colours mixed in sRGB (`share` of the other); a colour that is not `#rrggbb` stays as it is."""
    if not all(len(colour) == 7 and colour.startswith("#") for colour in (one, other)):
        return one
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in pairs)
