"""A file that stands beside the pages of a site."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class LinkedFile:
    """A file that a page links to or shows, to be written to `target` (a path below the site's root).

    Attributes:
        source: Where it is copied from; of a file that is made for the page, where its content came from.
        span: Which part of it, as offset and size in bytes; None for all of it.
        content: What is written, where it is no copy.
    """

    source: Path
    target: str
    span: tuple[int, int] | None = None
    content: bytes | None = None
