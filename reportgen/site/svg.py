"""Vega-Lite to SVG by vl-convert, in worker processes, and the SVG made fit to stand inside a page.

Workers, because vl-convert draws one chart at a time, because it reads the time zone once at its start (a site must
not depend on where it was built), and because it hangs in a forked child.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from reportgen.parallel import each
from reportgen.site.data import digest
from reportgen.store.cache import Cache

_TAG = re.compile(r"<[^<>]+>")
_NEEDLESS = re.compile(r' (?:(?:font-family|aria-[a-z]+|role|class|pointer-events)="[^"]*"|opacity="1")')
_ROOT = re.compile(r'^<svg[^>]*? width="([\d.]+)" height="([\d.]+)" viewBox="([^"]*)"[^>]*>')
_REFERENCE = re.compile(r'( id="|url\(#|href="#)([^")]+)')
_EMPTY = re.compile(r'<g(?: [^<>]*)?/>|<g(?: [^<>]*)?></g>|<path d=""[^<>]*/>|<path d="M0,0h0v0h0Z"[^<>]*/>')
_LINK = re.compile(r' (?:xlink:)?href="(?!#|https?:|mailto:|data:image/|[\w./-]+")[^"]*"')


class DrawingFailed(Exception):
    """Vega-Lite could not draw a specification; the text is its reason."""


def vega_lite_version() -> str:
    """The Vega-Lite version that Altair writes for, as vl-convert names it ("6.4")."""
    return ".".join(_schema_version().split(".")[:2])


@cache
def _schema_version() -> str:
    import altair
    import vl_convert

    wanted = str(altair.SCHEMA_VERSION).lstrip("v")
    known = [str(version) for version in vl_convert.get_vegalite_versions()]
    return wanted if ".".join(wanted.split(".")[:2]) in known else known[-1]


def versions() -> str:
    """What the look of an SVG depends on beside its specification."""
    from importlib.metadata import version

    return f"{version('vl-convert-python')} {vega_lite_version()}"


def draw_all(specs: Sequence[str], cache_: Cache, *, drawn: Callable[[int], None] | None = None) -> list[str]:
    """SVGs of complete specifications (JSON texts, data inside), in their order.

    Args:
        cache_: Where SVGs of earlier builds are looked up and new ones kept.
        drawn: Is told after each how many are done.

    Raises:
        DrawingFailed: By its argument 0 the index of the specification, by argument 1 the reason.
    """
    version = versions()
    keys = [digest(f"{version}\n{spec}") + ".svg" for spec in specs]
    found: dict[str, str] = {}
    for key in keys:
        if key not in found and (kept := cache_.get("svg", key)) is not None:
            found[key] = kept.decode()
    missing = {key: i for i, key in enumerate(keys) if key not in found}
    if drawn:
        drawn(len(specs) - len(missing))
    drawings = each(_draw_one, (_Drawing(specs[i], vega_lite_version()) for i in missing.values())) if missing else iter(())
    for n, ((key, i), (svg, reason)) in enumerate(zip(missing.items(), drawings, strict=True), start=1):
        if reason:
            raise DrawingFailed(i, reason)
        found[key] = svg
        cache_.put("svg", key, svg.encode())
        if drawn:
            drawn(len(specs) - len(missing) + n)
    return [found[key] for key in keys]


@dataclass(frozen=True)
class _Drawing:
    spec: str
    version: str


def _draw_one(drawing: _Drawing) -> tuple[str, str]:
    """In a worker: the SVG, or "" and why not."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    import vl_convert

    try:
        return vl_convert.vegalite_to_svg(drawing.spec, vl_version=drawing.version, show_warnings=False, allowed_base_urls=[]), ""
    except ValueError as error:
        return "", _reason(str(error))


def _reason(error: str) -> str:
    """The sentence of a JavaScript error that says what is wrong."""
    lines = [line.strip() for line in error.splitlines() if line.strip() and not line.strip().startswith("at ")]
    said = [line for line in lines if not line.endswith("conversion failed:")]
    return re.sub(r"^(Uncaught )?(\(in promise\) )?(\w*Error: )?", "", said[0] if said else "no reason given")


def size(svg: str) -> tuple[float, float]:
    """Natural width and height in pixels."""
    root = _ROOT.match(svg)
    return (float(root[1]), float(root[2])) if root else (0.0, 0.0)


def for_page(svg: str, prefix: str, description: str) -> str:
    """An SVG to stand inside an HTML page: scalable, its ids its own, described as one image, without needless words.

    Args:
        prefix: Unique in the page; begins every id of the SVG.
        description: The text alternative, already escaped for an attribute.
    """
    svg = _TAG.sub(lambda tag: _LINK.sub("", _NEEDLESS.sub("", tag[0])) if not tag[0].startswith("<svg ") else tag[0], svg)
    while (smaller := _EMPTY.sub("", svg)) != svg:
        svg = smaller
    # Vega numbers its ids through all charts of a worker; here they count in this chart.
    names: dict[str, str] = {}
    svg = _TAG.sub(lambda tag: _REFERENCE.sub(lambda use: use[1] + names.setdefault(use[2], f"{prefix}-{len(names)}"), tag[0]), svg)
    width, height = size(svg)
    opening = f'<svg viewBox="{_ROOT.match(svg)[3]}" width="{width:g}" height="{height:g}" role="img" aria-label="{description}">'  # type: ignore[index]
    return _ROOT.sub(lambda _: opening, svg, count=1).replace("xlink:href=", "href=")
