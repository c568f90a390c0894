"""A site while its pages are composed: what they share, and what they put beside themselves."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

import reportgen
from reportgen.analysis.sweeps import Sweep, sweeps_of
from reportgen.blocks.links import (
    ARTIFACTS_PAGE,
    HOW_TO_READ_PAGE,
    QUERY_PAGE,
    REPORTS_PAGE,
    RUNS_PAGE,
    SWEEPS_PAGE,
    TABLES_PAGE,
    run_href,
    workspace_pages,
)
from reportgen.charts.figure import Figure
from reportgen.model import Run, Runs
from reportgen.remembering import Same, is_remembering, remembered
from reportgen.report import Document, LinkedFile
from reportgen.site.assets import Assets, theme_assets
from reportgen.site.contexts import Link, PageContext
from reportgen.site.data import digest
from reportgen.site.figures import Charts
from reportgen.site.search import search_index
from reportgen.site.theme import Theme
from reportgen.site.workspace import Progress, Workspace
from reportgen.words import _, browser_messages


@dataclass(frozen=True, eq=False)
class ComposedPage:
    """A page before its template is filled, and the files that it shows or links to.

    Attributes:
        target: A path below the site's root, for example "runs/a.html".
        template: The theme's file for it; its variable is `page`.
    """

    target: str
    template: str
    theme: Theme
    context: PageContext
    files: tuple[LinkedFile, ...] = ()

    @property
    def root(self) -> str:
        """The way from the page to the site's root."""
        return root_of(self.target)


