"""The history of a W&B run: rows of values into columns of numbers, and everything else kept aside."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any

from reportgen.model import Series
from reportgen.sources.values import NON_FINITE, flatten, parse_big_json
from reportgen.sources.wandb.columns import PLACES, Columns
from reportgen.sources.wandb.items import simple_items
from reportgen.sources.wandb.layout import Layouts
from reportgen.sources.wandb.schema import message_class
from reportgen.store import Arrays, Continuation

_WORDS: dict[str, float | None] = {"true": 1.0, "false": 0.0, "null": None}
_MAX_STEP = 2**63 - 1
_INFINITE = float("inf")


@dataclass(frozen=True)
class Logged:
    """A value that is not a number: a text, a list, or one of W&B's own objects (a mapping with `_type`)."""

    key: str
    step: int
    time: float
    value: Any


class History:
    """Collects the history records of a log.

    A row's step is its `_step`, else the record's own, else one more than the row before; its time is
    `_timestamp`, else the start of the run plus `_runtime`. These three are how a row is placed and not
    metrics. A bool is 0 or 1; a null is no value.
    """

    def __init__(self) -> None:
        self.others: list[Logged] = []
        self.unreadable: dict[str, None] = {}
        self.rows = 0
        self.start: float | None = None
        self.last_time: float | None = None
        self.last_step = 0
        self._columns = Columns()
        self._layouts = Layouts(rb"[-+.0-9A-Za-z]{1,127}", rb"(?:\x12[\x02-\x0b]\x08[\x00-\xff]{1,10})?")
        self._step = -1
        self._names: dict[bytes, str] = {}
        self._parse = message_class("History").FromString

    def add(self, data: bytes) -> None:
        """Take in one row: the bytes of a history record.

        Raises:
            DecodeError, UnicodeDecodeError: They are none.
        """
        found = self._layouts.match(data)
        if found is None or not self._add_numbers(found[0].names, found[1]):
            self._add_anything(data)

    def _add_numbers(self, names: tuple[bytes, ...], texts: tuple[bytes, ...]) -> bool:
        """Take in a row of a known layout; False when one of its values is no number or its place is unusual."""
        block = self._columns.block(names)
        try:
            values = [float(text) for text in texts]
            step = int(texts[block.step])
        except ValueError:
            return False
        if block.time >= 0:
            time = values[block.time] if block.has_timestamp else values[block.time] + (_INFINITE if self.start is None else self.start)
            if not abs(time) < _INFINITE:
                return False
            if self.last_time is None or time > self.last_time:
                self.last_time = time
        if not -_MAX_STEP <= step <= _MAX_STEP:
            return False
        block.rows.append(self.rows)
        block.steps.append(step)
        block.values.extend(values)
        self.rows += 1
        self._step = step
        self.last_step = max(self.last_step, step)
        return True

    def _add_anything(self, data: bytes) -> None:
        """Take in a row item by item."""
        names = self._names
        items, end = simple_items(data)
        row: dict[str, str | bytes] = {}
        for name, value in items:
            if name not in names:
                names[name] = name.decode()
            row[names[name]] = value
        record = self._parse(data[end:])
        if not record.item and "_step" in row:
            self._layouts.learn([name for name, _ in items])
        pieces: dict[str, Any] | None = None
        for item in record.item:
            path = item.nested_key
            if not path:
                row[item.key] = item.value_json
            elif len(path) == 1:
                row[path[0]] = item.value_json
            else:
                pieces = {} if pieces is None else pieces
                self._add_piece(pieces, path, item.value_json)
        step, time = self._place(row, record.step.num if record.HasField("step") else None)
        for key, text in row.items():
            try:
                number = float(text)
            except ValueError:
                self._add_other(key, step, time, text)
                continue
            self._columns.add(key, self.rows, step, time, number)
        for key, value in (pieces or {}).items():
            self._add_value(key, step, time, value)
        self.rows += 1

    def add_row(self, values: Mapping[str, Any]) -> None:
        """Take in one row whose values are parsed."""
        places = {name: str(values[name]) for name in PLACES if values.get(name) is not None}
        step, time = self._place(places, None)
        for key, value in values.items():
            if key not in PLACES:
                self._add_value(key, step, time, value)
        self.rows += 1

    def kept(self, arrays: Arrays) -> Any:
        """The state as JSON can say it, its numbers in `arrays`."""
        others = [[one.key, one.step, one.time, one.value] for one in self.others]
        counts = [self.rows, self.start, self.last_time, self.last_step, self._step]
        return [counts, others, list(self.unreadable), self._columns.kept(arrays)]

    def restore(self, kept: Any, before: Continuation) -> None:
        """Goes on from the state of `kept`."""
        counts, others, unreadable, columns = kept
        self.rows, self.start, self.last_time, self.last_step, self._step = counts
        self.others = [Logged(*one) for one in others]
        self.unreadable = dict.fromkeys(unreadable)
        self._columns.restore(columns, before)

    def series(self) -> dict[str, Series]:
        """The columns of numbers, in the order of their first value."""
        return self._columns.series(self.start)

    def _place(self, row: MutableMapping[str, Any], numbered: int | None) -> tuple[int, float]:
        """The step and the time of a row, which are taken out of it; `numbered` is the step of its record."""
        step = _whole_number(row.pop("_step", None))
        if step is None:
            step = numbered if numbered is not None else min(self._step + 1, _MAX_STEP)
        self._step = step
        time, runtime = _number(row.pop("_timestamp", None)), _number(row.pop("_runtime", None))
        if time is None and runtime is not None and self.start is not None:
            time = self.start + runtime
        if time is not None and (self.last_time is None or time > self.last_time):
            self.last_time = time
        self.last_step = max(self.last_step, step)
        return self._step, float("nan") if time is None else time

    def _add_piece(self, pieces: dict[str, Any], path: Any, text: str) -> None:
        """Put one item of a value that is spread over several items into its place."""
        tree = pieces
        for key in path[:-1]:
            below = tree.get(key)
            if not isinstance(below, dict):
                below = tree[key] = {}
            tree = below
        try:
            tree[path[-1]] = parse_big_json(text)
        except ValueError:
            self.unreadable[".".join(path)] = None

    def _add_other(self, key: str, step: int, time: float, text: str | bytes) -> None:
        """Take in a value whose JSON text is not a bare number."""
        text = text if isinstance(text, str) else text.decode("utf-8", "replace")
        if text in _WORDS:
            value: Any = _WORDS[text]
        else:
            try:
                value = parse_big_json(text)
            except ValueError:
                self.unreadable[key] = None
                return
        self._add_value(key, step, time, value)

    def _add_value(self, key: str, step: int, time: float, value: Any) -> None:
        if isinstance(value, dict) and "_type" not in value:
            for inner, leaf in flatten(value, f"{key}."):
                self._add_value(inner, step, time, leaf)
            return
        if isinstance(value, str):
            value = NON_FINITE.get(value, value)
        if isinstance(value, int | float):
            self._columns.add(key, self.rows, step, time, value)
        elif value is not None:
            self.others.append(Logged(key, step, time, value))


def _whole_number(text: str | bytes | None) -> int | None:
    """A whole number of 64 bits, or None."""
    if text is None:
        return None
    try:
        value = int(text)
    except ValueError:
        number = _number(text)
        value = int(number) if number is not None else _MAX_STEP + 1
    return value if abs(value) <= _MAX_STEP else None


def _number(text: str | bytes | None) -> float | None:
    """A finite number, or None."""
    try:
        value = float(text) if text is not None else None
    except ValueError:
        return None
    return value if value is not None and abs(value) < float("inf") else None
