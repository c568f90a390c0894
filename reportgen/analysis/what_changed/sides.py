"""What is compared: two runs, or two groups of runs, and the different values that the runs of one side have."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from reportgen.analysis.column_format import amount, exact, plain_text
from reportgen.analysis.compared_rows import Missing
from reportgen.model import Run
from reportgen.words import _, count

Values = tuple[object, ...]
"""The different values of one thing over the runs of a side, in the order in which they come; `Missing` for runs without one."""
_LISTED = 4
_LONG = 40
"""Longer texts are read from where they differ."""
_AROUND = 8


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two that are compared.

    Attributes:
        name: The name of its one run, or the selection that the group was asked for by.
        runs: At least one.
    """

    name: str
    runs: tuple[Run, ...]

    @property
    def is_one(self) -> bool:
        """Whether it is a single run."""
        return len(self.runs) == 1


def distinct(values: Iterable[object]) -> Values:
    """The different values, each once."""
    return tuple({identity(value): value for value in values}.values())


def same(one: Values, other: Values) -> bool:
    """Whether both sides have the same values, in whatever order."""
    return {identity(value) for value in one} == {identity(value) for value in other}


def identity(value: object) -> tuple[str, object]:
    """What makes two logged values the same: 1 and 1.0 are, 1 and True or "1" are not, NaN and NaN are."""
    size = amount(value)
    if size is None:
        return type(value).__name__, exact(value)
    return "number", "NaN" if math.isnan(size) else value


def texts(before: Values, after: Values) -> tuple[str, str]:
    """How the values of both sides are read: in short, in full where they would look alike in short, long ones from where they differ."""
    if len(before) == len(after) == 1 and isinstance(before[0], str | list) and isinstance(after[0], str | list):
        whole = exact(before[0]), exact(after[0])
        if whole[0] != whole[1] and min(map(len, whole)) > _LONG:
            return _from_difference(*whole)
    short = _text(before, plain_text), _text(after, plain_text)
    return short if short[0] != short[1] else (_text(before, _whole), _text(after, _whole))


def _from_difference(one: str, other: str) -> tuple[str, str]:
    """Two long texts without most of what both begin and end with."""
    start = max(0, _common(one, other) - _AROUND)
    end = max(0, _common(one[start:][::-1], other[start:][::-1]) - _AROUND)
    first, second = (
        ("…" if start > 1 else text[:start]) + text[start : len(text) - end if end > 1 else None] + ("…" if end > 1 else "")
        for text in (one, other)
    )
    return first, second


def _common(one: str, other: str) -> int:
    """How many letters two texts have in common at their beginning."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def exact_text(values: Values) -> str:
    """All values of a side to the last digit, "" for none."""
    return ", ".join("" if isinstance(value, Missing) else exact(value) for value in values)


def _text(values: Values, written: Callable[[object], str]) -> str:
    if len(values) > _LISTED:
        sizes = [size for value in values if (size := amount(value)) is not None and math.isfinite(size)]
        if len(sizes) == len(values):
            ends = _("{low} to {high}, {n} values")
            return ends.format(low=plain_text(min(sizes)), high=plain_text(max(sizes)), n=count(len(values)))
        return _("{n} values").format(n=count(len(values)))
    ordered = _sorted(values)
    return ", ".join(_one(value, written) for value in ordered)


def _one(value: object, written: Callable[[object], str]) -> str:
    if isinstance(value, Missing):
        return "—"
    return _whole(value) if isinstance(value, str) and not value.strip() else written(value)


def _sorted(values: Values) -> Sequence[object]:
    """Numbers by size; all else as it comes."""
    sizes = [amount(value) for value in values]
    if None in sizes or any(size != size for size in sizes):
        return values
    return [value for _size, value in sorted(zip(sizes, values, strict=True), key=lambda pair: pair[0] or 0.0)]


def _whole(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else exact(value)
