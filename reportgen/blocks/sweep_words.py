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
from reportgen.charts.words import key_words
from reportgen.model import State
from reportgen.words import _, count, ngettext

_NAMED = 3


def state_words() -> dict[State, str]:
    """What a state is called in the reader's language."""
    return {
        "finished": _("finished"), "pruned": _("pruned"), "failed": _("failed"), "crashed": _("crashed"), "killed": _("killed"),
        "running": _("running"), "unknown": _("of unknown state"),
    }  # fmt: skip


def reason_said(sweep: Sweep) -> str:
    """Why these runs are one sweep."""
    n = count(len(sweep.runs))
    untold = {
        "group": _("These {n} runs are one group, “{name}”, and their configs differ; no tracker calls them a sweep."),
        "project": _("These {n} runs are one project, “{name}”, and their configs differ; no tracker calls them a sweep."),
        "folder": _("These {n} runs lie in one folder, “{name}”, and their configs differ; no tracker calls them a sweep."),
    }
    if sweep.reason in untold:
        return untold[sweep.reason].format(n=n, name=readable(sweep.title))
    kinds = {"optuna": _("an Optuna study"), "wandb": _("a W&B sweep"), "wandb_api": _("a W&B sweep"), "hydra": _("a Hydra multirun"),
             "ray": _("a Ray experiment")}  # fmt: skip
    return _("{n} trials of {kind}.").format(n=n, kind=kinds.get(sweep.format, _("one sweep")))


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
            "{n} of {all} trials is on the Pareto front of {metrics}, so that no other beats it in all of them: {runs}.",
            "{n} of {all} trials are on the Pareto front of {metrics}, so that no other beats them in all of them: {runs}.",
            len(front),
        )
    ).format(n=count(len(front)), all=count(trials.n), metrics=_(" and ").join(names), runs=links)


def states_said(trials: Trials) -> str:
    """“60 trials: 51 finished, 9 pruned. 51 with a result count. 3 have the same config as another.”"""
    names = state_words()
    counted = ", ".join(f"{count(n)} {names[state]}" for state, n in states(trials.runs).items())
    total = ngettext("{n} trial: {states}.", "{n} trials: {states}.", len(trials)).format(n=count(len(trials)), states=counted)
    parts = [total]
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
    return " ".join(parts)


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
