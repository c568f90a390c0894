"""Which colour stands for what: runs by themselves, or by the key that the chart is about."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from reportgen.analysis.column_format import amount
from reportgen.charts.axis import Scale, scale_for, wants_log
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import counted, key_words, leaf, number_text, run_labels, value_label
from reportgen.model import Run, Runs, number

MOST = 10
"""Colours that can be told apart; what is beyond is grey."""
_FEW_NUMBERS = 6
"""So many different numbers are still categories in an order of their own."""
SWITCHED_OFF = (
    "(vlSelectionTest('hidden_store', {entry: datum.value}) || "
    "length(data('alone_store')) && !vlSelectionTest('alone_store', {entry: datum.value}))"
)
"""Whether an entry of the legend is off, by the parameters of `interaction.toggle_params`."""


@dataclass(frozen=True)
class Colouring:
    """The colours of runs (or of groups of runs: then by the id of their first run).

    Attributes:
        kind: "runs": each has its own; "best": the best ten have, the rest is grey; "categories" and "numbers":
            by the values of a key; "plain": nothing tells them apart.
        title: The key that colours stand for, "" for runs.
        entries: Run id → its entry in the legend. Empty for "numbers".
        colours: Entry → colour, in the order of the legend.
        shades: Run id → number, NaN where there is none; for "numbers" only.
        scale: Of these numbers.
    """

    kind: Literal["runs", "best", "categories", "numbers", "plain"]
    title: str = ""
    entries: Mapping[str, str] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    shades: Mapping[str, float] = field(default_factory=dict)
    scale: Scale | None = None
    rest: str = ""

    def colour_of(self, run_id: str, style: ChartStyle) -> str:
        """One colour as text, for what has no scale; numbers between the colours of the sequence."""
        if self.kind == "numbers" and self.scale is not None:
            shade = self.shades.get(run_id, math.nan)
            steps = style.ordered(101)
            return steps[round(min(max(self.scale.fraction(shade), 0), 1) * 100)] if math.isfinite(shade) else style.muted
        return self.colours.get(self.entries.get(run_id, ""), style.muted)

    def is_rest(self, run_id: str) -> bool:
        """Whether the run is one of the grey ones."""
        return bool(self.rest) and self.entries.get(run_id) == self.rest

    def columns(self, run_id: str, style: ChartStyle) -> dict[str, Any]:
        """What a row of this run carries for the colour: `entry`, or `shade` and the colour `tint` made of it."""
        if self.kind == "numbers":
            return {"shade": self.shades.get(run_id, math.nan), "tint": self.colour_of(run_id, style)}
        return {"entry": self.entries.get(run_id, "")}

    def inner(self, style: ChartStyle) -> dict[str, Any]:
        """The Vega-Lite channel `fill` of a chart whose `stroke` has the legend.

        Vega-Lite joins the legends of two scales over one column, and a joined one has no gradient: so there is one
        scale, and what is filled takes its colour from it.
        """
        if self.kind == "numbers":
            return {"field": "tint", "type": "nominal", "scale": None, "legend": None}
        return {"value": {"expr": "scale('stroke', datum.entry)"}}

    def legend(self, style: ChartStyle) -> tuple[tuple[str, str], ...]:
        """The legend for a page to draw: entries and colours; of numbers about five round ones."""
        if self.kind == "plain":
            return ()
        if self.kind == "numbers" and self.scale is not None:
            steps = style.ordered(101)
            ticks = self.scale.ticks()
            return tuple((number_text(tick), steps[round(min(max(self.scale.fraction(tick), 0), 1) * 100)]) for tick in ticks)
        return tuple(self.colours.items())

    def channel(self, style: ChartStyle, legend: bool, symbol: str = "circle", toggles: bool = False) -> dict[str, Any]:
        """The Vega-Lite colour channel over the column `entry` or `shade`."""
        if self.kind == "numbers" and self.scale is not None:
            scale = {"type": self.scale.type, "domain": list(self.scale.domain), "range": list(style.sequence), "interpolate": "rgb"}
            axis = self.scale.vega_axis()
            drawn = {"type": "gradient", "title": self.title, "tickCount": axis.get("tickCount", 4)}
            if "labelExpr" in axis:
                drawn["labelExpr"] = axis["labelExpr"]
            return {"field": "shade", "type": "quantitative", "scale": scale, "legend": drawn if legend else None}
        # Legend columns in equal widths: as many as fit beside each other, fewer on a phone.
        widest = max((len(entry) for entry in self.colours), default=8) * 7 + 34
        drawn = {
            "title": self.title or None, "symbolType": symbol, "symbolOpacity": 1, "symbolStrokeWidth": 2,
            "columns": {"expr": f"max(1, floor((width + 30) / {min(widest, 210)}))"},
            **({"labelColor": {"expr": f"{SWITCHED_OFF} ? '{style.hairline}' : '{style.muted}'"}} if toggles else {}),
        }  # fmt: skip
        scale = {"domain": list(self.colours), "range": list(self.colours.values())}
        return {"field": "entry", "type": "nominal", "scale": scale, "legend": drawn if legend else None}


def colour_runs(runs: Runs, metric: str, style: ChartStyle, order: Sequence[str] = ()) -> Colouring:
    """Each run its own colour; of more than ten the best ten, if anything says what is better.

    Args:
        metric: What "best" is about.
        order: Run ids in the order of the legend.
    """
    labels = run_labels(runs)
    ids = [one for one in order if one in labels] + [run.id for run in runs if run.id not in set(order)]
    own = _own_colours(runs, style)
    if len(ids) <= MOST:
        return Colouring("runs", entries=labels, colours={labels[one]: own[one] for one in ids})
    goal = runs.goal(metric)
    if goal is None:
        everything = counted(len(ids), "run")
        return Colouring("plain", entries=dict.fromkeys(labels, everything), colours={everything: style.categories[0]})
    best = {run.id for run in runs.top(MOST, metric, goal)}
    rest = counted(len(ids) - len(best), "other run")
    colours = {labels[one]: own[one] for one in ids if one in best} | {rest: style.muted}
    return Colouring("best", entries={one: labels[one] if one in best else rest for one in ids}, colours=colours, rest=rest)


def colour_by(runs: Runs, column: str, style: ChartStyle) -> Colouring:
    """Colours by a column of the runs table: ordered numbers by a sequence of colours, all others as categories."""
    values = {run.id: run[column] for run in runs}
    numbers = {one: _plain_number(value) for one, value in values.items() if value is not None}
    title = key_words(column)
    if numbers and all(value is not None for value in numbers.values()):
        known = {one: value for one, value in numbers.items() if value is not None and math.isfinite(value)}
        if len(set(known.values())) > _FEW_NUMBERS:
            log = wants_log(column, list(known.values()))
            scale = scale_for(column, list(known.values()), log=log, nice=False)
            return Colouring("numbers", title, shades={run.id: known.get(run.id, math.nan) for run in runs}, scale=scale)
        ordered = sorted(set(known.values()))
        names = {value: _number_label(column, next(values[one] for one in known if known[one] == value)) for value in ordered}
        entries = {run.id: names[known[run.id]] if run.id in known else f"no {leaf(column)}" for run in runs}
        colours = dict(zip(names.values(), style.ordered(len(names)), strict=True))
        return Colouring("categories", title, entries=entries, colours=_with_rest(entries, colours, style))
    entries = {one: category(column, value) for one, value in values.items()}
    return _categories(title, column, entries, style)


def category(column: str, value: object) -> str:
    """The name of a value of a column where the column's own name stands beside it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if amount(value) is not None:
        return _number_label(column, value)
    return value_label(column, ", ".join(map(str, value)) if isinstance(value, tuple) else value)


