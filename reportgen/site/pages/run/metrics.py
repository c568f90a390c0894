"""The metrics of a run as small charts in the page; `browser/run-charts.js` makes them live."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

from reportgen.analysis.axes import Trace, default_axis, trace
from reportgen.analysis.main_metric import interest
from reportgen.blocks.readable import readable
from reportgen.charts.axis import wants_log
from reportgen.model import Run
from reportgen.site.contexts import ChartGroup
from reportgen.site.curves import is_share_column
from reportgen.site.small_chart import SmallChart, axis_title, draw, thinned, value_text, x_axis, y_axis
from reportgen.words import _, count, ngettext

_IN_ONE_GROUP = 9
"""Up to so many charts stand in one grid: three rows of three can be taken in without headings."""


@dataclass(frozen=True, eq=False)
class MetricCard:
    """One metric of a run.

    Attributes:
        axis: What it is drawn over: "step" or a metric.
        is_log: Whether the y axis is logarithmic.
        percent: Whether its values are written as per cent.
        along: Its values along the axis.
        length: How many values were logged.
        remarks: What its log said of it.
    """

    key: str
    axis: str
    is_log: bool
    percent: bool
    along: Trace
    length: int
    remarks: tuple[str, ...] = ()

    @cached_property
    def finite(self) -> NDArray[np.intp]:
        """Which of its values are numbers."""
        return np.flatnonzero(np.isfinite(self.along.y))


def metric_cards(run: Run) -> tuple[MetricCard, ...]:
    """The metrics that are drawn, what says most first."""
    keys = [key for key in sorted(run.history, key=lambda key: (*interest(key, run)[:-1], _natural(key))) if not _is_hidden(run, key)]
    return tuple(card for key in keys if (card := _card(run, key)) is not None)


def _natural(key: str) -> tuple[str | int, ...]:
    """Sorts names with numbers in them by these: layer 2 before layer 10."""
    return tuple(int(part) if i % 2 else part for i, part in enumerate(re.split(r"([0-9]+)", key)))


def _is_hidden(run: Run, key: str) -> bool:
    defined = run.definition(key)
    return defined is not None and defined.hidden


def _card(run: Run, key: str) -> MetricCard | None:
    axis = default_axis([run], key)
    along = trace(run, key, axis)
    if along is not None and axis != "step" and not np.isfinite(along.y).any():
        # None of its values has a place on the axis that the tracker was told.
        axis, along = "step", trace(run, key, "step")
    if along is None:
        return None
    value = run.history[key].value
    remarks = tuple(readable(one.text) for one in run.warnings if one.key == key)
    return MetricCard(key, axis, wants_log(key, value), is_share_column(key, value), along, len(value), remarks)


def metric_groups(cards: Sequence[MetricCard], colour: str) -> tuple[ChartGroup, ...]:
    """The cards, drawn; many are grouped by the prefix of their names."""
    prefixes = [_parts(card.key)[0].rstrip("/") if len(cards) > _IN_ONE_GROUP else "" for card in cards]
    for beginning in (lambda prefix: prefix.partition("/")[0], lambda prefix: ""):
        # One that would stand alone stands with those that begin like it, else with the rest.
        counts = Counter(prefixes)
        prefixes = [prefix if counts[prefix] > 1 else beginning(prefix) for prefix in prefixes]
    groups: dict[str, list[int]] = {}
    for i, prefix in enumerate(prefixes):
        groups.setdefault(prefix, []).append(i)
    if rest := groups.pop("", None):
        groups[_("Other metrics") if groups else _("Metrics")] = rest
    return tuple(ChartGroup(readable(name), tuple(_drawn(cards[i], i, colour) for i in group)) for name, group in groups.items())


def _parts(key: str) -> tuple[str, str]:
    """What the name begins with, up to and with the last slash, and its end."""
    prefix, slash, leaf = key.rpartition("/")
    return (prefix + slash, leaf) if leaf else ("", key)


def _drawn(card: MetricCard, place: int, colour: str) -> Markup:
    prefix, leaf = _parts(readable(card.key))
    # Long names break where their parts end.
    start = str(escape(prefix)).replace("/", "/<wbr>")
    name = f'<span class="prefix">{start}</span>{escape(leaf)}' if prefix else escape(leaf)
    picture = draw(_chart(card, colour)) if len(card.finite) else f'<p class="metric-empty">{escape(_nothing(card))}</p>'
    notes = "".join(f'<p class="metric-note"{of_axis}>{escape(text)}</p>' for of_axis, text in _notes(card))
    notes += "".join(f'<p class="remark">{escape(text)}</p>' for text in card.remarks)
    about = f' data-metric="{place}"' if len(card.finite) else ""
    if card.axis != "step":
        about += f' data-axis="{escape(card.axis)}"'
    return Markup(
        f'<figure class="metric-card"{about} data-title="{escape(readable(card.key))}"><figcaption><span class="metric-name">{name}</span> '
        f'<span class="metric-said">{_said(card)}</span></figcaption><div class="metric-plot">{picture}</div>{notes}</figure>'
    )


def _chart(card: MetricCard, colour: str) -> SmallChart:
    finite = card.finite
    line = thinned(card.along.x, card.along.y)
    ends = (float(card.along.x[0]), float(card.along.x[-1]))
    y = card.along.y[finite]
    first, last, low, high = (value_text(float(one), card.percent) for one in (y[0], y[-1], y.min(), y.max()))
    title = readable(axis_title(card.axis))
    said = _("{metric} over {axis}: from {first} to {last}, between {low} and {high}.").format(
        metric=readable(card.key), axis=title, first=first, last=last, low=low, high=high
    )
    return SmallChart((line,), x_axis(card.axis, ends), y_axis(y, percent=card.percent, log=card.is_log), colour, said, title)


def _said(card: MetricCard) -> str:
    """The last value and where it was logged, as HTML."""
    if not len(card.finite):
        return ""
    at = card.finite[-1]
    position, value = float(card.along.x[at]), float(card.along.y[at])
    is_long = position == round(position) and 1e4 <= abs(position) < 1e15
    where = count(int(position)) if is_long else value_text(position, False, 7)
    return f'<b title="{value!r}">{value_text(value, card.percent)}</b> {escape(readable(axis_title(card.axis)))} {where}'


def _notes(card: MetricCard) -> list[tuple[str, str]]:
    """What is not seen in the picture, with an attribute that names the axis if it is so for that axis only."""
    notes = []
    missing, lost = card.along.non_finite, card.along.left_out
    of_axis = f' data-axis="{escape(card.axis)}"'
    if missing:
        said = ngettext("{n} value that is not finite is a gap.", "{n} values that are not finite are gaps.", missing)
        notes.append(("", said.format(n=count(missing))))
    if card.along.interpolated:
        said = _("{axis} was logged at other steps: its positions are interpolated.")
        notes.append((of_axis, said.format(axis=readable(card.axis))))
    if lost:
        said = ngettext("{n} value has no place on this axis.", "{n} values have no place on this axis.", lost)
        notes.append((of_axis, said.format(n=count(lost))))
    return notes if len(card.finite) else []


def _nothing(card: MetricCard) -> str:
    """In place of a chart without a value why there is none."""
    nan = int(np.isnan(card.along.y).sum())
    infinite = len(card.along) - nan
    if not len(card.along):
        return _("No value was logged.") if not card.length else _("No value has a place on an axis.")
    if not infinite:
        return ngettext("Its only value is NaN.", "All {n} values are NaN.", nan).format(n=count(nan))
    if not nan:
        return ngettext("Its only value is infinite.", "All {n} values are infinite.", infinite).format(n=count(infinite))
    return _("None of its {n} values is finite: {nan} are NaN, {infinite} infinite.").format(
        n=count(nan + infinite), nan=count(nan), infinite=count(infinite)
    )
