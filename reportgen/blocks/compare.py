"""The fence `compare`: runs side by side, with what differs, what is best, and how far from a baseline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from markupsafe import Markup
from pydantic import Field

from reportgen.analysis.column_format import amount
from reportgen.analysis.compared_values import Comparison, Repeats, Spread
from reportgen.analysis.comparison import compare, kind_of
from reportgen.analysis.comparison_tests import RowTests, row_tests, with_marks
from reportgen.analysis.statistics import LEVEL, Statistic
from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.blocks.compare_at import At, taken
from reportgen.blocks.comparison_notes import legend, subtitle, tests_legend
from reportgen.blocks.comparison_tests_view import tests_view
from reportgen.blocks.comparison_view import comparison_view
from reportgen.blocks.comparison_words import verdict
from reportgen.blocks.readable import paragraph
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
        description="Columns by which runs are put together: one row for each combination, metrics as mean ± 95 % interval.",
    )
    statistic: Statistic = Field("mean", description="What stands for the runs of a group: `mean`, `median`, `iqm` (interquartile mean).")
    spread: Spread = Field("interval", description="What stands beside it: its `interval`, or the standard deviation `sd` of the runs.")
    level: float = Field(LEVEL, gt=0.5, lt=1, description="How sure an interval is to hold the truth.")
    tasks: str | list[str] = Field(
        default_factory=list,
        description="Columns that say on what a run was tried, such as `config.dataset`: each task counts the same (with `group`).",
    )
    statistics: bool | str | list[str] = Field(
        False,
        description="Test each group against the baseline, else the best, in these metrics: difference, probability of being better, "
        "effect size, p value and the runs that are needed. `true` for the first metric that has a goal.",
    )
    paired: bool = Field(False, description="With `statistics`: take differences between runs of the same seed.")
    at: At | None = Field(
        None,
        description="Take metrics at the last `step`, or at the last `time` since the start, that all runs reached, whatever came later; "
        "`result`: the steps and seconds that each run took to the best value of the first metric that all runs reached.",
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
    _check(options)
    group = as_list(options.group)
    columns = as_list(options.columns) or default_columns(context.runs, with_config=not group)
    what = taken(options.at, context.runs, context.all_runs, columns, goals_of(options.goals))
    comparison = compare(
        what.runs,
        what.columns,
        among=what.among,
        baseline=_baseline(options.baseline, what.among),
        goals=what.goals,
        group=group,
        sort=options.sort or "",
        limit=options.limit,
        differing_only=not options.all_keys,
        percent=as_list(options.percent),
        repeated=Repeats(options.statistic, options.spread, options.level, tuple(as_list(options.tasks))),
    )
    found = [row_tests(comparison, metric, paired=options.paired) for metric in _tested(options.statistics, comparison, what.among)]
    for one in found:
        comparison = with_marks(comparison, one)
    view = comparison_view(
        comparison,
        root=context.root,
        style=context.style,
        sparklines=_sparklines(options.sparklines, comparison, what.runs),
        transposed=options.layout == "columns",
        id=options.id or "",
    )
    return Fragment(
        parts=(*(paragraph(verdict(comparison, one)) for one in found), str(table_html(view)), *(_tests(comparison, one) for one in found)),
        kind="compare",
        label="Table",
        title=_("{what} compared").format(what=view.of_what) if options.title is None else options.title,
        subtitle=subtitle(comparison, options.sort, what.said),
        caption=options.caption or "",
        width=options.width or ("wide" if len(view.heads) > 7 else "text"),
        id=options.id or "",
        explained="comparison" if found else "",
        notes=(*legend(comparison, paired=options.paired), *tests_legend(comparison, found)),
    )


def _check(options: Options) -> None:
    """Options that mean something only together.

    Raises:
        QueryError: One stands alone.
    """
    for name in ("statistics", "tasks"):
        if getattr(options, name) and not options.group:
            raise QueryError(f"option '{name}' compares groups of runs", hint="say by what they are grouped, as in group: config.model")
    if options.paired and not options.statistics:
        raise QueryError("option 'paired' is for statistics", hint="write statistics: true")
    if options.spread == "sd" and options.statistic != "mean":
        raise QueryError("a standard deviation belongs to a mean", hint="leave out spread, or write statistic: mean")


def _tested(option: bool | str | list[str], comparison: Comparison, known: Runs) -> list[str]:
    """The metrics that are tested."""
    if option is False:
        return []
    if option is not True:
        return [known.column(name) for name in as_list(option)]
    fitting = (column.name for column in comparison.columns if column.goal and any(cell.sample for cell in column.cells))
    if (first := next(fitting, None)) is None:
        raise QueryError("no metric of the table says whether more or less of it is better", hint="name one: statistics: val/acc")
    return [first]


def _tests(comparison: Comparison, tests: RowTests) -> str:
    """The table of one metric's tests, below the table of the comparison."""
    view = tests_view(comparison, tests)
    heading = Markup('<p class="table-title">{}</p>').format(view.label)
    return str(heading + table_html(view)) if tests.others else ""


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


def _empty(options: Options) -> Fragment:
    chosen = Markup("<code>{}</code>").format(", ".join(as_list(options.runs)))
    said = Markup(_("There are no runs to compare: {selection} fits none.")).format(selection=chosen)
    text = Markup('<p class="empty">{}</p>').format(said)
    return Fragment((str(text),), "compare", "Table", options.title or "", caption=options.caption or "", id=options.id or "")
