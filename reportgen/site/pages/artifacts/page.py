"""The page of one artifact: all its versions, their files, what changed between them, and its lineage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from reportgen.analysis.artifact_changes import changes
from reportgen.analysis.artifact_lineage import Lineage, version_key
from reportgen.analysis.artifacts import Collection, Version
from reportgen.analysis.column_format import size_text
from reportgen.blocks.lineage_view import lineage_html, readable_lineage
from reportgen.blocks.links import ARTIFACTS_PAGE, run_link, version_href
from reportgen.blocks.readable import readable
from reportgen.blocks.version_changes import changes_html, version_data
from reportgen.report.document import LinkedFile
from reportgen.site.artifact_contexts import ArtifactContext, VersionView
from reportgen.site.contexts import Fact, Link
from reportgen.site.pages.artifacts.files import CopiedFiles, KnownFile, files_html
from reportgen.site.pages.artifacts.words import collection_lead, version_sentence
from reportgen.site.pages.facts import key_facts
from reportgen.site.site import ComposedPage, Site, href
from reportgen.sources.values import flatten
from reportgen.words import _, count

_LONGEST = 40
"""Letters of an id that are shown."""


@dataclass(frozen=True, eq=False)
class _Seen:
    """A version with what was found out about its files."""

    version: Version
    files: Sequence[KnownFile]
    metadata: Mapping[str, Any]


def artifact_page(site: Site, collection: Collection, whole: Lineage, files: CopiedFiles) -> ComposedPage:
    """The page of an artifact.

    Args:
        whole: The lineage of the site.
        files: The files of artifacts that are copied into the site.
    """
    target = version_href(collection.versions[0].artifact, "", "")
    root, style = "../", site.workspace.style
    linked: list[LinkedFile] = []
    seen = [
        _Seen(version, files.known(version.artifact.files, linked), dict(flatten(version.artifact.metadata)))
        for version in collection.versions
    ]
    lead = collection_lead(collection, root, style)
    views = [_view(site, collection, one, before, root) for one, before in zip(seen, [None, *seen[:-1]], strict=True)]
    context = ArtifactContext(
        **site.base(target, crumbs=[Link(_("Artifacts"), href(ARTIFACTS_PAGE, target))]),
        title=_("Files of runs") if collection.is_folders else readable(collection.name) or _("Unnamed artifact"),
        description=lead.striptags(),
        type=readable(collection.type),
        lead=lead,
        versions=tuple(reversed(views)),
        latest=collection.latest.name,
        data=_data(site, seen) if len(seen) > 2 and not collection.is_folders else "",
        lineage=_lineage(site, collection, whole, root),
        notes=tuple(_notes(collection)),
    )
    return site.page(target, "artifact.html", context, linked)


def _view(site: Site, collection: Collection, seen: _Seen, before: _Seen | None, root: str) -> VersionView:
    version, style = seen.version, site.workspace.style
    changed = Markup("")
    if before is not None and not collection.is_folders:
        old, new = ([known.file for known in one.files] for one in (before, seen))
        changed = changes_html(changes(old, new, before.metadata, seen.metadata))
    maker = version.made_by[0] if version.made_by else None
    is_folder = collection.is_folders and maker is not None
    return VersionView(
        name=version.name,
        label=run_link(maker, root, style.colour(maker.id)) if is_folder and maker else escape(readable(version.name)),
        aliases=tuple(readable(alias) for alias in version.aliases),
        former=tuple(readable(alias) for alias in version.former),
        said=Markup("") if is_folder else version_sentence(version, root, style),
        facts=tuple(_facts(version, seen.files, is_mixed=len(collection.projects) > 1)),
        metadata=key_facts({readable(key): value for key, value in seen.metadata.items()}),
        files=files_html(seen.files, root, f"files-{version.name}"),
        changes=changed,
        before=before.version.name if before and changed else "",
    )


def _facts(version: Version, files: Sequence[KnownFile], *, is_mixed: bool) -> Iterator[Fact]:
    artifact = version.artifact
    if is_mixed and (projects := list(dict.fromkeys(run.project or run.source.format for run in version.runs))):
        yield Fact(_("project"), escape(", ".join(readable(project) for project in projects)))
    if artifact.description:
        yield Fact(_("description"), escape(readable(artifact.description)))
    if files:
        yield Fact(_("files"), escape(count(len(files))))
    if artifact.size is not None:
        exactly = _("{n} bytes").format(n=count(artifact.size))
        yield Fact(_("size"), Markup('<span title="{}">{}</span>').format(exactly, size_text(artifact.size)))
    if artifact.digest:
        yield Fact(_("digest"), Markup("<code>{}</code>").format(readable(artifact.digest)))
    if artifact.id:
        name = readable(artifact.id)
        shown = name if len(name) <= _LONGEST else f"{name[:_LONGEST]}…"
        yield Fact(_("id"), Markup('<code title="{}">{}</code>').format(name, shown))


def _data(site: Site, seen: Sequence[_Seen]) -> str:
    value = {one.version.name: version_data([known.file for known in one.files], one.metadata) for one in seen}
    return site.script("data/artifacts", "value", value)


def _lineage(site: Site, collection: Collection, whole: Lineage, root: str) -> Markup:
    """The drawing; where one run made it and nothing else is known, the sentence says all of it."""
    keys = [version_key(collection, version) for version in collection.versions]
    found = readable_lineage(whole.around(keys))
    if found is None or len(found) < 3:
        return Markup("")
    current = [key for key, node in found.nodes.items() if node.collection and node.collection.key == collection.key]
    return lineage_html(found, root, site.workspace.style, current)


def _notes(collection: Collection) -> Iterator[str]:
    if len(collection.projects) > 1 and not collection.is_folders:
        yield _("Artifacts of this type and name in {n} projects stand together here.").format(n=count(len(collection.projects)))
    if collection.is_numbered:
        if any(not one.is_ours for one in collection.versions):
            yield _("Versions whose logs give no name are called by their digest here.")
        else:
            yield _("The logs give these versions no names: the numbers are ours, by time within the name. Equal content counts once.")
