"""What a run printed, as a terminal would show it at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from reportgen.model import ConsoleLine
from reportgen.sources.values import utc
from reportgen.sources.wandb.files import RunFiles

_MAX_FILE = 64 * 1024 * 1024
_CONTROL = re.compile(r"(\r\n|\n|\r|\x1b\[\d*A)")
_MAX_UP = 1_000


class Console:
    """A terminal of endless length for each stream: carriage returns and cursor-up overwrite, as progress bars want it."""

    def __init__(self) -> None:
        self._lines: list[tuple[list[str], str, float | None]] = []
        self._rows: dict[str, list[int]] = {}
        self._row: dict[str, int] = {}
        self._overwrite: dict[str, bool] = {}

    def write(self, text: str, stream: str = "stdout", time: float | None = None) -> None:
        """Print a piece of text, which need not end where a line ends (`time` in epoch seconds)."""
        rows = self._rows.setdefault(stream, [])
        row, overwrite = self._row.get(stream, 0), self._overwrite.get(stream, False)
        for piece in _CONTROL.split(text):
            if piece in ("\n", "\r\n"):
                self._line(rows, row, stream, time)
                row, overwrite = row + 1, False
            elif piece == "\r":
                overwrite = True
            elif _CONTROL.fullmatch(piece):
                row = max(0, row - min(int(piece[2:-1] or 1), _MAX_UP))
                overwrite = True
            elif piece:
                line = self._line(rows, row, stream, time)
                if overwrite:
                    line.clear()
                line.append(piece)
                overwrite = False
        self._row[stream], self._overwrite[stream] = row, overwrite

    def kept(self) -> Any:
        """The state as JSON can say it, for `restore`."""
        return [[["".join(parts), stream, time] for parts, stream, time in self._lines], self._rows, self._row, self._overwrite]

    def restore(self, kept: Any) -> None:
        """Goes on from the state of `kept`."""
        lines, self._rows, self._row, self._overwrite = kept
        self._lines = [([text], stream, time) for text, stream, time in lines]

    def lines(self) -> Iterator[ConsoleLine]:
        """The lines of all streams, in the order in which they were begun."""
        for parts, stream, time in self._lines:
            yield ConsoleLine("".join(parts), stream, utc(time))

    def _line(self, rows: list[int], row: int, stream: str, time: float | None) -> list[str]:
        while len(rows) <= row:
            rows.append(len(self._lines))
            self._lines.append(([], stream, time))
        return self._lines[rows[row]][0]


def console_of(files: RunFiles) -> tuple[ConsoleLine, ...]:
    """What stands in the run's `output.log`, () when there is none."""
    path = files.optional("output.log")
    if path is None:
        return ()
    console = Console()
    try:
        with path.open("rb") as file:
            console.write(file.read(_MAX_FILE).decode("utf-8", "replace"))
    except OSError:
        return ()
    return tuple(console.lines())
