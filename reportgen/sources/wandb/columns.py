"""The numbers of a history: rows of equal layout as blocks, single values beside them, joined in the order of the rows."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.model import Series
from reportgen.sources.scalars import as_float
from reportgen.store import Arrays, Continuation

_Piece = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]
"""Rows, steps, times and values."""
PLACES = ("_step", "_timestamp", "_runtime")
"""What places a row and is no metric."""


class Block:
    """Rows with the same keys, all of them numbers."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.step = names.index("_step")
        self.has_timestamp = "_timestamp" in names
        clock = next((name for name in ("_timestamp", "_runtime") if name in names), None)
        self.time = names.index(clock) if clock else -1
        self.rows, self.steps, self.values = array("q"), array("q"), array("d")

    def pieces(self, start: float | None) -> dict[str, _Piece]:
        """The columns; a row's time is its `_timestamp`, else the start of the run plus `_runtime`."""
        rows, steps = np.frombuffer(self.rows, np.int64), np.frombuffer(self.steps, np.int64)
        matrix = np.frombuffer(self.values, np.float64).reshape(len(rows), len(self.names))
        time = matrix[:, self.time] + (0.0 if self.has_timestamp else start or 0.0) if self.time >= 0 else np.full(len(rows), np.nan)
        columns = np.ascontiguousarray(matrix.T)
        return {name: (rows, steps, time, columns[i]) for i, name in enumerate(self.names) if name not in PLACES}


class Columns:
    """Collects the values of all rows."""

    def __init__(self) -> None:
        self.blocks: dict[tuple[bytes, ...], Block] = {}
        self.order: dict[str, None] = {}
        self._single: dict[str, tuple[list[int], list[int], list[float], list[float]]] = {}

    def add(self, key: str, row: int, step: int, time: float, value: float) -> None:
        """A single value (see `as_float`)."""
        self.order.setdefault(key)
        rows, steps, times, values = self._single.setdefault(key, ([], [], [], []))
        values.append(as_float(value))
        rows.append(row)
        steps.append(step)
        times.append(time)

    def block(self, names: tuple[bytes, ...]) -> Block:
        """The block for rows with these keys, `_step` among them."""
        if names not in self.blocks:
            self.blocks[names] = Block(tuple(name.decode() for name in names))
            self.order |= {name: None for name in self.blocks[names].names if name not in self.order and name not in PLACES}
        return self.blocks[names]

    def kept(self, arrays: Arrays) -> Any:
        """The state as JSON can say it, its numbers in `arrays`."""
        blocks = [
            [[name.decode() for name in names], arrays.add(one.rows), arrays.add(one.steps), arrays.add(one.values)]
            for names, one in self.blocks.items()
        ]
        single = {
            key: [*(arrays.add(array("q", one)) for one in (rows, steps)), *(arrays.add(array("d", one)) for one in (times, values))]
            for key, (rows, steps, times, values) in self._single.items()
        }
        return [blocks, list(self.order), single]

    def restore(self, kept: Any, before: Continuation) -> None:
        """Goes on from the state of `kept`."""
        blocks, order, single = kept
        for names, *places in blocks:
            block = self.block(tuple(name.encode() for name in names))
            columns: list[array[Any]] = [block.rows, block.steps, block.values]
            for column, place in zip(columns, places, strict=True):
                column.frombytes(before.whole(place).tobytes())
        self.order = dict.fromkeys(order)
        for key, (row, step, time, value) in single.items():
            integers, floats = map(before.whole, (row, step)), map(before.real, (time, value))
            rows, steps, times, values = (column.tolist() for column in (*integers, *floats))
            self._single[key] = rows, steps, times, values

    def series(self, start: float | None) -> dict[str, Series]:
        """The series, in the order of their first value; metrics of the same rows share their steps and times."""
        pieces: dict[str, list[_Piece]] = {key: [] for key in self.order}
        for block in (block for block in self.blocks.values() if block.rows):
            for key, piece in block.pieces(start).items():
                pieces[key].append(piece)
        for key, (rows, steps, times, values) in self._single.items():
            at = np.array(rows, np.int64), np.array(steps, np.int64)
            pieces[key].append((*at, np.array(times, np.float64), np.array(values, np.float64)))
        return {key: _joined(key, parts) for key, parts in pieces.items() if parts}


def _joined(key: str, parts: list[_Piece]) -> Series:
    if len(parts) == 1:
        return Series(key, *parts[0][1:])
    rows, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    order: NDArray[Any] = np.argsort(rows, kind="stable")
    return Series(key, *(column[order] for column in columns))
