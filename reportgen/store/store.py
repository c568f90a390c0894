"""The store: which log lies in which segment, and what is forgotten."""

from __future__ import annotations

import hashlib
import os
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import orjson

from reportgen.model import Run
from reportgen.store.code import READING, code_version
from reportgen.store.continued import Continued
from reportgen.store.fingerprint import states_of
from reportgen.store.folder import cache_folder
from reportgen.store.segment import Packed, Place, Segment, packed, write
from reportgen.store.temporary import temporary_in

_INDEX = "index"
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

    Args:
        continued: What is kept of files that may still grow; by default in the user's cache folder.
    """

    def __init__(self, folder: Path | None = None, continued: Continued | None = None) -> None:
        self.continued = Continued() if continued is None else continued
        self._root = folder or cache_folder() / "runs"
        self._shelves: dict[str, _Shelf] = {}

    def get(self, path: Path, fingerprint: str | None) -> list[Run] | None:
        """The runs of a log with this fingerprint, or None."""
        if fingerprint is None:
            return None
        folder, name = os.path.split(path)
        return self._shelf(folder).get(name, fingerprint)

    def unchanged(self, path: str) -> str | None:
        """The fingerprint of a directory that was a log and, since all of its parts are as they were, is one still; else None."""
        folder, name = os.path.split(path)
        return self._shelf(folder).unchanged(path, name)

    def put(self, path: Path, fingerprint: str | None, runs: Sequence[Run] | Packed, parts: Sequence[str] | None = None) -> None:
        """Takes note of the runs of a log.

        Args:
            fingerprint: The name of the format, and the states of the log's parts, each behind a semicolon.
            parts: Where these lie, if the log is a directory that stays a log, with no other parts, as long as they stay as they are.
        """
        if fingerprint is None or not (content := runs if isinstance(runs, Packed) else packed(runs)):
            return
        folder, name = os.path.split(path)
        if _is_utf8(name):
            kept = None if parts is None or not all(map(_is_utf8, parts)) else [_below(part, str(path)) for part in parts]
            self._shelf(folder).added[name] = (fingerprint, kept, content)

    def commit(self) -> None:
        """Writes what was noted, and forgets what is too much."""
        written = [shelf for shelf in self._shelves.values() if shelf.commit()]
        if written:
            _trim(self._root)

    def _shelf(self, parent: str) -> _Shelf:
        if parent not in self._shelves:
            name = hashlib.sha256(os.fsencode(parent)).hexdigest()[:24]
            self._shelves[parent] = _Shelf(self._root / name)
        return self._shelves[parent]


class _Entry(NamedTuple):
    """What the index says of a log.

    Attributes:
        fingerprint: The reader's name and the states of the parts.
        parts: Where these lie, below the log with a separator first; None where they have to be asked for each time.
        segment: The file with its runs.
        place: Where they lie in there.
    """

    fingerprint: str
    parts: list[str] | None
    segment: str
    place: list[int]


class _Shelf:
    """What is kept of the logs in one folder."""

    def __init__(self, folder: Path) -> None:
        self.added: dict[str, tuple[str, list[str] | None, Packed]] = {}
        self._folder = folder
        self._entries = _read_index(folder)
        self._segments: dict[str, Segment | None] = {}

    def get(self, name: str, fingerprint: str) -> list[Run] | None:
        entry = self._entries.get(name)
        try:
            if entry is None or entry.fingerprint != fingerprint or (segment := self._segment(entry.segment)) is None:
                return None
            return segment.runs(Place(*entry.place))
        except (ValueError, TypeError, KeyError, IndexError):
            return None

    def unchanged(self, path: str, name: str) -> str | None:
        entry = self._entries.get(name)
        if entry is None or entry.parts is None:
            return None
        states = states_of([path + part if part[:1] in ("", os.sep) else part[1:] for part in entry.parts])
        return entry.fingerprint if entry.fingerprint.partition(";")[2] == states else None

    def commit(self) -> bool:
        """Whether anything was written."""
        if not self.added:
            return False
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            entries = {name: entry for name, entry in _read_index(self._folder).items() if name not in self.added}
            new = dict(self.added)
            if _in_use(entries) < _WORTH_KEEPING * _on_disk(self._folder):
                for name, entry in entries.items():
                    opened = self._segment(entry.segment)
                    if opened and (content := opened.packed(Place(*entry.place))):
                        new[name] = (entry.fingerprint, entry.parts, content)
                entries = {}
            segment, places = write(self._folder, (content for _, _, content in new.values()))
            for (name, (fingerprint, parts, _)), place in zip(new.items(), places, strict=True):
                entries[name] = _Entry(fingerprint, parts, segment, list(place))
            _write_index(self._folder, entries)
            _sweep(self._folder, {entry.segment for entry in entries.values()})
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


def _read_index(folder: Path) -> dict[str, _Entry]:
    """The entries of the logs by their names; none when there is no sound index of this version."""
    try:
        checksum, _, content = (folder / _INDEX).read_bytes().partition(b"\n")
        if zlib.crc32(content) != int(checksum, 16):
            return {}
        index = orjson.loads(content)
        return {name: _Entry(*entry) for name, entry in index["logs"].items()} if index["version"] == code_version(*READING) else {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _write_index(folder: Path, entries: dict[str, _Entry]) -> None:
    content = orjson.dumps({"version": code_version(*READING), "logs": {name: list(entry) for name, entry in entries.items()}})
    with temporary_in(folder) as temporary:
        temporary.write_bytes(b"%08x\n" % zlib.crc32(content) + content)
        temporary.replace(folder / _INDEX)


def _below(part: str, path: str) -> str:
    """A part as it stands in the index: what follows the path of the log, or the whole path behind a space."""
    return part.removeprefix(path) if part == path or part.startswith(path + os.sep) else f" {part}"


def _is_utf8(text: str) -> bool:
    """Whether a path can stand in the index, which is JSON."""
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def _in_use(entries: dict[str, _Entry]) -> int:
    places = (Place(*entry.place) for entry in entries.values())
    return sum(place.columns + place.document for place in places)


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
