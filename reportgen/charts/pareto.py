"""The Pareto front of two objectives, and the hypervolume that it dominates after each trial.

`python -m reportgen.charts.pareto > pareto.svg` draws an example.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from reportgen.analysis.sweeps.pareto import front_of, pareto_front
from reportgen.analysis.sweeps.trials import Trials
from reportgen.charts.axis import Scale
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.slices import objective_scale
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, key_words, listed, number_text, run_labels
from reportgen.words import _, count

MOST_PAIRS = 3



def pareto_values(trials: Trials, x: int, y: int) -> pd.DataFrame:
    """One row for each trial that counts: `run, x, y, front`, where the front is that of all objectives."""
    labels = run_labels(trials.runs)
    values = trials.values[trials.counted]
    return pd.DataFrame(
        {
            "run": [labels[run.id] for run in trials.counted_runs],
            "x": values[:, x],
            "y": values[:, y],
            "front": pareto_front(trials.losses),
        }
    )


def pareto_charts(trials: Trials, style: ChartStyle, layout: Layout | None = None) -> list[Figure]:
    """A chart for each pair of objectives, up to three pairs: dominated trials muted, the front in front, its steps for two objectives."""
    pairs = list(combinations(range(len(trials.objectives)), 2))[:MOST_PAIRS]
    layout = layout or Layout()
    return [_figure(trials, x, y, style, layout) for x, y in pairs]


def _figure(trials: Trials, x: int, y: int, style: ChartStyle, layout: Layout) -> Figure:
    frame = pareto_values(trials, x, y)
    steps = _steps(trials, frame, x, y) if len(trials.objectives) == 2 else frame.iloc[:0][["x", "y"]]
    scales = tuple(objective_scale(trials.objectives[i].column, trials.values[trials.counted, i]) for i in (x, y))
    names = [key_words(trials.objectives[i].column) for i in (x, y)]
    height = layout.tall(320)
    said = {"min": _("{metric}: less is better"), "max": _("{metric}: more is better")}
    goals = [said[trials.objectives[i].goal].format(metric=name) for name, i in zip(names, (x, y), strict=True)]
    return Figure(
        spec=_spec(scales[0], scales[1], style, layout, height),
        data={"trials": frame, "steps": steps.reset_index(drop=True)},
        title=layout.title or _("{y} against {x}").format(y=names[1], x=names[0]),
        subtitle="; ".join(goals),
        description=_describe(frame, names),
        width=layout.width,
        height=height,
        legend=((_("Pareto front"), style.categories[0]), (_("dominated"), style.muted)),
    )


def _steps(trials: Trials, frame: pd.DataFrame, x: int, y: int) -> pd.DataFrame:
    """The line between what the front dominates and what it does not, as corners in the order of x."""
    front = frame[frame["front"]].sort_values("x", kind="stable")
    xs, ys = front["x"].to_numpy(), front["y"].to_numpy()
    # Between two points of the front the worse of both values holds: the corner stands at the worse x when x is to be made small.
    corners: list[tuple[float, float]] = []
    for i in range(len(xs)):
        corners.append((float(xs[i]), float(ys[i])))
        if i + 1 < len(xs):
            is_min = trials.objectives[x].goal == "min"
            corners.append((float(xs[i + 1]), float(ys[i])) if is_min else (float(xs[i]), float(ys[i + 1])))
    return pd.DataFrame(corners, columns=["x", "y"])


def _spec(x: Scale, y: Scale, style: ChartStyle, layout: Layout, height: int) -> dict[str, Any]:
    def encoding(**more: Any) -> dict[str, Any]:
        return {
            "x": {"field": "x", "type": "quantitative", "scale": x.vega_scale(), "axis": x.vega_axis(grid=True)},
            "y": {"field": "y", "type": "quantitative", "scale": y.vega_scale(), "axis": y.vega_axis()},
            **more,
        }

    tooltip = [
        {"field": "run", "title": _("trial")},
        *({"field": name, "type": "quantitative", "title": scale.title, "format": ".1%" if scale.percent else ".4~g"}
          for name, scale in (("x", x), ("y", y))),
    ]  # fmt: skip
    dominated = {
        "data": {"name": "trials"},
        "transform": [{"filter": "!datum.front"}],
        "mark": {"type": "circle", "size": 40, "color": style.muted, "opacity": 0.5},
        "encoding": encoding(tooltip=tooltip),
    }
    line = {
        "data": {"name": "steps"},
        "mark": {"type": "line", "color": style.categories[0], "strokeWidth": 1.25, "opacity": 0.7},
        "encoding": encoding(order={"value": None}),
    }
    front = {
        "data": {"name": "trials"},
        "transform": [{"filter": "datum.front"}],
        "mark": {"type": "circle", "size": 70, "color": style.categories[0], "opacity": 1, "stroke": style.paper, "strokeWidth": 0.75},
        "encoding": encoding(tooltip=tooltip),
    }
    return layered([dominated, line, front], style, layout, height, "pareto")


def _describe(frame: pd.DataFrame, names: list[str]) -> str:
    front = frame[frame["front"]]
    said = [f"{run} ({names[0]} {number_text(x)}, {names[1]} {number_text(y)})" for run, x, y, _front in front.itertuples(index=False)]
    return _("{trials} of {all} on the Pareto front of {x} and {y}: {names}.").format(
        trials=counted(len(front), "trial"), all=count(len(frame)), x=names[0], y=names[1], names=listed(said, 5)
    )


def hypervolume_chart(trials: Trials, style: ChartStyle, layout: Layout | None = None) -> Figure:
    """The hypervolume after each trial, as a share of that of all trials."""
    layout = layout or Layout()
    front = front_of(trials)
    frame = pd.DataFrame({"x": np.flatnonzero(trials.counted), "y": front.volume})
    x = Scale(_("trial"), "linear", (0.0, float(max(1, len(trials) - 1))))
    y = Scale(_("share of the last"), "linear", (0.0, 1.0), percent=True)
    height = layout.tall(240)
    line = {
        "data": {"name": "volume"},
        "mark": {"type": "line", "interpolate": "step-after", "color": style.categories[0], "strokeWidth": 2},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": x.vega_scale(), "axis": x.vega_axis()},
            "y": {"field": "y", "type": "quantitative", "scale": y.vega_scale(), "axis": y.vega_axis()},
        },
    }
    point = ", ".join(
        f"{key_words(one.column)} {number_text(float(value))}" for one, value in zip(trials.objectives, front.reference, strict=True)
    )
    half = int(np.argmax(front.volume >= 0.9)) if len(front.volume) else 0
    return Figure(
        spec=layered([line], style, layout, height, "hypervolume"),
        data={"volume": frame},
        title=layout.title or _("Hypervolume over trials"),
        subtitle=_("reference point: {point}").format(point=point),
        description=_("Hypervolume over {trials}: 90 % of the last value after trial {n}.").format(
            trials=counted(len(frame), "trial"), n=count(half + 1)
        ),
        width=layout.width,
        height=height,
        notes=(_("The reference point lies behind the worst value of each objective by a tenth of its range."),),
    )


if __name__ == "__main__":
    from reportgen.analysis.sweeps.objectives import Objective
    from reportgen.analysis.sweeps.trials import trials_of
    from reportgen.charts.demo import example_runs, print_svg

    goals = (Objective("val/acc", "max"), Objective("train/loss", "min"))
    print_svg(pareto_charts(trials_of(example_runs(), goals), ChartStyle())[0])
