"""A comparison as a table: how each kind of value is seen, with its marks, differences and sparklines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import cast, get_args

from markupsafe import Markup

from reportgen.analysis.attribute_names import attribute_label, attribute_name
from reportgen.analysis.column_format import exact, plain_text
from reportgen.analysis.compared_rows import Missing, Row
from reportgen.analysis.compared_values import ComparedColumn, ComparedValue, Comparison, Difference, EqualColumn
from reportgen.analysis.states import state_name
from reportgen.analysis.statistics import Estimate, Sample
from reportgen.blocks.comparison_words import statistic_name
from reportgen.blocks.links import run_link
from reportgen.blocks.sparkline import SparklineFrame, sparkline
from reportgen.blocks.table import MISSING, Cell, Constant, Head, TableView, name_html
from reportgen.charts.style import ChartStyle
from reportgen.model import AGGREGATE, Goal, State
from reportgen.words import _, ngettext

_BETTER = {(True, True): "▲", (False, True): "▼", (True, False): "△", (False, False): "▽"}
"""(goes up, is better) → sign: the direction is the direction, filled is better and hollow is worse."""


@dataclass(frozen=True)
class Line:
    """A column or, in a transposed table, a row: a head and one cell for each of what is compared."""

    head: Head
    cells: tuple[Cell, ...]


def comparison_view(
    comparison: Comparison,
    *,
    root: str,
    style: ChartStyle,
    sparklines: Sequence[str] = (),
    transposed: bool = False,
    id: str = "",
) -> TableView:
    """The table of a comparison.

    Args:
        root: The way from the page to the site's root.
        style: The colours of the runs.
        sparklines: Metrics to draw, each right after the column that shows it, else at the end.
        transposed: Runs as columns, keys as rows.
        id: The table's name in the address of a sorted view.
    """
    names = tuple(_row_head(row, comparison.baseline == i, root, style) for i, row in enumerate(comparison.rows))
    lines = _lines(comparison, sparklines, style, _room(comparison, transposed))
    what = _of_what(comparison)
    constants = [_constant(one) for one in comparison.equal]
    if by := comparison.rows[0].by if comparison.rows else ():
        counts = [len(row.runs) for row in comparison.rows]
        if len(set(counts)) == 1 and len(counts) > 1:
            constants.insert(0, Constant(_("runs"), str(counts[0]), str(counts[0])))
        else:
            lines.insert(0, Line(Head("runs", number=True, label=_seen(_("runs"))), tuple(Cell.of(str(count)) for count in counts)))
    corner = Head(" · ".join(name for name, _value in by) or "run", label=_by_html([name for name, _value in by]) or _seen(_("run")))
    if transposed:
        key = Head("key", label=Markup('<span class="said">{}</span>').format(_("key")))
        heads = (key, *(Head(cell.value or "", number=True, label=Markup(cell.html)) for cell in names))
        rows = tuple((_key(line.head), *_numbered(line)) for line in lines)
    else:
        heads = (corner, *(line.head for line in lines))
        rows = tuple((name, *(line.cells[i] for line in lines)) for i, name in enumerate(names))
    label = _("{what} compared").format(what=what)
    return TableView(heads, rows, label, tuple(constants), what, transposed, id)


def _seen(name: str) -> Markup:
    return Markup("{}").format(name)


def _constant(one: EqualColumn) -> Constant:
    """What all have in common; a state by its name in the reader's language."""
    name = attribute_name(one.name)
    if one.name == "state" and one.cell.exact in get_args(State):
        said = state_name(cast(State, one.cell.exact))
        return Constant(name, said, said)
    return Constant(name, one.cell.text, one.cell.exact)


def _of_what(comparison: Comparison) -> str:
    count = len(comparison.rows) + comparison.left_out
    if comparison.rows and comparison.rows[0].by:
        return ngettext("{n} group", "{n} groups", count).format(n=f"{count:,}")
    return ngettext("{n} run", "{n} runs", count).format(n=f"{count:,}")


