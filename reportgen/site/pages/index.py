"""The list of the reports: the first page of a folder of reports that has no `index.md`, else a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from reportgen.charts.figure import Figure
from reportgen.model import Runs
from reportgen.report import Document, PlacedBlock
from reportgen.site.contexts import IndexContext, Link, ReportCard
from reportgen.site.site import ComposedPage, Site, href
from reportgen.words import _, count, day, ngettext


def index_pages(site: Site) -> Iterator[ComposedPage]:
    """The list of the reports, when there are several or none is the first page."""
    target = site.reports_page
    if not target:
        return
    cards = tuple(_card(site, title, document, target) for title, document in site.in_order)
    base = site.base(target)
    if target != "index.html":
        base |= {"site_title": base["site_title"] or ""}
    description = site.workspace.settings.description or _lead([document for _title, document in site.in_order])
    title = "" if target == "index.html" else _("Reports")
    yield site.page(target, "index.html", index_page(cards, site.runs, base=base, title=title, description=description))


def index_page(
    cards: tuple[ReportCard, ...], runs: Runs, *, base: Mapping[str, Any], title: str = "", description: str = ""
) -> IndexContext:
    """All that the template of the list of reports shows.

    Args:
        title: By default the site's.
    """
    title = title or base["site_title"] or (_("Reports") if cards else _("Runs"))
    return IndexContext(**base, title=title, description=description, cards=cards, run_count=len(runs))


def _card(site: Site, title: str, document: Document, target: str) -> ReportCard:
    link = Link(title, href(document.target, target))
    picture = next((site.charts.picture(figure) for figure in _figures(document)), Markup())
    return ReportCard(link, document.description, document.authors, document.date, len(document.runs), picture)


def _figures(document: Document) -> Iterator[Figure]:
    """The charts of a report in their order."""
    for piece in document.pieces:
        if isinstance(piece, PlacedBlock):
            yield from (part for part in piece.fragment.parts if isinstance(part, Figure))


def _lead(documents: list[Document]) -> str:
    """“12 reports; the latest is of 23 Nov 2026: Which learning rate?”"""
    n = ngettext("{n} report", "{n} reports", len(documents)).format(n=count(len(documents)))
    dated = [one for one in documents if one.date]
    if not dated:
        return f"{n}."
    latest = max(dated, key=lambda one: one.date.isoformat() if one.date else "")
    when = day(latest.date) if latest.date else ""
    return _("{reports}; the latest is of {day}: {title}").format(reports=n, day=when, title=latest.title)
