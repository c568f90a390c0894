"""The charts of the site: taken note of while pages are composed, drawn together, put into the pages at the end.

Two steps, because workers draw many charts at once, and because only at the end it is known which columns of data
several charts share.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import Template
from markupsafe import Markup, escape

from reportgen.charts.figure import PIXELS, Figure
from reportgen.errors import Mistake, Place
from reportgen.site import svg
from reportgen.site.contexts import FigureContext
from reportgen.site.data import Column, Columns, column, digest
from reportgen.store.cache import Cache

_PICTURE = re.compile(r'<chart-picture key="([0-9a-f]{12})"></chart-picture>')
_PLACE = re.compile(r'<chart-here key="([0-9a-f]{12})" headed="([01])"></chart-here>')
_FIT = {"type": "fit-x", "contains": "padding"}


@dataclass(frozen=True)
class _Noted:
    """A chart that waits to be drawn: for the SVG a complete specification, for the browser one without data."""

    figure: Figure
    complete: str
    live: Mapping[str, Any]
    data: Mapping[str, Mapping[str, str]]
    place: Place | None


@dataclass(frozen=True)
class _Drawn:
    svg: str
    script: str
    noted: _Noted


class Charts:
    """All charts of a site, each once, however many pages show it."""

    def __init__(self) -> None:
        self._columns = Columns()
        self._noted: dict[str, _Noted] = {}
        self._drawn: dict[str, _Drawn] = {}

    def __len__(self) -> int:
        return len(self._noted)

    def note(self, figure: Figure, place: Place | None = None, *, headed: bool = True) -> Markup:
        """Takes note of a chart.

        Args:
            place: Where the report asks for it, for the message when it cannot be drawn.
            headed: Whether its title stands above it.

        Returns:
            What stands in the page until `fill` puts the chart there.
        """
        frames = {name: {str(key): column(frame[key]) for key in frame.columns} for name, frame in figure.data.items()}
        complete = json.dumps(_static_spec(figure, frames), separators=(",", ":"))
        key = digest(f"{complete}\n{figure.title}\n{figure.subtitle}\n{figure.description}\n{figure.legend}\n{figure.notes}")
        if key not in self._noted:
            data = {name: self._columns.add(key, columns) for name, columns in frames.items()}
            self._noted[key] = _Noted(figure, complete, _live_spec(figure), data, place)
        return Markup('<chart-here key="{}" headed="{}"></chart-here>').format(key, int(headed))

    def picture(self, figure: Figure) -> Markup:
        """Takes note of a chart whose drawing alone, still and without a text alternative, stands in a page."""
        found = _PLACE.search(self.note(figure))
        return Markup('<chart-picture key="{}"></chart-picture>').format(found[1] if found else "")

    def draw(self, cache: Cache, drawn: Callable[[int], None] | None = None) -> dict[str, str]:
        """Draws all that was noted.

        Returns:
            The scripts of data and charts: path below the site's root → text.

        Raises:
            Mistake: Vega-Lite cannot draw a chart.
        """
        noted = list(self._noted.items())
        try:
            pictures = svg.draw_all([one.complete for _, one in noted], cache, drawn=drawn)
        except svg.DrawingFailed as error:
            failed = noted[error.args[0]][1]
            raise Mistake(f"Vega-Lite cannot draw '{failed.figure.title or 'this chart'}': {error.args[1]}", failed.place) from None
        files, needed = self._columns.scripts()
        for (key, one), picture in zip(noted, pictures, strict=True):
            config, shared = _config_script(one.live.get("config", {}))
            script, text = _chart_script(one, config, needed.get(key, []))
            files |= {config: shared, script: text}
            self._drawn[key] = _Drawn(picture, script, one)
        return files

    def fill(self, html: str, template: Template, root: str, vega: str, font: str = "") -> str:
        """A page with its charts put in (by the theme's `figure.html`).

        Args:
            root: The way from the page to the site's root.
            vega, font: Paths of the scripts of Vega and of the theme's font below the site's root.
        """
        number = 0

        def chart(found: re.Match[str]) -> str:
            nonlocal number
            if (one := self._drawn.get(found[1])) is None:
                return found[0]
            number += 1
            return template.render(figure=_context(one, f"chart-{number}", root, vega, font, found[2] == "1"))

        def picture(found: re.Match[str]) -> str:
            nonlocal number
            if (one := self._drawn.get(found[1])) is None:
                return found[0]
            number += 1
            return svg.for_page(one.svg, f"picture-{number}", "").replace(' role="img" aria-label=""', ' aria-hidden="true"', 1)

        return _PICTURE.sub(picture, _PLACE.sub(chart, html))


def _context(drawn: _Drawn, id_: str, root: str, vega: str, font: str, headed: bool) -> FigureContext:
    figure = drawn.noted.figure
    width, height = svg.size(drawn.svg)
    description = figure.description or figure.title
    return FigureContext(
        id=id_,
        title=figure.title,
        subtitle=figure.subtitle,
        description=description,
        notes=figure.notes,
        legend=figure.legend,
        svg=Markup(svg.for_page(drawn.svg, id_, str(escape(description)))),
        width=round(width),
        height=round(height),
        headed=headed,
        root=root,
        script=drawn.script,
        vega=vega,
        font=font,
    )


def _is_flexible(spec: Mapping[str, Any]) -> bool:
    """Whether the chart fits itself into the width that it is given."""
    autosize = spec.get("autosize")
    fits = autosize.get("type") if isinstance(autosize, Mapping) else autosize
    return spec.get("width") == "container" or fits in ("fit", "fit-x")


def _static_spec(figure: Figure, frames: Mapping[str, Mapping[str, Column]]) -> dict[str, Any]:
    """The specification with its data, in a fixed width, in a font that vl-convert can measure."""
    spec = dict(_in_font(figure.spec, "sans-serif"))
    if spec.get("width") == "container":
        spec |= {"width": PIXELS.get(figure.width, PIXELS["text"]), "autosize": spec.get("autosize", _FIT)}
    spec["datasets"] = {name: _records(columns) for name, columns in frames.items()}
    return spec


def _live_spec(figure: Figure) -> dict[str, Any]:
    spec = {key: value for key, value in _in_font(figure.spec, "var(--sans)").items() if key not in ("datasets", "$schema")}
    return {"autosize": _FIT} | spec | {"width": "container"} if _is_flexible(spec) else spec


def _records(columns: Mapping[str, Column]) -> list[dict[str, Any]]:
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*(one.values for one in columns.values()), strict=True)]


def _in_font(node: Any, family: str) -> Any:
    """The node with the theme's font variable replaced: neither vl-convert nor a canvas can measure a CSS variable."""
    if isinstance(node, Mapping):
        return {key: _in_font(value, family) for key, value in node.items()}
    if isinstance(node, list | tuple):
        return [_in_font(value, family) for value in node]
    if isinstance(node, float) and not math.isfinite(node):
        return None
    return family if node == "var(--sans)" else node


def _config_script(config: Any) -> tuple[str, str]:
    """Path and text of the script with the look that charts share."""
    body = json.dumps(config, separators=(",", ":"))
    path = f"charts/config.{digest(body)}.js"
    return path, f'reportgen.config("{path}",{body});\n'


def _chart_script(one: _Noted, config: str, needs: list[str]) -> tuple[str, str]:
    """Path and text of the script that registers a chart by its own path."""
    data = ",".join(
        f"{json.dumps(name)}:{{" + ",".join(f"{json.dumps(field)}:{packed}" for field, packed in columns.items()) + "}"
        for name, columns in one.data.items()
    )
    spec = json.dumps({key: value for key, value in one.live.items() if key != "config"}, separators=(",", ":"))
    body = f'{{"config":"{config}","needs":{json.dumps(needs)},"data":{{{data}}},"spec":{spec}}}'
    path = f"charts/{digest(body)}.js"
    return path, f'reportgen.chart("{path}",{body});\n'
