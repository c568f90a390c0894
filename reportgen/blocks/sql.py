"""The fence `sql`: a query over `runs`, `history` and the logged tables, its answer as a table or a chart."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.result_table import result_table
from reportgen.charts.figure import PIXELS
from reportgen.charts.panels import panel_figure
from reportgen.errors import Mistake, QueryError, did_you_mean
from reportgen.model import Panel, Table
from reportgen.model.sql import Result, ask
from reportgen.words import _, count, ngettext

PLAIN = "query"
_MOST = 10_000
"""So many rows of an answer are drawn in a chart."""


class Options(BlockOptions):
    """Options of `sql`. A fence that holds nothing but the query needs no `query:`."""

    query: str = Field(
        description="One SELECT over `runs`, `history` (run, name, key, step, time, value) and each logged table by its key (with "
        "run, name, step). Names such as `config.lr` and `val/acc` may be written plainly."
    )
    limit: int = Field(100, ge=1, le=10_000, description="Show no more rows than this.")
    chart: Literal["line", "scatter", "bar", "histogram"] | None = Field(None, description="Draw the answer instead of listing it.")
    x: str | None = Field(None, description="The column to the right, of a bar chart the one with the names; the first by default.")
    y: str | None = Field(None, description="The column upwards; the second by default.")
    series: str | None = Field(None, description="A line or colour for each value of this column.")

    @model_validator(mode="after")
    def _are_of_a_chart(self) -> Options:
        for name in ("x", "y", "series"):
            if getattr(self, name) is not None and self.chart is None:
                raise Mistake(f"option '{name}' belongs to a chart", hint="say which with `chart:`")
        return self


def render(options: Options, context: Context) -> Fragment:
    """The answer to the query.

    Raises:
        QueryError: The query is wrong, or its answer lacks a column of the chart.
    """
    result = ask(context.runs, options.query, most=_MOST if options.chart else options.limit)
    if options.chart:
        return _drawn(options, result, context)
    rows = ngettext("{n} row", "{n} rows", len(result.rows)).format(n=count(len(result.rows)))
    title = options.title if options.title is not None else _("The first {rows}").format(rows=rows) if result.has_more else rows
    table = result_table(
        result.columns, result.rows, context.all_runs, root=context.root, style=context.style, label=title or "SQL", id=options.id or ""
    )
    return Fragment(
        parts=(str(table),), kind="sql", label="Table", title=title, caption=options.caption or "",
        width=options.width or ("wide" if len(result.columns) > 6 else "text"), id=options.id or "",
    )  # fmt: skip


def _drawn(options: Options, result: Result, context: Context) -> Fragment:
    columns = list(result.columns)
    if len(columns) < 2 and options.chart != "histogram":
        raise QueryError("a chart needs at least two columns", hint="select what stands below and what goes upwards")
    for name in filter(None, (options.x, options.y, options.series)):
        if name not in columns:
            raise QueryError(f"no column '{name}' in the answer", hint=did_you_mean(name, columns) or f"there are: {', '.join(columns)}")
    x = options.x or columns[0]
    y = options.y or next((name for name in columns if name not in (x, options.series)), x)
    fields = {"line": {"x": x, "y": y}, "scatter": {"x": x, "y": y}, "bar": {"label": x, "value": y}, "histogram": {"value": x}}
    kind = options.chart or "line"
    panel = Panel("sql", "sql", kind, {**fields[kind], **({"series": options.series} if options.series else {})})
    title = options.title if options.title is not None else x if kind == "histogram" else _("{y} by {x}").format(y=y, x=x)
    width = options.width or "text"
    figure = panel_figure(panel, Table("sql", 0, result.columns, result.rows), context.style, title=title or "SQL", place=PIXELS[width])
    if figure is None:
        raise QueryError("the answer has no number to draw")
    notes = (_("The first {n} rows of the answer.").format(n=count(_MOST)),) if result.has_more else ()
    return Fragment(
        parts=(figure,), kind="sql", title=title, caption=options.caption or "", width=width, id=options.id or "", notes=notes
    )
