"""The framing of event files (TFRecord): records with checksums, read block by block and in spite of damage.

A record is its length (8 bytes, little-endian), the checksum of these, the payload, and the checksum of that (4 bytes
each). A checksum is a masked CRC-32C.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from google_crc32c import extend
from google_crc32c import value as crc32c
from numpy.typing import NDArray

from reportgen.sources.tensorboard.checksum import LONGEST, checksums_of_rows, masked
from reportgen.sources.tensorboard.scanning import FRAME, SHORT, integers, scan

HEADER = 12
_BLOCK = 4 * 1024 * 1024
_WINDOW = 4096
_MOST_GAPS = 1000
_FEWEST = 8
_LENGTH = struct.Struct("<Q")
_ZEROS, _UNFIT = "nothing was ever written there, it is all zeros", "a checksum does not fit"


@dataclass(frozen=True, eq=False)
class Records:
    """The sound records of a block of a file.

    Attributes:
        data: The block.
        base: Where it begins in the file.
        start: Where each payload begins in the block, int64, shape (n,).
        length: Bytes of each payload, int64, shape (n,).
    """

    data: bytes
    base: int
    start: NDArray[np.int64]
    length: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)

    def payload(self, i: int) -> bytes:
        """The payload of a record."""
        start = int(self.start[i])
        return self.data[start : start + int(self.length[i])]


@dataclass(frozen=True)
class Loss:
    """Bytes of a file, from `start` to before `end`, that could not be read, and why (a phrase)."""

    start: int
    end: int
    reason: str


def starts_with_record(data: bytes) -> bool:
    """Whether the first twelve bytes are the sound header of a record."""
    return len(data) >= HEADER and bool(_are_sound(data, np.zeros(1, np.int64))[0])


class RecordFile:
    """The records of one file in their order.

    Args:
        path: The file.
        limit: Read no more than so many bytes of it.
        begin: Where to begin: a record ended there.
        read: The CRC-32C of what lies before that; None when `checksum` is not asked for.

    Attributes:
        losses: What could not be read, once all records have been taken.
        end: Where the last record ends that was taken.
        checksum: The CRC-32C of all before that, as long as nothing of it is lost.
    """

    def __init__(self, path: Path, limit: int | None = None, begin: int = 0, read: int | None = None) -> None:
        self.path = path
        self.limit = limit
        self.losses: list[Loss] = []
        self.end = self._begin = begin
        self.checksum = read

    def __iter__(self) -> Iterator[Records]:
        """The sound records, block by block.

        Raises:
            OSError: The file cannot be read.
        """
        with self.path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            size = size if self.limit is None else min(size, self.limit)
            data, base, wanted = b"", self._begin, _BLOCK
            file.seek(base)
            while base < size:
                data += file.read(min(wanted, size - base - len(data)))
                if base + len(data) < size and len(data) < wanted:
                    size = base + len(data)  # the file has become shorter while it was read
                stop = yield from self._block(data, base, size)
                if self.checksum is not None and self.end > base:
                    self.checksum = extend(self.checksum, data[: self.end - base])
                rest = len(data) - stop
                wanted = _BLOCK if rest < HEADER else max(_BLOCK, _LENGTH.unpack_from(data, stop)[0] + FRAME)
                data, base = data[stop:], base + stop

    def _block(self, data: bytes, base: int, size: int) -> Generator[Records, None, int]:
        """The records of a block.

        Returns:
            Where the block's last record begins, which is not whole yet; in the file's last block its end.
        """
        position, is_last = 0, base + len(data) >= size
        while True:
            starts, stop = scan(data, position)
            sound = _are_sound(data, starts)
            if not sound.all():
                starts, stop = starts[: np.argmin(sound)], int(starts[np.argmin(sound)])
            if len(starts):
                yield self._checked(data, base, starts)
            rest = data[stop : stop + HEADER]
            if len(rest) < HEADER or starts_with_record(rest):
                goes_beyond = len(rest) == HEADER and base + stop + FRAME + _LENGTH.unpack(rest[:8])[0] > size
                if not is_last and not goes_beyond:
                    return stop
                if rest:
                    self._lose(base + stop, size, "the file ends in the middle of a record")
                return size - base
            following = _next_header(data, stop + 1) if len(self.losses) < _MOST_GAPS else size - base
            position = following if following is not None else len(data) if is_last else len(data) - HEADER + 1
            self._lose(base + stop, base + position, _UNFIT if any(data[stop:position]) else _ZEROS)
            if position >= size - base or (len(data) - position < HEADER and not is_last):
                return position

    def _checked(self, data: bytes, base: int, starts: NDArray[np.int64]) -> Records:
        """The records that begin at these places of the block, without those whose payload does not fit its checksum."""
        lengths = integers(data, starts, "<i8")
        begin = starts + HEADER
        self.end = base + int(begin[-1] + lengths[-1]) + 4
        sound = masked(_checksums(data, begin, lengths)) == integers(data, begin + lengths, "<u4")
        for i in np.flatnonzero(~sound):
            self._lose(base + int(starts[i]), base + int(begin[i] + lengths[i]) + 4, _UNFIT)
        return Records(data, base, begin[sound], lengths[sound])

    def _lose(self, start: int, end: int, reason: str) -> None:
        """Note a loss, as one with the loss that it continues. Where blocks end makes no difference to what is said."""
        if self.losses and self.losses[-1].end == start:
            last = self.losses.pop()
            start, reason = last.start, reason if (last.reason, reason) == (_ZEROS, _UNFIT) else last.reason
        self.losses.append(Loss(start, end, reason))


def by_length(
    data: bytes, begin: NDArray[np.int64], lengths: NDArray[np.int64]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.uint8] | None]]:
    """The records in groups of equal length: which they are, and their bytes, shape (n, length), or None for few or long ones."""
    raw = np.frombuffer(data, np.uint8)
    clipped = np.minimum(lengths, LONGEST + 1).astype(np.uint16)
    order = np.argsort(clipped, kind="stable")
    sizes = np.bincount(clipped, minlength=1)
    found = np.flatnonzero(sizes)
    for length, same in zip(found.tolist(), np.split(order, np.cumsum(sizes[found])[:-1]), strict=True):
        if len(same) < _FEWEST or not 0 < length <= LONGEST:
            yield same, None
        else:
            yield same, np.lib.stride_tricks.sliding_window_view(raw, length)[begin[same]]


def _checksums(data: bytes, begin: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.uint32]:
    """The CRC-32C of each payload."""
    checksums = np.zeros(len(begin), np.uint32)
    for same, rows in by_length(data, begin, lengths):
        if rows is not None:
            checksums[same] = checksums_of_rows(rows)
            continue
        for i in same.tolist():
            checksums[i] = crc32c(data[begin[i] : begin[i] + lengths[i]])
    return checksums


def _are_sound(data: bytes, starts: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the length of each of the records fits its checksum."""
    lengths = integers(data, starts, "<u8")
    expected = np.zeros(len(starts), np.uint32)
    is_short = lengths < SHORT
    counts = np.bincount(lengths[is_short].astype(np.int64), minlength=1)
    table = np.zeros(len(counts), np.uint32)
    for length in np.flatnonzero(counts).tolist():
        table[length] = crc32c(_LENGTH.pack(length))
    expected[is_short] = table[lengths[is_short].astype(np.int64)]
    for i in np.flatnonzero(~is_short).tolist():
        expected[i] = crc32c(_LENGTH.pack(int(lengths[i])))
    sound: NDArray[np.bool_] = masked(expected) == integers(data, starts + 8, "<u4")
    return sound


def _next_header(data: bytes, position: int) -> int | None:
    """Where the next sound header is, None when there is none in the block. Lengths beyond 4 GiB are not believed."""
    window = _WINDOW
    while position + HEADER <= len(data):
        starts = np.arange(position, min(position + window, len(data) - HEADER + 1))
        likely = starts[(integers(data, starts + 4, "<u4") == 0) & (integers(data, starts + 8, "<u4") != 0)]
        sound = likely[_are_sound(data, likely)]
        if len(sound):
            return int(sound[0])
        position, window = position + window, window * 4
    return None
