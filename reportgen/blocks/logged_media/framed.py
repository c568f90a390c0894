"""HTML from a log as a file that can do nothing: no script, no form, no request; shown in a frame without rights besides."""

from __future__ import annotations

import re
from pathlib import Path

_LARGEST = 20 * 2**20
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; media-src data:; form-action 'none'; base-uri 'none'"
)
_TAGS = frozenset("""
    a abbr address article aside b bdi bdo blockquote br caption center circle cite code col colgroup dd defs del details dfn div dl
    dt ellipse em figcaption figure font footer g h1 h2 h3 h4 h5 h6 header hr i img ins kbd li line linearGradient main mark nav ol p
    path polygon polyline pre q rect s samp section small span stop strike strong style sub summary sup svg table tbody td text tfoot
    th thead title tr tspan tt u ul var wbr
""".split())  # noqa: SIM905
_SCRIPT = re.compile(rb"<script|\son\w+\s*=|javascript:", re.IGNORECASE)
_SVG = frozenset("""
    cx cy d fill fill-opacity font-size height opacity points r rx ry stroke stroke-opacity stroke-width text-anchor transform viewBox width
    x x1 x2 y y1 y2 offset stop-color
""".split())  # noqa: SIM905
_ATTRIBUTES = {"*": {"class", "style", "title", "lang", "dir", "id", "align", "valign", "bgcolor", "color", "colspan", "rowspan",
                     "border", "cellpadding", "cellspacing", "size", "face", *_SVG}, "img": {"src", "alt"}}  # fmt: skip


def framed_html(path: Path) -> tuple[bytes, bool] | None:
    """A document with what can be shown of a file, and whether it held scripts; None when the file cannot be read.

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
    return f"{head}<title>HTML</title>{style}{body}\n".encode(), bool(_SCRIPT.search(raw))
