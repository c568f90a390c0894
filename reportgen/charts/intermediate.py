"""Intermediate values: what each trial reported while it ran, the best in front, those that were pruned marked at their end.

`python -m reportgen.charts.intermediate > intermediate.svg` draws an example.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from reportgen.analysis.sweeps.trials import Trials
from reportgen.charts.axis import Scale, scale_for, wants_log
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, key_words, run_labels, shorten
from reportgen.model import Run, Series
from reportgen.words import _, count

MOST_LINES, MOST_POINTS = 200, 60
_FRONT = 5
_REPORTED = "intermediate_value"
_CUT = frozenset({"pruned", "failed", "crashed", "killed"})


def reported_metric(trials: Trials, objective: int = 0) -> str:
    """The metric that trials reported while they ran: the objective itself or what its study calls intermediate values; "" for none."""
    for key in (trials.objectives[objective].column if trials.objectives else "", _REPORTED):
        if any(len(run.history[key]) > 1 for run in trials.runs if key in run.history):
            return key
    return ""


def intermediate_chart(trials: Trials, style: ChartStyle, layout: Layout | None = None, objective: int = 0) -> Figure | None:
    """A line for each trial that reported something, whatever its state; None when none did.

    Of more than 200 trials the best and evenly chosen others are drawn, and `notes` tells how many.
    """
    key = reported_metric(trials, objective)
    reporting = [run for run in trials.runs if key in run.history and len(run.history[key].finite)]
    if not reporting:
        return None
    layout = layout or Layout("wide")
    drawn = _chosen(trials, reporting)
    labels, front = run_labels(trials.runs), {run.id for run in trials.ranked[:_FRONT]}
    rows = [
        {"run": labels[run.id], "x": float(step), "y": float(value), "entry": _entry(run, front), "last": i == len(points) - 1}
        for run in drawn
        for points in [_thinned(run.history[key])]
        for i, (step, value) in enumerate(points)
    ]
    frame = pd.DataFrame(rows, columns=["run", "x", "y", "entry", "last"])
    log = wants_log(key, frame["y"].tolist())
    y = scale_for(key, frame["y"].to_numpy(), log=log)
    x = scale_for(_("step"), frame["x"].to_numpy(), nice=False)
    entries = {
        _best(): style.categories[0],
        _("other trials"): style.muted,
        _("pruned"): style.categories[1],
        _("failed"): style.categories[2],
    }
    there = [(entry, colour) for entry, colour in entries.items() if (frame["entry"] == entry).any()]
    height = layout.tall(260)
    cut = sum(run.state in _CUT for run in reporting)
    number = counted(len(reporting), "trial")
    chosen = _("{n} of {trials} are drawn: the best, and others evenly chosen.").format(n=count(len(drawn)), trials=number)
    described = _("{metric} over steps for {trials}, {n} of which were pruned or failed.")
    return Figure(
        spec=_spec(x, y, dict(there), style, layout, height),
        data={"values": frame},
        title=layout.title or _("{metric} while the trials ran").format(metric=shorten(key_words(key), 40)),
        subtitle=_("{trials} cut short").format(trials=counted(cut, "trial")) if cut else "",
        description=described.format(metric=key_words(key), trials=number, n=count(cut)),
        width=layout.width,
        height=height,
        legend=tuple(there),
        notes=(chosen,) if len(drawn) < len(reporting) else (),
    )


def _best() -> str:
    """What the best trials are called in the legend."""
    return _("best {n}").format(n=_FRONT)


def _chosen(trials: Trials, reporting: list[Run]) -> list[Run]:
    """At most `MOST_LINES` trials: the best, then evenly chosen ones; the best are last, so that they are drawn in front."""
    best = [run for run in trials.ranked[:_FRONT] if run in set(reporting)]
    others = [run for run in reporting if run not in set(best)]
    room = MOST_LINES - len(best)
    if len(others) > room:
        others = [others[i] for i in sorted({round(i * (len(others) - 1) / (room - 1)) for i in range(room)})]
    return [*others, *reversed(best)]


def _thinned(series: Series) -> list[tuple[int, float]]:
    finite = np.flatnonzero(np.isfinite(series.value))
    if len(finite) > MOST_POINTS:
        finite = finite[np.unique(np.linspace(0, len(finite) - 1, MOST_POINTS).round().astype(int))]
    return [(int(series.step[i]), float(series.value[i])) for i in finite]


def _entry(run: Run, front: set[str]) -> str:
    if run.state in _CUT:
        return _("pruned") if run.state == "pruned" else _("failed")
    return _best() if run.id in front else _("other trials")


def _spec(x: Scale, y: Scale, colours: dict[str, str], style: ChartStyle, layout: Layout, height: int) -> dict[str, Any]:
    encoding = {
        "x": {"field": "x", "type": "quantitative", "scale": x.vega_scale(), "axis": x.vega_axis()},
        "y": {"field": "y", "type": "quantitative", "scale": y.vega_scale(), "axis": y.vega_axis()},
    }
    scale = {"domain": list(colours), "range": list(colours.values())}
    tooltip = [
        {"field": "run", "title": _("trial")}, {"field": "x", "type": "quantitative", "title": _("step")},
        {"field": "y", "type": "quantitative", "title": y.title, "format": ".1%" if y.percent else ".4~g"},
        {"field": "entry", "title": _("state")},
    ]  # fmt: skip
    front = f"datum.entry === {_best()!r}"

    def lines(chosen: str, width: float, opacity: float) -> dict[str, Any]:
        return {
            "data": {"name": "values"},
            "transform": [{"filter": chosen}],
            "mark": {"type": "line", "strokeWidth": width, "opacity": opacity},
            "encoding": {
                **encoding, "detail": {"field": "run"}, "stroke": {"field": "entry", "type": "nominal", "legend": None, "scale": scale},
            },
        }  # fmt: skip

    pruned, failed = _("pruned"), _("failed")
    ends = {
        "data": {"name": "values"},
        "transform": [{"filter": f"datum.last && (datum.entry === {pruned!r} || datum.entry === {failed!r})"}],
        "mark": {"type": "point", "shape": "cross", "size": 40, "filled": True, "opacity": 0.9},
        "encoding": {**encoding, "fill": {"field": "entry", "type": "nominal", "legend": None, "scale": scale}, "tooltip": tooltip},
    }
    points = {
        "data": {"name": "values"},
        "mark": {"type": "circle", "size": 60, "opacity": 0},
        "encoding": {**encoding, "tooltip": tooltip},
    }
    return layered([lines(f"!({front})", 1, 0.45), ends, lines(front, 2, 0.95), points], style, layout, height, "intermediate")


if __name__ == "__main__":
    from reportgen.analysis.sweeps.trials import trials_of
    from reportgen.charts.demo import example_runs, print_svg

    drawn = intermediate_chart(trials_of(example_runs()), ChartStyle())
    assert drawn is not None
    print_svg(drawn)
