"""A file of the store: the runs of several logs, written once and never changed.

    magic, then for each log: its columns (eight-byte numbers), padded JSON of its runs

An index says where each log lies and what its bytes add up to (CRC-32). The name of a segment says its size and the time of change
that it was given. Where it has both, nobody wrote to it, and the columns, by far the most of it, are not added up
each time: they are read from the disk when they are looked at.
"""

from __future__ import annotations

import mmap
import os
import time
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from reportgen.model import Run
from reportgen.store.codec import SPECIAL, Arrays, CannotBeStored, decoded, encoded, without_defaults
from reportgen.store.temporary import temporary_in

MAGIC = b"rgruns2\n"
_BEFORE = 10
"""Seconds before its writing that a segment is said to be of: no one who writes to it later leaves that time."""


@dataclass(frozen=True)
class Packed:
    """The runs of a log as bytes: `arrays`, then `document`."""

    arrays: bytes
    document: bytes


class Place(NamedTuple):
    """Where the runs of a log lie in a segment: offset of the columns, sizes in bytes of columns and JSON, checksums of these."""

    offset: int
    columns: int
    document: int
    columns_checksum: int
    document_checksum: int


def packed(runs: Sequence[Run]) -> Packed | None:
    """The runs of a log as bytes, or None when one holds something that has no form in the store."""
    arrays = Arrays()
    try:
        document = orjson.dumps([without_defaults(encoded(run, arrays)) for run in runs])
    except (CannotBeStored, TypeError, RecursionError):
        return None
    return Packed(b"".join(arrays.chunks), document)


def unpacked(content: Packed) -> list[Run]:
    """The runs of `packed`."""
    integers, floats = np.frombuffer(content.arrays, np.int64), np.frombuffer(content.arrays, np.float64)
    return _decoded(content.document, integers, floats)


def write(folder: Path, logs: Iterable[Packed]) -> tuple[str, list[Place]]:
    """Writes a segment; readers see all of it or nothing.

    Returns:
        Its name, and the places of the logs.

    Raises:
        OSError: It cannot be written.
    """
    places = []
    with temporary_in(folder) as temporary:
        with temporary.open("wb") as file:
            offset = file.write(MAGIC)
            for log in logs:
                places.append(Place(offset, len(log.arrays), len(log.document), zlib.crc32(log.arrays), zlib.crc32(log.document)))
                padding = bytes(-len(log.document) % 8)
                offset += file.write(log.arrays) + file.write(log.document) + file.write(padding)
        changed = int(time.time()) - _BEFORE
        os.utime(temporary, (changed, changed))
        name = f"{temporary.name.strip('.').removesuffix('.tmp')}-{offset:x}-{changed:x}.runs"
        temporary.replace(folder / name)
    return name, places


class Segment:
    """A segment that is open for reading.

    Raises:
        OSError, ValueError: It cannot be read.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            state = os.fstat(file.fileno())
        if self._bytes[: len(MAGIC)] != MAGIC:
            raise ValueError("it is no segment")
        seconds, rest = divmod(state.st_mtime_ns, 1_000_000_000)
        self._is_as_written = rest == 0 and path.name.endswith(f"-{state.st_size:x}-{seconds:x}.runs")
        numbers = self._bytes[: len(self._bytes) // 8 * 8]
        self._integers, self._floats = np.frombuffer(numbers, np.int64), np.frombuffer(numbers, np.float64)

    def runs(self, place: Place) -> list[Run]:
        """The runs of a log.

        Raises:
            ValueError: Its bytes are not those that were written.
        """
        middle = place.offset + place.columns
        document = bytes(self._bytes[middle : middle + place.document])
        if len(document) != place.document or zlib.crc32(document) != place.document_checksum:
            raise ValueError("it is damaged")
        if not self._is_as_written and zlib.crc32(self._bytes[place.offset : middle]) != place.columns_checksum:
            raise ValueError("it is damaged")
        columns = slice(place.offset // 8, middle // 8)
        return _decoded(document, self._integers[columns], self._floats[columns])

    def packed(self, place: Place) -> Packed | None:
        """The bytes of a log, to be written elsewhere; None when they are damaged."""
        middle = place.offset + place.columns
        content = Packed(bytes(self._bytes[place.offset : middle]), bytes(self._bytes[middle : middle + place.document]))
        is_sound = zlib.crc32(content.arrays) == place.columns_checksum and zlib.crc32(content.document) == place.document_checksum
        return content if is_sound else None


def _decoded(document: bytes, integers: NDArray[np.int64], floats: NDArray[np.float64]) -> list[Run]:
    is_plain = SPECIAL not in document
    return [decoded(run, integers, floats, is_plain) for run in orjson.loads(document)]
