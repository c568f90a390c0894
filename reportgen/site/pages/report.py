"""The pages of the reports."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.report import Document
from reportgen.site.body import document_body
from reportgen.site.contexts import Link, ReportContext
from reportgen.site.site import ComposedPage, Site, href
from reportgen.site.workspace import Page, warnings_of
from reportgen.words import _, using_language


def report_pages(site: Site) -> Iterator[ComposedPage]:
    """A page for each report."""
    for page, document in zip(site.workspace.pages, site.documents, strict=True):
        with using_language(page.report.language):
            context = _context(site, page, document)
        yield ComposedPage(document.target, "report.html", page.theme, context, document.files)


def _context(site: Site, page: Page, document: Document) -> ReportContext:
    return ReportContext(
        **site.base(document.target, theme=page.theme, language=page.report.language, crumbs=_crumbs(site, document)),
        title=document.title,
        description=document.description,
        subtitle=document.subtitle,
        authors=document.authors,
        date=document.date,
        contents=document.contents,
        body=document_body(document, site, page.theme.environment.get_template("block.html")),
        run_count=len(document.runs),
        sources=_sources(document),
        commit=_commit(document),
        warnings=tuple(
            (site.run_link(run, document.target), warning)
            for run, warning in warnings_of(document.runs)
            if not warning.key  # What is about one metric or table stands on the run's page.
        ),
    )


def _crumbs(site: Site, document: Document) -> tuple[Link, ...]:
    """The way back to the list of the reports; none where there is no list, or where the report is the site's first page."""
    if not site.reports_page or document.target == "index.html":
        return ()
    return (Link(_("Reports"), href(site.reports_page, document.target)),)


def _sources(document: Document) -> tuple[str, ...]:
    """Where the runs of a report come from: the folders of their logs, or the labels that the report gives them."""
    return tuple(dict.fromkeys(run.source.label or run.source.path.parts[0] for run in document.runs if run.source.path.parts))


def _commit(document: Document) -> str:
    """The Git commit that all runs of a report were made with, or "" when there are several or none."""
    commits = {run.git_commit for run in document.runs}
    return commits.pop() if len(commits) == 1 else ""
