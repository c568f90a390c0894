"""Queries to begin with: about the main metric of the runs, their history, and what else they logged."""

from __future__ import annotations

from collections.abc import Iterator

from reportgen.analysis.main_metric import main_metric
from reportgen.analysis.repeats import is_seed
from reportgen.charts.axis import is_log_key
from reportgen.errors import QueryError
from reportgen.model import Runs
from reportgen.model.sql import ask, every_table, sql_name
from reportgen.site.query_contexts import ExampleQuery
from reportgen.words import _

_COLUMNS, _ROWS = 3, 10


def first_query(runs: Runs) -> ExampleQuery:
    """The best runs by their main metric, with what differs between them; else the latest runs."""
    metric = main_metric(runs)
    keys = [f"config.{key}" for key in sorted(runs.config_keys, key=lambda key: (not is_log_key(key), is_seed(key)))]
    differing = [key for key in keys if len({repr(run[key]) for run in runs}) > 1][:_COLUMNS]
    if metric:
        column = sql_name(runs.column(metric))
        order = f"{column}{' desc' if runs.goal(metric) == 'max' else ''} nulls last, name"
        title = _("The best runs, and what differs between them")
    else:
        column, order, title = "state", "started desc nulls last, name", _("The latest runs")
    columns = ", ".join(["name", column, *map(sql_name, differing)])
    return ExampleQuery(title, f"select {columns}\nfrom runs\norder by {order}\nlimit {_ROWS}")


def other_queries(runs: Runs) -> tuple[ExampleQuery, ...]:
    """More of them; only those that have an answer."""
    return tuple(one for one in _others(runs) if _has_answer(runs, one.sql))


def _others(runs: Runs) -> Iterator[ExampleQuery]:
    if metric := main_metric(runs):
        best, at = ("max", "arg_max") if runs.goal(metric) == "max" else ("min", "arg_min")
        key = metric.replace("'", "''")
        yield ExampleQuery(
            _("The best value of each run, and at which step"),
            f"select name, {best}(value) as best, {at}(step, value) as at_step\nfrom history\nwhere key = '{key}'\n"
            f"group by name\norder by best{' desc' if best == 'max' else ''} nulls last, name",
        )
    yield ExampleQuery(
        _("What was logged, and between which values"),
        "select key, count(*) as points, min(value) as least, max(value) as most\nfrom history\ngroup by key\norder by key",
    )
    logged = [(name, source) for name, source in every_table(runs).items() if name not in ("runs", "history")]
    for name, source in logged[:1]:
        run, step = sql_name(source.columns[1]), sql_name(source.columns[2])
        yield ExampleQuery(
            _("The rows of a logged table, by run and step"),
            f"select {run}, {step}, count(*) as rows\nfrom {sql_name(name)}\ngroup by all\norder by all",
        )
    if not logged:
        yield ExampleQuery(
            _("How the runs ended, and how long they took"),
            "select state, count(*) as runs, avg(duration) as seconds\nfrom runs\ngroup by state\norder by runs desc, state",
        )


def _has_answer(runs: Runs, sql: str) -> bool:
    try:
        return bool(ask(runs, sql, most=1).rows)
    except QueryError:
        return False
