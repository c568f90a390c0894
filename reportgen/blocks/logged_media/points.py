"""Point clouds as W&B logs them (`.pts.json`), and the atoms of molecules: points, colours and lines that a canvas can turn."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_MOST = 40_000
"""Points that a canvas draws without a stutter while it is turned."""
_LINES = 2_000
_LARGEST = 200 * 2**20
_PALETTE = ((66, 105, 208), (239, 177, 24), (255, 114, 92), (108, 197, 176), (60, 169, 81), (255, 138, 183), (164, 99, 242),
            (151, 187, 245), (156, 107, 78), (148, 152, 160))  # fmt: skip
"""Observable's ten, by which categories are coloured everywhere."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What is drawn.

    Attributes:
        points: Shape (n, 3).
        colours: 0 to 255, shape (n, 3); None for the colour of the text.
        lines: Two ends of each, shape (m, 2, 3).
        count: How many points there are, of which `points` may be a part.
        size: How large a point is drawn, in pixels.
    """

    points: Floats
    colours: NDArray[np.uint8] | None
    lines: Floats
    count: int
    size: int = 2

    def value(self) -> dict[str, Any]:
        """What the browser code takes: little-endian floats of four bytes, and bytes, in base64."""
        packed = {"points": _base64(self.points.astype("<f4")), "lines": _base64(self.lines.astype("<f4"))}
        if self.colours is not None:
            packed["colours"] = _base64(self.colours)
        return {**packed, "count": self.count, "shown": len(self.points), "size": self.size}


def cloud(path: Path) -> Scene | None:
    """The point cloud of a file; None when it is none."""
    try:
        if path.stat().st_size > _LARGEST:
            return None
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    parts: Mapping[str, Any] = content if isinstance(content, Mapping) else {"points": content}
    rows = parts.get("points")
    if not isinstance(rows, list):
        return None
    table = _table(rows)
    lines = [*_of_boxes(_listed(parts, "boxes")), *_of_vectors(_listed(parts, "vectors"))]
    if table is None or not (len(table) or lines):
        return None
    chosen = table[_spread(len(table))]
    return Scene(chosen[:, :3], _colours(chosen), np.array(lines[:_LINES], np.float64).reshape(-1, 2, 3), len(table))


def _table(rows: Sequence[Any]) -> Floats | None:
    """The finite rows of three, four or six numbers."""
    try:
        table = np.array(rows, np.float64)
    except (ValueError, TypeError):
        return None
    if not len(table):
        return np.zeros((0, 3))
    if table.ndim != 2 or table.shape[1] not in (3, 4, 6):
        return None
    kept: Floats = table[np.isfinite(table).all(axis=1)]
    return kept


def _colours(table: Floats) -> NDArray[np.uint8] | None:
    if table.shape[1] == 6:
        return np.clip(table[:, 3:], 0, 255).astype(np.uint8)
    if table.shape[1] == 4:
        return np.array(_PALETTE, np.uint8)[table[:, 3].astype(np.int64) % len(_PALETTE)]
    return None


def _spread(n: int) -> NDArray[np.int64]:
    return np.arange(n) if n <= _MOST else np.linspace(0, n - 1, _MOST).astype(np.int64)


def _listed(parts: Mapping[str, Any], name: str) -> list[Any]:
    found = parts.get(name)
    return found if isinstance(found, list) else []


def _of_boxes(boxes: Iterable[Any]) -> Iterable[Any]:
    """The edges of each box: those of a parallelepiped have three directions, found without asking in which order its corners come."""
    for box in boxes:
        corners = _corners(box.get("corners")) if isinstance(box, Mapping) else None
        if corners is not None:
            sides = _sides(corners)
            pairs = combinations(range(8), 2)
            yield from (corners[[i, j]].tolist() for i, j in pairs if any(_along(corners[j] - corners[i], side) for side in sides))


def _sides(corners: Floats) -> Sequence[Floats]:
    """The three edges at the first corner: those whose sums are the ways to all other corners; none when this is no parallelepiped."""
    ways = corners[1:] - corners[0]
    for a, b, c in combinations(ways, 3):
        sums = (a + b, a + c, b + c, a + b + c)
        if all(any(_near(one, way) for way in ways) for one in sums):
            return a, b, c
    return ()


def _along(way: Floats, side: Floats) -> bool:
    return _near(way, side) or _near(-way, side)


def _near(a: Floats, b: Floats) -> bool:
    return bool(np.allclose(a, b, rtol=1e-6, atol=1e-9))


def _corners(value: Any) -> Floats | None:
    try:
        corners = np.array(value, np.float64)
    except (ValueError, TypeError):
        return None
    return corners if corners.shape == (8, 3) and bool(np.isfinite(corners).all()) else None


def _of_vectors(vectors: Iterable[Any]) -> Iterable[Any]:
    for vector in vectors:
        if isinstance(vector, Mapping):
            ends = _table([vector.get("start"), vector.get("end")])
            if ends is not None and ends.shape == (2, 3):
                yield ends.tolist()


def bonds(points: Floats, radii: Floats) -> Floats:
    """The bonds between atoms: pairs that are nearer than the sum of their covalent radii and 0.4 Å, shape (m, 2, 3)."""
    if len(points) > 1_500:
        return np.zeros((0, 2, 3))
    pairs = [
        (points[i], points[j])
        for i, j in combinations(range(len(points)), 2)
        if 0.16 < float(((points[i] - points[j]) ** 2).sum()) < float(radii[i] + radii[j] + 0.4) ** 2
    ]
    return np.array(pairs, np.float64).reshape(-1, 2, 3)


def _base64(values: NDArray[Any]) -> str:
    return b64encode(np.ascontiguousarray(values).tobytes()).decode()
