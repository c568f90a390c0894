"""The page where a reader asks in SQL, if the settings want one (`query = "browser"`)."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.site.pages.query.page import query_page
from reportgen.site.site import ComposedPage, Site


def query_pages(site: Site) -> Iterator[ComposedPage]:
    """The page for queries; none where nobody asked for it, or there is no run to ask about."""
    if site.has_query_page:
        yield query_page(site)
