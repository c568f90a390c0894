"""The fence `runs`: a list of runs, and the same table for the page of all runs."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from pydantic import Field

from reportgen.analysis.compared_values import Comparison
from reportgen.analysis.comparison import compare
from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.compare import as_list
from reportgen.blocks.comparison_notes import legend, subtitle
from reportgen.blocks.comparison_view import comparison_view
from reportgen.blocks.table import table_html
from reportgen.charts.style import ChartStyle
from reportgen.model import Runs
from reportgen.words import _, count, ngettext

ATTRIBUTES = ("state", "started", "duration", "tags")
"""What every list of runs shows after the name, as far as any of its runs has it."""


class Options(BlockOptions):
    """The options of `runs`."""

    columns: str | list[str] | None = Field(
        None, description="More columns: names, globs (`config.optimizer.*`) and aggregates (`max(val/acc)`)."
    )
    sparklines: str | list[str] | None = Field(None, description="Metrics to draw over steps: names and globs.")
    percent: str | list[str] | None = Field(None, description="Columns that are shares of one, to be shown as percentages.")
    sort: str | None = Field(None, description="A column to sort by, best first; `started desc` puts the latest run first.")
    limit: int | None = Field(None, ge=1, description="Show no more runs than this.")


def render(options: Options, context: Context) -> Fragment:
    """The list of runs.

    Raises:
        QueryError: A column or a metric does not fit the runs.
    """
    comparison = listed(
        context.runs,
        as_list(options.columns),
        among=context.all_runs,
        sort=options.sort or "",
        limit=options.limit,
        percent=as_list(options.percent),
    )
    sparklines = context.runs.metrics_like(as_list(options.sparklines)) if context.runs else ()
    n = len(context.runs)
    return Fragment(
        parts=(str(listed_html(comparison, root=context.root, style=context.style, sparklines=sparklines, id=options.id or "")),),
        kind="runs",
        label="Table",
        title=ngettext("{n} run", "{n} runs", n).format(n=count(n)) if options.title is None else options.title,
        subtitle=subtitle(comparison, options.sort),
        caption=options.caption or "",
        width=options.width or ("wide" if len(comparison.columns) + len(sparklines) > 6 else "text"),
        id=options.id or "",
        notes=legend(comparison),
    )


def runs_table(
    runs: Runs,
    columns: Sequence[str] = (),
    *,
    root: str,
    style: ChartStyle,
    sparklines: Sequence[str] = (),
    sort: str = "",
    id: str = "runs",
) -> Markup:
    """The table of all runs, for a page of its own: name, state, these columns, then start, duration and tags.

    Args:
        columns: Names, globs and aggregates.
        root: The way from the page to the site's root.
        sparklines: Names of metrics to draw over steps.
        id: The table's name in the address of a sorted view.

    Raises:
        QueryError: A column fits nothing.
    """
    before, after = _attributes(runs, ATTRIBUTES[:1]), _attributes(runs, ATTRIBUTES[1:])
    comparison = compare(runs, [*before, *columns, *after], sort=sort)
    return listed_html(comparison, root=root, style=style, sparklines=sparklines, id=id)


def listed(
    runs: Runs,
    columns: Sequence[str],
    *,
    among: Runs | None = None,
    sort: str = "",
    limit: int | None = None,
    percent: Sequence[str] = (),
) -> Comparison:
    """The values of a list of runs. An attribute that no run has is left out.

    Raises:
        QueryError: A column fits nothing.
    """
    return compare(runs, [*_attributes(runs, ATTRIBUTES), *columns], among=among, sort=sort, limit=limit, percent=percent)


def _attributes(runs: Runs, names: Sequence[str]) -> list[str]:
    return [name for name in names if any(run[name] not in (None, "", (), "unknown") for run in runs)]


def listed_html(comparison: Comparison, *, root: str, style: ChartStyle, sparklines: Sequence[str] = (), id: str = "") -> Markup:
    """The list as a table, or a sentence when there are no runs."""
    if not comparison.rows:
        return Markup('<p class="empty">{}</p>').format(_("There are no runs here."))
    return table_html(comparison_view(comparison, root=root, style=style, sparklines=sparklines, id=id))
