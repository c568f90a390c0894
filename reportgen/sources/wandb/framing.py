"""The outer form of a `.wandb` file: records in the LevelDB log format, each piece with a checksum.

A file is seven bytes of header and then blocks of 32 KiB (counted from the start of the file). A block
holds chunks: four bytes CRC-32 (the zlib kind, not masked, over the type byte and the data), two bytes
length, one byte type (1 full, 2 first, 3 middle, 4 last), data. A record is one full chunk, or a first, any
number of middle and a last one. The rest of a block, when it is shorter than a chunk's header, is zeros.
Source: LevelDB's `doc/log_format.md`, and files of the W&B SDK 0.13.10 and 0.31.0.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from zlib import crc32

FILE_HEADER = b":W&B\xe1\xbe\x00"
BLOCK = 32 * 1024
_CHUNK_HEADER = struct.Struct("<IHB")
_GAP, _FULL, _FIRST, _LAST = 0, 1, 2, 4
_SEEDS = [crc32(bytes([kind])) for kind in range(5)]
_SCAN_BUDGET = 64 * 1024 * 1024
"""How many bytes of one file may be checked by trial while looking for the next whole chunk after damage."""


@dataclass(frozen=True)
class Loss:
    """A stretch of a log that holds no readable record (`start` and `end` in bytes from the start of the file)."""

    start: int
    end: int
    reason: str


@dataclass
class Frames:
    """The records of a log. Iterate once; `losses` is complete then.

    Attributes:
        data: The whole file.
        begin: Where to begin: behind the header, or where a whole record ended.
        end: Where the last whole record ended that was found.
        losses: What could not be read, in the order of the file.
    """

    data: bytes
    begin: int = len(FILE_HEADER)
    end: int = 0
    losses: list[Loss] = field(default_factory=list)
    _budget: int = _SCAN_BUDGET

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        """Pairs of a record's offset and its bytes. Never raises for damaged data."""
        self.end = self.begin
        if not self.data.startswith(FILE_HEADER):
            self._lose(0, min(len(self.data), len(FILE_HEADER)), "the header is not that of a W&B log")
        parts: list[bytes] = []
        start = 0
        for offset, kind, data in self._chunks():
            if parts and kind in (_FULL, _FIRST, _GAP):
                self._lose(start, offset, "a record has no end")
                parts = []
            if kind == _FULL:
                self.end = offset + _CHUNK_HEADER.size + len(data)
                yield offset, data
            elif kind == _FIRST:
                start, parts = offset, [data]
            elif kind != _GAP and not parts:
                self._lose(offset, offset + _CHUNK_HEADER.size + len(data), "a record has no beginning")
            elif kind != _GAP:
                parts.append(data)
                if kind == _LAST:
                    self.end = offset + _CHUNK_HEADER.size + len(data)
                    yield start, b"".join(parts)
                    parts = []
        if parts:
            self._lose(start, len(self.data), "the log ends in the middle of a record")

    def _chunks(self) -> Iterator[tuple[int, int, bytes]]:
        """Offset, type and data of every whole chunk, and a gap wherever something is lost."""
        data, end, offset = self.data, len(self.data), self.begin
        unpack, seeds = _CHUNK_HEADER.unpack_from, _SEEDS
        while offset < end:
            block_end = offset - offset % BLOCK + BLOCK
            begin = offset + _CHUNK_HEADER.size
            if begin > block_end:
                offset = block_end
                continue
            if begin <= end:
                # The same as `_chunk_at`, without a call for each of the many chunks of an intact log.
                checksum, length, kind = unpack(data, offset)
                chunk = data[begin : begin + length]
                behind = begin + length
                if behind <= block_end and behind <= end and _FULL <= kind <= _LAST and crc32(chunk, seeds[kind]) == checksum:
                    yield offset, kind, chunk
                    offset = behind
                    continue
            resumed = self._resume(offset, block_end)
            yield offset, _GAP, b""
            self._lose(offset, min(resumed, end), self._reason(offset, min(block_end, end)))
            offset = resumed

    def _chunk_at(self, offset: int, limit: int) -> tuple[int, bytes] | None:
        """Type and data of the chunk at an offset, None when there is no whole and sound one."""
        if offset + _CHUNK_HEADER.size > limit:
            return None
        checksum, length, kind = _CHUNK_HEADER.unpack_from(self.data, offset)
        begin = offset + _CHUNK_HEADER.size
        if not _FULL <= kind <= _LAST or begin + length > limit:
            return None
        data = self.data[begin : begin + length]
        return (kind, data) if crc32(data, _SEEDS[kind]) == checksum else None

    def _resume(self, damaged: int, block_end: int) -> int:
        """Where reading can go on: behind the damaged chunk if a sound one follows, else at the next sound one or block."""
        limit = min(block_end, len(self.data))
        if damaged + _CHUNK_HEADER.size <= limit:
            length: int = _CHUNK_HEADER.unpack_from(self.data, damaged)[1]
            behind = damaged + _CHUNK_HEADER.size + length
            if self._chunk_at(behind, limit) is not None:
                return behind
        for offset in range(damaged + 1, limit - _CHUNK_HEADER.size + 1):
            if not _FULL <= self.data[offset + 6] <= _LAST:
                continue
            length = self.data[offset + 4] | self.data[offset + 5] << 8
            if length == 0 or offset + _CHUNK_HEADER.size + length > limit:
                continue
            self._budget -= length
            if self._budget < 0:
                break
            if self._chunk_at(offset, limit) is not None:
                return offset
        return block_end

    def _reason(self, offset: int, limit: int) -> str:
        if not any(self.data[offset:limit]):
            return "the log was never written here: there are only zeros"
        if limit == len(self.data):
            if offset + _CHUNK_HEADER.size > limit:
                return "the log ends in the middle of a record"
            _, length, kind = _CHUNK_HEADER.unpack_from(self.data, offset)
            if _FULL <= kind <= _LAST and offset + _CHUNK_HEADER.size + length > limit:
                return "the log ends in the middle of a record"
        return "the checksum does not fit"

    def _lose(self, start: int, end: int, reason: str) -> None:
        """Note a loss, as one with the loss that it continues."""
        if self.losses and self.losses[-1].end >= start:
            last = self.losses.pop()
            start, end, reason = min(last.start, start), max(last.end, end), last.reason
        self.losses.append(Loss(start, end, reason))
