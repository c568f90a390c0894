"""The first page of a folder of reports that has no `index.md`, or of a folder of runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from reportgen.model import Runs
from reportgen.site.contexts import IndexContext, Link, ReportCard
from reportgen.site.site import ComposedPage, Site


def index_pages(site: Site) -> Iterator[ComposedPage]:
    """The list of the reports, when no report is the first page."""
    if not site.documents or any(document.target == "index.html" for document in site.documents):
        return
    cards = tuple(
        ReportCard(Link(title, quote(document.target)), document.description, document.authors, document.date, len(document.runs))
        for title, document in site.in_order
    )
    page = index_page(cards, site.runs, base=site.base("index.html"), description=site.workspace.settings.description)
    yield site.page("index.html", "index.html", page)


def index_page(cards: tuple[ReportCard, ...], runs: Runs, *, base: Mapping[str, Any], description: str = "") -> IndexContext:
    """All that the template of the list of reports shows."""
    title = base["site_title"] or ("Reports" if cards else "Runs")
    return IndexContext(**base, title=title, description=description, cards=cards, run_count=len(runs))
