"""The charts of the site: taken note of while pages are composed, drawn together, put into the pages at the end.

Two steps, because workers draw many charts at once, and because only at the end it is known which columns of data
several charts share.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jinja2 import Template
from markupsafe import Markup, escape

from reportgen.charts.figure import PIXELS, Figure
from reportgen.errors import Mistake, Place
from reportgen.remembering import Same, is_remembering, remembered
from reportgen.site import svg
from reportgen.site.contexts import FigureContext
from reportgen.site.data import Column, Columns, column, digest
from reportgen.store.cache import Cache
from reportgen.words import language

_PICTURE = re.compile(r'<chart-picture key="([0-9a-f]{12})"></chart-picture>')
_PLACE = re.compile(r'<chart-here key="([0-9a-f]{12})" headed="([01])"></chart-here>')
_FIT = {"type": "fit-x", "contains": "padding"}


@dataclass(frozen=True)
class _Packed:
    """A figure as the site's files say it: the digest of all of it, its specification with data and without, its columns."""

    key: str
    complete: str
    live: Mapping[str, Any]
    frames: Mapping[str, Mapping[str, Column]]


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
    """All charts of a site, each once, however many pages show it.

    Attributes:
        figures: What was taken note of, in its order, each as often as it was.
    """

    def __init__(self) -> None:
        self.figures: list[Figure] = []
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
        one = remembered(lambda: ("packed", Same(figure)), lambda: _packed(figure))
        key = one.key
        self.figures.append(figure)
        if key not in self._noted:
            data = {name: self._columns.add(key, columns) for name, columns in one.frames.items()}
            self._noted[key] = _Noted(figure, one.complete, one.live, data, place)
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
            pictures = _pictures(self._noted, cache, drawn)
        except svg.DrawingFailed as error:
            failed = noted[error.args[0]][1]
            raise Mistake(f"Vega-Lite cannot draw '{failed.figure.title or 'this chart'}': {error.args[1]}", failed.place) from None
        files, needed = self._columns.scripts()
        for (key, one), picture in zip(noted, pictures, strict=True):
            needs = tuple(needed.get(key, ()))
            packed = tuple(tuple(columns.values()) for columns in one.data.values())
            config, shared, script, text = remembered(lambda: ("script", key, needs, packed), lambda: _scripts(one, needs))  # noqa: B023
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
        used: dict[str, int] = {}

        def name(kind: str, key: str) -> str:
            nonlocal number
            number += 1
            if not is_remembering():
                return f"{kind}-{number}"
            # A page that is open keeps its charts when others come before them: so each has its own name and no number.
            used[key] = used.get(key, 0) + 1
            return f"{kind}-{key}" + (f"-{used[key]}" if used[key] > 1 else "")

        def chart(found: re.Match[str]) -> str:
            if (one := self._drawn.get(found[1])) is None:
                return found[0]
            place = (name("chart", found[1]), root, vega, font, found[2] == "1")
            return remembered(
                lambda: ("chart", Same(template), found[1], Same(one.svg), one.script, language(), place),
                lambda: template.render(figure=_context(one, *place)),
            )

        def picture(found: re.Match[str]) -> str:
            if (one := self._drawn.get(found[1])) is None:
                return found[0]
            return svg.for_page(one.svg, name("picture", found[1]), "").replace(' role="img" aria-label=""', ' aria-hidden="true"', 1)

        return _PICTURE.sub(picture, _PLACE.sub(chart, html))


def _packed(figure: Figure) -> _Packed:
    frames = {name: {str(key): column(frame[key]) for key in frame.columns} for name, frame in figure.data.items()}
    complete = json.dumps(_static_spec(figure, frames), separators=(",", ":"))
    key = digest(f"{complete}\n{figure.title}\n{figure.subtitle}\n{figure.description}\n{figure.legend}\n{figure.notes}")
    return _Packed(key, complete, _live_spec(figure), frames)


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


def _pictures(noted: Mapping[str, _Noted], cache: Cache, drawn: Callable[[int], None] | None) -> list[str]:
    """The SVGs of charts, by their keys and in their order. Those that are remembered are not looked for in the cache."""
    known = {key: remembered(lambda key=key: ("picture", key), list[str]) for key in noted}  # type: ignore[misc]
    unknown = [key for key, kept in known.items() if not kept]
    order = list(noted)
    try:
        made = svg.draw_all([noted[key].complete for key in unknown], cache, drawn=drawn)
    except svg.DrawingFailed as error:
        raise svg.DrawingFailed(order.index(unknown[error.args[0]]), error.args[1]) from None
    for key, picture in zip(unknown, made, strict=True):
        known[key].append(picture)
    return [kept[0] for kept in known.values()]


def _scripts(one: _Noted, needs: Sequence[str]) -> tuple[str, str, str, str]:
    """Path and text of the script with a chart's look, and of the script with the chart."""
    config = _config_script(one.live.get("config", {}))
    return (*config, *_chart_script(one, config[0], needs))


def _config_script(config: Any) -> tuple[str, str]:
    """Path and text of the script with the look that charts share."""
    body = json.dumps(config, separators=(",", ":"))
    path = f"charts/config.{digest(body)}.js"
    return path, f'reportgen.config("{path}",{body});\n'


def _chart_script(one: _Noted, config: str, needs: Sequence[str]) -> tuple[str, str]:
    """Path and text of the script that registers a chart by its own path."""
    data = ",".join(
        f"{json.dumps(name)}:{{" + ",".join(f"{json.dumps(field)}:{packed}" for field, packed in columns.items()) + "}"
        for name, columns in one.data.items()
    )
    spec = json.dumps({key: value for key, value in one.live.items() if key != "config"}, separators=(",", ":"))
    body = f'{{"config":"{config}","needs":{json.dumps(list(needs))},"data":{{{data}}},"spec":{spec}}}'
    path = f"charts/{digest(body)}.js"
    return path, f'reportgen.chart("{path}",{body});\n'
