"""Tables in the page: what a table shows as one frozen value, and the HTML made of it.

Every table of the site is written here, so that all of them sort, filter and copy in the same way
(`themes/default/browser/tables.js`) and look the same (`themes/default/styles/40-tables.css`). Without
the script it is a plain table that reads well.

    view = TableView(
        heads=(Head("run"), Head("val/acc", number=True, goal="max")),
        rows=((Cell(run_link(run, root)), Cell.of("0.982", exact="0.98222", best=True)),),
        label="All runs",
    )
    markup = table_html(view)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from reportgen.blocks.readable import readable
from reportgen.model import AGGREGATE, Goal
from reportgen.words import _

_TITLE_LENGTH = 400
_VISIBLE_CONSTANTS = 12
_PREFIX = re.compile(r"^(.*[./])([^./]+)$", re.DOTALL)


@dataclass(frozen=True)
class Head:
    """The head of a column.

    Attributes:
        name: The full name, for example "config.optimizer.lr": the identity of the column when it is sorted,
            linked to and copied. What is seen is its last part below the part that it shares with its neighbours.
        number: Numbers stand at the right, text at the left.
        goal: The first click sorts the best to the top.
        label: What is seen instead of the name, as safe HTML (a link to a run).
        data: False for a column of pictures, which is neither sorted nor copied.
    """

    name: str
    number: bool = False
    goal: Goal | None = None
    label: Markup | None = None
    data: bool = True


@dataclass(frozen=True)
class Cell:
    """One cell. The first cell of a row is the head of that row.

    Attributes:
        html: What is seen, as safe HTML; a plain `str` is escaped.
        value: The exact value, by which the column is sorted and which is copied; "" for a missing one. None
            when what is seen is the value.
        copied: What is copied, where that is more than the value ("0.95 ± 0.01").
        title: What the pointer shows: the exact value where it is not what is seen.
        classes: CSS classes: "best", "like-best", "missing", "baseline".
        number: None as the column is; else this cell alone (a transposed table has both kinds in a column).
    """

    html: str | Markup
    value: str | None = None
    copied: str = ""
    title: str = ""
    classes: tuple[str, ...] = ()
    number: bool | None = None

    @classmethod
    def of(cls, text: str, exact: str | None = None, *, best: bool = False, like_best: bool = False) -> Cell:
        """A cell with a value that is seen in short and copied exactly, marked when it is the best of its column.

        `text` is wrapped as the value, unless it is safe HTML that has its own `<span class="value">`.
        """
        mark = _mark(best, like_best)
        classes = ("best",) if best else ("like-best",) if like_best else ()
        differs = exact is not None and exact != text.strip()
        seen = text if isinstance(text, Markup) else Markup(f'<span class="value">{escape(text)}</span>')
        return cls(mark + seen, exact if differs else None, title=exact or "" if differs else "", classes=classes)


MISSING = Cell(Markup('<span class="value">—</span>'), "", classes=("missing",))
"""A value that the run does not have."""



def _mark(best: bool, like_best: bool) -> Markup:
    """What stands before the best value of a column, and before those that cannot be told from it."""
    if best:
        return Markup('<span class="said">{} </span>').format(_("best:"))
    if like_best:
        return Markup('<span class="like" aria-hidden="true">≈</span><span class="said">{} </span>').format(_("not told from the best:"))
    return Markup()


@dataclass(frozen=True)
class Constant:
    """What all rows have in common (`name` in full; `text` is short and `exact` is not)."""

    name: str
    text: str
    exact: str


@dataclass(frozen=True)
class TableView:
    """A table as it is seen.

    Attributes:
        heads: One per column.
        rows: Each as long as `heads`.
        label: What the table is, for screen readers.
        constants: What is equal in all rows; it stands once in a line above.
        of_what: What the constants are equal in: "24 runs".
        transposed: The rows are keys and the columns runs: the rows are not sorted by what is in them.
        id: The name of the table in the address of a sorted or filtered view; "" lets the page number its tables.
        boxed: One of many tables of its page: more than a dozen rows scroll in a box.
    """

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    label: str = ""
    constants: tuple[Constant, ...] = ()
    of_what: str = "rows"
    transposed: bool = False
    id: str = ""
    boxed: bool = False


def table_html(view: TableView) -> Markup:
    """The table with the line of its constants, to be placed in a `<figure>` or anywhere in a page."""
    lines = [
        Markup('<div class="data-table{}">\n').format(" boxed" if view.boxed else ""),
        constants_html(view.constants, view.of_what),
        Markup('<div class="table-scroll" role="region" tabindex="0" aria-label="{}">\n').format(view.label or _("Table")),
        Markup('<table class="data{}"{}{}>\n').format(
            " transposed" if view.transposed else "",
            Markup("") if view.transposed else Markup(' data-sortable=""'),
            Markup(' data-name="{}"').format(view.id) if view.id else Markup(""),
        ),
        _head_html(view),
        Markup("<tbody>\n"),
        *(_row_html(row, view.heads) for row in view.rows),
        Markup("</tbody>\n</table>\n</div>\n</div>\n"),
    ]
    return Markup(readable(Markup("").join(lines)))


def constants_html(constants: tuple[Constant, ...], of_what: str) -> Markup:
    """The line above the table; what does not fit in a few lines is folded away."""
    if not constants:
        return Markup("")
    shown, folded = constants[:_VISIBLE_CONSTANTS], constants[_VISIBLE_CONSTANTS:]
    if len(folded) == 1:
        shown, folded = constants, ()
    lead = Markup('<span class="constants-lead">{}</span>').format(_("Equal in all {things}").format(things=of_what))
    line = Markup('<p class="constants">{} {}</p>\n').format(lead, _pairs(shown))
    if folded:
        summary = Markup("<summary>{}</summary>").format(_("and {n} more").format(n=len(folded)))
        line += Markup('<details class="constants">{} {}</details>\n').format(summary, _pairs(folded))
    return line


def split_name(name: str) -> tuple[str, str]:
    """The part of a column's name that it may share with others, and its own: `val/max(acc)` for `max(val/acc)`.

    >>> split_name("config.optimizer.lr"), split_name("max(val/acc)"), split_name("loss")
    (('config.optimizer.', 'lr'), ('val/', 'max(acc)'), ('', 'loss'))
    """
    if found := AGGREGATE.match(name):
        prefix, leaf = split_name(found[2])
        return prefix, f"{found[1]}({leaf})"
    parts = _PREFIX.match(name)
    return (parts[1], parts[2]) if parts else ("", name)


def name_html(name: str) -> Markup:
    """A column's name in one line, the shared part muted."""
    prefix, leaf = split_name(name)
    muted = Markup('<span class="prefix">{}</span>').format(prefix) if prefix else Markup("")
    return Markup('{}<span class="leaf">{}</span>').format(muted, leaf)


