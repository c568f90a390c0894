"""Where the records of a block begin, found without looking at each of them where they go on as before."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FRAME = 16
"""Bytes of a record around its payload."""

SHORT = 1 << 16
_AT_ONCE, _ALIKE = 2048, 16


def scan(data: bytes, position: int) -> tuple[NDArray[np.int64], int]:
    """Where the whole records from a place on begin, their lengths taken on trust, and where the last of them ends.

    Metrics are mostly logged in rounds, so lengths repeat themselves: what is guessed from those before and found to be so
    need not be gone through record by record.
    """
    found = [np.zeros(0, np.int64)]
    while True:
        starts, lengths, end = _one_by_one(data, position)
        found.append(starts)
        if len(starts) < _AT_ONCE and end == position:
            return np.concatenate(found), end
        position, guessed, most = end, 0, _AT_ONCE
        while len(starts) == most:
            most *= 2
            starts, position = _guessed(data, position, lengths, guessed, most)
            found.append(starts)
            guessed += len(starts)


def _one_by_one(data: bytes, position: int) -> tuple[NDArray[np.int64], NDArray[np.uint64], int]:
    """The next `_AT_ONCE` records, or fewer: where they begin, their lengths, and where the last of them ends.

    Lengths beyond two bytes are rare: they are looked for behind some steps that took all for short.
    """
    steps: list[int] = []
    add, last = steps.append, len(data) - FRAME
    end = position
    while end <= last and len(steps) < _AT_ONCE:
        add(end)
        end += FRAME + data[end] + (data[end + 1] << 8)
    starts = np.array(steps, np.int64)
    lengths = integers(data, starts, "<u8")
    ends = starts + FRAME + np.minimum(lengths, len(data)).astype(np.int64)
    wrong = np.flatnonzero((lengths >= SHORT) | (ends > len(data)))
    if not len(wrong):
        return starts, lengths, end
    whole = int(wrong[0]) + bool(ends[wrong[0]] <= len(data))
    return starts[:whole], lengths[:whole], int(ends[whole - 1]) if whole else position


def _guessed(data: bytes, position: int, lengths: NDArray[np.uint64], after: int, most: int) -> tuple[NDArray[np.int64], int]:
    """Up to `most` records that go on as lengths do that repeat themselves, so many records after these, and where the last ends."""
    before = lengths.astype("<u2").tobytes()
    place = before.rfind(before[-2 * _ALIKE :], 0, -2)
    if place < 0 or place % 2:
        return np.zeros(0, np.int64), position
    expected = np.resize(lengths[place // 2 + _ALIKE :], after + most)[after:]
    ends = position + np.cumsum(expected.astype(np.int64) + FRAME)
    expected, ends = expected[ends <= len(data)], ends[ends <= len(data)]
    starts = ends - expected.astype(np.int64) - FRAME
    is_so = integers(data, starts, "<u8") == expected
    right = len(starts) if is_so.all() else int(np.argmin(is_so))
    return starts[:right], int(ends[right - 1]) if right else position


def integers(data: bytes, places: NDArray[np.int64], kind: str) -> NDArray[Any]:
    """The little-endian numbers of a NumPy type that stand at these places."""
    width = np.dtype(kind).itemsize
    if not len(places):
        return np.zeros(0, kind)
    windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(data, np.uint8), width)
    return windows[places].view(kind)[:, 0]
