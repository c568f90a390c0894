"""What tells that a log has not changed: the state of its files."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_SETTLED = 2_000_000_000
"""Nanoseconds after which a file that changes again surely has another time of change."""
_RECENT = 86_400
_ABSENT, _DANGLING = "-", "@"


@dataclass(frozen=True)
class Fingerprint:
    """The state of a log: size, time of change and identity of its parts as a text, and where these lie."""

    text: str
    parts: tuple[str, ...]


def fingerprint(parts: Iterable[str | Path], seen: int | None = None) -> Fingerprint | None:
    """The state of files and directories.

    A file that is not there is left out where the directory that it would lie in is a part, too.

    Args:
        seen: When they were first looked at, in nanoseconds of the epoch; by default now.

    Returns:
        The fingerprint, or None when one of them changed after two seconds before that: it may change again within the
        tick of the file system's clock, and nothing would tell.
    """
    latest = (time.time_ns() if seen is None else seen) - _SETTLED
    states: dict[str, str] = {}
    for part in map(str, parts):
        try:
            state = os.stat(part)
        except OSError:
            states[part] = _DANGLING if os.path.islink(part) else _ABSENT
            continue
        if state.st_mtime_ns > latest:
            return None
        states[part] = _text(state)
    told = {part: state for part, state in states.items() if state != _ABSENT or os.path.dirname(part) not in states}
    return Fingerprint(";".join(told.values()), tuple(told))


def is_recent(path: Path) -> bool:
    """Whether a file was written to within the last day: it may go on growing."""
    try:
        return time.time() - path.stat().st_mtime < _RECENT
    except OSError:
        return False


def states_of(parts: Sequence[str]) -> str:
    """The text of a fingerprint of these parts as they are now."""
    states = []
    for part in parts:
        try:
            states.append(_text(os.stat(part)))
        except OSError:
            states.append(_DANGLING if os.path.islink(part) else _ABSENT)
    return ";".join(states)


def _text(state: os.stat_result) -> str:
    return f"{0 if stat.S_ISDIR(state.st_mode) else state.st_size}:{state.st_mtime_ns}:{state.st_ino}"


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
