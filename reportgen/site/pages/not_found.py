"""The page that servers such as GitHub Pages show for an address that the site does not have.

It is shown at that address, whatever its depth, so no relative link is right everywhere. With a `base_url` in the settings its links
and style sheets begin with the path of that address. Without one the page brings all that it needs, and offers the first page for each
depth that addresses of this site have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from reportgen.site.contexts import Link, PageContext
from reportgen.site.site import ComposedPage, Site
from reportgen.words import _


@dataclass(frozen=True)
class NotFoundContext(PageContext):
    """`404.html`: what a server shows for an address that the site does not have.

    Attributes:
        is_alone: Whether the page does not know where it is shown, so that it has neither style sheets nor navigation.
        ways: Links to the first page of the site: one, or one for each depth of addresses.
    """

    is_alone: bool
    ways: tuple[Link, ...]


TARGET = "404.html"


def not_found_pages(site: Site) -> Iterator[ComposedPage]:
    """The page, in every site."""
    base_url = site.workspace.settings.base_url
    base = site.base(TARGET)
    if base_url:
        root = urlsplit(base_url).path
        base |= {
            "root": root,
            "styles": tuple(root + path for path in base["styles"]),
            "scripts": tuple(root + path for path in base["scripts"]),
            "navigation": tuple(replace(link, href=root + link.href) for link in base["navigation"]),
        }
        ways = [Link(_("To the first page of the site"), f"{root}index.html")]
    else:
        base |= {"styles": (), "scripts": (), "navigation": (), "search": ""}
        deepest = max([1, *(document.target.count("/") for document in site.documents)])
        ways = [Link(_text(depth), f"{'../' * depth or './'}index.html") for depth in range(deepest + 1)]
    title, said = _("Not found"), _("This site has no page at this address.")
    context = NotFoundContext(**base, title=title, description=said, is_alone=not base_url, ways=tuple(ways))
    yield site.page(TARGET, "404.html", context)


def _text(depth: int) -> str:
    if depth == 0:
        return _("First page, for an address such as …/runs.html")
    if depth == 1:
        return _("First page, for an address such as …/runs/some-run.html")
    return _("First page, for an address {n} folders deep").format(n=depth)
