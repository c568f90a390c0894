"""The full history of a run, by ranges of steps, each kept on disk as soon as it is here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reportgen.sources.wandb_api.client import Client, found
from reportgen.sources.wandb_api.kept import keep, kept, texts
from reportgen.sources.wandb_api.queries import HISTORY
from reportgen.sources.wandb_api.record import Record, whole

_PAGE = 1000
"""Rows that are asked for at once."""
_END = 2**53


def history(client: Client, record: Record, is_known: bool = False) -> list[str]:
    """All rows up to the last step that `record` knows of, JSON texts in the order of their steps.

    The server gives a *sample* of a range of steps when it has more rows than are asked for. So a range is as wide as the
    number of rows that are asked for. Where steps are sparse it widens, and a wide range with more than half as many rows is
    asked again in smaller ones: they may be every second row of more. When the rows are not as many as the server
    counts, all are fetched anew, in narrow ranges only, unless `is_known` says that this was done before.

    Raises:
        SourceError: The server does not come back, or refuses.
    """
    if record.lines("history") == 0:
        return []
    pages = _Pages(record)
    rows = list(_rows(client, record, pages, widest=_END))
    count = record.lines("history")
    if is_known or count is None or len(rows) == count or not (pages.used or pages.wide):
        return rows
    pages = _Pages(record, is_new=True)
    return list(_rows(client, record, pages, widest=_PAGE))


class _Pages:
    """The pages on disk. A page stays true while the run goes on behind it.

    Attributes:
        used: Pages were taken from disk.
        wide: A page covers more steps than rows were asked for.
    """

    def __init__(self, record: Record, is_new: bool = False) -> None:
        self.used = self.wide = False
        self._folder = record.folder / "history"
        self._lines, self._last = record.lines("history"), record.last_step
        self._known = {} if is_new else _listed(self._folder)

    def at(self, step: int) -> tuple[int, list[str]] | None:
        """The page that begins at a step: the step behind its end, and its rows."""
        path = self._known.get(step)
        page = kept(path) if path else {}
        end, lines, last = whole(page.get("end")), whole(page.get("lines")), whole(page.get("last"))
        if end is None or end <= step or lines is None or last is None or self._lines is None or self._last is None:
            return None
        grew = lines <= self._lines and last <= self._last
        if (lines, last) != (self._lines, self._last) and not (grew and end <= last):
            return None
        self.used = True
        return end, texts(page.get("rows"))

    def add(self, step: int, end: int, rows: list[str]) -> None:
        """Note a page; one that nothing dates is not kept."""
        if self._lines is not None and self._last is not None:
            keep(self._folder / f"{step}.json", {"end": end, "lines": self._lines, "last": self._last, "rows": rows})


def _rows(client: Client, record: Record, pages: _Pages, widest: int) -> Iterator[str]:
    last = record.last_step
    end = _END if last is None or last < 0 else last + 1
    count = record.lines("history")
    step, width, seen = 0, _PAGE, 0
    while step < end:
        here = pages.at(step)
        if here is None:
            until = min(step + width, end)
            rows = _asked(client, record, step, until)
            if len(rows) >= _PAGE // 2 and until - step > _PAGE:
                width = max(_PAGE, (until - step) // 4)
                continue
            pages.wide |= until - step > _PAGE
            pages.add(step, until, rows)
            if len(rows) < _PAGE // 4:
                width = min(width * 4, widest)
        else:
            until, rows = here
        yield from rows
        step, seen = until, seen + len(rows)
        if end == _END and count is not None and seen >= count:
            return


def _asked(client: Client, record: Record, step: int, until: int) -> list[str]:
    variables = {**record.place.variables(record.id), "minStep": step, "maxStep": until, "pageSize": _PAGE}
    return texts(found(client.ask(HISTORY, variables), ("project", "run")).get("history"))


def _listed(folder: Path) -> dict[int, Path]:
    return {int(path.stem): path for path in folder.glob("*.json") if path.stem.isdecimal()}
