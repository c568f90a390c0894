"""The page of all artifacts: by type, with the lineage of the whole site where it can be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from reportgen.analysis.artifact_lineage import Lineage
from reportgen.analysis.artifacts import Catalogue, Collection
from reportgen.blocks.artifact_table import artifact_table
from reportgen.blocks.lineage_view import lineage_html, readable_lineage
from reportgen.blocks.links import ARTIFACTS_PAGE
from reportgen.blocks.readable import readable
from reportgen.site.artifact_contexts import ArtifactGroup, ArtifactsContext
from reportgen.site.pages.artifacts.words import collection_lead
from reportgen.site.site import ComposedPage, Site
from reportgen.words import _, count, ngettext


def overview(site: Site, known: Catalogue, whole: Lineage) -> ComposedPage:
    """The page of all artifacts; `whole` is the lineage of the site."""
    collections = list(known.collections.values())
    drawn = readable_lineage(whole)
    lead = _lead(site, collections)
    context = ArtifactsContext(
        **site.base(ARTIFACTS_PAGE),
        title=_("Artifacts"),
        description=lead.striptags(),
        lead=lead,
        lineage=lineage_html(drawn, "", site.workspace.style) if drawn else Markup(""),
        groups=tuple(_groups(site, collections)),
        notes=tuple(_notes(collections, whole, drawn)),
    )
    return site.page(ARTIFACTS_PAGE, "artifacts.html", context)


def _lead(site: Site, collections: Sequence[Collection]) -> Markup:
    """How many there are, and what is to be said of the one that most runs used, else of the one with most versions."""
    named = [one for one in collections if not (one.is_folders or one.is_own_table)]
    parts = []
    if named:
        types = {kind: sum(1 for one in named if one.type == kind) for kind in dict.fromkeys(one.type for one in named)}
        n = ngettext("{n} artifact", "{n} artifacts", len(named)).format(n=count(len(named)))
        versions = sum(len(one.versions) for one in named)
        counted = ngettext("{n} version", "{n} versions", versions).format(n=count(versions))
        parts.append(
            Markup(_("{artifacts} in {versions}: {types}.")).format(
                artifacts=n,
                versions=counted,
                types=", ".join(readable(kind) if k == 1 else f"{readable(kind)} ({count(k)})" for kind, k in types.items()),
            )
        )
        best = max(named, key=lambda one: (sum(len(v.used_by) for v in one.versions), len(one.versions)))
        parts.append(collection_lead(best, "", site.workspace.style, link=True))
    if tables := sum(1 for one in collections if one.is_own_table):
        text = ngettext("{n} is a table that a run logged.", "{n} are tables that runs logged.", tables)
        parts.append(escape(text.format(n=count(tables))))
    if folders := [one for one in collections if one.is_folders]:
        parts.append(collection_lead(folders[0], "", site.workspace.style))
    return Markup(" ").join(parts)


def _groups(site: Site, collections: Sequence[Collection]) -> Iterator[ArtifactGroup]:
    """What runs made for each other first; tables of runs and their folders last."""
    types = dict.fromkeys(one.type for one in sorted(collections, key=lambda one: (one.is_folders, one.is_own_table, one.type)))
    for kind in types:
        several = [one for one in collections if one.type == kind]
        name = _("Folders of runs") if several[0].is_folders else readable(kind) or _("Without a type")
        if several[0].is_own_table:
            name = _("Tables that runs logged")
        table = artifact_table(several, "", site.workspace.style, id_=f"artifacts-{kind}")
        yield ArtifactGroup(name, table, len(several))


def _notes(collections: Sequence[Collection], whole: Lineage, drawn: Lineage | None) -> Iterator[str]:
    if whole.graph.edges and drawn is None:
        text = _("The lineage of all artifacts has {n} nodes, too many to be read as one drawing: each artifact’s page shows its own.")
        yield text.format(n=count(len(whole)))
    elif drawn is not None and len(drawn) < len(whole):
        yield _("In the drawing, runs with the same inputs that made versions of the same artifacts stand together.")
    if any(one.is_numbered for one in collections):
        yield _("Where the logs give versions no names, the numbers are ours, by time within the name. Equal content counts once.")
