"""The axis of a parameter of an importance: numbers on their scale, or levels beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportgen.analysis.importance import Level, ParameterImportance, plain
from reportgen.charts.axis import Scale, apart
from reportgen.charts.layout import slanted_labels
from reportgen.charts.words import key_words, shorten, text_width

_ROOM = 0.03
_FEW = 8
"""So many levels of a grid are all written on its axis."""


@dataclass(frozen=True)
class ParameterAxis:
    """An axis.

    Attributes:
        title: The name of the parameter.
        names: Of the levels, each different; () for numbers.
        scale: Of numbers; None for levels.
        ticks: The numbers that are written, when they are few; () leaves that to the scale.
    """

    title: str
    names: tuple[str, ...]
    scale: Scale | None
    ticks: tuple[float, ...] = ()

    def place(self, value: Level, levels: Sequence[Level]) -> float | str:
        """What stands in a frame for a value: the number, or the name of its level."""
        return float(value) if self.scale else self.names[list(levels).index(value)]

    def channel(self, field: str, *, upwards: bool = False) -> dict[str, Any]:
        """The Vega-Lite channel x or, `upwards`, y over a column of `place`."""
        if self.scale:
            axis = {**self.scale.vega_axis(), "title": self.title, "grid": False, **({"values": list(self.ticks)} if self.ticks else {})}
            return {"field": field, "type": "quantitative", "scale": self.scale.vega_scale(), "axis": axis}
        names = list(self.names)[:: -1 if upwards else 1]
        widest = max((text_width(name) for name in names), default=40) + 8
        labels = {} if upwards else slanted_labels(len(names), widest)
        axis = {"title": self.title, "labelLimit": 120, "ticks": False, "grid": False, **labels}
        return {"field": field, "type": "nominal", "sort": names, "scale": {"type": "band", "domain": names}, "axis": axis}

    def shown(self, field: str) -> dict[str, Any]:
        """The entry of the parameter in a tooltip."""
        entry: dict[str, Any] = {"field": field, "title": self.title}
        return {**entry, "type": "quantitative", "format": ".4~g"} if self.scale else entry


def parameter_axis(one: ParameterImportance, at: Sequence[Level], *, steps: bool = False, room: bool = True) -> ParameterAxis:
    """The axis of a parameter over values or levels.

    Args:
        at: All that must have room on it, ascending where they are numbers.
        steps: Numbers of a grid stand beside each other as names do.
        room: Whether the ends have a little room, so that no point is cut in half.
    """
    title = shorten(key_words(one.name), 40)
    if one.kind == "category" or (steps and one.kind == "grid"):
        return ParameterAxis(title, level_names(at), None)
    low, high = apart(min(map(float, at)), max(map(float, at)), log=one.log)
    part = _ROOM if room else 0.0
    levels = tuple(sorted(set(map(float, at)))) if one.kind == "grid" else ()
    ticks = levels if len(levels) <= _FEW else ()
    if one.log:
        wide = (high / low) ** part
        return ParameterAxis(title, (), Scale(title, "log", (low / wide, high * wide)), ticks)
    return ParameterAxis(title, (), Scale(title, "linear", (low - part * (high - low), high + part * (high - low))), ticks)


def level_names(levels: Sequence[Level]) -> tuple[str, ...]:
    """The levels as short names, each different."""
    names: list[str] = []
    for level in levels:
        name = shorten(level, 18) if isinstance(level, str) else plain(level)
        if not isinstance(level, str) and float(name) != level:
            name = f"{level:.10g}"
        copy = 2
        while name in names:
            name, copy = f"{name.rsplit(' ', 1)[0] if copy > 2 else name} {copy}", copy + 1
        names.append(name)
    return tuple(names)
