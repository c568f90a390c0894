"""The pages of logged tables: the list of all keys, and one page for each key with its tables of all runs and steps."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.site.pages.tables.overview import overview
from reportgen.site.pages.tables.page import table_page
from reportgen.site.pages.tables.sheets import Sheet, sheets_by_key
from reportgen.site.site import ComposedPage, Site


def table_pages(site: Site) -> Iterator[ComposedPage]:
    """The pages of the tables that runs logged; none when there are no tables."""
    found: dict[str, list[Sheet]] = sheets_by_key(site.runs)
    if not found:
        return
    yield overview(site, found)
    for i, (key, sheets) in enumerate(found.items()):
        site.tell("Composing pages of tables", i, len(found))
        yield table_page(site, key, sheets)
