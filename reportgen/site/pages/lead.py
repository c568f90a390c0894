"""What a run did, in one sentence: the first thing that its page says."""

from __future__ import annotations

import math

import numpy as np
from markupsafe import Markup

from reportgen.analysis.column_format import column_format, duration_text
from reportgen.analysis.main_metric import interest
from reportgen.blocks.readable import readable
from reportgen.model import Run, Series, goal_of, number
from reportgen.words import _, count, ngettext


def lead(run: Run) -> Markup:
    """The best value of the metric that matters and when it was reached; how many steps it took, and how long.

    Honest where there is no such metric, or none of its values is finite.
    """
    steps = max((int(series.step.max()) + 1 for series in run.history.values() if len(series)), default=0)
    if not steps:
        said = _summarised(run) or Markup(_("No metric was logged"))
        return Markup("{}.").format(_took(said, run))
    counted = Markup(ngettext("{n} step", "{n} steps", steps)).format(n=count(steps))
    return Markup("{}; {}.").format(_result(run), _took(counted, run))


def _took(said: Markup, run: Run) -> Markup:
    return said if run.duration is None else Markup(_("{said} in {time}")).format(said=said, time=duration_text(run.duration))


def value_text(key: str, value: float) -> str:
    """A value of a metric with three significant digits, as tables write it."""
    return column_format(key, [value], metric=True).text(value)


def _result(run: Run) -> Markup:
    finite = [key for key in sorted(run.history, key=lambda key: interest(key, run)) if len(run.history[key].finite)]
    if not finite:
        if len(run.history) > 1:
            return Markup(_("No metric has a finite value"))
        return Markup(_("No value of <strong>{metric}</strong> is finite")).format(metric=readable(next(iter(run.history))))
    key = finite[0]
    goal, series = goal_of(key, (run,)), run.history[key]
    if goal is None:
        at = int(np.flatnonzero(np.isfinite(series.value))[-1])
        sentence = _("Last <strong>{metric} {value}</strong> at {when}")
    else:
        value = series.finite.max() if goal == "max" else series.finite.min()
        at = int((series.value == value).argmax())
        sentence = _("Best <strong>{metric} {value}</strong> at {when}")
    shown = Markup(sentence).format(
        metric=readable(key), value=value_text(key, float(series.value[at])), when=_when(run, key, series, at)
    )
    ends = series.value[-1]
    if math.isfinite(ends):
        return shown
    return Markup(_("{said}, but it ends in {value}")).format(said=shown, value="NaN" if math.isnan(ends) else _("infinity"))


def _when(run: Run, key: str, series: Series, at: int) -> str:
    """“epoch 11” where the run has an axis of its own for the metric or counts epochs, else “step 160”."""
    step = int(series.step[at])
    defined = run.definition(key)
    name = (defined.step_metric if defined else None) or "epoch"
    axis = run.history.get(name)
    if axis is not None and key != name:
        here = np.flatnonzero(axis.step == step)
        if len(here) and math.isfinite(axis.value[here[-1]]):
            return f"{readable(name)} {axis.value[here[-1]]:g}"
    return _("step {step}").format(step=count(step))


def _summarised(run: Run) -> Markup | None:
    """What the summary says where there is no history: “Reached val/acc 0.93”."""
    numbers = {key: value for key, given in run.summary.items() if (value := number(given)) is not None and math.isfinite(value)}
    if not numbers:
        return None
    key = min(numbers, key=lambda key: interest(key, run))
    return Markup(_("Reached <strong>{metric} {value}</strong>")).format(
        metric=readable(key), value=value_text(key, numbers[key])
    )
