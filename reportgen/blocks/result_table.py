"""Rows of values as a table of the page: what a query gave, or the rows of a logged table."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from reportgen.analysis.column_format import ColumnFormat, column_format, exact
from reportgen.blocks.links import run_link
from reportgen.blocks.readable import readable
from reportgen.blocks.table import MISSING, Cell, Head, TableView, table_html
from reportgen.charts.style import ChartStyle
from reportgen.model import Media, Run, Runs
from reportgen.words import _

_PICTURES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp"}
_LARGEST = 64_000
"""Larger images stand by their captions: they would be in the page itself."""


def result_table(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], runs: Runs, *, root: str, style: ChartStyle, label: str, id: str = "",
    titles: Mapping[str, str] | None = None,
) -> Markup:  # fmt: skip
    """The rows as a table; ids and names of runs in columns that are called after them link to their pages.

    Args:
        titles: What the heads of columns show that no log named.
    """
    if not rows:
        return Markup('<p class="empty">{}</p>').format(_("No row fits."))
    formats = [column_format(name, [row[i] for row in rows if row[i] is not None], metric=True) for i, name in enumerate(columns)]
    links = [_known(name, runs) for name in columns]
    # As labels, so that a name with a dot is one name and no part of a group.
    heads = tuple(
        Head(readable(name), number=form.is_number and not known, label=escape(readable((titles or {}).get(name, name))))
        for name, form, known in zip(columns, formats, links, strict=True)
    )

    def cell(value: Any, form: ColumnFormat, known: dict[str, Run]) -> Cell:
        if value is None:
            return MISSING
        if isinstance(value, Media):
            return Cell(_medium(value))
        if isinstance(value, str) and value in known:
            return Cell(run_link(known[value], root, style.colour(known[value].id)), value)
        return Cell.of(readable(form.text(value)), readable(exact(value)))

    cells = tuple(tuple(cell(*one) for one in zip(row, formats, links, strict=True)) for row in rows)
    return table_html(TableView(heads, cells, label=label, id=id))


def _known(name: str, runs: Runs) -> dict[str, Run]:
    """The runs by what a column of this name says of them: their ids or their names."""
    if name in ("run", "id", "_run"):
        return {run.id: run for run in runs}
    if name in ("name", "_name"):
        names = [run.name for run in runs]
        return {run.name: run for run in runs if names.count(run.name) == 1}
    return {}


def _medium(one: Media) -> str | Markup:
    """A small image itself, all else by its caption."""
    said = readable(one.text or one.caption or one.kind)
    form = _PICTURES.get(one.path.suffix.lower()) if one.kind == "image" and one.path and one.span is None else None
    if form is None or one.path is None:
        return said
    try:
        content = one.path.read_bytes() if one.path.stat().st_size <= _LARGEST else b""
    except OSError:
        content = b""
    if not content:
        return said
    picture = Markup('<img class="grid-thumbnail" src="data:image/{};base64,{}" alt="{}">')
    return picture.format(form, base64.b64encode(content).decode(), said)
