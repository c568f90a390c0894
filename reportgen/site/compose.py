"""The pages of a site, composed: which there are, what each shows, and where its charts will stand."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import reportgen
from reportgen.errors import Mistake, Mistakes
from reportgen.report import Document, LinkedFile, render
from reportgen.site.assets import Assets, theme_assets
from reportgen.site.body import document_body
from reportgen.site.contexts import Link, PageContext, ReportCard, ReportContext
from reportgen.site.figures import Charts
from reportgen.site.pages.index import index_page
from reportgen.site.pages.run import run_page
from reportgen.site.pages.runs import runs_page
from reportgen.site.theme import Theme
from reportgen.site.workspace import Page, Progress, Workspace, warnings_of

RUNS_PAGE = "runs.html"


@dataclass(frozen=True, eq=False)
class ComposedPage:
    """A page before its template is filled, and the files that it shows or links to."""

    target: str
    template: str
    theme: Theme
    context: PageContext
    files: tuple[LinkedFile, ...] = ()

    @property
    def root(self) -> str:
        """The way from the page to the site's root."""
        return root_of(self.target)


def render_documents(workspace: Workspace) -> list[Document]:
    """The reports of a workspace, rendered.

    Raises:
        Mistakes: All that is wrong in any of them, and what had been found before.
    """
    documents = []
    mistakes: list[Mistake] = list(workspace.mistakes)
    site_pages = {page.report.path: page.target for page in workspace.pages}
    for page in workspace.pages:
        try:
            documents.append(
                render(
                    page.report,
                    page.runs,
                    target=page.target,
                    root=root_of(page.target),
                    style=page.style,
                    site_pages=site_pages,
                    source_root=workspace.folder,
                )
            )
        except Mistakes as several:
            mistakes += several.mistakes
    if mistakes:
        raise Mistakes(mistakes)
    return documents


