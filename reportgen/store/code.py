"""The state of the package's code, on which everything that is kept depends."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import reportgen

READING = ("model", "sources", "store")
"""The rooms that what is kept of logs depends on."""


@cache
def code_version(*rooms: str) -> str:
    """A text that changes when the code of these rooms changes, by default that of the whole package."""
    package = str(Path(reportgen.__file__).parent)
    files = sorted(file for room in rooms or ("",) for file in _code(package, room))
    return hashlib.sha256("\n".join([reportgen.__version__, *files]).encode()).hexdigest()[:16]


def _code(package: str, folder: str) -> Iterator[str]:
    """Path, size and time of change of the Python files and catalogues in a folder of the package and below."""
    for entry in os.scandir(os.path.join(package, folder)):
        path = os.path.join(folder, entry.name)
        if path.endswith((".py", ".po")):
            yield f"{path}:{entry.stat().st_size}:{entry.stat().st_mtime_ns}"
        elif entry.is_dir():
            yield from _code(package, path)
