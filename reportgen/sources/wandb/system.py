"""What W&B measured on the machine while a run ran."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportgen.model import Series
from reportgen.sources.scalars import Scalars
from reportgen.sources.values import NON_FINITE, flatten, parse_json


class SystemMetrics:
    """Collects stats records. A series' step counts the records that were taken, from 0."""

    def __init__(self) -> None:
        self._scalars = Scalars()
        self._records = 0

    def add(self, record: Any, time: float) -> None:
        """Take in one record, measured at `time` (epoch seconds). What is no number is left out."""
        for item in record.item:
            try:
                value = parse_json(item.value_json)
            except ValueError:
                continue
            for key, leaf in flatten({item.key: value}):
                number = NON_FINITE.get(leaf) if isinstance(leaf, str) else leaf
                if isinstance(number, int | float):
                    self._scalars.add(key, self._records, time, number)
        self._records += 1

    def kept(self, add: Callable[[str, Any], Any]) -> Any:
        """The state as JSON can say it, its numbers given to `add`."""
        columns = self._scalars.columns.items()
        return [self._records, {key: [add("q", steps), add("d", times), add("d", values)] for key, (steps, times, values) in columns}]

    def restore(self, kept: Any, get: Callable[[Any], Any]) -> None:
        """Goes on from the state of `kept`; `get` gives the numbers."""
        self._records, columns = kept
        for key, places in columns.items():
            steps, times, values = (get(place).tolist() for place in places)
            self._scalars.columns[key] = (steps, times, values)

    def series(self) -> dict[str, Series]:
        """The series in the order of their first value."""
        return self._scalars.series()