def _categories(title: str, column: str, entries: dict[str, str], style: ChartStyle) -> Colouring:
    times = Counter(entries.values())
    absent = f"no {leaf(column)}"
    frequent = sorted((entry for entry in times if entry != absent), key=lambda entry: (-times[entry], entry))[:MOST]
    shown = [entry for entry in dict.fromkeys(sorted(entries.values())) if entry in frequent]
    beyond = len(times.keys() - {absent}) - len(shown)
    rest = f"{beyond} others" if beyond > 0 else ""
    entries = {one: entry if entry in shown or entry == absent else rest for one, entry in entries.items()}
    colours = dict(zip(shown, style.categories, strict=False))
    return Colouring("categories", title, entries=entries, colours=_with_rest(entries, colours, style), rest=rest)


def _with_rest(entries: Mapping[str, str], colours: dict[str, str], style: ChartStyle) -> dict[str, str]:
    return colours | {entry: style.muted for entry in dict.fromkeys(entries.values()) if entry not in colours}


def _own_colours(runs: Sequence[Run], style: ChartStyle) -> dict[str, str]:
    """The site's colours; runs that the site does not know take the categories in turn."""
    return {run.id: style.run_colours.get(run.id, style.categories[i % len(style.categories)]) for i, run in enumerate(runs)}


def _plain_number(value: object) -> float | None:
    return None if isinstance(value, bool) else number(value)


def _number_label(column: str, value: object) -> str:
    return value_label(column, value).removeprefix(f"{leaf(column)} ")
