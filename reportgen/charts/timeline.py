"""The trials of a sweep over time: a bar from start to end, coloured by its state, trials at once below each other.

`python -m reportgen.charts.timeline > timeline.svg` draws an example.
"""

from __future__ import annotations

import pandas as pd

from reportgen.analysis.column_format import duration_text
from reportgen.analysis.states import counted_state, state_name
from reportgen.analysis.sweeps.progress import timeline
from reportgen.analysis.sweeps.trials import Trials, states
from reportgen.charts.axis import duration_scale
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, listed, run_labels
from reportgen.model import State
from reportgen.words import _

_ORDER: tuple[State, ...] = ("finished", "pruned", "failed", "crashed", "killed", "running", "unknown")
_COLOURS = {"finished": 0, "pruned": 1, "failed": 2, "crashed": 8, "killed": 5, "running": 4, "unknown": 9}
"""Which of the categories stands for a state."""
_LANE = 16


def timeline_chart(trials: Trials, style: ChartStyle, layout: Layout | None = None) -> Figure:
    """All trials whose start is known; the others are told in `notes`."""
    layout = layout or Layout("wide")
    found = timeline(trials)
    labels = run_labels(trials.runs)
    x = duration_scale([0.0, found.seconds], _("time since the first trial began"))
    frame = pd.DataFrame(
        [
            {
                "run": labels[bar.run], "lane": bar.row, "x": bar.start / x.divisor, "x2": bar.end / x.divisor,
                "entry": state_name(bar.state), "duration": duration_text(bar.end - bar.start),
            }
            for bar in found.bars
        ],
        columns=["run", "lane", "x", "x2", "entry", "duration"],
    )  # fmt: skip
    present = {bar.state for bar in found.bars}
    colours = {state_name(state): style.categories[_COLOURS[state]] for state in _ORDER if state in present}
    height = layout.height or max(48, min(480, _LANE * found.lanes))
    y = {"type": "quantitative", "scale": {"domain": [0, max(1, found.lanes)], "reverse": True, "nice": False}, "axis": None}
    bars = {
        "data": {"name": "trials"},
        "transform": [{"calculate": "datum.lane + 0.12", "as": "top"}, {"calculate": "datum.lane + 0.88", "as": "bottom"}],
        "mark": {"type": "rect", "cornerRadius": 1, "minBandSize": 2, "stroke": style.paper, "strokeWidth": 0.5},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "scale": x.vega_scale(), "axis": x.vega_axis(grid=True)},
            "x2": {"field": "x2"},
            "y": {"field": "top", **y},
            "y2": {"field": "bottom"},
            "fill": {
                "field": "entry", "type": "nominal", "legend": None,
                "scale": {"domain": list(colours), "range": list(colours.values())},
            },
            "tooltip": [
                {"field": "run", "title": _("trial")}, {"field": "entry", "title": _("state")},
                {"field": "duration", "title": _("duration")},
            ],
        },
    }  # fmt: skip
    notes = []
    if found.without:
        notes.append(_("{trials} without a known start.").format(trials=counted(found.without, "trial")))
    if found.open_ended:
        sentence = _("{trials} without a known end: drawn up to the last moment of the sweep.")
        notes.append(sentence.format(trials=counted(found.open_ended, "trial")))
    return Figure(
        spec=layered([bars], style, layout, height, "timeline"),
        data={"trials": frame},
        title=layout.title or _("When the trials ran"),
        subtitle=_("{trials} at once at the most").format(trials=counted(found.lanes, "trial")) if found.bars else "",
        description=_describe(trials, found.seconds, found.busy, found.lanes),
        width=layout.width,
        height=height,
        legend=tuple(colours.items()) if len(colours) > 1 else (),
        notes=tuple(notes),
    )


def _describe(trials: Trials, seconds: float, busy: float, lanes: int) -> str:
    counts = listed([counted_state(state, n) for state, n in states(trials.runs).items()], 7)
    return _("Timeline of {trials} over {time}: {states}. {most} at once at the most, {work} of work in all.").format(
        trials=counted(len(trials), "trial"), time=duration_text(seconds), states=counts, most=counted(lanes, "trial"),
        work=duration_text(busy),
    )  # fmt: skip


if __name__ == "__main__":
    from reportgen.analysis.sweeps.trials import trials_of
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(timeline_chart(trials_of(example_runs()), ChartStyle()))
