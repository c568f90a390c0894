"""Which colour stands for what: runs by themselves, or by the key that the chart is about."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from reportgen.charts.axis import Scale, scale_for, wants_log
from reportgen.charts.bins import binned
from reportgen.charts.layout import Layout
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import category, counted, key_words, number_text, run_labels, without
from reportgen.model import Run, Runs, number
from reportgen.words import _

MOST = 10
"""Colours that can be told apart; what is beyond is grey."""
_FEW_NUMBERS = 6
"""So many different numbers are still categories in an order of their own."""


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

    @property
    def has_entries(self) -> bool:
        """Whether a legend of names tells something apart."""
        return self.kind in ("runs", "best", "categories") and len(self.colours) > 1

    def legend(self, style: ChartStyle, layout: Layout) -> tuple[tuple[str, str], ...]:
        """The legend for the page to draw: entries and colours.

        Numbers have a scale inside of the chart; where several charts share a legend, about five round ones stand for it.
        """
        numbers = self.kind == "numbers"
        if self.kind == "plain" or not (layout.shared_legend or (layout.legend and self.has_entries)):
            return ()
        if numbers and self.scale is not None:
            steps, scale = style.ordered(101), self.scale
            places = [(tick, round(min(max(scale.fraction(tick), 0), 1) * 100)) for tick in scale.ticks()]
            return tuple((f"{tick * 100:.6g}\u202f%" if scale.percent else number_text(tick), steps[i]) for tick, i in places)
        return tuple(self.colours.items())

    @property
    def said(self) -> str:
        """What a subtitle says of colours that stand for the values of a key: “coloured by optimizer”."""
        return _("coloured by {key}").format(key=self.title) if self.title and self.has_entries else ""

    def channel(self, style: ChartStyle, layout: Layout) -> dict[str, Any]:
        """The Vega-Lite colour channel over the column `entry` or `shade`.

        The names of categories stand above the chart as a list of the page (`Figure.legend`): it wraps on a phone, and its
        entries are buttons. The scale of numbers is drawn by Vega.
        """
        if self.kind == "numbers" and self.scale is not None:
            scale = {"type": self.scale.type, "domain": list(self.scale.domain), "range": list(style.sequence), "interpolate": "rgb"}
            shown = layout.legend and not layout.shared_legend
            return {"field": "shade", "type": "quantitative", "scale": scale, "legend": self.scale.gradient(self.title) if shown else None}
        scale = {"domain": list(self.colours), "range": list(self.colours.values())}
        return {"field": "entry", "type": "nominal", "scale": scale, "legend": None}


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


def colour_by(runs: Runs, column: str, style: ChartStyle, *, bins: int | None = None) -> Colouring:
    """Colours by a column of the runs table: ordered numbers by a sequence of colours, all others as categories.

    Args:
        bins: For charts whose marks are several runs each: many different numbers become categories, about so many
            ranges with round ends.
    """
    values = {run.id: run[column] for run in runs}
    numbers = {one: _plain_number(value) for one, value in values.items() if value is not None}
    title = key_words(column)
    if numbers and all(value is not None for value in numbers.values()):
        known = {one: value for one, value in numbers.items() if value is not None and math.isfinite(value)}
        if len(set(known.values())) > _FEW_NUMBERS:
            if bins is not None:
                return _in_bins(title, column, {run.id: known.get(run.id) for run in runs}, bins, style)
            log = wants_log(column, list(known.values()))
            scale = scale_for(column, list(known.values()), log=log, nice=False)
            return Colouring("numbers", title, shades={run.id: known.get(run.id, math.nan) for run in runs}, scale=scale)
        ordered = sorted(set(known.values()))
        names = {value: category(column, next(values[one] for one in known if known[one] == value)) for value in ordered}
        entries = {run.id: names[known[run.id]] if run.id in known else without(column) for run in runs}
        colours = dict(zip(names.values(), style.ordered(len(names)), strict=True))
        return Colouring("categories", title, entries=entries, colours=_with_rest(entries, colours, style))
    entries = {one: category(column, value) for one, value in values.items()}
    return _categories(title, column, entries, style)


def _in_bins(title: str, column: str, numbers: Mapping[str, float | None], bins: int, style: ChartStyle) -> Colouring:
    known = {one: value for one, value in numbers.items() if value is not None}
    names, ranges = binned(column, list(known.values()), bins, None)
    entries = {one: without(column) for one in numbers} | dict(zip(known, names, strict=True))
    colours = dict(zip(ranges, style.ordered(len(ranges)), strict=True))
    return Colouring("categories", title, entries=entries, colours=_with_rest(entries, colours, style))


def _categories(title: str, column: str, entries: dict[str, str], style: ChartStyle) -> Colouring:
    times = Counter(entries.values())
    absent = without(column)
    frequent = sorted((entry for entry in times if entry != absent), key=lambda entry: (-times[entry], entry))[:MOST]
    shown = [entry for entry in dict.fromkeys(sorted(entries.values())) if entry in frequent]
    beyond = len(times.keys() - {absent}) - len(shown)
    rest = _("{n} others").format(n=beyond) if beyond > 0 else ""
    entries = {one: entry if entry in shown or entry == absent else rest for one, entry in entries.items()}
    colours = dict(zip(shown, style.categories, strict=False))
    return Colouring("categories", title, entries=entries, colours=_with_rest(entries, colours, style), rest=rest)


def _with_rest(entries: Mapping[str, str], colours: dict[str, str], style: ChartStyle) -> dict[str, str]:
    return colours | {entry: style.muted for entry in dict.fromkeys(entries.values()) if entry not in colours}


def colour_names(entries: Mapping[str, str], style: ChartStyle, title: str = "") -> Colouring:
    """The colours of names, each in its turn; those beyond the colours that can be told apart are grey.

    Args:
        entries: Run id → its name, in the order in which the names get colours.
    """
    names = list(dict.fromkeys(entries.values()))
    colours = dict(zip(names, style.categories, strict=False)) | dict.fromkeys(names[len(style.categories) :], style.muted)
    return Colouring("categories", title, entries=entries, colours=colours)


def _own_colours(runs: Sequence[Run], style: ChartStyle) -> dict[str, str]:
    """The site's colours; runs that the site does not know take the categories in turn."""
    return {run.id: style.run_colours.get(run.id, style.categories[i % len(style.categories)]) for i, run in enumerate(runs)}


def _plain_number(value: object) -> float | None:
    return None if isinstance(value, bool) else number(value)
