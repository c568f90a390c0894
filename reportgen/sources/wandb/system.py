"""What W&B measured on the machine while a run ran."""

from __future__ import annotations

from typing import Any

from reportgen.model import Series
from reportgen.sources.scalars import Scalars
from reportgen.sources.values import NON_FINITE, flatten, parse_json
from reportgen.store import Arrays, Continuation


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

    def kept(self, arrays: Arrays) -> Any:
        """The state as JSON can say it, its numbers in `arrays`."""
        return [self._records, self._scalars.kept(arrays)]

    def restore(self, kept: Any, before: Continuation) -> None:
        """Goes on from the state of `kept`."""
        self._records, columns = kept
        self._scalars.restore(columns, before)

    def series(self) -> dict[str, Series]:
        """The series in the order of their first value."""
        return self._scalars.series()
