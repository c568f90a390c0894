"""Most records of an event file are one number each and differ in nothing but the time, the step and that number.

So records are not parsed one by one: those of equal length and equal bytes around the numbers have one layout, which is
found once, and their numbers are cut out of all of them at the same places. What has another layout is left to protobuf.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from reportgen.sources.tensorboard.checksum import LONGEST
from reportgen.sources.tensorboard.framing import Records, by_length
from reportgen.sources.tensorboard.schema import message_class

SCALARS = "scalars"

_SHORTEST, _PASSES, _SAMPLE = 12, 8, 512
_TIME, _STEP, _SUMMARY, _VALUE = 0x09, 0x10, 0x2A, 0x0A
_TAG, _SIMPLE, _TENSOR, _METADATA = 0x0A, 0x15, 0x42, 0x4A
_MULTIPLIERS = np.random.default_rng(0).integers(1, 2**63, LONGEST // 8 + 1, np.uint64) | np.uint64(1)

Bytes = NDArray[np.uint8]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Number:
    """Where in a summary the number of a tag stands: the place of its first byte, and its NumPy type."""

    tag: str
    place: int
    kind: str

    @property
    def span(self) -> tuple[int, int]:
        """Its first byte and the one behind it."""
        return self.place, self.place + np.dtype(self.kind).itemsize


@dataclass(frozen=True, eq=False)
class Column:
    """Values of one tag.

    Attributes:
        record: Which record of the block each is from, int64, shape (n,), ascending.
        step: int64, shape (n,).
        time: Epoch seconds, float64, shape (n,).
        value: float64, shape (n,).
    """

    tag: str
    record: Indices
    step: NDArray[np.int64]
    time: NDArray[np.float64]
    value: NDArray[np.float64]


@dataclass
class Decoded:
    """What was decoded of a block; `others` are the numbers of the records that were not."""

    columns: list[Column] = field(default_factory=list)
    others: Indices = field(default_factory=lambda: np.zeros(0, np.int64))


def decode(records: Records) -> Decoded:
    """The records of a block that hold nothing but single numbers."""
    found = Decoded()
    others = []
    for same, rows in by_length(records.data, records.start, records.length):
        others += [same] if rows is None or rows.shape[1] < _SHORTEST else _of_one_length(same, rows, found)
    found.others = np.sort(np.concatenate(others)) if others else found.others
    return found


def _of_one_length(records: Indices, rows: Bytes, found: Decoded) -> list[Indices]:
    """Decodes records of one length into `found`; returns those that it cannot."""
    heads = _head_lengths(rows)
    others = []
    for head in np.unique(heads).tolist():
        which = np.flatnonzero(heads == head) if (heads[0] != head or (heads != head).any()) else slice(None)
        if head == 0:
            others.append(records[which])
        else:
            others += _of_one_head(records[which], rows[which, :head], rows[which, head:], found)
    return others


def _head_lengths(rows: Bytes) -> NDArray[np.int64]:
    """How many bytes of each record are its time and its step, before the summary; 0 for a record that begins otherwise."""
    lengths = np.where(rows[:, 9] == _SUMMARY, 9, 0)
    more = rows[:, 9] == _STEP
    for i in range(10, min(20, rows.shape[1] - 1)):
        is_last = more & (rows[:, i] < 0x80)
        lengths[is_last] = i + 1
        more &= ~is_last
        if not more.any():
            break
    lengths[rows[:, 0] != _TIME] = 0
    return lengths


def _of_one_head(records: Indices, heads: Bytes, tails: Bytes, found: Decoded) -> list[Indices]:
    """Decodes records whose time and step take equally many bytes; returns those that it cannot."""
    others = []
    left = np.arange(len(records))
    for _ in range(_PASSES):
        # The numbers are where the first record that can be decoded has them; others may have them elsewhere.
        while len(left) and not (first := numbers_in(tails[left[0]].tobytes())):
            others.append(records[left[:1]])
            left = left[1:]
            if len(others) > _PASSES:
                return [*others, records[left]]
        if not len(left):
            return others
        spans = [number.span for number in first]
        samples, which = _classes(tails[left], spans)
        numbers = [numbers_in(tails[left[sample]].tobytes()) for sample in samples.tolist()]
        has_spans = np.array([[number.span for number in several] == spans for several in numbers])
        fits = (which >= 0) & has_spans[which]
        taken = left if fits.all() else left[fits]
        _cut_out(records[taken], heads[taken], tails[taken], which[fits], numbers, found)
        left = left[~fits]
        if not len(left):
            return others
    return [*others, records[left]]


def _classes(rows: Bytes, spans: list[tuple[int, int]]) -> tuple[Indices, Indices]:
    """Rows whose bytes are equal but for those of some spans.

    Returns:
        The first row of each class, of those that occur among the first rows; and the class of each row, -1 for one of no class.
    """
    width = -(-rows.shape[1] // 8)
    padded = np.zeros((len(rows), width * 8), np.uint8)
    padded[:, : rows.shape[1]] = rows
    for start, end in spans:
        padded[:, start:end] = 0
    words = padded.view(np.uint64)
    hashes = words @ _MULTIPLIERS[:width]
    known, first = np.unique(hashes[:_SAMPLE], return_index=True)
    which = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    of_class = words[first]
    is_equal = np.ones(len(rows), np.bool_)
    for i in range(width):
        is_equal &= words[:, i] == of_class[which, i]
    return first, np.where(is_equal, which, -1)


def _cut_out(records: Indices, heads: Bytes, tails: Bytes, which: Indices, numbers: list[tuple[Number, ...]], found: Decoded) -> None:
    """Adds the numbers of records whose numbers are at the same places, class by class."""
    order = np.argsort(which.astype(np.uint16), kind="stable")
    counts = np.bincount(which, minlength=len(numbers))
    records, heads = records[order], heads[order]
    times = np.ascontiguousarray(heads[:, 1:9]).view("<f8")[:, 0]
    steps = _varints(heads[:, 10:])
    ends = np.cumsum(counts)
    places = next(several for several, count in zip(numbers, counts, strict=True) if count) if len(records) else ()
    for i, place in enumerate(places):
        start, end = place.span
        values = np.ascontiguousarray(tails[:, start:end]).view(place.kind)[:, 0].astype(np.float64)[order]
        for several, begin, behind in zip(numbers, ends - counts, ends, strict=True):
            if begin < behind:
                mine = slice(begin, behind)
                found.columns.append(Column(several[i].tag, records[mine], steps[mine], times[mine], values[mine]))


def _varints(digits: Bytes) -> NDArray[np.int64]:
    """Protobuf's whole numbers, one in each row, all of the same length; 0 where there are no digits."""
    values = np.zeros(len(digits), np.uint64)
    for i in range(digits.shape[1]):
        values |= (digits[:, i] & np.uint8(0x7F)).astype(np.uint64) << np.uint64(7 * i)
    return values.view(np.int64)


