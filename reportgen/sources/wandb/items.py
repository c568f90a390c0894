"""The items of a history, summary or config record, read without protobuf where they are simple.

A log has millions of them, and making an object for each takes most of the time of reading. An item is simple
when it has one key and one value of less than 128 bytes each; its bytes are then

    0A n | 0A k key  or  12 k key | 82 01 v value        with n = 2 + k + 3 + v

All else is left to protobuf.
"""

from __future__ import annotations

_ITEM = 0x0A
_KEY, _NESTED_KEY = 0x0A, 0x12


def simple_items(data: bytes) -> tuple[list[tuple[bytes, bytes]], int]:
    """Keys and JSON texts of the simple items at the beginning of a record, and where the rest of it starts."""
    items: list[tuple[bytes, bytes]] = []
    at, last = 0, len(data) - 7
    while at <= last:
        size, length = data[at + 1], data[at + 3]
        middle = at + 4 + length
        end = at + 2 + size
        if (
            data[at] != _ITEM
            or size > 127
            or data[at + 2] not in (_KEY, _NESTED_KEY)
            or middle + 3 > end
            or end > last + 7
            or data[middle : middle + 2] != b"\x82\x01"
            or data[middle + 2] != end - middle - 3
        ):
            break
        items.append((data[at + 4 : middle], data[middle + 3 : end]))
        at = end
    return items, at
