"""A file of the store: the runs of several logs, written once and never changed.

    magic, then for each log: its columns (eight-byte numbers), padded JSON of its runs

An index says where each log lies and what its bytes add up to (CRC-32).
"""

from __future__ import annotations

import mmap
import os
import tempfile
import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson

from reportgen.model import Run
from reportgen.store.codec import Arrays, CannotBeStored, decoded, encoded

MAGIC = b"rgruns1\n"


@dataclass(frozen=True)
class Packed:
    """The runs of a log as bytes: `arrays`, then `document`."""

    arrays: bytes
    document: bytes


@dataclass(frozen=True)
class Place:
    """Where the runs of a log lie in a segment: offset of the columns, sizes in bytes of columns and JSON, checksum of both."""

    offset: int
    columns: int
    document: int
    checksum: int


def packed(runs: Sequence[Run]) -> Packed | None:
    """The runs of a log as bytes, or None when one holds something that has no form in the store."""
    arrays = Arrays()
    try:
        document = orjson.dumps([encoded(run, arrays) for run in runs])
    except (CannotBeStored, TypeError, RecursionError):
        return None
    return Packed(b"".join(arrays.chunks), document)


def unpacked(content: Packed) -> list[Run]:
    """The runs of `packed`."""
    return _decoded(content.arrays, content.document)


def write(folder: Path, logs: Iterable[Packed]) -> tuple[str, list[Place]]:
    """Writes a segment; readers see all of it or nothing.

    Returns:
        Its name, and the places of the logs.

    Raises:
        OSError: It cannot be written.
    """
    places = []
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            offset = file.write(MAGIC)
            for log in logs:
                checksum = zlib.crc32(log.document, zlib.crc32(log.arrays))
                places.append(Place(offset, len(log.arrays), len(log.document), checksum))
                padding = bytes(-len(log.document) % 8)
                offset += file.write(log.arrays) + file.write(log.document) + file.write(padding)
        name = f"{Path(temporary).name.strip('.').removesuffix('.tmp')}-{offset:x}.runs"
        Path(temporary).replace(folder / name)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    return name, places


class Segment:
    """A segment that is open for reading; its columns are read from the disk when they are looked at.

    Raises:
        OSError, ValueError: It cannot be read.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        if self._bytes[: len(MAGIC)] != MAGIC:
            raise ValueError("it is no segment")

    def runs(self, place: Place) -> list[Run]:
        """The runs of a log.

        Raises:
            ValueError: Its bytes are not those that were written.
        """
        middle = place.offset + place.columns
        content = self._bytes[place.offset : middle + place.document]
        if len(content) != place.columns + place.document or zlib.crc32(content) != place.checksum:
            raise ValueError("it is damaged")
        return _decoded(content[: place.columns], content[place.columns :])

    def packed(self, place: Place) -> Packed:
        """The bytes of a log, to be written elsewhere."""
        middle = place.offset + place.columns
        return Packed(bytes(self._bytes[place.offset : middle]), bytes(self._bytes[middle : middle + place.document]))


def _decoded(columns: bytes | memoryview, document: bytes | memoryview) -> list[Run]:
    integers, floats = np.frombuffer(columns, np.int64), np.frombuffer(columns, np.float64)
    return [decoded(run, integers, floats) for run in orjson.loads(document)]
