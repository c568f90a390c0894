"""The typed contexts of the pages of artifacts."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from reportgen.site.contexts import Fact, PageContext


@dataclass(frozen=True)
class ArtifactGroup:
    """The artifacts of one type, in a table."""

    name: str
    table: Markup
    count: int


@dataclass(frozen=True)
class ArtifactsContext(PageContext):
    """`artifacts.html`: all artifacts of the site.

    Attributes:
        lead: How many there are, and which one is used most.
        lineage: The lineage as a drawing with links; empty when it is too large to be read, or there is none.
        groups: The artifacts by their type.
        notes: What is to be known of names and of what is left out.
    """

    lead: Markup
    lineage: Markup
    groups: tuple[ArtifactGroup, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class VersionView:
    """A version of an artifact on its page.

    Attributes:
        name: Its name, and the id of its part of the page.
        label: What it is called: the name, or the run whose folder it is.
        aliases, former: The names that it has, and had.
        said: By which runs it was made and used.
        facts: Size, digest and so on.
        metadata: Flat key → value.
        files: The table of its files; empty when the log names none.
        changes: What changed since the version before; empty for the first.
        before: The name of that version.
    """

    name: str
    label: Markup
    aliases: tuple[str, ...]
    former: tuple[str, ...]
    said: Markup
    facts: tuple[Fact, ...]
    metadata: tuple[Fact, ...]
    files: Markup
    changes: Markup
    before: str


@dataclass(frozen=True)
class ArtifactContext(PageContext):
    """`artifact.html`: an artifact with all its versions.

    Attributes:
        type: Its type, for example "dataset".
        lead: How many versions there are, and who made and used the latest.
        versions: The latest first.
        latest: The name of the version that is open at first.
        data: The script with the files of all versions, for the comparison of any two of them; "" when there are only two.
        lineage: What led to it and what it led to, as a drawing with links; empty when it is too large to be read.
        notes: What is to be known of names and of files.
    """

    type: str
    lead: Markup
    versions: tuple[VersionView, ...]
    latest: str
    data: str
    lineage: Markup
    notes: tuple[str, ...]
