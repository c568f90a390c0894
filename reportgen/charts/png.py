"""Small pictures as PNG (ISO/IEC 15948): what would be thousands of rectangles in a drawing."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

_PALETTE, _COLOURS = 3, 6
"""Types of colour: an index into a palette; red, green, blue and opacity."""


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG of 8-bit colours with opacity, shape (height, width, 4)."""
    return _file(pixels, _COLOURS)


def png_of_one_colour(opacity: NDArray[np.uint8], colour: str) -> bytes:
    """A PNG of one colour (`#rrggbb`) of varying opacity, shape (height, width)."""
    return _file(opacity, _PALETTE, PLTE=bytes.fromhex(colour.removeprefix("#")) * 256, tRNS=bytes(range(256)))


def _file(pixels: NDArray[np.uint8], kind: int, **chunks: bytes) -> bytes:
    """Pixels row by row, behind the chunks that their type of colour needs."""
    height, width = pixels.shape[:2]
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    several = [("IHDR", head), *chunks.items(), ("IDAT", zlib.compress(rows, 9)), ("IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name.encode(), data) for name, data in several)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
