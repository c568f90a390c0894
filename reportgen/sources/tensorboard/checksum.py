"""CRC-32C as event files hold it, of many short payloads at once.

A checksum is linear in its input: it is that of zeros, with one number for each byte and its distance to the end exclusive-or'ed
into it. So rows of equal length need a look into a table of 256 numbers for each column that is not the same in all of them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from google_crc32c import value as crc32c
from numpy.typing import NDArray

LONGEST = 512
"""Longer rows are left to the C library, which then is as fast."""

_POLYNOMIAL = 0x82F63B78


def masked(checksums: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """CRC-32C values as they stand in a file: turned by 15 bits, and a constant added."""
    turned: NDArray[np.uint32] = (checksums >> np.uint32(15)) | (checksums << np.uint32(17))
    return turned + np.uint32(0xA282EAD8)


def checksums_of_rows(rows: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """The CRC-32C of each row; rows has the shape (n, length) with n at least 1 and length at most `LONGEST`."""
    columns = np.ascontiguousarray(rows.T)
    varying = np.flatnonzero((columns != columns[:, :1]).any(axis=1))
    tables = _tables()[rows.shape[1] - 1 - varying]
    checksum = np.full(len(rows), crc32c(rows[0].tobytes()), np.uint32)
    for column, table in zip(varying, tables, strict=True):
        checksum ^= np.take(table ^ table[rows[0, column]], columns[column], mode="wrap")
    return checksum


@cache
def _tables() -> NDArray[np.uint32]:
    """What each byte adds to the checksum, by its distance to the end: uint32, shape (LONGEST, 256)."""
    tables = np.zeros((LONGEST, 256), np.uint32)
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = (table >> np.uint32(1)) ^ np.where(table & np.uint32(1), np.uint32(_POLYNOMIAL), np.uint32(0))
    tables[0] = table
    for distance in range(1, LONGEST):
        nearer = tables[distance - 1]
        tables[distance] = (nearer >> np.uint32(8)) ^ table[nearer & np.uint32(0xFF)]
    return tables
