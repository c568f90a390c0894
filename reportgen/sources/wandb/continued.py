"""What is kept of the log of a run that goes on, so that next time it is read from where it ended.

Numbers are kept as columns, summary and output as they stand. The few other records are found again in the log itself, whose bytes up
to the end are the same as when they were read: their checksum says so. What is kept is eight bytes of length, a JSON document, and
numbers of eight bytes.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from zlib import crc32

from reportgen.sources.wandb.framing import FILE_HEADER

if TYPE_CHECKING:
    from reportgen.sources.wandb.log import Log

_Place = tuple[str, int, int]
"""Type code of an array, where it begins, and how many numbers it has."""


class _Numbers:
    """Numbers of eight bytes, written behind each other."""

    def __init__(self, content: bytes = b"") -> None:
        self.chunks: list[bytes] = []
        self._content = memoryview(content)
        self._size = 0

    def add(self, kind: str, numbers: Iterable[float]) -> _Place:
        numbers = numbers if isinstance(numbers, array) else array(kind, numbers)
        self.chunks.append(numbers.tobytes())
        begin = self._size
        self._size += 8 * len(numbers)
        return kind, begin, len(numbers)

    def get(self, place: _Place) -> array[Any]:
        kind, begin, count = place
        numbers = array(kind)
        numbers.frombytes(self._content[begin : begin + 8 * count])
        return numbers


def keep(log: Log, data: bytes) -> bytes | None:
    """What `restore` needs of a log that was read up to `log.end`, None when it has no such form."""
    numbers = _Numbers()
    document = {
        "end": log.end,
        "checksum": crc32(memoryview(data)[: log.end]),
        "apart": log.apart,
        "counts": [log.records, log.lost_numbers, log.last_number, log.last_time],
        "history": log.history.kept(numbers.add),
        "system": log.system.kept(numbers.add),
        "summary": log.summary.kept(),
        "console": log.console.kept(),
    }
    try:
        text = json.dumps(document, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError):
        return None
    return b"".join([len(text).to_bytes(8, "little"), text, *numbers.chunks])


def restore(log: Log, data: bytes, kept: bytes) -> int:
    """Brings a new log into the state of `keep`.

    Returns:
        Where to read on; behind the header when what was kept is not of this log.
    """
    size = int.from_bytes(kept[:8], "little")
    document, numbers = json.loads(kept[8 : 8 + size]), _Numbers(kept[8 + size :])
    end: int = document["end"]
    if len(data) < end or crc32(memoryview(data)[:end]) != document["checksum"]:
        return len(FILE_HEADER)
    log.replay(data, document["apart"])
    log.history.restore(document["history"], numbers.get)
    log.system.restore(document["system"], numbers.get)
    log.summary.restore(document["summary"])
    log.console.restore(document["console"])
    log.records, log.lost_numbers, log.last_number, log.last_time = document["counts"]
    return end