def numbers_in(tail: bytes) -> tuple[Number, ...]:
    """The numbers in a summary, given with its key and length, or () when it holds anything else."""
    try:
        end, position = _length(tail, 0, _SUMMARY)
        numbers = []
        while position < end == len(tail):
            behind, start = _length(tail, position, _VALUE)
            numbers.append(_number_in(tail, start, behind))
            position = behind
        return tuple(numbers) if position == len(tail) else ()
    except (ValueError, IndexError, DecodeError):
        return ()


def _number_in(data: bytes, position: int, end: int) -> Number:
    """The number of one value of a summary.

    Raises:
        ValueError, IndexError, DecodeError: It has another form.
    """
    tag, place, kind, seen = "", 0, "", set()
    while position < end:
        key = data[position]
        if key in seen:
            raise ValueError("twice")
        seen.add(key)
        if key == _SIMPLE:
            place, kind, position = position + 1, "<f4", position + 5
            continue
        behind, start = _length(data, position, key)
        if key == _TAG:
            tag = data[start:behind].decode()
        elif key == _TENSOR:
            place, kind = _number_of_tensor(data, start, behind)
        elif key != _METADATA or message_class("SummaryMetadata").FromString(data[start:behind]).plugin_data.plugin_name != SCALARS:
            raise ValueError("no number")
        position = behind
    if position != end or not tag or not kind or {_SIMPLE, _TENSOR} <= seen:
        raise ValueError("no number")
    return Number(tag, place, kind)


def _number_of_tensor(data: bytes, position: int, end: int) -> tuple[int, str]:
    """Place and type of the number of a tensor of no dimensions that holds a float of 32 or 64 bits.

    Raises:
        ValueError, IndexError: It is another tensor.
    """
    kinds = {1: ("<f4", b"\x2a\x04", b"\x22\x04"), 2: ("<f8", b"\x32\x08", b"\x22\x08")}
    if data[position] != 0x08 or data[position + 1] not in kinds:
        raise ValueError("no float")
    kind, *keys = kinds[data[position + 1]]
    position += 2
    if data[position : position + 2] == b"\x12\x00":
        position += 2
    if data[position : position + 2] not in keys or position + 2 + np.dtype(kind).itemsize != end:
        raise ValueError("no single float")
    return position + 2, kind


def _length(data: bytes, position: int, key: int) -> tuple[int, int]:
    """Where a field with a length ends and where its content begins.

    Raises:
        ValueError, IndexError: There is another field, or its length takes more than two bytes.
    """
    if data[position] != key or key & 7 != 2:
        raise ValueError("another field")
    size, position = data[position + 1], position + 2
    if size >= 0x80:
        if data[position] >= 0x80:
            raise ValueError("a long field")
        size, position = size & 0x7F | data[position] << 7, position + 1
    return position + size, position
