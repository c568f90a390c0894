"""The page of all runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from reportgen.analysis.column_format import column_format
from reportgen.analysis.importance.parameters import is_seed
from reportgen.analysis.main_metric import interest, main_metric, ranking
from reportgen.analysis.states import counted_state
from reportgen.blocks.links import RUNS_PAGE, run_link
from reportgen.blocks.readable import readable
from reportgen.blocks.runs import runs_table
from reportgen.charts.axis import is_log_key
from reportgen.charts.style import ChartStyle
from reportgen.model import Runs, State, number
from reportgen.site.contexts import RunsContext
from reportgen.site.pages.dashboard import dashboard_script
from reportgen.site.site import ComposedPage, Site
from reportgen.words import _, count, ngettext

_COLUMNS, _METRICS, _PROJECTS = 9, 3, 4
_STATIC = 100
"""Runs in the table that stands in the page without the script and on paper."""
_UNDONE: tuple[State, ...] = ("failed", "crashed", "killed", "running")


def runs_pages(site: Site) -> Iterator[ComposedPage]:
    """The page of all runs; without a report, the runs are what the site is about, and it is the first page, too."""
    if not site.runs:
        return
    metric = main_metric(site.runs)
    columns = _columns(site.runs, metric)
    data = dashboard_script(site, columns, metric)
    page = _page(site.runs, metric, columns, base=site.base(RUNS_PAGE), style=site.workspace.style, data=data)
    page = replace(page, query=site.query_href(RUNS_PAGE))
    if not site.documents:
        yield site.page("index.html", "runs.html", replace(page, **site.base("index.html")))
    yield site.page(RUNS_PAGE, "runs.html", page)


def runs_page(runs: Runs, *, base: Mapping[str, Any], style: ChartStyle) -> RunsContext:
    """The page without its dashboard; `base` is the fields of `PageContext` but title and description."""
    metric = main_metric(runs)
    return _page(runs, metric, _columns(runs, metric), base=base, style=style, data="")


def _page(
    runs: Runs, metric: str, columns: Sequence[str], *, base: Mapping[str, Any], style: ChartStyle, data: str
) -> RunsContext:
    """The page.

    Args:
        metric: The main metric, "" for none.
        columns: The columns of the table at first.
        data: The script of the dashboard, a path below the site's root; "" for a page without it.
    """
    root = base["root"]
    ranked = dict.fromkeys([*(ranking(runs, metric) if metric else ()), *runs])
    shown = runs.in_order(list(ranked)[:_STATIC])
    there = set(shown.columns)
    table = runs_table(shown, [name for name in columns if name in there], root=root, style=style, sort=metric)
    lead = Markup(" ").join(part for part in (_best(runs, metric, root, style), _states(runs), _projects(runs)) if part)
    return RunsContext(
        **base, title=_("Runs"), description=lead.striptags(), lead=lead, table=table, table_count=len(shown), run_count=len(runs),
        data=data,
    )  # fmt: skip


def _best(runs: Runs, metric: str, root: str, style: ChartStyle) -> Markup:
    """“sweep-07 is the best of 24 runs: val/acc 0.964, 0.002 ahead of sweep-22.”"""
    if not metric:
        return _nothing_ranks(runs)
    ranked = ranking(runs, metric)
    values = [value for run in ranked if (value := number(run[runs.column(metric)])) is not None]
    written = column_format(metric, values, metric=True, goal=runs.goal(metric))
    first = run_link(ranked[0], root, style.colour(ranked[0].id))
    key, shown = readable(metric), written.text(values[0])
    if len(runs) == 1:
        return Markup(_("{run} ended at {metric} <strong>{value}</strong>.")).format(run=first, metric=key, value=shown)
    if len(values) == 1:
        said = Markup(_("{run} is the best of {n} runs: {metric} <strong>{value}</strong>; no other run has a finite value."))
        return said.format(run=first, n=count(len(runs)), metric=key, value=shown)
    said = Markup(_("{run} is the best of {n} runs: {metric} <strong>{value}</strong>"))
    said = said.format(run=first, n=count(len(runs)), metric=key, value=shown)
    second = run_link(ranked[1], root, style.colour(ranked[1].id))
    ahead = abs(values[0] - values[1])
    if ahead == 0:
        sentence = Markup(_("{said}, level with {run}.")).format(said=said, run=second)
    else:
        sentence = Markup(_("{said}, {difference} ahead of {run}.")).format(said=said, difference=written.spread(ahead), run=second)
    if not (lacking := len(runs) - len(values)):
        return sentence
    without = Markup(ngettext("{n} has no finite {metric}.", "{n} have no finite {metric}.", lacking))
    return Markup("{} {}").format(sentence, without.format(n=count(lacking), metric=key))


def _nothing_ranks(runs: Runs) -> Markup:
    """Why no run is called the best."""
    n = len(runs)
    logged = [series for run in runs for series in run.history.values()]
    if not logged:
        sentence = ngettext("This run logged no metric.", "None of these {n} runs logged any metric.", n)
    elif not any(len(series.finite) for series in logged):
        sentence = ngettext(
            "This run has no finite value of a metric.", "None of these {n} runs has any finite value of a metric.", n
        )  # fmt: skip
    else:
        sentence = ngettext(
            "One run; of none of its metrics it is known whether more or less is better.",
            "{n} runs. No metric tells which of them is the best: "
            "none that at least half of them have is known to be better when it is higher or lower.",
            n,
        )
    return Markup(sentence).format(n=count(n))


def _states(runs: Runs) -> Markup:
    """“1 failed, 2 crashed.”"""
    counts = Counter(run.state for run in runs if run.state in _UNDONE)
    if not counts:
        return Markup("")
    return Markup("{}.").format(", ".join(counted_state(state, counts[state]) for state in _UNDONE if counts[state]))


def _projects(runs: Runs) -> Markup:
    """“Projects: digits 20, mnist 4.”, where there are several."""
    counts = Counter(run.project for run in runs if run.project)
    if len(counts) < 2:
        return Markup("")
    named = [f"{readable(name)} {count(n)}" for name, n in counts.most_common(_PROJECTS)]
    rest = [_("{n} more").format(n=len(counts) - _PROJECTS)] if len(counts) > _PROJECTS else []
    return Markup(_("Projects: {projects}.")).format(projects=", ".join([*named, *rest]))


def _columns(runs: Runs, metric: str) -> Sequence[str]:
    """What differs between the runs: metrics with a direction, where they belong, hyperparameters; no more than fit.

    Learning rates, which nobody wants to look for, come first, and seeds last.
    """
    keys = sorted(runs.config_keys, key=lambda key: (is_seed(key), not is_log_key(key)))
    config = [f"config.{key}" for key in keys if _differs(runs, f"config.{key}")]
    directed = sorted((key for key in runs.metrics if runs.goal(key) and key != metric), key=lambda key: interest(key, runs[0]))
    metrics = [*([metric] if metric else []), *directed][:_METRICS]
    about = [name for name in ("project", "group", "job_type") if _differs(runs, name)]
    return [*metrics, *about, *config[: _COLUMNS - len(metrics) - len(about)]]


def _differs(runs: Runs, column: str) -> bool:
    return len({repr(run[column]) for run in runs}) > 1
