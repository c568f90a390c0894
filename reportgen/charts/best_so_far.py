"""The best so far: what each trial reached, and the best up to it, over trials or over time.

`python -m reportgen.charts.best_so_far > best_so_far.svg` draws an example.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from reportgen.analysis.sweeps.progress import best_so_far, over_time
from reportgen.analysis.sweeps.trials import Trials
from reportgen.charts.axis import Scale, duration_scale
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.slices import objective_scale
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, key_words, number_text, run_labels, shorten
from reportgen.words import _, count

Over = Literal["trials", "time"]


def best_so_far_chart(trials: Trials, style: ChartStyle, layout: Layout | None = None, objective: int = 0, over: Over = "trials") -> Figure:
    """A point for each trial that counts, and a line of steps of the best up to it.

    Over time a trial stands where it ended; those whose end no log tells are left out and told.
    """
    layout = layout or Layout()
    target = trials.objectives[objective]
    progress = best_so_far(trials, objective)
    labels = run_labels(trials.runs)
    names = [labels[run.id] for run in trials.counted_runs]
    if over == "time":
        x = duration_scale(progress.ended[np.isfinite(progress.ended)], _("time since the first trial began"))
        at, best = over_time(progress, target.sign)
        points = pd.DataFrame({"x": progress.ended / x.divisor, "y": progress.value, "run": names})[np.isfinite(progress.ended)]
        steps = pd.DataFrame({"x": at / x.divisor, "best": best})
    else:
        x = Scale(_("trial"), "linear", (0.0, float(max(1, len(trials) - 1))))
        points = pd.DataFrame({"x": progress.trial, "y": progress.value, "run": names})
        steps = pd.DataFrame({"x": progress.trial, "best": progress.best})
    if len(steps) and over == "trials" and steps["x"].iloc[-1] < len(trials) - 1:
        steps = pd.concat([steps, pd.DataFrame({"x": [len(trials) - 1], "best": [steps["best"].iloc[-1]]})], ignore_index=True)
    lacking = int((~np.isfinite(progress.ended)).sum()) if over == "time" else 0
    title = _("Best {metric} so far, over time") if over == "time" else _("Best {metric} so far, over trials")
    title = title.format(metric=shorten(key_words(target.column), 40))
    height = layout.tall(240)
    return Figure(
        spec=_spec(x, objective_scale(target.column, progress.value), style, layout, height),
        data={"trials": points.reset_index(drop=True), "best": steps},
        title=layout.title or title,
        description=_describe(trials, title, objective),
        width=layout.width,
        height=height,
        notes=(_("{trials} without a known end.").format(trials=counted(lacking, "trial")),) if lacking else (),
    )


def _spec(x: Scale, y: Scale, style: ChartStyle, layout: Layout, height: int) -> dict[str, Any]:
    across = {"field": "x", "type": "quantitative", "scale": x.vega_scale(), "axis": x.vega_axis(tickMinStep=1)}

    def up(field: str) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "scale": y.vega_scale(), "axis": y.vega_axis()}

    number_format = ".1%" if y.percent else ".4~g"
    points = {
        "data": {"name": "trials"},
        "mark": {"type": "circle", "size": 30, "color": style.muted, "opacity": 0.55},
        "encoding": {"x": across, "y": up("y"), "tooltip": [
            {"field": "run", "title": _("trial")}, {"field": "y", "type": "quantitative", "title": y.title, "format": number_format}]},
    }  # fmt: skip
    line = {
        "data": {"name": "best"},
        "mark": {"type": "line", "interpolate": "step-after", "color": style.categories[0], "strokeWidth": 2},
        "encoding": {"x": across, "y": up("best")},
    }
    return layered([points, line], style, layout, height, "best-so-far")


def _describe(trials: Trials, title: str, objective: int) -> str:
    progress = best_so_far(trials, objective)
    if not len(progress.best):
        return _("{title}: no trial counts.").format(title=title)
    last = int(np.flatnonzero(progress.improved)[-1])
    value = number_text(float(progress.best[-1]))
    return _("{title}: {value} after {trials}; reached by trial {n} of {all}, after {improvements}.").format(
        title=title, value=value, trials=counted(len(trials), "trial"), n=count(int(progress.trial[last]) + 1), all=count(len(trials)),
        improvements=counted(int(progress.improved.sum()), "improvement"),
    )  # fmt: skip


if __name__ == "__main__":
    from reportgen.analysis.sweeps.trials import trials_of
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(best_so_far_chart(trials_of(example_runs()), ChartStyle()))
