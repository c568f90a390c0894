"""Records that hold the same keys in the same order, as most of a log do: one pattern finds all their values at once.

The bytes of an item whose key and value are shorter than 128 bytes are (see `items.py`)

    0A n | 0A k key  or  12 k key | 82 01 v value

and JSON text as W&B writes it holds no 0A, so that the pattern needs no lengths.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ITEM = rb"\n[\x00-\x7f][\n\x12]%b%b\x82\x01[\x00-\x7f](%b)"
_MOST = 200
"""Items of a record and layouts of a log up to which a pattern pays."""


class Layout:
    """The records with certain keys. `names` are theirs, in the order of the values."""

    def __init__(self, names: tuple[bytes, ...], value: bytes, tail: bytes) -> None:
        self.names = names
        self.followed_by = self
        items = (_ITEM % (re.escape(bytes([len(name)])), re.escape(name), value) for name in names)
        self.values = re.compile(b"".join(items) + tail).fullmatch


class Layouts:
    """The layouts of the records of one kind in a log.

    Args:
        value: A pattern for the values, which must not fit 0A.
        tail: A pattern for what stands behind the items.
    """

    def __init__(self, value: bytes, tail: bytes = b"") -> None:
        self._value, self._tail = value, tail
        self._known: dict[tuple[bytes, ...], Layout | None] = {}
        self._last: Layout | None = None

    def match(self, data: bytes) -> tuple[Layout, tuple[bytes, ...]] | None:
        """The layout of a record and its values, None when it is neither that of the record before nor what followed it last time."""
        last = self._last
        if last is None:
            return None
        found = last.values(data)
        if found is None:
            following = last.followed_by
            if following is last or (found := following.values(data)) is None:
                return None
            self._last = last = following
        return last, found.groups()

    def learn(self, names: Sequence[bytes]) -> None:
        """Takes note of the keys of a record that was read in another way."""
        key = tuple(names)
        if key not in self._known:
            fits = 0 < len(key) <= _MOST and len(set(key)) == len(key) and len(self._known) < _MOST
            self._known[key] = Layout(key, self._value, self._tail) if fits else None
        layout = self._known[key]
        if layout is not None:
            if self._last is not None:
                self._last.followed_by = layout
            self._last = layout
