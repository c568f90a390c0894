"""The fence `compare`: runs side by side, with what differs, what is best, and how far from a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from markupsafe import Markup
from pydantic import Field

from reportgen.analysis.column_format import amount
from reportgen.analysis.comparison import Comparison, compare, kind_of
from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.comparison_view import comparison_view
from reportgen.blocks.table import table_html
from reportgen.errors import QueryError
from reportgen.model import AGGREGATE, Goal, Run, Runs
from reportgen.words import _

_METRICS = 8
"""How many metrics are shown when the report does not name any."""
_SUMMARISED = (".min", ".max", ".mean", ".last", ".best")
"""What a tracker adds to the name of a metric in the summary; the metric itself is there already."""


class Options(BlockOptions):
    """The options of `compare`."""

    columns: str | list[str] | None = Field(
        None,
        description="What to compare: names, globs (`config.optimizer.*`) and aggregates (`max(val/acc)`). "
        "By default all of the config and the metrics that have a goal.",
    )
    layout: Literal["rows", "columns"] = Field("rows", alias="as", description="Whether the runs are the rows or the columns.")
    all_keys: bool = Field(False, description="Show the columns that are equal in all runs, instead of once above the table.")
    baseline: str | None = Field(None, description="The run from which differences are taken: a name, an id or `best(val/acc)`.")
    goals: dict[str, Literal["min", "max", "none"]] = Field(
        default_factory=dict,
        description="Whether less (`min`) or more (`max`) of a column is better, where its name does not say it; "
        "`none` marks nothing as the best.",
    )
    group: str | list[str] | None = Field(
        None,
        description="Columns by which runs are put together: one row for each combination, metrics as mean ± standard deviation.",
    )
    sparklines: bool | str | list[str] = Field(
        False, description="Draw metrics over steps: `true` for those of the table, or names and globs."
    )
    percent: str | list[str] | None = Field(None, description="Columns that are shares of one, to be shown as percentages.")
    sort: str | None = Field(None, description="A column to sort by, best first; `val/acc asc` and `val/acc desc` say the direction.")
    limit: int | None = Field(None, ge=1, description="Show no more runs than this; the baseline stays.")


def render(options: Options, context: Context) -> Fragment:
    """The table of a comparison.

    Raises:
        QueryError: A column, a metric or the baseline does not fit the runs.
    """
    if not context.runs:
        return _empty(options)
    group = as_list(options.group)
    comparison = compare(
        context.runs,
        as_list(options.columns) or default_columns(context.runs, with_config=not group),
        among=context.all_runs,
        baseline=_baseline(options.baseline, context.all_runs),
        goals=goals_of(options.goals),
        group=group,
        sort=options.sort or "",
        limit=options.limit,
        differing_only=not options.all_keys,
        percent=as_list(options.percent),
    )
    view = comparison_view(
        comparison,
        root=context.root,
        style=context.style,
        sparklines=_sparklines(options.sparklines, comparison, context.runs),
        transposed=options.layout == "columns",
        id=options.id or "",
    )
    return Fragment(
        parts=(str(table_html(view)),),
        kind="compare",
        label="Table",
        title=_("{what} compared").format(what=view.of_what) if options.title is None else options.title,
        subtitle=subtitle(comparison, options.sort),
        caption=options.caption or "",
        width=options.width or ("wide" if len(view.heads) > 7 else "text"),
        id=options.id or "",
        notes=legend(comparison),
    )


def default_columns(runs: Runs, *, with_config: bool = True) -> list[str]:
    """What is compared when the report names no columns: the config, and the metrics that say what is better.

    Keys that begin with an underscore are the tracker's own. Without any metric that has a goal all metrics count.
    """
    config = [f"config.{key}" for key in runs.config_keys if not key.startswith("_")] if with_config else []
    metrics = [key for key in _scalars(runs) if not key.startswith("_")]
    chosen = [key for key in metrics if runs.goal(key)] or metrics
    return config + [f"summary.{key}" if f"summary.{key}" in runs.columns else key for key in chosen[:_METRICS]]


def _scalars(runs: Runs) -> list[str]:
    """The metrics, then the numbers that only the summary has (but not the parts of a logged image or table)."""
    found = dict.fromkeys(runs.metrics)
    for run in runs:
        media = tuple(f"{key.removesuffix('._type')}." for key in run.summary if key.endswith("._type"))
        for key, value in run.summary.items():
            if amount(value) is not None and not (media and key.startswith(media)):
                found.setdefault(key)
    return [key for key in found if not (key.endswith(_SUMMARISED) and key.rpartition(".")[0] in found)]


def goals_of(given: dict[str, Literal["min", "max", "none"]]) -> dict[str, Goal | None]:
    """The `goals` option as the analysis takes it."""
    return {name: None if goal == "none" else goal for name, goal in given.items()}


def as_list(value: str | Sequence[str] | None) -> list[str]:
    """An option that may be one name or a list of names."""
    return [value] if isinstance(value, str) else list(value or ())


def _baseline(name: str | None, runs: Runs) -> Run | None:
    if name is None:
        return None
    found = runs.select(name)
    if len(found) != 1:
        raise QueryError(f"the baseline '{name}' is {len(found)} runs", hint="name one run")
    return found[0]


def _sparklines(option: bool | str | list[str], comparison: Comparison, runs: Runs) -> tuple[str, ...]:
    if option is False:
        return ()
    if option is not True:
        return runs.metrics_like(option)
    shown = [(found[2] if (found := AGGREGATE.match(column.name)) else column.name) for column in comparison.columns]
    return tuple(dict.fromkeys(name for name in shown if kind_of(name) == "metric" and name in runs.metrics))


def subtitle(comparison: Comparison, sort: str | None) -> str:
    """What was done to the data, in a few words."""
    said = []
    if comparison.rows and comparison.rows[0].by:
        said.append(_("mean ± standard deviation"))
    if comparison.baseline is not None:
        said.append(_("differences to {run}").format(run=comparison.rows[comparison.baseline].name))
    if sort:
        said.append(_("sorted by {column}").format(column=sort))
    if comparison.left_out:
        shown = len(comparison.rows)
        said.append(_("{shown} of {all} shown").format(shown=shown, all=shown + comparison.left_out))
    return ", ".join(said)


def legend(comparison: Comparison) -> tuple[str, ...]:
    """What the marks in the table mean, for those that it has, in one note."""
    cells = [cell for column in comparison.columns for cell in column.cells]
    notes = []
    if any(cell.like_best for cell in cells):
        if comparison.rows[0].by:
            notes.append(_("Bold: the best value. ≈: cannot be told from it by the spread of its runs (Welch’s t test, 5 %)."))
        else:
            notes.append(_("Bold: the best value. ≈: cannot be told from it by the spread of repeats (Welch’s t test, 5 %)."))
    elif any(cell.is_best for cell in cells):
        notes.append(_("Bold: the best value."))
    if any(cell.difference and cell.difference.better is not None for cell in cells):
        notes.append(_("▲ ▼ better, △ ▽ worse than the baseline."))
    if any(cell.sample and cell.sample.missing for cell in cells):
        notes.append(_("“2 of 3”: the others have no finite value."))
    return (" ".join(notes),) if notes else ()


def _empty(options: Options) -> Fragment:
    chosen = Markup("<code>{}</code>").format(", ".join(as_list(options.runs)))
    said = Markup(_("There are no runs to compare: {selection} fits none.")).format(selection=chosen)
    text = Markup('<p class="empty">{}</p>').format(said)
    return Fragment((str(text),), "compare", "Table", options.title or "", caption=options.caption or "", id=options.id or "")
