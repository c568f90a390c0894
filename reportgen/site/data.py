"""The data of the charts: every column once on the site, as classic scripts that register it.

A column is written as JavaScript that `charts.js` unpacks:

- `[1,2.5,NaN]` – the values as they are (numbers may be `NaN`, `Infinity` and `-Infinity`);
- `{"r":[first,1,difference,count,…]}` – whole numbers as differences to the one before, each with how often it
  comes; the number before the first is 0;
- `{"v":[…],"i":…}` – the different values, and for each row which of them it is (packed in turn; -1 is null).

Times are whole milliseconds since the epoch in UTC, marked by `{"t":…}`.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportgen.remembering import remembered

if TYPE_CHECKING:
    import pandas as pd

_SMALL = 120
"""A column that takes fewer characters stands in the script of its chart: a script of its own would cost more."""


@dataclass(frozen=True)
class Column:
    """One column of a chart's data.

    Attributes:
        values: As JSON takes them: numbers, strings, booleans, epoch milliseconds; None for null and non-finite.
        packed: The same for the browser, exact.
    """

    values: Sequence[Any]
    packed: str

    @cached_property
    def hash(self) -> str:
        """What the column is known by on the site."""
        return digest(self.packed)


def digest(text: str | bytes) -> str:
    """The first 12 hexadecimal digits of a SHA-256: short enough for file names, long enough for one site."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()[:12]


def column(series: pd.Series[Any]) -> Column:
    """A column of a frame, packed."""
    kind = series.dtype.kind if isinstance(series.dtype, np.dtype) else "O"
    if kind in "iu":
        return _whole_numbers(series.to_numpy())
    if kind == "f":
        return _floats(series.to_numpy(dtype=np.float64))
    if kind == "M" or str(series.dtype).startswith("datetime64"):
        return _times(series)
    return _mixed(series.astype(object).tolist())


def _whole_numbers(numbers: NDArray[Any]) -> Column:
    return Column(numbers.tolist(), _pack_whole(numbers.tolist()))


def _floats(numbers: NDArray[np.float64]) -> Column:
    finite = np.isfinite(numbers)
    values = [value if ok else None for value, ok in zip(numbers.tolist(), finite.tolist(), strict=True)]
    whole = bool(finite.all()) and bool((np.abs(numbers) < 2**53).all()) and bool((numbers == np.rint(numbers)).all())
    if whole and not bool((np.signbit(numbers) & (numbers == 0)).any()):
        return Column(values, _pack_whole([int(number) for number in numbers.tolist()]))
    plain = "[" + ",".join(_literal(number) for number in numbers.tolist()) + "]"
    return Column(values, min(plain, _pack_indexed(numbers.tolist()) or plain, key=len))


def _times(series: pd.Series[Any]) -> Column:
    import pandas as pd

    stamps = pd.to_datetime(series, utc=True)
    values = [None if pd.isna(stamp) else round(stamp.timestamp() * 1000) for stamp in stamps]
    packed = _pack_indexed(values) or _list(values) if None in values else _pack_whole(values)
    return Column(values, f'{{"t":{packed}}}')


def _mixed(cells: list[Any]) -> Column:
    exact = [_plain(cell) for cell in cells]
    if any(isinstance(cell, str) for cell in exact):  # Where pandas keeps names, NaN means that there is none.
        exact = [None if isinstance(cell, float) and cell != cell else cell for cell in exact]
    values = [None if isinstance(cell, float) and not math.isfinite(cell) else cell for cell in exact]
    plain = _list(exact)
    return Column(values, min(plain, _pack_indexed(exact) or plain, key=len))


def _plain(cell: Any) -> str | int | float | bool | None:
    """A cell of any origin as one of the types that JSON and JavaScript share."""
    if isinstance(cell, np.generic):
        cell = cell.item()
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    if hasattr(cell, "timestamp"):
        return None if cell != cell else round(cell.timestamp() * 1000)
    return None if type(cell).__name__ in ("NAType", "NaTType") else str(cell)


def _pack_whole(numbers: Sequence[int]) -> str:
    """Whole numbers as runs of equal differences, or as they are when that is shorter."""
    plain = "[" + ",".join(map(str, numbers)) + "]"
    runs: list[int] = []
    before = 0
    for number in numbers:
        difference = number - before
        before = number
        if runs and runs[-2] == difference:
            runs[-1] += 1
        else:
            runs += (difference, 1)
        if len(runs) > 2 * len(numbers) // 3 + 8:
            return plain
    packed = '{"r":[' + ",".join(map(str, runs)) + "]}"
    safe = all(abs(number) < 2**53 for number in runs)
    return packed if safe and len(packed) < len(plain) else plain


def _pack_indexed(cells: Sequence[Any]) -> str | None:
    """The different cells and who is which, or None when most cells differ."""
    index: dict[tuple[str, Any], int] = {}
    literals: list[str] = []
    codes = []
    for cell in cells:
        if cell is None:
            codes.append(-1)
            continue
        literal = _literal(cell)
        key = (type(cell).__name__, literal)
        if key not in index:
            index[key] = len(literals)
            literals.append(literal)
            if len(literals) > max(8, len(cells) // 2):
                return None
        codes.append(index[key])
    return f'{{"v":[{",".join(literals)}],"i":{_pack_whole(codes)}}}'


def _list(cells: Iterable[Any]) -> str:
    return "[" + ",".join(_literal(cell) for cell in cells) + "]"


def _literal(cell: Any) -> str:
    """A JavaScript literal; ASCII only, so that no character set and no lone surrogate can spoil it."""
    if isinstance(cell, float):
        if cell != cell:
            return "NaN"
        text = repr(cell).replace("inf", "Infinity")
        return text[:-2] if text.endswith(".0") else text
    return json.dumps(cell)


@dataclass
class Columns:
    """All columns of the site, each once, with the charts that use it."""

    _packed: dict[str, str] = field(default_factory=dict)
    _users: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, chart: str, columns: Mapping[str, Column]) -> dict[str, str]:
        """Takes note of the columns of a chart.

        Returns:
            Field → how the chart's script names the column: a quoted hash, or the packed column when it is small.
        """
        names = {}
        for name, one in columns.items():
            if len(one.packed) <= _SMALL:
                names[name] = one.packed
                continue
            self._packed.setdefault(one.hash, one.packed)
            self._users.setdefault(one.hash, {})[chart] = None
            names[name] = f'"{one.hash}"'
        return names

    def scripts(self) -> tuple[dict[str, str], dict[str, list[str]]]:
        """The data scripts. Columns that the same charts use share one, so that a chart loads nothing in vain.

        Returns:
            Path below the site's root → text, and chart → the paths that it needs.
        """
        together: dict[tuple[str, ...], list[str]] = {}
        for name, users in self._users.items():
            together.setdefault(tuple(users), []).append(name)
        files: dict[str, str] = {}
        needed: dict[str, list[str]] = {}
        for several, names in together.items():
            path, text = remembered(lambda: ("columns", tuple(names)), lambda: self._script(names))  # noqa: B023
            files[path] = text
            for user in several:
                needed.setdefault(user, []).append(path)
        return files, needed

    def _script(self, names: Sequence[str]) -> tuple[str, str]:
        """Path and text of the script with some columns."""
        body = ",\n".join(f'"{name}":{self._packed[name]}' for name in names)
        return f"data/{digest(body)}.js", f"reportgen.columns({{{body}}});\n"
