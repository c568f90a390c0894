"""What is said of a sweep: why its runs are together, which trial is the best, and how the trials ended."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from reportgen.analysis.column_format import column_format
from reportgen.analysis.importance import Importance
from reportgen.analysis.importance.words import FEWEST_RUNS
from reportgen.analysis.sweeps import Sweep, Trials
from reportgen.analysis.sweeps.pareto import pareto_front
from reportgen.analysis.sweeps.trials import duplicates, states
from reportgen.blocks.links import run_link
from reportgen.blocks.readable import readable
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import key_words, listed
from reportgen.model import State
from reportgen.words import _, count, ngettext

_NAMED = 3


def state_words() -> dict[State, str]:
    """What a state is called in the reader's language."""
    return {
        "finished": _("finished"), "pruned": _("pruned"), "failed": _("failed"), "crashed": _("crashed"), "killed": _("killed"),
        "running": _("running"), "unknown": _("of unknown state"),
    }  # fmt: skip


def about_said(sweep: Sweep, trials: Trials) -> str:
    """Why these runs are one sweep, how they ended, and which of them count: “60 trials of an Optuna study: 51 finished, 9 pruned. …”"""
    n, format_ = len(sweep.runs), sweep.format
    untold = {
        "group": _("{n} runs of one group whose configs differ, taken as a sweep"),
        "project": _("{n} runs of one project whose configs differ, taken as a sweep"),
        "folder": _("{n} runs in one folder whose configs differ, taken as a sweep"),
    }
    told = {
        "optuna": ngettext("{n} trial of an Optuna study", "{n} trials of an Optuna study", n),
        "hydra": ngettext("{n} job of a Hydra multirun", "{n} jobs of a Hydra multirun", n),
        "ray": ngettext("{n} trial of a Ray experiment", "{n} trials of a Ray experiment", n),
        **dict.fromkeys(("wandb", "wandb-api"), ngettext("{n} run of a W&B sweep", "{n} runs of a W&B sweep", n)),
    }
    what = untold.get(sweep.reason) or told.get(format_) or ngettext("{n} trial of one sweep", "{n} trials of one sweep", n)
    ended = _("{trials}: {states}.").format(trials=what.format(n=count(n)), states=_states(trials))
    return " ".join([ended, *_remarks(trials)])


def best_said(trials: Trials, root: str, style: ChartStyle) -> Markup:
    """“trial-12 is the best of 51: value 0.964, 0.002 ahead of trial-7.”, the Pareto front of several objectives, or why there is none."""
    if not trials.objectives:
        return Markup(_("Nothing tells which of the trials is the best: no metric is known to be better when it is higher or lower."))
    names = [readable(key_words(one.column)) for one in trials.objectives]
    if not trials.n:
        return Markup(_("No trial has a finite value of {metric}.")).format(metric=", ".join(names))
    if len(trials.objectives) > 1:
        return _front_said(trials, names, root, style)
    column, goal = trials.objectives[0].column, trials.objectives[0].goal
    ranked = trials.ranked
    values = sorted((float(value) for value in trials.values[trials.counted, 0]), reverse=goal == "max")
    written = column_format(column, values, metric=True, goal=goal)
    link = run_link(ranked[0], root, style.colour(ranked[0].id))
    said = Markup(_("{run} is the best of {n}: {metric} <strong>{value}</strong>")).format(
        run=link, n=count(trials.n), metric=names[0], value=written.text(values[0])
    )
    if len(values) == 1:
        return Markup("{}.").format(said)
    second = run_link(ranked[1], root, style.colour(ranked[1].id))
    if values[0] == values[1]:
        return Markup(_("{said}, level with {run}.")).format(said=said, run=second)
    return Markup(_("{said}, {difference} ahead of {run}.")).format(
        said=said, difference=written.spread(abs(values[0] - values[1])), run=second
    )


def _front_said(trials: Trials, names: Sequence[str], root: str, style: ChartStyle) -> Markup:
    front = [run for run, is_front in zip(trials.counted_runs, pareto_front(trials.losses), strict=True) if is_front]
    links = Markup(", ").join(run_link(run, root, style.colour(run.id)) for run in front[:_NAMED])
    if len(front) > _NAMED:
        links = Markup(_("{runs} and {n} more")).format(runs=links, n=count(len(front) - _NAMED))
    return Markup(
        ngettext(
            "{n} of {all} trials is the best trade-off of {metrics} (the Pareto front): {runs}.",
            "{n} of {all} trials are the best trade-offs of {metrics} (the Pareto front): {runs}.",
            len(front),
        )
    ).format(n=count(len(front)), all=count(trials.n), metrics=listed(names, len(names)), runs=links)


def states_said(trials: Trials) -> str:
    """“51 finished, 9 pruned. Rankings and charts are about the 51 that came to their end with a result.”"""
    return " ".join([_("Trials: {states}.").format(states=_states(trials)), *_remarks(trials)])


def _states(trials: Trials) -> str:
    names = state_words()
    if len(trials) > 1 and len({run.state for run in trials.runs}) == 1:
        return _("all {state}").format(state=names[trials.runs[0].state])
    return ", ".join(_("{n} {state}").format(n=count(n), state=names[state]) for state, n in states(trials.runs).items())


def _remarks(trials: Trials) -> list[str]:
    """Which of the trials count where not all do, and which repeat others."""
    parts = []
    if trials.objectives and trials.n < len(trials):
        words = ngettext(
            "Rankings and charts are about the {n} that came to its end with a result.",
            "Rankings and charts are about the {n} that came to their end with a result.",
            trials.n,
        )
        if trials.has_undone:
            words = _("Rankings and charts are about the {n} with a result, also where they did not come to their end.")
        parts.append(words.format(n=count(trials.n)))
    if repeated := sum(len(several) - 1 for several in duplicates(trials)):
        words = ngettext("{n} trial repeats the config of another.", "{n} trials repeat the config of another.", repeated)
        parts.append(words.format(n=count(repeated)))
    return parts


def verdict_said(importance: Importance | None, trials: Trials) -> str:
    """What explains the objective, or why that is not known."""
    if importance is not None:
        return importance.verdict
    if not trials.objectives or not trials.n:
        return ""
    if trials.n < FEWEST_RUNS:
        return ngettext(
            "{n} trial with a result is too few to tell which hyperparameter moved {metric}.",
            "{n} trials with a result are too few to tell which hyperparameter moved {metric}.",
            trials.n,
        ).format(n=count(trials.n), metric=key_words(trials.objectives[0].column))
    return _("Which hyperparameter moved {metric} cannot be computed: none varies, or the results are all equal.").format(
        metric=key_words(trials.objectives[0].column)
    )
