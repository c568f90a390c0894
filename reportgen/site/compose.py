"""The pages of a site, composed: which there are, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reportgen.charts.figure import Figure
from reportgen.errors import Mistake, Mistakes, Place
from reportgen.remembering import Same, is_remembering, remembered
from reportgen.report import Document, render
from reportgen.site.pages.artifacts import artifact_pages
from reportgen.site.pages.gradients import gradients_pages
from reportgen.site.pages.how_to_read import how_to_read_pages
from reportgen.site.pages.index import index_pages
from reportgen.site.pages.not_found import not_found_pages
from reportgen.site.pages.query import query_pages
from reportgen.site.pages.report import report_pages
from reportgen.site.pages.run import run_pages
from reportgen.site.pages.runs import runs_pages
from reportgen.site.pages.sweeps import sweep_pages
from reportgen.site.pages.tables import table_pages
from reportgen.site.site import ComposedPage, Site, root_of
from reportgen.site.workspace import Workspace
from reportgen.words import using_language

KINDS: tuple[Callable[[Site], Iterator[ComposedPage]], ...] = (
    report_pages,
    index_pages,
    runs_pages,
    run_pages,
    gradients_pages,
    sweep_pages,
    table_pages,
    artifact_pages,
    query_pages,
    how_to_read_pages,
    not_found_pages,
)
"""What makes the pages of each kind."""


_OF_RUNS = (runs_pages, run_pages, gradients_pages, sweep_pages, table_pages, artifact_pages, query_pages)
"""Those that know of the reports no more than their titles, places and runs."""


@dataclass(frozen=True)
class _Composed:
    """What a kind of pages gave to its site."""

    pages: tuple[ComposedPage, ...]
    scripts: Mapping[str, bytes]
    figures: tuple[Figure, ...]
    explained: frozenset[str]


def _of_runs(pages: Callable[[Site], Iterator[ComposedPage]], site: Site) -> Sequence[ComposedPage]:
    """The pages of a kind; those of an earlier build when neither the runs nor what they know of the reports has changed."""

    def composed() -> _Composed:
        scripts, explained, before = site.scripts, site.explained, len(site.charts.figures)
        site.scripts, site.explained = {}, set()
        try:
            made = tuple(pages(site))
            return _Composed(made, site.scripts, tuple(site.charts.figures[before:]), frozenset(site.explained))
        finally:
            site.scripts, site.explained = scripts, explained

    if not is_remembering():
        return tuple(pages(site))
    work, about = site.workspace, tuple((one.title, one.target, tuple(run.id for run in one.runs)) for one in site.documents)
    question = (pages, Same(work.runs), Same(work.theme), work.settings.model_dump_json(), work.folder, about)
    kept = remembered(lambda: question, composed)
    site.scripts |= kept.scripts
    site.explained |= kept.explained
    for figure in kept.figures:
        site.charts.note(figure)
    return kept.pages


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
            with using_language(page.report.language):
                document = render(
                    page.report,
                    page.runs,
                    target=page.target,
                    root=root_of(page.target),
                    style=page.style,
                    site_pages=site_pages,
                    source_root=workspace.folder,
                    site_runs=workspace.runs,
                )
            documents.append(document)
        except Mistakes as several:
            mistakes += several.mistakes
    if mistakes:
        raise Mistakes(mistakes)
    return documents


def compose(site: Site) -> list[ComposedPage]:
    """All pages of a site; their charts and data are noted in it.

    Raises:
        Mistakes: A report would stand where another page of the site does.
    """
    with using_language(site.workspace.settings.language):
        site.base("index.html")  # What all pages share is there first, and belongs to none of them.
        composed = [page for pages in KINDS for page in (_of_runs(pages, site) if pages in _OF_RUNS else pages(site))]
    taken = Counter(page.target for page in composed)
    twice = [document for document in site.documents if taken[document.target] > 1]
    if twice:
        text = "a report cannot stand here: the site has a page of its own of this name"
        raise Mistakes(Mistake(text, Place(document.path), "rename the file or its folder") for document in twice)
    return composed
