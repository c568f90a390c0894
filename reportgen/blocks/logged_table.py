"""The fence `table`: rows of a table that the runs logged, or what changed in it from one run to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import Field

from reportgen.analysis.table_columns import key_columns, table_columns
from reportgen.analysis.table_join import BROKEN, CHANGED, FIXED, Joined, join
from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.links import table_href
from reportgen.blocks.result_table import result_table
from reportgen.errors import Mistake, QueryError, did_you_mean, did_you_mean_key
from reportgen.model import Run, Table
from reportgen.model.sql import rows_where
from reportgen.words import _, count, ngettext


class Options(BlockOptions):
    """Options of `table`."""

    table: str = Field(description="The key under which the table was logged.")
    columns: str | list[str] | None = Field(None, description="Which columns, in this order; all by default.")
    where: str | None = Field(None, description="A SQL condition on its columns: `label <> prediction`.")
    sort: str | None = Field(None, description="A column to sort by: `confidence`, `confidence desc`.")
    limit: int = Field(20, ge=1, le=2000, description="Show no more rows than this.")
    step: int | None = Field(None, description="The step at which it was logged; the last one by default.")
    compare: str | None = Field(None, description="A run whose table is joined with that of the first run: which rows changed.")
    key: str | None = Field(None, description="The column that rows are joined on; by default one whose values are all different.")


def render(options: Options, context: Context) -> Fragment:
    """The rows of the table.

    Raises:
        QueryError: No run has the table, or it lacks a column.
    """
    found = [(run, table) for run in context.runs if (table := _table(run, options))]
    if not found:
        keys = list(dict.fromkeys(key for run in context.runs for key in run.tables))
        if options.table in keys:
            raise QueryError(f"no table '{options.table}' at step {options.step}")
        hint = did_you_mean(options.table, keys) or (f"there are: {', '.join(keys)}" if keys else "wandb.Table and its like log one")
        raise QueryError(f"no table '{options.table}'", hint=hint)
    if options.compare is not None:
        return _compared(options, found, context)
    if options.key is not None:
        raise Mistake("option 'key' belongs to a comparison", hint="name the other run with `compare:`")
    columns, rows = _stacked(found)
    kept = rows_where(columns, rows, options.where or "", options.sort or "")
    shown = _chosen(options.columns, columns)
    places = [columns.index(name) for name in shown]
    cells = [[rows[i][place] for place in places] for i in kept[: options.limit]]
    n = ngettext("{n} row", "{n} rows", len(kept)).format(n=count(len(kept)))
    more = _("The first {n} of {all}.").format(n=count(options.limit), all=n) if len(kept) > options.limit else n
    titles = {} if len(found) == 1 else {columns[0]: _("run")}
    return _fragment(options, context, shown, cells, options.table, more, found[0][0] if len(found) == 1 else None, titles)


def _table(run: Run, options: Options) -> Table | None:
    """The table of a run at the step that is asked for, else its last one."""
    tables = run.tables.get(options.table, ())
    if options.step is None:
        return tables[-1] if tables else None
    return next((table for table in tables if table.step == options.step), None)


def _stacked(found: Sequence[tuple[Run, Table]]) -> tuple[list[str], list[list[Any]]]:
    """The columns and rows of several tables below each other; of several runs with the run in front."""
    typed = [(run, table_columns(table)) for run, table in found]
    own = list(dict.fromkeys(column.name for _run, columns in typed for column in columns))
    name = [] if len(found) == 1 else ["_run" if "run" in own else "run"]
    rows = []
    for run, columns in typed:
        values = {column.name: column.values for column in columns}
        count_ = len(columns[0].values) if columns else 0
        rows += [[*([run.id] if name else []), *(values[one][i] if one in values else None for one in own)] for i in range(count_)]
    return [*name, *own], rows


def _chosen(wanted: str | list[str] | None, columns: Sequence[str]) -> list[str]:
    if wanted is None:
        return list(columns)
    chosen = [wanted] if isinstance(wanted, str) else wanted
    for name in chosen:
        if name not in columns:
            raise QueryError(f"no column '{name}'", hint=did_you_mean_key(name, columns) or f"there are: {', '.join(columns)}")
    return chosen


def _compared(options: Options, found: Sequence[tuple[Run, Table]], context: Context) -> Fragment:
    """The rows that changed from the first run to the one that is named."""
    other = context.all_runs.named(options.compare or "")
    second = _table(other, options)
    if second is None:
        raise QueryError(f"the run '{options.compare}' has no table '{options.table}'")
    first = next(((run, table) for run, table in found if run.id != other.id), None)
    if first is None:
        raise QueryError("there is no other run to compare with", hint="name the first one with `runs:`")
    sides = table_columns(first[1]), table_columns(second)
    keys = [name for name in key_columns(sides[0]) if name in key_columns(sides[1])]
    if options.key is not None and options.key not in {column.name for side in sides for column in side}:
        raise QueryError(f"no column '{options.key}'", hint=did_you_mean_key(options.key, [column.name for column in sides[0]]))
    joined = join(*sides, options.key or (keys[0] if keys else ""), (first[0].name, other.name))
    kept = rows_where(joined.columns, joined.rows, options.where or "", options.sort or "")
    shown = _chosen(options.columns, joined.columns)
    places = [joined.columns.index(name) for name in shown]
    kinds = {FIXED: _("now right"), BROKEN: _("now wrong"), CHANGED: _("changed")}
    cells = [[kinds[joined.rows[i][0]] if place == 0 else joined.rows[i][place] for place in places] for i in kept[: options.limit]]
    subtitle = _said(joined)
    if len(kept) > options.limit:
        subtitle += " " + _("The first {n} of {all}.").format(n=count(options.limit), all=count(len(kept)))
    title = _("{table}: {first} → {second}").format(table=options.table, first=first[0].name, second=other.name)
    return _fragment(options, context, shown, cells, title, subtitle, first[0], {joined.columns[0]: _("change")})


def _said(joined: Joined) -> str:
    """“Of 60 rows 1 went from wrong to right, 2 from right to wrong.”"""
    if joined.has_answers:
        text = _("Of {n} rows {fixed} went from wrong to right, {broken} from right to wrong, {other} from one wrong answer to another.")
    else:
        text = _("Of {n} rows {other} changed.")
    said = text.format(n=count(joined.joined), fixed=count(joined.fixed), broken=count(joined.broken), other=count(joined.other))
    if joined.alone:
        said += " " + ngettext("{n} row is in one of them only.", "{n} rows are in one of them only.", joined.alone).format(
            n=count(joined.alone)
        )
    return said


def _fragment(
    options: Options, context: Context, columns: Sequence[str], cells: Sequence[Sequence[Any]], title: str, subtitle: str, run: Run | None,
    titles: Mapping[str, str],
) -> Fragment:  # fmt: skip
    label = title if options.title is None else options.title
    table = result_table(
        columns, cells, context.all_runs, root=context.root, style=context.style, label=label, id=options.id or "", titles=titles
    )
    href, whole = table_href(options.table, context.root, run), _("The whole table")
    page = f'<p class="section-note"><a href="{href}">{whole}</a></p>'
    return Fragment(
        parts=(str(table), page) if context.site_runs is not None else (str(table),), kind="table", label="Table", title=label,
        subtitle=subtitle, caption=options.caption or "", width=options.width or ("wide" if len(columns) > 6 else "text"),
        id=options.id or "",
    )  # fmt: skip
