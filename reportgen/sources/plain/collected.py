"""Rows of metrics made into columns over steps, shared by the formats that write rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.model import Media
from reportgen.sources.plain.columns import moment, stays_metric, step_column, time_column
from reportgen.sources.plain.lines import Row
from reportgen.sources.scalars import Scalars
from reportgen.sources.values import json_text


@dataclass(frozen=True)
class Placing:
    """Which columns place the rows of a file.

    Attributes:
        likely_step, likely_time: Those whose names say so.
        step, time: The same, or None where they hold something else.
    """

    likely_step: str | None
    likely_time: str | None
    step: str | None
    time: str | None


def placing_of(
    names: Iterable[str], rows: Sequence[Row], step_name: str | None = None, time_name: str | None = None, before: Placing | None = None
) -> Placing:
    """Which of the columns with these names place the rows.

    Args:
        step_name, time_name: Those that the format has for it; by default the likeliest.
        before: What placed the rows of the file before these.
    """
    names = list(names)
    step, time = likely = step_name or step_column(names), time_name or time_column(names)
    if step and not all(whole(row.get(step)) is not None for row in rows if row.get(step) is not None):
        step = None
    if time and not all(moment(row.get(time)) for row in rows if row.get(time) is not None):
        time = None
    if before and before.step is None:
        step = None
    if before and before.time is None:
        time = None
    return Placing(*likely, step, time)


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
        names = dict.fromkeys(key for row in rows for key in row)
        self.take(rows, placing_of(names, rows, step_name, time_name), prefix)

    def take(self, rows: Sequence[Row], placing: Placing, prefix: str = "", first: int = 0, step: int = -1) -> int:
        """Take in some rows of a file.

        Args:
            first: How many rows the file has before them.
            step: That of the row before them.

        Returns:
            The step of the last row.
        """
        step_name, time_name = placing.step, placing.time
        dropped = {time_name} | ({step_name} if step_name and not stays_metric(step_name) else set())
        for i, row in enumerate(rows, first):
            here = whole(row.get(step_name)) if step_name else i
            step = here if here is not None else max(step, 0)
            time = (moment(row.get(time_name)) if time_name else None) or float("nan")
            self._saw(time)
            for key, value in row.items():
                if key not in dropped and value is not None:
                    self._append(prefix + key, step, time, value)
        return step

    def join(self, later: Columns) -> None:
        """Append what another collected."""
        self.scalars.join(later.scalars)
        for key, several in later.media.items():
            self.media.setdefault(key, []).extend(several)
        for time in (later.first_time, later.last_time):
            if time is not None:
                self._saw(time)

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
