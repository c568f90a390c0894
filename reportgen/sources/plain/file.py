"""One metrics file, read: from its start, or from where it ended when it was read the last time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

from reportgen.model import Media
from reportgen.sources.plain.collected import Columns, Placing, placing_of
from reportgen.sources.plain.lines import Lines, Row
from reportgen.sources.plain.parquet import is_parquet
from reportgen.sources.plain.rows import Rows, is_narrow, read_rows, rows_in, text_of
from reportgen.store import Arrays, CannotBeStored, Continuation, Continued, checksum, logged_json, logged_of


class MetricsFile:
    """The rows of a metrics file.

    Args:
        continued: Where it is kept how far files were read that may have grown.

    Attributes:
        names: Those of the columns, in the order of their first values.
        damage: What could not be read, in sentences.

    Raises:
        OSError: The file cannot be read.
    """

    def __init__(self, path: Path, continued: Continued | None = None) -> None:
        self.path = path
        self._continued = None if continued is None or is_parquet(path) else continued
        self._data = path.read_bytes() if self._continued else b""
        self._before = self._continued.get(path) if self._continued else None
        if self._before and not self._reads_on(self._before):
            self._before = None
        if self._before is None:
            self._read()

    def columns(self, prefix: str) -> Columns:
        """The rows as columns, with something put before their names."""
        found = self._columns_behind(prefix, self._before) if self._before else None
        if found is None:
            if self._before:
                self._before = None
                self._read()
            found = self._filled(Columns(), prefix, placing_of(self.names, self._rows.rows))
        return found

    def _reads_on(self, before: Continuation) -> bool:
        """Whether the file could be read behind what is kept of it."""
        try:
            if not before.begins(self._data):
                return False
            state = before.state
            rows = rows_in(self._data[before.end :].decode("utf-8", "replace"), before=Lines(**state["lines"]))
            names = dict.fromkeys([*state["names"], *_names(rows.rows)])
        except (ValueError, TypeError, LookupError):
            return False
        self._rows, self.names, self.damage = rows, list(names), rows.damage
        return not rows.has_commas

    def _read(self) -> None:
        """Reads the file from its start."""
        try:
            self._rows = rows_in(text_of(self._data)) if self._data else read_rows(self.path)
        except ValueError as error:
            self._rows = Rows(damage=[f"No metrics could be read: {error}."])
        self.names, self.damage = _names(self._rows.rows), self._rows.damage

    def _columns_behind(self, prefix: str, before: Continuation) -> Columns | None:
        """The columns that were kept with the rows behind them; None when those make others of the kept ones."""
        try:
            state, columns = before.state, Columns()
            placing = Placing(*state["placing"])
            if state["prefix"] != prefix or placing_of(self.names, self._rows.rows, before=placing) != placing:
                return None
            columns.scalars.restore(state["scalars"], before)
            media = [logged_of(one, before.floats) for one in state["media"]]
            for one in media:
                if isinstance(one, Media):
                    columns.media.setdefault(one.key, []).append(one)
            columns.first_time, columns.last_time = state["times"]
            return self._filled(columns, prefix, placing, state["rows"], state["step"])
        except (ValueError, TypeError, LookupError):
            return None

    def _filled(self, columns: Columns, prefix: str, placing: Placing, first: int = 0, step: int = -1) -> Columns:
        """The columns with the rows; what is whole of them is kept on the way."""
        rows, n = self._rows.rows, self._rows.whole
        step = columns.take(rows[:n], placing, prefix, first, step)
        whole = [columns.scalars.counts(), {key: len(several) for key, several in columns.media.items()}]
        state = {
            "lines": self._rows.state, "prefix": prefix, "placing": astuple(placing), "rows": first + n, "step": step,
            "times": [columns.first_time, columns.last_time],
        }  # fmt: skip
        columns.take(rows[n:], placing, prefix, first + n, step)
        self._keep(columns, placing, state, *whole)
        return columns

    def _keep(self, columns: Columns, placing: Placing, state: dict[str, Any], counts: dict[str, int], texts: dict[str, int]) -> None:
        """Keeps how far the file was read, if what follows cannot change what was made of it."""
        continued, before = self._continued, self._before
        end = self._data.rfind(b"\n") + 1
        if not continued or not self._rows.state or not is_narrow(self._data) or not continued.wants(self.path, end, before):
            return
        names = self._names_that_stay(placing)
        if self._rows.has_commas or names is None:
            return
        arrays = Arrays()
        try:
            media = [logged_json(one, arrays) for key, count in texts.items() for one in columns.media[key][:count]]
        except CannotBeStored:
            return
        state |= {"names": names, "media": media, "scalars": columns.scalars.kept(arrays, counts)}
        begin, read = (before.end, before.checksum) if before else (0, 0)
        continued.put(self.path, end, checksum(self._data, begin, end, read), state, arrays)

    def _names_that_stay(self, placing: Placing) -> list[str] | None:
        """The names without those that only the unfinished last row has; None when without it other columns would place the rows."""
        n, before = self._rows.whole, self._before
        rows, rest = self._rows.rows[:n], self._rows.rows[n:]
        has_same_names = not rest or (bool(rows) and all(row.keys() <= rows[-1].keys() for row in rest))
        if has_same_names and (not rest or (placing.step, placing.time) == (placing.likely_step, placing.likely_time)):
            return self.names
        names = list(dict.fromkeys([*(before.state["names"] if before else ()), *_names(rows)]))
        known = Placing(*before.state["placing"]) if before else None
        return names if placing_of(names, rows, before=known) == placing else None


def _names(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(key for row in rows for key in row))
