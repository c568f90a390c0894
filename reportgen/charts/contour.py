"""An objective over two hyperparameters: its smoothed surface in bands of colour below the trials, or the trials coloured by rank.

`python -m reportgen.charts.contour > contour.svg` draws an example.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.analysis.sweeps.parameters import Searched, searched
from reportgen.analysis.sweeps.surface import Surface, surface
from reportgen.analysis.sweeps.trials import Trials, ranks
from reportgen.charts.axis import Scale
from reportgen.charts.colouring import Colouring
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout, layered
from reportgen.charts.png import png
from reportgen.charts.searched_axis import channel, places, scale_of, shown, thinned
from reportgen.charts.slices import objective_scale
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, key_words, listed, number_text, run_labels
from reportgen.words import _

BANDS = 10
LEAST = 6
"""With fewer trials no surface is drawn: only the trials themselves."""
_CELLS = (120, 90)
_OPACITY = 150


def contour_values(trials: Trials, x: str, y: str, objective: int = 0) -> pd.DataFrame:
    """One row for each trial that counts and has both hyperparameters: `run, x, y, value, rank` (0 the best, 1 the worst)."""
    runs = trials.counted_runs
    across, up = searched(x, runs), searched(y, runs)
    values = trials.values[trials.counted, objective]
    order = ranks(trials.losses[:, objective])
    labels = run_labels(trials.runs)
    rows = [
        {"run": labels[run.id], "x": px, "y": py, "value": float(value), "rank": float(rank)}
        for run, px, py, value, rank in zip(runs, places(across), places(up), values, order, strict=True)
        if px is not None and py is not None
    ]
    return pd.DataFrame(rows, columns=["run", "x", "y", "value", "rank"])


def contour_chart(trials: Trials, x: str, y: str, style: ChartStyle, layout: Layout | None = None, objective: int = 0) -> Figure:
    """The surface of an objective over two hyperparameters and the trials on it; between trials it is a guess, far from them blank."""
    layout = layout or Layout()
    runs = trials.counted_runs
    across, up = searched(x, runs), searched(y, runs)
    frame = contour_values(trials, x, y, objective)
    scale = objective_scale(trials.objectives[objective].column, frame["value"].to_numpy())
    both = across.has & up.has
    points, told = thinned(frame, frame["rank"].tolist())
    data = {"trials": points}
    drawn = len(frame) >= LEAST and np.ptp(frame["value"].to_numpy()) > 0
    if drawn:
        made = surface(_place(across)[both], _place(up)[both], trials.values[trials.counted, objective][both], _CELLS)
        data["picture"] = pd.DataFrame({"url": [_picture(made, scale, style)]})
    name = key_words(trials.objectives[objective].column)
    height = layout.tall(300)
    missing = trials.n - len(frame)
    return Figure(
        spec=_spec(across, up, scale, style, layout, height, has_picture=drawn, field="value"),
        data=data,
        title=layout.title or _("{metric} over {x} and {y}").format(metric=name, x=key_words(x), y=key_words(y)),
        subtitle=_("between the trials: the mean of those nearby") if drawn else "",
        description=_describe(trials, frame, x, y, objective),
        width=layout.width,
        height=height,
        notes=_notes(missing, told),
    )


def rank_chart(trials: Trials, x: str, y: str, style: ChartStyle, layout: Layout | None = None, objective: int = 0) -> Figure:
    """The trials over two hyperparameters, coloured by their rank: wild values do not outshine the rest."""
    layout = layout or Layout()
    runs = trials.counted_runs
    frame = contour_values(trials, x, y, objective)
    points, told = thinned(frame, frame["rank"].tolist())
    scale = Scale(_("rank, best to worst"), "linear", (0.0, 1.0), percent=True)
    name = key_words(trials.objectives[objective].column)
    height = layout.tall(300)
    missing = trials.n - len(frame)
    return Figure(
        spec=_spec(searched(x, runs), searched(y, runs), scale, style, layout, height, has_picture=False, field="rank"),
        data={"trials": points},
        title=layout.title or _("Rank by {metric} over {x} and {y}").format(metric=name, x=key_words(x), y=key_words(y)),
        description=_describe(trials, frame, x, y, objective),
        width=layout.width,
        height=height,
        notes=_notes(missing, told),
    )


def _notes(missing: int, told: tuple[str, ...]) -> tuple[str, ...]:
    return (_("{trials} without both.").format(trials=counted(missing, "trial")), *told) if missing else told


def _place(one: Searched) -> NDArray[np.float64]:
    """Where each run stands on the drawn axis, 0 to 1."""
    if one.is_choice:
        return np.asarray((one.position + 0.5) / max(1, len(one.space.choices)))
    scale = scale_of(one)
    return np.array([scale.fraction(place) if isinstance(place, float) else np.nan for place in places(one)])


def _picture(made: Surface, scale: Scale, style: ChartStyle) -> str:
    """The surface in bands of colour, as a PNG in a data URL."""
    steps = style.ordered(BANDS)
    share = np.vectorize(scale.fraction)(np.nan_to_num(made.value, nan=scale.domain[0]))
    band = np.clip((share * BANDS).astype(int), 0, BANDS - 1)
    colours = np.array([[int(step[i : i + 2], 16) for i in (1, 3, 5)] for step in steps], dtype=np.uint8)
    pixels = np.dstack([colours[band], np.where(np.isnan(made.value), 0, _OPACITY).astype(np.uint8)])[::-1]
    return "data:image/png;base64," + base64.b64encode(png(pixels)).decode("ascii")


def _spec(
    x: Searched, y: Searched, scale: Scale, style: ChartStyle, layout: Layout, height: int, *, has_picture: bool, field: str
) -> dict[str, Any]:  # fmt: skip
    legend = Colouring("numbers", scale.title, scale=scale)
    fill = {
        "field": field, "type": "quantitative", "legend": scale.gradient(legend.title) if layout.legend else None,
        "scale": {"type": scale.type, "domain": list(scale.domain), "range": list(style.sequence[:: -1 if field == "rank" else 1]),
                  "interpolate": "rgb"},
    }  # fmt: skip
    tooltip = [
        {"field": "run", "title": _("trial")}, shown(x, "x"), shown(y, "y"),
        {"field": "value", "type": "quantitative", "title": _("value"), "format": ".4~g"},
        {"field": "rank", "type": "quantitative", "title": _("rank, 0 the best"), "format": ".2f"},
    ]  # fmt: skip
    points = {
        "data": {"name": "trials"},
        "mark": {"type": "circle", "size": 50, "opacity": 1, "stroke": style.paper, "strokeWidth": 1},
        "encoding": {"x": channel(x, "x", slants=True), "y": channel(y, "y", upwards=True), "fill": fill, "tooltip": tooltip},
    }
    layers: list[dict[str, Any]] = [points]
    if has_picture:
        layers.insert(0, {
            "data": {"name": "picture"},
            "mark": {"type": "image", "aspect": False, "width": {"expr": "width"}, "height": {"expr": "height"}},
            "encoding": {"x": {"value": {"expr": "width / 2"}}, "y": {"value": {"expr": "height / 2"}},
                         "url": {"field": "url", "type": "nominal"}},
        })  # fmt: skip
    return layered(layers, style, layout, height, "contour", slants=x.is_choice)


def _describe(trials: Trials, frame: pd.DataFrame, x: str, y: str, objective: int) -> str:
    target = trials.objectives[objective]
    what = _("{metric} over {x} and {y}, {trials}.").format(
        metric=key_words(target.column), x=key_words(x), y=key_words(y), trials=counted(len(frame), "trial")
    )
    if not len(frame):
        return what
    rows: Sequence[tuple[Any, ...]] = sorted(frame.itertuples(index=False), key=lambda row: row[4])
    said = [f"{run} ({number_text(value)})" for run, _x, _y, value, _rank in rows[:3]]
    return " ".join([what, _("The best are {trials}.").format(trials=listed(said))])


if __name__ == "__main__":
    from reportgen.analysis.sweeps.trials import trials_of
    from reportgen.charts.demo import example_runs, print_svg

    print_svg(contour_chart(trials_of(example_runs(60)), "optimizer.lr", "channels", ChartStyle()))