def _by_html(names: Sequence[str]) -> Markup | None:
    return Markup(" · ").join(attribute_label(name) or name_html(name) for name in names) if names else None


def _key(head: Head) -> Cell:
    """The head of a row that was a column."""
    name = (head.label if head.data else None) or name_html(head.name)
    if head.data:
        return Cell(name, head.name)
    return Cell(Markup('{} <span class="prefix">{}</span>').format(name, _("over steps")), head.name, classes=("drawn",))


def _numbered(line: Line) -> tuple[Cell, ...]:
    """The cells of a row that was a column: each knows by itself whether it is a number."""
    return tuple(replace(cell, number=line.head.number) for cell in line.cells)


def _row_head(row: Row, is_baseline: bool, root: str, style: ChartStyle) -> Cell:
    tag = Markup(' <span class="baseline-tag">{}</span>').format(_("baseline")) if is_baseline else Markup("")
    classes = ("baseline",) if is_baseline else ()
    if row.by:
        # A single number is sorted as one; several values are a text.
        value = exact(row.by[0][1]) if len(row.by) == 1 and not isinstance(row.by[0][1], Missing) else row.name
        return Cell(Markup('<span class="value">{}</span>{}').format(row.name, tag), value, classes=classes)
    run = row.runs[0]
    link = run_link(run, root, style.colour(run.id))
    return Cell(Markup("{}{}").format(link, tag), run.name, title=run.name if len(run.name) > 24 else "", classes=classes)


Room = Callable[[ComparedColumn | None, int], int]
"""(column, or None for a sparkline; position of the row) → characters kept free for a difference beside the value."""


def _room(comparison: Comparison, transposed: bool) -> Room:
    """So much that the values stand in one line: as the widest difference of a column, or of all when runs are the columns."""
    widths = {
        column.name: max((len(cell.difference.text) + 2 for cell in column.cells if cell.difference), default=0)
        for column in comparison.columns
    }
    if transposed:
        widest = max(widths.values(), default=0)
        return lambda column, i: 0 if i == comparison.baseline else widest
    return lambda column, i: widths[column.name] if column else 0


def _lines(comparison: Comparison, sparklines: Sequence[str], style: ChartStyle, room: Room) -> list[Line]:
    lines: list[Line] = []
    waiting = list(dict.fromkeys(sparklines))
    last = {_metric(column): column.name for column in comparison.columns}
    for column in comparison.columns:
        head = Head(column.name, number=column.format.is_number, goal=column.goal, label=attribute_label(column.name))
        lines.append(Line(head, tuple(_cell(cell, column, room(column, i)) for i, cell in enumerate(column.cells))))
        metric = _metric(column)
        if metric in waiting and last[metric] == column.name:
            waiting.remove(metric)
            lines.append(_sparklines(metric, comparison.rows, style, column.goal, room))
    return lines + [_sparklines(metric, comparison.rows, style, None, room) for metric in waiting]


def _metric(column: ComparedColumn) -> str:
    """The metric that a column is about: `val/acc` for `max(val/acc)`."""
    found = AGGREGATE.match(column.name)
    return found[2] if found else column.name


def _sparklines(metric: str, rows: Sequence[Row], style: ChartStyle, goal: Goal | None, room: Room) -> Line:
    of_rows = [[(run.history[metric], style.colour(run.id)) for run in row.runs if metric in run.history] for row in rows]
    frame = SparklineFrame.around(series for row in of_rows for series, _ in row)
    label = Markup('<span class="said">{} </span>{}').format(metric, _("over steps"))
    cells = (_sparkline_cell(sparkline(lines, frame, goal), _difference(None, room(None, i))) for i, lines in enumerate(of_rows))
    return Line(Head(metric, label=label, data=False), tuple(cells))


def _sparkline_cell(svg: Markup, room: Markup) -> Cell:
    return Cell(svg + room, classes=("drawn",)) if svg else replace(MISSING, value=None, html=Markup(MISSING.html) + room)


