"""The pages of artifacts: all of them by type with their lineage, and one page for each with all its versions."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.analysis.artifact_lineage import lineage
from reportgen.analysis.artifacts import Collection, catalogue
from reportgen.site.pages.artifacts.files import CopiedFiles
from reportgen.site.pages.artifacts.overview import overview
from reportgen.site.pages.artifacts.page import artifact_page
from reportgen.site.site import ComposedPage, Site


def artifact_pages(site: Site) -> Iterator[ComposedPage]:
    """The pages of the artifacts that the runs made or used; none when there are no artifacts."""
    known = catalogue(site.runs)
    if not known.collections:
        return
    whole = lineage(known, is_drawn)
    yield overview(site, known, whole)
    files = CopiedFiles()
    for i, collection in enumerate(known.collections.values()):
        site.tell("Composing pages of artifacts", i, len(known.collections))
        yield artifact_page(site, collection, whole, files)


def is_drawn(collection: Collection) -> bool:
    """Whether the lineage of the site shows it: not the folders of runs, and tables of one run only if another run used them."""
    if collection.is_folders:
        return False
    return not collection.is_own_table or any(version.used_by for version in collection.versions)
