"""What changed, on a page: the answer, the results and the settings that differ."""

from __future__ import annotations

import math
from collections.abc import Callable

from markupsafe import Markup

from reportgen.analysis.column_format import exact
from reportgen.analysis.compared_rows import Missing
from reportgen.analysis.what_changed import Setting, Side, Told, WhatChanged
from reportgen.analysis.what_changed.sides import Values, exact_text, texts
from reportgen.analysis.what_changed.words import Voice, answer, interval_text, predicted_text, sample_text, told_text
from reportgen.blocks.links import run_link
from reportgen.blocks.readable import readable, unbroken
from reportgen.blocks.table import MISSING, Cell, Head, TableView, name_html, table_html
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import key_words
from reportgen.words import _, count, ngettext

LISTED = 12
"""A table with more rows scrolls in a box, and a part with more is folded."""


def answer_html(found: WhatChanged, root: str, style: ChartStyle) -> Markup:
    """The answer in words, with links to the runs."""
    voice = Voice(Markup, lambda side: _named(side, root, style), lambda key: Markup("{}").format(key_words(key)))
    sentences = Markup(" ").join(Markup("{}").format(one) for one in answer(found, voice))
    return Markup('<p class="verdict">{}</p>').format(Markup(unbroken(readable(sentences))))


def _named(side: Side, root: str, style: ChartStyle) -> Markup:
    if not side.is_one:
        return Markup("<code>{}</code>").format(side.name)
    run = side.runs[0]
    link = run_link(run, root, style.colour(run.id))
    return link if side.name == run.name else Markup('{} <span class="count">({})</span>').format(link, run.id)


def results_html(found: WhatChanged, style: ChartStyle) -> Markup:
    """Several targets of both sides and their differences."""
    heads = (Head(_("metric")), *side_heads(found, style, number=True), Head(_("difference"), number=True))
    rows = tuple(
        (
            Cell(name_html(key_words(one.metric)), one.metric),
            *(
                Cell.of(sample_text(sample, one.format), repr(sample.mean)) if sample.n else MISSING
                for sample in (one.before, one.after)
            ),
            Cell.of(interval_text(one), repr(one.difference.value)) if one.is_known else MISSING,
        )
        for one in found.results
    )
    return table_html(TableView(heads, rows, label=_("Results")))


def settings_html(found: WhatChanged, root: str, style: ChartStyle) -> Markup:
    """The settings that differ, those that matter first; how many are equal."""
    equal = ngettext("{n} setting is equal.", "{n} settings are equal.", found.equal).format(n=count(found.equal))
    if not found.settings:
        logged = any(run.config for side in (found.before, found.after) for run in side.runs)
        said = _("No setting differs.") + " " + equal if logged else _("Neither side has a config.")
        return Markup('<p class="section-note">{}</p>').format(said)
    columns = _columns(found)
    heads = (Head(_("setting")), *side_heads(found, style), *(head for head, _cell in columns))
    rows = tuple((*_values(setting), *(cell(setting, told) for _head, cell in columns)) for setting, told in found.settings)
    table = table_html(TableView(heads, rows, label=_("Settings that differ"), boxed=len(rows) > LISTED))
    return table + Markup('<p class="section-note">{}</p>').format(equal)


def side_heads(found: WhatChanged, style: ChartStyle, *, number: bool = False) -> tuple[Head, Head]:
    """The heads of the two columns with the values of each side."""
    first, second = (
        Head(side.name, number, label=Markup('<span class="diff-side">{}</span>').format(_head_html(side, style)))
        for side in (found.before, found.after)
    )
    return first, second


def _head_html(side: Side, style: ChartStyle) -> Markup:
    """The colour and name of a run, without a link since the head is a button that sorts; of a group how many runs it has."""
    if side.is_one:
        return Markup('<i class="run-dot" style="--run:{}"></i>{}').format(style.colour(side.runs[0].id), side.name)
    n = ngettext("{n} run", "{n} runs", len(side.runs)).format(n=count(len(side.runs)))
    return Markup('<code>{}</code> <span class="count">({})</span>').format(side.name, n)


def value_cells(before: Values, after: Values, written: Callable[[object], str] | None = None) -> tuple[Cell, Cell]:
    """The values of both sides; a dash where a side has none."""
    shown = texts(before, after) if written is None else [", ".join(map(written, values)) for values in (before, after)]
    first, second = (
        Cell.of(text, exact_text(values)) if any(not isinstance(one, Missing) for one in values) else MISSING
        for text, values in zip(shown, (before, after), strict=True)
    )
    return first, second


def _values(setting: Setting) -> tuple[Cell, Cell, Cell]:
    return Cell(name_html(setting.key), setting.key), *value_cells(setting.before, setting.after)


_Column = tuple[Head, Callable[[Setting, Told | None], Cell]]


def _columns(found: WhatChanged) -> list[_Column]:
    """What is said of each setting beside its values; columns without any content are left out."""
    columns: list[_Column] = []
    if any(setting.step for setting, _told in found.settings):
        columns.append((Head(_("step"), number=True), lambda setting, _told: Cell.of(setting.step)))
    if any(told is not None for _setting, told in found.settings):
        metric = key_words(found.results[0].metric)
        label = Markup("{}").format(_("share of {metric}").format(metric=metric))
        columns.append((Head("share", number=True, label=label), _told_cell))
        written = found.results[0].format
        if any(told is not None and predicted_text(told, written) for _setting, told in found.settings):
            curve = Markup("{}").format(_("{metric} by its curve").format(metric=metric))
            columns.append(
                (Head("curve", number=True, label=curve), lambda _setting, told: Cell.of(predicted_text(told, written) if told else ""))
            )
    return columns


def _told_cell(setting: Setting, told: Told | None) -> Cell:
    if told is None:
        return Cell(Markup('<span class="prefix">{}</span>').format(_("a seed") if setting.is_seed else ""), "")
    if told.verdict == "clear":
        return Cell.of(told_text(told), exact(told.share.value))
    share = "" if math.isnan(told.share.value) else exact(told.share.value)
    return Cell(Markup('<span class="value prefix">{}</span>').format(told_text(told)), share)