def _cell(cell: ComparedValue, column: ComparedColumn, width: int) -> Cell:
    room = _difference(cell.difference, width)
    if cell.missing:
        return replace(MISSING, html=Markup(MISSING.html) + room)
    shown = Cell.of(cell.text, cell.exact, best=cell.is_best, like_best=cell.like_best)
    if cell.sample is not None and cell.sample.missing:
        whole = cell.sample.n + cell.sample.missing
        room = Markup(' <span class="partial">{}</span>').format(_("{n} of {all}").format(n=cell.sample.n, all=whole)) + room
    if cell.sample is not None and cell.estimate is not None and cell.sample.sd is not None:
        shown = _repeated(cell, cell.sample, cell.estimate)
    shown = replace(shown, html=_attribute(cell, column) or shown.html)
    if column.name == "state" and cell.value in get_args(State) and state_name(cast(State, cell.value)) != cell.value:
        # Sorted and copied as it is written in conditions.
        shown = replace(shown, value=str(cell.value))
    if isinstance(cell.value, datetime) and cell.size is not None:
        # Sorted by epoch seconds, copied as a time.
        title = cell.value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        shown = replace(shown, value=repr(cell.size), copied=cell.exact, title=title)
    if cell.difference is not None:
        shown = replace(shown, title=_spoken_difference(cell, cell.difference))
    return replace(shown, html=Markup(shown.html) + room)


def _repeated(cell: ComparedValue, sample: Sample, found: Estimate) -> Cell:
    """A number with its spread, the spread muted; all that is known of it when it is pointed at."""
    at = re.search(r" (?=[±(])", cell.text)
    number, spread = (cell.text[: at.start()], cell.text[at.start() :]) if at else (cell.text, "")
    seen = Markup('<span class="value">{}<span class="spread">{}</span></span>').format(number, spread)
    said = [_("{statistic} of {n} runs {value}").format(statistic=statistic_name(found.statistic), n=sample.n, value=repr(found.value))]
    if found.has_interval:
        level, low, high = f"{100 * found.level:.4g}", f"{found.low:.6g}", f"{found.high:.6g}"
        said.append(_("{level} % interval {low} to {high}").format(level=level, low=low, high=high))
    said.append(_("standard deviation {sd}").format(sd=repr(sample.sd)))
    shown = Cell.of(seen, cell.exact, best=cell.is_best, like_best=cell.like_best)
    return replace(shown, copied=cell.text.strip(), title="; ".join(said))


def _attribute(cell: ComparedValue, column: ComparedColumn) -> Markup | None:
    """The attributes that are more than their text; None for all others."""
    if column.name == "state" and cell.value in get_args(State):
        return Markup('<span class="state state-{}">{}</span>').format(cell.value, state_name(cast(State, cell.value)))
    if column.name == "tags" and isinstance(cell.value, tuple):
        return Markup(" ").join(Markup('<span class="tag">{}</span>').format(plain_text(tag)) for tag in cell.value)
    if isinstance(cell.value, datetime):
        return Markup('<time class="value" datetime="{}">{}</time>').format(cell.exact, cell.text)
    return None


def _difference(difference: Difference | None, width: int) -> Markup:
    """The difference to the baseline, in a box as wide as the widest of the column: the values before it stay in line."""
    if not width:
        return Markup("")
    if difference is None:
        return Markup('<span class="delta" style="--width:{}"></span>').format(width)
    if difference.better is None:
        return Markup('<span class="delta" style="--width:{}">{}</span>').format(width, difference.text)
    word, said = ("better", _("better")) if difference.better else ("worse", _("worse"))
    sign = _BETTER[difference.value > 0, difference.better]
    return Markup(
        '<span class="delta {0}" style="--width:{1}"><span aria-hidden="true">{2}</span> {3}<span class="said"> {4}</span></span>'
    ).format(word, width, sign, difference.text, said)


def _spoken_difference(cell: ComparedValue, difference: Difference) -> str:
    base = (cell.size or 0.0) - difference.value
    relative = f" ({difference.value / abs(base):+.2%})" if base else ""
    return _("{value}; {difference} against the baseline").format(value=cell.exact, difference=f"{difference.value:+.6g}{relative}")
