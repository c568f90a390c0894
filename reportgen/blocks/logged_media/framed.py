"""HTML from a log as a file that can do nothing: no script, no form, no request; shown in a frame without rights besides."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import NamedTuple

_LARGEST = 20 * 2**20
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:; form-action 'none'; base-uri 'none'"
)
_TAGS = frozenset({
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "center", "cite", "code", "dd", "del", "details",
    "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i",
    "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strike", "strong",
    "style", "sub", "summary", "sup", "tt", "u", "ul", "var", "wbr",
    "caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "circle", "defs", "ellipse", "g", "line", "linearGradient", "path", "polygon", "polyline", "rect", "stop", "svg", "text", "title",
    "tspan",
})  # fmt: skip
_SCRIPT = re.compile(rb"<script|\son\w+\s*=|javascript:", re.IGNORECASE)
_SVG = frozenset({
    "cx", "cy", "d", "fill", "fill-opacity", "font-size", "height", "offset", "opacity", "points", "r", "rx", "ry", "stop-color", "stroke",
    "stroke-opacity", "stroke-width", "text-anchor", "transform", "viewBox", "width", "x", "x1", "x2", "y", "y1", "y2",
})  # fmt: skip
_HTML = frozenset({
    "class", "style", "title", "lang", "dir", "id", "align", "valign", "bgcolor", "color", "colspan", "rowspan", "border", "cellpadding",
    "cellspacing", "size", "face",
})  # fmt: skip
_ATTRIBUTES = {"*": set(_HTML | _SVG), "img": {"src", "alt"}}
_TALL = re.compile(r"<(?:img|svg|table|style|details)\b|style=", re.IGNORECASE)
_BREAK = re.compile(r"<(?:/?(?:p|div|h\d|li|pre|dd|dt|blockquote)|br|hr)\b[^>]*>|\n(?=[^<]*</pre>)", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")
_HIGHEST, _LINE, _LETTERS = 240, 32, 76


class Framed(NamedTuple):
    """What a frame shows of a file.

    Attributes:
        has_scripts: Whether the file held scripts, which are left out.
        height: About how high it is, in pixels; of a long one, and where that cannot be told, so much as is seen at once.
    """

    content: bytes
    has_scripts: bool
    height: int


def framed_html(path: Path) -> Framed | None:
    """A document with what can be shown of a file; None when the file cannot be read.

    Three walls stand behind each other: what is no text, table or picture is taken out; a policy of the document's own
    forbids all requests; and the page shows it in a frame without rights.
    """
    import nh3

    try:
        if path.stat().st_size > _LARGEST:
            return None
        raw = path.read_bytes()
    except OSError:
        return None
    body = nh3.clean(
        raw.decode("utf-8", "replace"),
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        clean_content_tags={"script", "noscript", "iframe", "object", "template"},
        url_schemes={"data"},
        link_rel=None,
    )
    head = f'<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    style = "<style>body{margin:12px;font:15px/1.5 system-ui,sans-serif;background:#fff;color:#1c1d21}</style>"
    return Framed(f"{head}<title>HTML</title>{style}{body}\n".encode(), bool(_SCRIPT.search(raw)), _height(body))


def _height(body: str) -> int:
    if _TALL.search(body):
        return _HIGHEST
    parts = [_TAG.sub("", part).strip() for part in _BREAK.split(body)]
    lines = sum(math.ceil(len(part) / _LETTERS) for part in parts if part)
    return min(_HIGHEST, 40 + _LINE * lines)
