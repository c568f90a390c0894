"""Rows of metrics made into columns over steps, shared by the formats that write rows."""

from __future__ import annotations

from typing import Any

from reportgen.model import Media
from reportgen.sources.plain.columns import moment, stays_metric, step_column, time_column
from reportgen.sources.plain.rows import Row
from reportgen.sources.scalars import Scalars
from reportgen.sources.values import json_text


class Columns:
    """Collects rows into columns of numbers and into texts."""

    def __init__(self) -> None:
        self.media: dict[str, list[Media]] = {}
        self.first_time: float | None = None
        self.last_time: float | None = None
        self.scalars = Scalars()

    def add(self, rows: list[Row], prefix: str = "", step_name: str | None = None, time_name: str | None = None) -> None:
        """Take in the rows of one file. A row without a step has that of the row before.

        Args:
            prefix: What is put before the names of the columns.
            step_name, time_name: The columns of steps and moments where the format has its own; by default the likeliest.
        """
        names = list(dict.fromkeys(key for row in rows for key in row))
        step_name, time_name = step_name or step_column(names), time_name or time_column(names)
        if step_name and not all(whole(row.get(step_name)) is not None for row in rows if row.get(step_name) is not None):
            step_name = None
        if time_name and not all(moment(row.get(time_name)) for row in rows if row.get(time_name) is not None):
            time_name = None
        dropped = {time_name} | ({step_name} if step_name and not stays_metric(step_name) else set())
        step = -1
        for i, row in enumerate(rows):
            here = whole(row.get(step_name)) if step_name else i
            step = here if here is not None else max(step, 0)
            time = (moment(row.get(time_name)) if time_name else None) or float("nan")
            self._saw(time)
            for key, value in row.items():
                if key not in dropped and value is not None:
                    self._append(prefix + key, step, time, value)

    def _append(self, key: str, step: int, time: float, value: Any) -> None:
        if isinstance(value, int | float):
            self.scalars.add(key, step, time, value)
        elif isinstance(value, str):
            self.media.setdefault(key, []).append(Media(key, step, "text", text=value))
        else:
            self.media.setdefault(key, []).append(Media(key, step, "json", text=json_text(value)))

    def _saw(self, time: float) -> None:
        if time == time:
            self.first_time = min(time, self.first_time or time)
            self.last_time = max(time, self.last_time or time)


def whole(value: Any) -> int | None:
    """A whole number of 64 bits, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) >= 2**63:
        return None
    return int(value) if int(value) == value else None
