"""The kinds of the fence `chart` that draw runs as trials: `slice`, `contour` and `pareto`."""

from __future__ import annotations

from dataclasses import replace

from reportgen.analysis.sweeps import Objective, Trials, trials_of
from reportgen.blocks.block import Context
from reportgen.blocks.chart_options import Options, names_of
from reportgen.charts.contour import contour_chart
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout
from reportgen.charts.pareto import pareto_charts
from reportgen.charts.slices import slice_charts
from reportgen.charts.words import counted, key_words
from reportgen.errors import Mistake, QueryError
from reportgen.words import _, count


def trial_figures(options: Options, context: Context) -> list[Figure]:
    """The charts of one of these kinds; runs that do not count are told in the notes.

    Raises:
        QueryError: A name fits no column, or nothing says what is better.
        Mistake: No run has a finite value of the objective, or a hyperparameter does not vary.
    """
    targets = [options.color] if options.kind == "contour" and options.color else names_of(options.y)
    if options.kind == "pareto":
        targets = [*names_of(options.x), *names_of(options.y)]
    trials = trials_of(context.runs, [_objective(context, name) for name in targets])
    if not trials.n:
        raise Mistake(f"no run has a finite {key_words(trials.objectives[0].column)}")
    width = options.width or "text"
    if options.kind == "pareto":
        return _told(trials, pareto_charts(trials, context.style, Layout(width, height=options.height, title=options.title)))
    names = names_of(options.x) if options.kind == "slice" else [*names_of(options.x), *names_of(options.y)]
    keys = [_key(context, trials, name) for name in names]
    if options.kind == "slice":
        layout = Layout(width, min(len(keys), 3 if width != "text" else 2), options.height, options.title if len(keys) == 1 else None)
        return _told(trials, slice_charts(trials, keys, context.style, layout))
    layout = Layout(width, height=options.height, title=options.title, legend=options.legend)
    return _told(trials, [contour_chart(trials, keys[0], keys[1], context.style, layout)])


def _objective(context: Context, name: str) -> Objective:
    column = context.runs.column(name)
    goal = context.runs.goal(column)
    if goal is None:
        raise QueryError(f"nothing says whether more or less of '{name}' is better", hint="define_metric, or a name such as val/loss, does")
    return Objective(column, goal)


def _key(context: Context, trials: Trials, name: str) -> str:
    """The config key of a name; it must vary among the trials that count."""
    column = context.runs.column(name)
    key = column.removeprefix("config.")
    if column == key:
        raise Mistake(f"'{name}' is no config key", hint="kind: scatter draws any column")
    if len({repr(run.config[key]) for run in trials.counted_runs if key in run.config}) < 2:
        raise Mistake(f"'{name}' does not vary between the {counted(trials.n, 'run')} with a result")
    return key


def _told(trials: Trials, drawn: list[Figure]) -> list[Figure]:
    """The first figure says how many runs are not drawn."""
    left_out = len(trials) - trials.n
    if not left_out:
        return drawn
    note = _("{n} of {runs} did not come to the end with a finite result and are not drawn.")
    note = note.format(n=count(left_out), runs=counted(len(trials), "run"))
    return [replace(drawn[0], notes=(*drawn[0].notes, note)), *drawn[1:]]
