"""The first page of a place with many reports: it lists those that were published below it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

from reportgen.publish.plan import Content, below, list_of, listed, read
from reportgen.site.swap import MARKER

_HEAD = "# The list of reports, written by reportgen publish; the next publication replaces it. Check it with: sha256sum -c .reportgen\n"
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL | re.IGNORECASE)
_DESCRIPTION = re.compile(r'<meta name="description" content="([^"]*)"', re.IGNORECASE)


@dataclass(frozen=True)
class CommonIndex:
    """The files of the list, those of a former list, and why there is none ("" where there is one)."""

    files: Mapping[str, Content]
    ours: frozenset[str]
    why_not: str = ""


def common_index(
    there: Collection[str], old: Callable[[str], bytes], prefix: str, new: Mapping[str, Content]
) -> CommonIndex:
    """The list of all reports at a destination.

    Args:
        there: All files of the destination.
        old: Reads one of them.
        prefix: The folder of the report that is published now, "" where it is the first page itself.
        new: Its files, as paths at the destination.
    """
    if not prefix:
        return CommonIndex({}, frozenset())
    marker = old(MARKER) if MARKER in there else b""
    if marker and not marker.startswith(_HEAD.encode()):
        return CommonIndex({}, frozenset(), "the first page belongs to a site that was published without --path")
    if not marker and "index.html" in there:
        return CommonIndex({}, frozenset(), "the first page is somebody else's")
    folders = {str(PurePosixPath(path).parent) for path in there if path.endswith(f"/{MARKER}")} | {prefix}
    reports = []
    for folder in sorted(folders):
        first = below(folder, "index.html")
        content = read(new[first]) if first in new else old(first) if first in there else b""
        if content:
            reports.append((folder, *_about(content.decode("utf-8", "replace"), folder)))
    files = {"index.html": _page(reports)}
    if "_config.yml" not in there:
        files[".nojekyll"] = b""
    return CommonIndex({**files, MARKER: list_of(files, _HEAD)}, frozenset(listed(marker, "") if marker else ()))


def _about(page: str, folder: str) -> tuple[str, str]:
    """The title and the description of a page, as HTML that was escaped there."""
    title, description = _TITLE.search(page), _DESCRIPTION.search(page)
    text = html.unescape(title[1]).strip() if title else ""
    return html.escape(text or folder), html.escape(html.unescape(description[1]) if description else "")


def _page(reports: list[tuple[str, str, str]]) -> bytes:
    items = "".join(
        f'<li><a href="{quote(folder)}/index.html">{title}</a>{f"<p>{description}</p>" if description else ""}</li>\n'
        for folder, title, description in reports
    )
    return _PAGE.replace("ITEMS", items).encode("utf-8", "replace")


_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Reports</title>
<style>
body { max-width: 42rem; margin: 3rem auto; padding: 0 1.25rem; font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; }
ul { padding: 0; list-style: none; }
li { padding: .9rem 0; border-top: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
a { color: LinkText; font-weight: 600; text-decoration: none; }
a:hover { text-decoration: underline; }
p { margin: .2rem 0 0; opacity: .75; }
</style>
</head>
<body>
<h1>Reports</h1>
<ul>
ITEMS</ul>
</body>
</html>
"""
