"""Reads plain folders: a config beside metrics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reportgen.model import Run

name = "plain"
nested = True


def sniff(path: Path) -> bool:
    """Whether a directory holds a config beside metrics."""
    return False


def read(path: Path) -> Iterator[Run]:
    """The run of a directory."""
    return iter(())