def _pairs(constants: Iterable[Constant]) -> Markup:
    pair = Markup('<span class="constant"><span class="key">{}</span> <span class="value"{}>{}</span></span>')
    return Markup(" ").join(
        pair.format(name_html(one.name), _title(one.exact if one.exact != one.text else ""), one.text) for one in constants
    )


def _head_html(view: TableView) -> Markup:
    """One row of heads, below a row of the prefixes that neighbours share (if any has one)."""
    prefixes = ["", *(split_name(head.name)[0] if head.label is None or not head.data else "" for head in view.heads[1:])]
    rows = [Markup("").join(_head_cell(head, prefix) for head, prefix in zip(view.heads, prefixes, strict=True))]
    if any(prefixes):
        rows.insert(0, Markup("").join(_spanners(prefixes)))
    body = Markup("").join(Markup("<tr>{}</tr>\n").format(row) for row in rows)
    return Markup("<thead>\n{}</thead>\n").format(body)


def _spanners(prefixes: list[str]) -> Iterator[Markup]:
    for prefix, group in groupby(prefixes):
        width = len(list(group))
        span = Markup(' colspan="{}"').format(width) if width > 1 else Markup("")
        if prefix:
            yield Markup('<th class="spanner" scope="colgroup"{}><span class="prefix">{}</span></th>').format(
                span, prefix.rstrip("./") or prefix
            )
        else:
            yield Markup('<td class="spanner"{}></td>').format(span)


def _head_cell(head: Head, prefix: str) -> Markup:
    leaf = split_name(head.name)[1] if prefix else head.name
    label = escape(leaf) if head.label is None else head.label
    kind = "number" if head.number else "text"
    goal = Markup(' data-goal="{}"').format(head.goal) if head.goal else Markup("")
    name = Markup(' data-name="{}"').format(head.name) if head.data else Markup("")
    title = _title(head.name if prefix else "")
    return Markup('<th scope="col" class="{}"{}{}{}>{}</th>').format(kind, name, goal, title, label)


def _row_html(row: tuple[Cell, ...], heads: tuple[Head, ...]) -> Markup:
    first, *others = zip(row, heads, strict=True)
    cells = (_cell_html(*first, tag="th"), *(_cell_html(cell, head) for cell, head in others))
    return Markup(f"<tr>{''.join(cells)}</tr>\n")


def _cell_html(cell: Cell, head: Head, tag: str = "td") -> Markup:
    """Plain f-strings with `escape`: `Markup.format` takes ten times as long, and there may be 100,000 cells."""
    kind = "number" if (head.number if cell.number is None else cell.number) else "text"
    classes = " ".join((kind, *cell.classes))
    scope = ' scope="row"' if tag == "th" else ""
    value = "" if cell.value is None else f' data-value="{escape(cell.value)}"'
    copied = f' data-copy="{escape(cell.copied)}"' if cell.copied else ""
    return Markup(f'<{tag} class="{escape(classes)}"{scope}{value}{copied}{_title(cell.title)}>{escape(cell.html)}</{tag}>')


def _title(text: str) -> Markup:
    if not text:
        return Markup("")
    return Markup(' title="{}"').format(text if len(text) <= _TITLE_LENGTH else text[: _TITLE_LENGTH - 1] + "…")
