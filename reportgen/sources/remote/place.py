"""A place on another machine: its files, each of which can be copied."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class RemoteFile:
    """A file there.

    Attributes:
        name: Its path below the address.
        path: What its place knows it by.
        size: In bytes.
        state: What changes when it changes; None where the server does not tell.
        changed: When it was changed, epoch seconds.
    """

    name: str
    path: str
    size: int
    state: str | None
    changed: float | None


@dataclass(frozen=True)
class Mirror:
    """A local copy.

    Attributes:
        folder: Where it is.
        left_out: The files that were not copied, model weights and very large ones: name below the folder, and size in bytes.
    """

    folder: Path
    left_out: tuple[tuple[str, int], ...]


class Place(Protocol):
    """What can be reached by one scheme of addresses. Its errors are those of its library."""

    threads: int
    """How many files may be copied at once."""

    def files(self) -> list[RemoteFile]:
        """All files below the address, or the one that it names."""

    def copy(self, file: RemoteFile, target: Path) -> None:
        """Writes the content of a file into one of this machine."""

    def close(self) -> None:
        """Ends the connection."""
