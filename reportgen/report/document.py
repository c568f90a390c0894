"""What a report became: pieces of HTML and placed blocks in their order, and all that the site must know of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reportgen.blocks.block import Fragment
from reportgen.blocks.linked_file import LinkedFile as LinkedFile
from reportgen.errors import Place
from reportgen.model import Runs


@dataclass(frozen=True)
class Heading:
    """A heading of the report (`anchor` is its id in the page)."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class PlacedBlock:
    """A rendered fence with its number in the document ("Figure 3" has number 3), or None without one.

    The fragment has an id, and its caption is safe HTML (`markupsafe.Markup`).
    """

    fragment: Fragment
    number: int | None
    place: Place


@dataclass(frozen=True, eq=False)
class Document:
    """A report, rendered but not yet a page.

    Attributes:
        path: The Markdown file.
        target: The page, a path below the site's root, for example "index.html".
        pieces: Joined in order they are the body; a piece of HTML may end inside an element.
        contents: The headings of level 2 and 3.
        description: One or two sentences for search results and previews: the first paragraph, as plain text.
        runs: The runs that it was made from.
        files: What must be copied beside it.
    """

    path: Path
    target: str
    title: str
    subtitle: str
    authors: tuple[str, ...]
    date: date | None
    description: str
    pieces: tuple[str | PlacedBlock, ...]
    contents: tuple[Heading, ...]
    runs: Runs
    files: tuple[LinkedFile, ...] = ()
    warnings: tuple[str, ...] = ()