class Composer:
    """Composes the pages of one site.

    Attributes:
        charts: All charts that the pages show.
    """

    def __init__(self, workspace: Workspace, documents: list[Document]) -> None:
        self.workspace, self.documents = workspace, documents
        self.charts = Charts()
        self._assets: dict[Path, Assets] = {}

    def pages(self, progress: Progress | None = None) -> Iterator[ComposedPage]:
        """All pages: the reports, the index when no report is it, the table of all runs, and each run."""
        workspace = self.workspace
        for page, document in zip(workspace.pages, self.documents, strict=True):
            yield ComposedPage(document.target, "report.html", page.theme, self._report(page, document), document.files)
        if self.documents and not any(document.target == "index.html" for document in self.documents):
            base = self._base("index.html", workspace.theme)
            index = index_page(self._cards(), workspace.runs, base=base, description=workspace.settings.description)
            yield ComposedPage("index.html", "index.html", workspace.theme, index)
        if not workspace.runs:
            return
        # Without a report, the runs are what the site is about.
        for target in (RUNS_PAGE,) if self.documents else ("index.html", RUNS_PAGE):
            table = runs_page(workspace.runs, base=self._base(target, workspace.theme), style=workspace.style)
            yield ComposedPage(target, "runs.html", workspace.theme, table)
        draw = partial(self.charts.note, place=None)
        for i, run in enumerate(workspace.runs):
            if progress:
                progress("Composing pages", i, len(workspace.runs))
            target = f"runs/{run.slug}.html"
            context = run_page(
                run,
                base=self._base(target, workspace.theme),
                colour=workspace.style.colour(run.id),
                draw=draw,
                style=workspace.style,
                reports=tuple(
                    Link(document.title, _href(document.target, target))
                    for document in self.documents
                    if any(one.id == run.id for one in document.runs)
                ),
            )
            yield ComposedPage(target, "run.html", workspace.theme, context, context.files)

    def assets(self) -> dict[str, bytes]:
        """The files of all themes that were used."""
        return {path: content for one in self._assets.values() for path, content in one.files.items()}

    def font(self, theme: Theme) -> str:
        """The script with a theme's font, a path below the site's root."""
        return self._assets[theme.folder].font

    def _report(self, page: Page, document: Document) -> ReportContext:
        base = self._base(document.target, page.theme, page.report.language)
        return ReportContext(
            **base,
            title=document.title,
            description=document.description,
            subtitle=document.subtitle,
            authors=document.authors,
            date=document.date,
            contents=document.contents,
            body=document_body(document, self.charts, page.theme.environment.get_template("block.html")),
            run_count=len(document.runs),
            sources=_sources(document),
            commit=_commit(document),
            warnings=tuple(
                (Link(run.name, _href(f"runs/{run.slug}.html", document.target)), warning)
                for run, warning in warnings_of(document.runs)
                if not warning.key  # What is about one metric or table stands on the run's page.
            ),
        )

    def _base(self, target: str, theme: Theme, language: str = "") -> dict[str, Any]:
        """What every page has, but its title and description."""
        root, settings = root_of(target), self.workspace.settings
        assets = self._assets.get(theme.folder) or self._assets.setdefault(theme.folder, theme_assets(theme))
        return {
            "root": root,
            "site_title": self._site_title(),
            "language": language or settings.language,
            "styles": tuple(root + path for path in assets.styles),
            "scripts": tuple(root + path for path in assets.scripts),
            "navigation": self._navigation(target),
            "generator": f"reportgen {reportgen.__version__}",
        }

    def _site_title(self) -> str:
        """The title of the settings, else of the report that is the first page, else what the site holds."""
        first = [document.title for document in self.documents if document.target == "index.html"]
        return self.workspace.settings.title or (first[0] if first else "Reports" if self.documents else "Runs")

    def _navigation(self, target: str) -> tuple[Link, ...]:
        """The reports and the runs, but for the page that the site's title names and links to."""
        links = [(title, document.target) for title, document in self._in_order()]
        if not self.workspace.settings.title:
            links = [(title, page) for title, page in links if page != "index.html"]
        elif links and not any(page == "index.html" for _, page in links):
            links.insert(0, ("Reports", "index.html"))
        if self.workspace.runs and (self.documents or self.workspace.settings.title):
            links.append(("Runs", RUNS_PAGE))
        current = RUNS_PAGE if target.startswith("runs/") else target
        return tuple(Link(text, _href(page, target), page == current) for text, page in links)

    def _in_order(self) -> list[tuple[str, Document]]:
        """The reports with the text of their links: first those that the settings name, then the others by their path."""
        by_path = {document.path.resolve(): document for document in self.documents}
        named: Mapping[Path, str | None] = {
            (self.workspace.folder / item.file).resolve(): item.title for item in self.workspace.settings.pages
        }
        first = [(title or by_path[path].title, by_path[path]) for path, title in named.items() if path in by_path]
        rest = [document for path, document in by_path.items() if path not in named]
        rest.sort(key=lambda document: (document.target != "index.html", document.target))
        return [*first, *((document.title, document) for document in rest)]

    def _cards(self) -> tuple[ReportCard, ...]:
        return tuple(
            ReportCard(Link(title, quote(document.target)), document.description, document.authors, document.date, len(document.runs))
            for title, document in self._in_order()
        )


def root_of(target: str) -> str:
    """The way from a page to the site's root: "", "../" and so on."""
    return "../" * target.count("/")


def _href(target: str, page: str) -> str:
    """A relative link from a page to another one."""
    return quote(posixpath.relpath(target, posixpath.dirname(page) or "."))


def _sources(document: Document) -> tuple[str, ...]:
    """Where the runs of a report come from: the folders of their logs, or the labels that the report gives them."""
    return tuple(dict.fromkeys(run.source.label or run.source.path.parts[0] for run in document.runs if run.source.path.parts))


def _commit(document: Document) -> str:
    """The Git commit that all runs of a report were made with, or "" when there are several or none."""
    commits = {run.git_commit for run in document.runs}
    return commits.pop() if len(commits) == 1 else ""
