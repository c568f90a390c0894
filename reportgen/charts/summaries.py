"""What charts of one number per run have in common: bars, boxes and histograms."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.analysis.attribute_names import attribute_name
from reportgen.charts.words import counted, key_words, natural, value_label
from reportgen.errors import QueryError
from reportgen.model import Run, Runs, number
from reportgen.words import _, count, ngettext


@dataclass(frozen=True)
class SummarySettings:
    """What the reader asked for; columns are full names of the runs table.

    Attributes:
        y: The number of each run.
        x: The key whose values make the boxes (`box`) or bars of means (`bar`); None for one bar per run.
        color: What colours stand for.
        log: Whether the axis of the number is logarithmic; None leaves it to the name.
        bins: How many bins a histogram has; None leaves it to the number of runs.
        given: The ends of the axis of the number.
        facet: The key for whose values there is a small chart each, all with the same axes and colours.
    """

    y: str
    x: str | None = None
    color: str | None = None
    log: bool | None = None
    bins: int | None = None
    given: tuple[float, float] | None = None
    facet: str | None = None


@dataclass(frozen=True)
class Numbers:
    """The finite numbers of a column, by run, and what must be said about the others."""

    runs: tuple[Run, ...]
    values: tuple[float, ...]
    notes: tuple[str, ...]


def numbers_of(runs: Runs, column: str, *, positive: bool = False) -> Numbers:
    """The finite values of a column.

    Raises:
        QueryError: No run has one.
    """
    found = [(run, value) for run in runs if (value := number(run[column])) is not None and math.isfinite(value)]
    kept = [(run, value) for run, value in found if value > 0 or not positive]
    if not kept:
        raise QueryError(f"no run has a {'positive' if positive else 'finite'} value of '{key_words(column)}'")
    notes = []
    if len(found) < len(runs):
        lacking = len(runs) - len(found)
        sentence = ngettext("{n} of {runs} has no finite {metric}.", "{n} of {runs} have no finite {metric}.", lacking)
        notes.append(sentence.format(n=count(lacking), runs=counted(len(runs), "run"), metric=key_words(column)))
    if len(kept) < len(found):
        sentence = _("{values} of zero or less cannot stand on a logarithmic axis.")
        notes.append(sentence.format(values=counted(len(found) - len(kept), "value")))
    return Numbers(tuple(run for run, _ in kept), tuple(value for _, value in kept), tuple(notes))


def facets_of(runs: Sequence[Run], column: str | None) -> dict[str, list[int]]:
    """The title of each small chart, and which of the runs it shows; without a column one chart "" of all."""
    if column is None:
        return {"": list(range(len(runs)))}
    places: dict[str, list[int]] = {}
    for i, run in enumerate(runs):
        places.setdefault(value_label(column, run[column]), []).append(i)
    return {title: places[title] for title in sorted(places, key=natural)}


def raw_values(runs: Runs, column: str) -> list[float]:
    """All numbers of a column, to judge its scale by."""
    return [value for run in runs if (value := number(run[column])) is not None]


def ordered(runs: Sequence[Run], names: Sequence[str], key: str | None) -> list[str]:
    """The different names, by the number of `key` where it is one, else by name."""

    def place(item: tuple[Run, str]) -> tuple[int, float, str]:
        value = number(item[0][key]) if key else None
        return (0, value, item[1]) if value is not None and math.isfinite(value) else (1, 0.0, item[1])

    return list(dict.fromkeys(name for _, name in sorted(zip(runs, names, strict=True), key=place)))


def title_of(settings: SummarySettings, n: int) -> str:
    """“val/acc by optimizer.name, 24 runs”."""
    runs = counted(n, "run")
    if not settings.x:
        return _("{metric}, {runs}").format(metric=key_words(settings.y), runs=runs)
    return _("{metric} by {key}, {runs}").format(metric=key_words(settings.y), key=key_words(settings.x), runs=runs)


def summarised(settings: SummarySettings, facet: str) -> str:
    """What a chart is of, for its text alternative: “val/acc by config.channels for adam”."""
    if settings.x:
        what = _("{metric} by {key} for {which}") if facet else _("{metric} by {key}")
    else:
        what = _("{metric} for {which}") if facet else "{metric}"
    return what.format(metric=attribute_name(settings.y), key=attribute_name(settings.x or ""), which=facet)
