"""The columns of a logged table: what kind of values each holds, how they are written, how they are distributed."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from reportgen.analysis.column_format import ColumnFormat, amount, column_format, exact
from reportgen.model import Media, Table

Kind = Literal["number", "bool", "text", "image", "audio", "video", "media"]

_BINS, _TOP = 20, 5
_SHOWN: tuple[Kind, ...] = ("image", "audio", "video")
_EXACT = 2**53
"""Whole numbers from here on are texts: a browser could not tell them from their neighbours."""
_KEY_NAMES = ("id", "index", "idx", "key", "uid", "uuid", "name", "path", "file", "filename", "row", "example", "sample")
_TRUTHS = ("label", "labels", "truth", "true", "groundtruth", "gt", "target", "actual", "ytrue", "y", "class", "expected", "answer", "gold")
_GUESSES = ("prediction", "predictions", "pred", "predicted", "guess", "ypred", "yhat", "output", "predictedlabel", "predictedclass", "p")


@dataclass(frozen=True)
class Bins:
    """How the finite values of a column are spread over even bins from `low` to `high`."""

    low: float
    high: float
    counts: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class TableColumn:
    """A column of a table.

    Attributes:
        values: One for each row: float or int ("number"), bool, str ("text"), `Media`; None where there is none.
        format: How numbers are written.
        missing: How many values there are not.
        distinct: How many different values there are; 0 for media.
        bins: Of numbers; None when none is finite.
        top: The most frequent texts with their counts, most frequent first.
    """

    name: str
    kind: Kind
    values: tuple[Any, ...]
    format: ColumnFormat
    missing: int
    distinct: int
    bins: Bins | None = None
    top: tuple[tuple[str, int], ...] = ()

    @property
    def is_key(self) -> bool:
        """Whether each row has a value of its own: a column that rows can be known by."""
        return self.missing == 0 and self.distinct == len(self.values) > 0


def table_columns(table: Table) -> tuple[TableColumn, ...]:
    """The columns of a table, each with values of one kind. Names that come twice get a number: "a", "a (2)"."""
    seen = Counter[str]()
    made = []
    for i, name in enumerate(table.columns):
        seen[str(name)] += 1
        label = str(name) if seen[str(name)] == 1 else f"{name} ({seen[str(name)]})"
        made.append(_column(label, tuple(row[i] if i < len(row) else None for row in table.rows)))
    return tuple(made)


def key_columns(columns: Sequence[TableColumn]) -> list[str]:
    """The names of the columns that rows can be known by, the likeliest first."""
    keys = [column for column in columns if column.is_key and (column.kind == "text" or _is_whole(column))]
    return [column.name for column in sorted(keys, key=lambda column: _rank(column.name, _KEY_NAMES))]


def answers(columns: Sequence[TableColumn]) -> tuple[TableColumn, TableColumn] | None:
    """The column with what is true and the one with what was predicted, known by their names; None when there are no such."""
    found = []
    for names in (_TRUTHS, _GUESSES):
        fitting = [column for column in columns if _letters(column.name) in names and column.kind in ("number", "text", "bool")]
        if not fitting:
            return None
        found.append(min(fitting, key=lambda column: _rank(column.name, names)))
    truth, guess = found
    return (truth, guess) if truth.kind == guess.kind and not _is_share(guess) and not _is_counted(columns) else None


def right(truth: TableColumn, guess: TableColumn) -> tuple[int, int]:
    """In how many rows the prediction is right, of how many that have both."""
    pairs = [(one, other) for one, other in zip(truth.values, guess.values, strict=True) if one is not None and other is not None]
    return sum(one == other for one, other in pairs), len(pairs)


def _column(name: str, cells: tuple[Any, ...]) -> TableColumn:
    present = [cell for cell in cells if cell is not None]
    kind = _kind(present)
    if kind == "text":
        cells = tuple(None if cell is None else _text(cell) for cell in cells)
        present = [cell for cell in cells if cell is not None]
    elif kind == "number":
        cells = tuple(None if cell is None else cell.item() if isinstance(cell, np.generic) else cell for cell in cells)
        present = [cell for cell in cells if cell is not None]
    form = column_format(name, present if kind == "number" else [], metric=True)
    missing = len(cells) - len(present)
    if kind == "number":
        return TableColumn(name, kind, cells, form, missing, len(set(present)), _bins(present))
    if kind in ("text", "bool"):
        counted = Counter("true" if one is True else "false" if one is False else one for one in present)
        top = counted.most_common(_TOP)
        return TableColumn(name, kind, cells, form, missing, len(counted), top=tuple(top) if top and top[0][1] > 1 else ())
    return TableColumn(name, kind, cells, form, missing, 0)


def _kind(present: Sequence[Any]) -> Kind:
    if present and all(isinstance(cell, Media) for cell in present):
        kinds = {cell.kind for cell in present}
        return next((kind for kind in _SHOWN if kinds == {kind}), "media")
    if present and all(isinstance(cell, bool | np.bool_) for cell in present):
        return "bool"
    if present and all(amount(cell) is not None and not (isinstance(cell, int) and abs(cell) >= _EXACT) for cell in present):
        return "number"
    return "text"


def _text(cell: Any) -> str:
    """A cell as a text: media beside other values by their captions."""
    if isinstance(cell, Media):
        return cell.text or cell.caption or cell.kind
    if isinstance(cell, list) and any(isinstance(one, Media) for one in cell):
        return ", ".join(_text(one) for one in cell)
    return exact(cell)


def _bins(values: Iterable[float]) -> Bins | None:
    numbers = np.array([float(value) for value in values])
    finite = numbers[np.isfinite(numbers)]
    if not len(finite):
        return None
    low, high = float(finite.min()), float(finite.max())
    if not math.isfinite(high - low) or high <= low:
        return Bins(low, high, (len(finite),))
    span = int(high - low) + 1 if bool((finite == np.rint(finite)).all()) and high - low < _BINS else 0
    edges = np.linspace(low - 0.5, high + 0.5, span + 1) if span else np.linspace(low, high, _BINS + 1)
    counts, _edges = np.histogram(finite, edges)
    return Bins(float(edges[0]), float(edges[-1]), tuple(int(count) for count in counts))


def _is_whole(column: TableColumn) -> bool:
    return column.kind == "number" and column.format.notation == "integer"


def _is_share(column: TableColumn) -> bool:
    """Whether its numbers are probabilities rather than classes."""
    return column.kind == "number" and any(isinstance(value, float) and not value.is_integer() for value in column.values)


def _is_counted(columns: Sequence[TableColumn]) -> bool:
    """Whether the rows are combinations that were counted (a confusion matrix), not examples."""
    return any(_letters(column.name) in ("npredictions", "count", "n") for column in columns)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.casefold())


def _rank(name: str, names: Sequence[str]) -> int:
    letters = _letters(name)
    return names.index(letters) if letters in names else len(names)
