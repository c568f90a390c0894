"""The files of the site as they are on a disk of their own, and what a browser may ask for: nothing but them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from reportgen.report import LinkedFile
from reportgen.site.build import content_of

_KEPT = 20
"""For so many builds a file that is on the site no more can still be fetched, by pages that are not up to date yet."""


class ClosedError(Exception):
    """The server has ended."""


@dataclass
class Published:
    """The latest good build.

    Attributes:
        folder: Where its files are.
        builds: How many there were.
        pages: Path → digest of the page.
        changed: The pages that the latest one changed.
    """

    folder: Path
    builds: int = 0
    pages: dict[str, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    _known: dict[str, object] = field(default_factory=dict)
    _closed: bool = False
    _seen: dict[str, int] = field(default_factory=dict)

    def publish(self, files: Iterable[tuple[str, bytes | LinkedFile | str]]) -> None:
        """Takes the files of a build; what did not change is not written again."""
        pages: dict[str, str] = {}
        number = self.builds + 1
        for path, content in files:
            state = _state(content)
            if self._known.get(path) != state:
                self._write(path, content_of(content))
                self._known[path] = state
            self._seen[path] = number
            if isinstance(content, str):
                pages[path] = str(state)
        self.changed = tuple(path for path, digest in pages.items() if self.pages.get(path) != digest)
        gone = [path for path in self.pages if path not in pages]
        self.pages, self.builds = pages, number
        for path in [*gone, *(path for path, seen in self._seen.items() if seen <= number - _KEPT)]:
            if self._seen.pop(path, number) < number:
                (self.folder / path).unlink(missing_ok=True)
                del self._known[path]

    def file(self, path: str) -> Path | None:
        """The file at an address, None when the site has none there."""
        return self.folder / path if path in self._seen else None

    def close(self) -> None:
        """Nothing is written from now on."""
        self._closed = True

    def _write(self, path: str, content: bytes) -> None:
        if self._closed:
            raise ClosedError
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name[:100]}.new")
        fresh.write_bytes(content)
        fresh.replace(file)


def _state(content: bytes | LinkedFile | str) -> object:
    """What tells that the content of a file is what it was."""
    if isinstance(content, LinkedFile) and content.content is None:
        found = os.stat(content.source)
        return content.source, content.span, found.st_size, found.st_mtime_ns, found.st_ino
    return hashlib.blake2b(content_of(content), digest_size=12).hexdigest()
