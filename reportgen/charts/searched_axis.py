"""The axis of a hyperparameter in charts of a sweep: a range on its scale, or its choices beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reportgen.analysis.sweeps.parameters import Searched
from reportgen.charts.axis import Scale, apart
from reportgen.charts.layout import slanted_labels
from reportgen.charts.words import category, key_words, shorten, text_width
from reportgen.words import _, count

_ROOM = 0.03
MOST_POINTS = 250
"""So many trials one small chart draws."""


def places(one: Searched) -> list[float | str | None]:
    """What each run has on the axis: a number, or the name of its choice; None where it has neither."""
    names = choice_names(one)
    if one.is_choice:
        return [None if np.isnan(place) else names[int(place)] for place in one.position]
    return [float(value) if isinstance(value, int | float) and has else None for value, has in zip(one.values, one.has, strict=True)]


def choice_names(one: Searched) -> tuple[str, ...]:
    """The names of the choices in their order, each different."""
    names = [shorten(category(f"config.{one.key}", choice), 18) for choice in one.space.choices]
    taken: dict[str, int] = {}
    for i, name in enumerate(names):
        taken[name] = taken.get(name, 0) + 1
        names[i] = name if taken[name] == 1 else f"{name} {taken[name]}"
    return tuple(names)


def scale_of(one: Searched) -> Scale:
    """The scale of a range, with a little room at both ends so that no point is cut in half."""
    numbers = [value for value in places(one) if isinstance(value, float)]
    ends = [*numbers, *(end for end in (one.space.low, one.space.high) if one.is_known and end is not None)]
    low, high = apart(min(ends), max(ends), log=one.log)
    if one.log:
        room = (high / low) ** _ROOM
        return Scale(key_words(one.key), "log", (low / room, high * room))
    room = (high - low) * _ROOM
    return Scale(key_words(one.key), "linear", (low - room, high + room))


def channel(one: Searched, field: str, *, slants: bool = False, upwards: bool = False, **axis: Any) -> dict[str, Any]:
    """The Vega-Lite channel x or, `upwards`, y of a hyperparameter over a column of `places`."""
    title = shorten(key_words(one.key), 40)
    if one.is_choice:
        names = list(choice_names(one))[:: -1 if upwards else 1]
        widest = max((text_width(name) for name in names), default=40) + 8
        labels = slanted_labels(len(names), widest) if slants else {}
        quiet = {"title": title, "labelLimit": 120, "ticks": False, **labels, **axis}
        return {
            "field": field,
            "type": "nominal",
            "sort": names,
            "scale": {"type": "point", "domain": names, "padding": 0.5},
            "axis": quiet,
        }
    across = scale_of(one)
    return {"field": field, "type": "quantitative", "scale": across.vega_scale(), "axis": {**across.vega_axis(**axis), "title": title}}


def shown(one: Searched, field: str) -> dict[str, Any]:
    """The entry of a hyperparameter in a tooltip."""
    entry: dict[str, Any] = {"field": field, "title": shorten(key_words(one.key), 40)}
    return entry if one.is_choice else {**entry, "type": "quantitative", "format": ".4~g"}


def thinned(frame: pd.DataFrame, losses: Sequence[float]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """At most `MOST_POINTS` rows of a frame of trials, evenly chosen by rank with the best and the worst, and the note that says so.

    Args:
        losses: Of each row, the less the better.
    """
    if len(frame) <= MOST_POINTS:
        return frame, ()
    order = np.argsort(np.asarray(losses), kind="stable")
    chosen = np.sort(order[np.unique(np.linspace(0, len(frame) - 1, MOST_POINTS).round().astype(int))])
    told = _("{n} of {all} trials are drawn, evenly chosen by rank.").format(n=count(MOST_POINTS), all=count(len(frame)))
    return frame.iloc[chosen].reset_index(drop=True), (told,)


def jitter(one: Searched, values: NDArray[np.float64] | Sequence[float]) -> list[float]:
    """For choices: places beside each other in the order of the values, −1 to 1, so that equal choices do not hide each other."""
    found = [0.0] * len(one.values)
    if not one.is_choice:
        return found
    order = sorted(range(len(found)), key=lambda i: (float(values[i]) if np.isfinite(values[i]) else 0.0, i))
    for rank, i in enumerate(order):
        # The golden ratio spreads neighbours in value far apart (Roberts 2018, the R1 sequence).
        found[i] = round((rank * 0.6180339887 % 1) * 2 - 1, 3)
    return found
