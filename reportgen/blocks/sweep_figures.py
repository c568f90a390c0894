"""The charts of a sweep, as far as its trials fill them: for its page and for the fence `sweep`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

from reportgen.analysis.importance import Importance
from reportgen.analysis.sweeps import Trials
from reportgen.analysis.sweeps.parameters import searched
from reportgen.analysis.sweeps.progress import beginning
from reportgen.analysis.sweeps.trials import is_feasible
from reportgen.charts.best_so_far import best_so_far_chart
from reportgen.charts.contour import contour_chart, rank_chart
from reportgen.charts.edf import edf_chart
from reportgen.charts.figure import Figure
from reportgen.charts.importance import importance_bars
from reportgen.charts.intermediate import intermediate_chart
from reportgen.charts.layout import Layout
from reportgen.charts.parallel import ParallelSettings, parallel_chart
from reportgen.charts.pareto import hypervolume_chart, pareto_charts
from reportgen.charts.slices import slice_charts
from reportgen.charts.style import ChartStyle
from reportgen.charts.timeline import timeline_chart
from reportgen.words import _, count

MOST_SLICES, MOST_PAIRS = 6, 3
LEAST_TRIALS = 3
"""A hyperparameter that fewer of the trials have has no chart of its own."""
MOST_STILL = 150
"""So many lines the still drawing of parallel coordinates has: the best, and evenly chosen others."""
CARD, HALF = Layout(place=373), Layout(place=560)
"""Places in a row of three and in a row of two."""


def by_importance(trials: Trials, importance: Importance | None) -> list[str]:
    """The hyperparameters of the trials that count which vary among them, the most important first."""
    runs = trials.counted_runs
    keys = [key for key in trials.varied if len({repr(run.config.get(key)) for run in runs}) > 1]
    keys = [key for key in keys if searched(key, runs).has.any()]
    order = {one.name: i for i, one in enumerate(importance.parameters)} if importance else {}
    return sorted(keys, key=lambda key: order.get(key, len(order)))


def parallel(trials: Trials, keys: Sequence[str], style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """Parallel coordinates of the trials that count, still and complete without the script."""
    target = trials.objectives[0].column
    ranked = trials.ranked
    chosen = list(ranked)
    if len(ranked) > MOST_STILL:
        chosen = [ranked[i] for i in sorted({round(i * (len(ranked) - 1) / (MOST_STILL - 1)) for i in range(MOST_STILL)})]
    runs = trials.runs.in_order(run for run in trials.counted_runs if run in set(chosen))
    others = [one.column for one in trials.objectives[1:]]
    figures = parallel_chart(runs, ParallelSettings((*(f"config.{key}" for key in keys), *others), target), style, layout or Layout("full"))
    if len(chosen) < len(ranked):
        note = _("{n} of {all} trials are drawn: the best, and others evenly chosen by rank.")
        note = note.format(n=count(len(chosen)), all=count(len(ranked)))
        figures = [replace(figure, notes=(*figure.notes, note)) for figure in figures]
    return figures


def slices(trials: Trials, keys: Sequence[str], style: ChartStyle, layout: Layout = CARD) -> list[Figure]:
    """A slice for each of the most important hyperparameters."""
    return slice_charts(trials, drawn_keys(trials, keys)[:MOST_SLICES], style, layout) if trials.n else []


def drawn_keys(trials: Trials, keys: Sequence[str]) -> list[str]:
    """Those hyperparameters that enough of the trials have."""
    runs = trials.counted_runs
    return [key for key in keys if int(searched(key, runs).has.sum()) >= LEAST_TRIALS]


def pairs(trials: Trials, keys: Sequence[str], style: ChartStyle, layout: Layout, rank: bool = False) -> list[Figure]:
    """Contours or ranks of the first three pairs of hyperparameters, by their importance, that were varied together."""
    draw: Callable[..., Figure] = rank_chart if rank else contour_chart
    runs = trials.counted_runs
    known = {key: searched(key, runs) for key in drawn_keys(trials, keys)}

    def vary_together(x: str, y: str) -> bool:
        both = known[x].has & known[y].has
        return all(len(set(known[key].position[both].tolist())) > 1 for key in (x, y)) and int(both.sum()) >= LEAST_TRIALS

    fitting = [(x, y) for x, y in combinations(known, 2) if vary_together(x, y)] if trials.n else []
    return [draw(trials, x, y, style, layout) for x, y in fitting[:MOST_PAIRS]]


def progress(trials: Trials, style: ChartStyle, layout: Layout = HALF) -> list[Figure]:
    """The best so far over trials, and over time where the logs say when trials ended."""
    if not trials.n or not trials.objectives:
        return []
    figures = [best_so_far_chart(trials, style, layout, i) for i in range(len(trials.objectives))]
    if any(run.ended for run in trials.counted_runs) and beginning(trials) == beginning(trials):
        figures.insert(1, best_so_far_chart(trials, style, layout, over="time"))
    return figures


def front(trials: Trials, style: ChartStyle, layout: Layout = HALF) -> list[Figure]:
    """The Pareto front of several objectives, and its hypervolume."""
    if len(trials.objectives) < 2 or trials.n < 2:
        return []
    return [*pareto_charts(trials, style, layout), hypervolume_chart(trials, style, layout)]


def distribution(trials: Trials, style: ChartStyle, layout: Layout = HALF) -> list[Figure]:
    """The empirical distribution of each objective."""
    return [edf_chart(trials, style, layout, i) for i in range(len(trials.objectives))] if trials.n > 1 else []


def intermediate(trials: Trials, style: ChartStyle, layout: Layout) -> list[Figure]:
    """What the trials reported while they ran."""
    drawn = intermediate_chart(trials, style, layout)
    return [drawn] if drawn else []


def over_time(trials: Trials, style: ChartStyle, layout: Layout) -> list[Figure]:
    """The timeline, where the logs say when trials began."""
    return [timeline_chart(trials, style, layout)] if any(run.started for run in trials.runs) else []


def bars(importance: Importance | None, style: ChartStyle) -> list[Figure]:
    """The shares of the hyperparameters."""
    return [importance_bars(importance, style)] if importance is not None and importance.quantitative else []


def infeasible(trials: Trials) -> int:
    """How many trials broke a constraint of their study."""
    return sum(not is_feasible(run) for run in trials.runs)
