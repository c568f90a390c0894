"""What tells that a log has not changed: the state of its files."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

_SETTLED = 2_000_000_000
"""Nanoseconds after which a file that changes again surely has another time of change."""


def fingerprint(parts: Iterable[str | Path]) -> str | None:
    """Size, time of change and identity of files and directories as a text.

    Returns:
        The text, or None when one of them changed in the last two seconds: it may change again within the tick of
        the file system's clock, and nothing would tell.
    """
    now = time.time_ns()
    states = []
    for part in parts:
        try:
            state = os.stat(part)
        except OSError:
            states.append("-")
            continue
        if now - state.st_mtime_ns < _SETTLED:
            return None
        states.append(f"{state.st_size if not os.path.isdir(part) else 0}:{state.st_mtime_ns}:{state.st_ino}")
    return ";".join(states)


def files_of(path: Path) -> Iterator[str | Path]:
    """A file; or a directory, with all that it holds and all that the directories in it hold, and so on."""
    yield path
    waiting = [str(path)] if path.is_dir() else []
    while waiting:
        try:
            entries = sorted(os.scandir(waiting.pop()), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            yield entry.path
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
