"""The empirical distribution of what the trials of a sweep reached.

`python -m reportgen.charts.edf > edf.svg` draws an example.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from reportgen.analysis.sweeps.progress import empirical_distribution
from reportgen.analysis.sweeps.trials import Trials
from reportgen.charts.axis import Scale
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.slices import objective_scale
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, key_words, number_text, shorten
from reportgen.words import _


def edf_chart(trials: Trials, style: ChartStyle, layout: Layout | None = None, objective: int = 0) -> Figure:
    """The share of the trials that count whose value is at most that on the axis, as a line of steps."""
    layout = layout or Layout()
    column = trials.objectives[objective].column
    values = trials.values[trials.counted, objective]
    at, share = empirical_distribution(values)
    x = objective_scale(column, values)
    y = Scale(_("share of trials up to it"), "linear", (0.0, 1.0), percent=True)
    frame = pd.DataFrame({"x": at, "y": share})
    ends = pd.DataFrame({"x": [x.domain[0], x.domain[1]], "y": [0.0, 1.0]})
    whole = pd.concat([ends.iloc[:1], frame, ends.iloc[1:]], ignore_index=True) if len(frame) else frame
    height = layout.tall(240)
    line = {
        "data": {"name": "shares"},
        "mark": {"type": "line", "interpolate": "step-after", "color": style.categories[0], "clip": True},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": x.vega_scale(), "axis": x.vega_axis()},
            "y": {"field": "y", "type": "quantitative", "scale": y.vega_scale(), "axis": y.vega_axis()},
            "tooltip": [
                {"field": "x", "type": "quantitative", "title": x.title, "format": ".1%" if x.percent else ".4~g"},
                {"field": "y", "type": "quantitative", "title": _("share"), "format": ".0%"},
            ],
        },
    }
    return Figure(
        spec=layered([line], style, layout, height, "edf"),
        data={"shares": whole},
        title=layout.title or _("Distribution of {metric}").format(metric=shorten(key_words(column), 40)),
        description=_describe(values, column, x.percent),
        width=layout.width,
        height=height,
    )


def _describe(values: np.ndarray[tuple[int], np.dtype[np.float64]], column: str, percent: bool) -> str:
    if not len(values):
        return _("No trial has a {metric}.").format(metric=key_words(column))
    middle = number_text(float(np.median(values)), percent)
    low, high = (number_text(float(end(values)), percent) for end in (np.min, np.max))
    return _("Empirical distribution of {metric} over {trials}: from {low} to {high}, half up to {middle}.").format(
        metric=key_words(column), trials=counted(len(values), "trial"), low=low, high=high, middle=middle
    )


if __name__ == "__main__":
    from reportgen.analysis.sweeps.trials import trials_of
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(edf_chart(trials_of(example_runs()), ChartStyle()))
