"""The store: which log lies in which segment, and what is forgotten."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import orjson

import reportgen
from reportgen.model import Run
from reportgen.store.segment import Packed, Place, Segment, packed, write

_INDEX = "index.json"
_LIMIT = 4_000_000_000
"""Bytes that all segments may take; folders that were not used for longest go first."""
_LEFT_BEHIND = 3600
"""Seconds after which a segment that no index names belongs to no build that is still going on."""
_WORTH_KEEPING = 0.5
"""A folder whose segments are to a smaller part still in use is written anew."""


class Store:
    """The runs of logs that were read before. All of its failures are misses: a log is then read again.

    Logs are kept by the folder that they lie in, so that a folder of ten thousand has one index. New logs
    are written by `commit`, behind the old ones; an index is replaced as a whole, and two builds at once at worst forget
    what the other one wrote.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._root = folder or cache_folder() / "runs"
        self._shelves: dict[Path, _Shelf] = {}

    def get(self, path: Path, fingerprint: str | None) -> list[Run] | None:
        """The runs of a log with this fingerprint, or None."""
        return None if fingerprint is None else self._shelf(path).get(path.name, fingerprint)

    def put(self, path: Path, fingerprint: str | None, runs: Sequence[Run] | Packed) -> None:
        """Takes note of the runs of a log."""
        if fingerprint is not None and (content := runs if isinstance(runs, Packed) else packed(runs)):
            self._shelf(path).added[path.name] = (fingerprint, content)

    def commit(self) -> None:
        """Writes what was noted, and forgets what is too much."""
        written = [shelf for shelf in self._shelves.values() if shelf.commit()]
        if written:
            _trim(self._root)

    def _shelf(self, path: Path) -> _Shelf:
        parent = path.parent
        if parent not in self._shelves:
            name = hashlib.sha256(os.fsencode(parent)).hexdigest()[:24]
            self._shelves[parent] = _Shelf(self._root / name)
        return self._shelves[parent]


class _Shelf:
    """What is kept of the logs in one folder."""

    def __init__(self, folder: Path) -> None:
        self.added: dict[str, tuple[str, Packed]] = {}
        self._folder = folder
        self._entries: dict[str, list[Any]] = _read_index(folder)
        self._segments: dict[str, Segment | None] = {}

    def get(self, name: str, fingerprint: str) -> list[Run] | None:
        entry = self._entries.get(name)
        try:
            if entry is None or entry[0] != fingerprint or (segment := self._segment(entry[1])) is None:
                return None
            return segment.runs(Place(*entry[2:]))
        except (ValueError, TypeError, KeyError, IndexError):
            return None

    def commit(self) -> bool:
        """Whether anything was written."""
        if not self.added:
            return False
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            entries = {name: entry for name, entry in _read_index(self._folder).items() if name not in self.added}
            new = {name: (fingerprint, content) for name, (fingerprint, content) in self.added.items()}
            if _in_use(entries) < _WORTH_KEEPING * _on_disk(self._folder):
                for name, entry in entries.items():
                    if opened := self._segment(entry[1]):
                        new[name] = (entry[0], opened.packed(Place(*entry[2:])))
                entries = {}
            segment, places = write(self._folder, (content for _, content in new.values()))
            for (name, (fingerprint, _)), place in zip(new.items(), places, strict=True):
                entries[name] = [fingerprint, segment, place.offset, place.columns, place.document, place.checksum]
            _write_index(self._folder, entries)
            _sweep(self._folder, {entry[1] for entry in entries.values()})
        except (OSError, ValueError, TypeError, KeyError, IndexError):
            return False
        self._entries, self.added = entries, {}
        return True

    def _segment(self, name: str) -> Segment | None:
        if name not in self._segments:
            try:
                self._segments[name] = Segment(self._folder / Path(name).name)
            except (OSError, ValueError):
                self._segments[name] = None
        return self._segments[name]


def _read_index(folder: Path) -> dict[str, list[Any]]:
    """Log name → fingerprint, segment, offset, sizes and checksum; empty when there is none of this version."""
    try:
        index = orjson.loads((folder / _INDEX).read_bytes())
        if index["version"] != _version():
            return {}
        entries: dict[str, list[Any]] = index["logs"]
        return entries if all(len(entry) == 6 for entry in entries.values()) else {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _write_index(folder: Path, entries: dict[str, list[Any]]) -> None:
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")
    with os.fdopen(handle, "wb") as file:
        file.write(orjson.dumps({"version": _version(), "logs": entries}))
    Path(temporary).replace(folder / _INDEX)


def _in_use(entries: dict[str, list[Any]]) -> int:
    return sum(entry[3] + entry[4] for entry in entries.values())


def _on_disk(folder: Path) -> int:
    return sum(entry.stat().st_size for entry in os.scandir(folder) if entry.name.endswith(".runs"))


def _sweep(folder: Path, used: set[str]) -> None:
    """Removes what no index names, unless a build may be about to name it."""
    for entry in os.scandir(folder):
        with suppress(OSError):
            is_left = entry.name.endswith((".runs", ".tmp")) and entry.name not in used
            if is_left and time.time() - entry.stat().st_mtime > _LEFT_BEHIND:
                os.unlink(entry.path)


def _trim(root: Path) -> None:
    with suppress(OSError):
        shelves = sorted((entry for entry in os.scandir(root) if entry.is_dir()), key=lambda entry: entry.stat().st_mtime)
        excess = sum(_on_disk(Path(entry.path)) for entry in shelves) - _LIMIT
        for shelf in shelves:
            if excess <= 0:
                return
            excess -= _on_disk(Path(shelf.path))
            for entry in os.scandir(shelf.path):
                os.unlink(entry.path)
            os.rmdir(shelf.path)


@cache
def _version() -> str:
    """What the stored form depends on: the code that reads logs and that stores runs."""
    package = Path(reportgen.__file__).parent
    files = sorted(file for room in ("model", "sources", "store") for file in (package / room).rglob("*.py"))
    states = (f"{file.relative_to(package)}:{file.stat().st_size}:{file.stat().st_mtime_ns}" for file in files)
    return hashlib.sha256("\n".join([reportgen.__version__, *states]).encode()).hexdigest()[:16]


def cache_folder() -> Path:
    """`$REPORTGEN_CACHE`, else `reportgen` in the user's cache folder."""
    if chosen := os.environ.get("REPORTGEN_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "reportgen"