class Site:
    """What the pages of one site share.

    Attributes:
        charts: All charts that the pages show.
        scripts: The data scripts beside them, and files that pages link to: path below the site's root → content.
        explained: What pages link to the explanation of.
    """

    def __init__(self, workspace: Workspace, documents: Sequence[Document], progress: Progress | None = None) -> None:
        self.workspace, self.documents, self.progress = workspace, tuple(documents), progress
        self.charts = Charts()
        self.scripts: dict[str, bytes] = {}
        self.explained: set[str] = set()
        self._assets: dict[Path, Assets] = {}
        self._word_scripts: dict[str, tuple[str, ...]] = {}

    @property
    def runs(self) -> Runs:
        """All runs of the site."""
        return self.workspace.runs

    @cached_property
    def sweeps(self) -> tuple[Sweep, ...]:
        """The sweeps among the runs."""
        return sweeps_of(self.runs)

    @property
    def has_query_page(self) -> bool:
        """Whether readers may ask in SQL."""
        return self.workspace.settings.query is not None and len(self.runs) > 0

    def query_href(self, target: str, sql: str = "") -> str:
        """A link from a page to the one for queries, with a query; "" where there is none."""
        return href(QUERY_PAGE, target) + (f"?sql={quote(sql)}" if sql else "") if self.has_query_page else ""

    def how_to_read(self, subject: str, target: str) -> str:
        """A link from a page to the explanation of a subject ("importance", "comparison"), which then is on the site."""
        self.explained.add(subject)
        return f"{href(HOW_TO_READ_PAGE, target)}#{subject}"

    @cached_property
    def sweep_of(self) -> Mapping[str, Sweep]:
        """The sweep of each run that is in one, by the run's id."""
        return {run.id: sweep for sweep in self.sweeps for run in sweep.runs}

    def page(self, target: str, template: str, context: PageContext, files: Sequence[LinkedFile] = ()) -> ComposedPage:
        """A page that is no report: it has the site's theme."""
        return ComposedPage(target, template, self.workspace.theme, context, tuple(files))

    def draw(self, figure: Figure) -> Markup:
        """Takes note of a chart, and gives what stands in the page for it."""
        return self.charts.note(figure)

    def script(self, folder: str, call: str, value: Any) -> str:
        """Adds a classic script that hands a value to the browser code: `reportgen.<call>("<path>", <value>)`.

        Args:
            folder: A folder below the site's root, for example "data/tables".
            value: What `json` can write; numbers may be NaN and infinite. Equal values share a script.

        Returns:
            The path of the script below the site's root, which the browser code knows the value by.
        """
        return self.packed(folder, json.dumps(value, separators=(",", ":")), call)

    def packed(self, folder: str, body: str, call: str = "value") -> str:
        """As `script`, for a value that is JavaScript already, in ASCII."""
        path = f"{folder}/{digest(call + body)}.js"
        # In a script, unlike in JSON, these two end a line: ensure_ascii has escaped them.
        self.scripts[path] = f'reportgen.{call}("{path}",{body});\n'.encode()
        return path

    def file(self, path: str, content: bytes) -> None:
        """Adds a file that pages link to, at a path below the site's root."""
        self.scripts[path] = content

    def tell(self, what: str, done: int, total: int) -> None:
        """Says how far the work is."""
        if self.progress:
            self.progress(what, done, total)

    def reports_of(self, run: Run, target: str) -> tuple[Link, ...]:
        """The reports that were made from a run, as links from a page."""
        return tuple(
            Link(document.title, href(document.target, target)) for document, ids in self._runs_of_documents if run.id in ids
        )

    @cached_property
    def _runs_of_documents(self) -> list[tuple[Document, frozenset[str]]]:
        return [(document, frozenset(run.id for run in document.runs)) for document in self.documents]

    def base(self, target: str, *, theme: Theme | None = None, language: str = "", crumbs: Sequence[Link] = ()) -> dict[str, Any]:
        """The fields of `PageContext` but title and description.

        Args:
            crumbs: The pages above this one, from the site's first page on, as links from this page.
        """
        theme, root, settings = theme or self.workspace.theme, root_of(target), self.workspace.settings
        assets = self._assets.get(theme.folder) or self._assets.setdefault(
            theme.folder, remembered(lambda: ("assets", Same(theme)), lambda: theme_assets(theme))
        )
        return {
            "root": root,
            "site_title": self._title,
            "language": language or settings.language,
            "styles": tuple(root + path for path in assets.styles),
            "scripts": tuple(root + path for path in (*assets.scripts, *self._words(language or settings.language))),
            "navigation": self._navigation(target),
            "crumbs": tuple(crumbs),
            "generator": f"reportgen {reportgen.__version__}",
            "search": self._search,
        }

    @cached_property
    def _search(self) -> str:
        """The path of the script with what the search finds."""
        index = search_index(self.runs, self.documents, {page for _title, page in self._workspace_pages}, self.sweeps)
        if index and is_remembering():
            # A name that stays: what a page that is open finds is no reason to change the page.
            self.scripts[_SEARCH] = f'reportgen.value("{_SEARCH}",{json.dumps(index, separators=(",", ":"))});\n'.encode()
            return _SEARCH
        return self.script("data/search", "value", index) if index else ""

    def _words(self, language: str) -> tuple[str, ...]:
        """The script with the browser code's messages in a language, if they are in other words than the code's own."""
        if language not in self._word_scripts:
            messages = browser_messages(language)
            body = json.dumps(messages, sort_keys=True)
            path = f"assets/words.{digest(body)}.js"
            self._word_scripts[language] = (path,) if messages else ()
            if messages:
                self.scripts[path] = f"reportgen.words({body});\n".encode()
        return self._word_scripts[language]

    def assets(self) -> dict[str, bytes]:
        """The files of all themes that were used."""
        return {path: content for one in self._assets.values() for path, content in one.files.items()}

    def font(self, theme: Theme) -> str:
        """The script with a theme's font, a path below the site's root."""
        return self._assets[theme.folder].font

    @property
    def _title(self) -> str:
        """The title of the settings, else of the report that is the first page, else what the site holds."""
        first = [document.title for document in self.documents if document.target == "index.html"]
        return self.workspace.settings.title or (first[0] if first else _("Reports") if self.documents else _("Runs"))

    def _navigation(self, target: str) -> tuple[Link, ...]:
        """The reports and what there is of the workspace, but for the page that the site's title names and links to."""
        links = [*self._listed_reports]
        if self.reports_page and (self.reports_page != "index.html" or self.workspace.settings.title):
            links = [(_("Reports"), self.reports_page), *links]
        # Without reports the first page is that of the runs; the title links to it.
        is_first = not self.documents and not self.workspace.settings.title
        links += [(title, page) for title, page in self._workspace_pages if page != RUNS_PAGE or not is_first]
        current = _SECTIONS.get(target.partition("/")[0], target)
        if current not in {page for _title, page in links} and any(document.target == target for document in self.documents):
            current = self.reports_page
        return tuple(Link(text, href(page, target), page == current) for text, page in links)

    @cached_property
    def reports_page(self) -> str:
        """The page that lists the reports: the first one of the site unless a report is that; "" where one report is all there is."""
        if not self.documents:
            return ""
        if all(document.target != "index.html" for document in self.documents):
            return "index.html"
        return REPORTS_PAGE if len(self.documents) > 1 else ""

    @cached_property
    def _listed_reports(self) -> list[tuple[str, str]]:
        """The reports that the navigation names: all, else those of the settings, as far as they fit into a line; else none."""
        named = {(self.workspace.folder / item.file).resolve() for item in self.workspace.settings.pages}
        is_title = not self.workspace.settings.title
        every = [(title, document) for title, document in self.in_order if not (is_title and document.target == "index.html")]
        for several in (every, [(title, one) for title, one in every if one.path.resolve() in named]):
            if sum(min(len(title), _LONGEST_TITLE) for title, _one in several) <= _LETTERS:
                return [(title, one.target) for title, one in several]
        return []

    @cached_property
    def _workspace(self) -> tuple[str, ...]:
        """The first pages of runs, sweeps, tables and artifacts, as far as there are such, and the one for queries if it is wanted."""
        return (*workspace_pages(self.runs), *((QUERY_PAGE,) if self.has_query_page else ()))

    @property
    def _workspace_pages(self) -> list[tuple[str, str]]:
        """These pages with their titles in the language in use."""
        titles = {RUNS_PAGE: _("Runs"), SWEEPS_PAGE: _("Sweeps"), TABLES_PAGE: _("Tables"), ARTIFACTS_PAGE: _("Artifacts")}
        titles[QUERY_PAGE] = _("Query")
        return [(titles[page], page) for page in self._workspace]

    @cached_property
    def in_order(self) -> list[tuple[str, Document]]:
        """The reports with the text of their links: first those that the settings name, then the others by their path."""
        by_path = {document.path.resolve(): document for document in self.documents}
        named: Mapping[Path, str | None] = {
            (self.workspace.folder / item.file).resolve(): item.title for item in self.workspace.settings.pages
        }
        first = [(title or by_path[path].title, by_path[path]) for path, title in named.items() if path in by_path]
        rest = [document for path, document in by_path.items() if path not in named]
        rest.sort(key=lambda document: (document.target != "index.html", document.target))
        return [*first, *((document.title, document) for document in rest)]

    def run_link(self, run: Run, target: str) -> Link:
        """A link from a page to the page of a run."""
        return Link(run.name, run_href(run, root_of(target)))


_SEARCH = "data/search/index.js"
_LETTERS, _LONGEST_TITLE = 80, 32
"""How long the titles of reports in the navigation may be together, and how much of one is seen (`.site-nav a`)."""
_SECTIONS = {"runs": RUNS_PAGE, "gradients": RUNS_PAGE, "sweeps": SWEEPS_PAGE, "tables": TABLES_PAGE, "artifacts": ARTIFACTS_PAGE}
"""Which page of the navigation the pages in a folder belong to."""


def root_of(target: str) -> str:
    """The way from a page to the site's root: "", "../" and so on."""
    return "../" * target.count("/")


def href(target: str, page: str) -> str:
    """A relative link from a page to another one."""
    return quote(posixpath.relpath(target, posixpath.dirname(page) or "."))
