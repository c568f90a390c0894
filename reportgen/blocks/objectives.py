"""Several objectives in the fence `importance`: what moves more than one of them first, then each by itself."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from reportgen.analysis.importance import Importance
from reportgen.analysis.importance.objectives import trade_off_sentences
from reportgen.analysis.importance.words_good import best_sentences, local_verdict
from reportgen.blocks.importance_view import method, notes, parameter_cells
from reportgen.blocks.readable import paragraph, unbroken
from reportgen.blocks.table import MISSING, Cell, Head, TableView, name_html, table_html
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout
from reportgen.charts.objectives import objective_bars
from reportgen.charts.style import ChartStyle
from reportgen.words import _


def objectives_parts(found: Sequence[Importance], style: ChartStyle, top: int, layout: Layout, *, table: bool) -> tuple[str | Figure, ...]:
    """Words, what weakens them, a group of bars for each parameter, and the table."""
    told = [one for one in found if one.quantitative]
    parts: list[str | Figure] = [paragraph(" ".join(sentences))] if (sentences := trade_off_sentences(told)) else []
    for one in found:
        also = [text for text in (*best_sentences(one), local_verdict(one)) if text]
        parts.append(str(Markup("<p>{}</p>").format(unbroken(" ".join([one.verdict, *also])))))
    if said := dict.fromkeys(text for one in found for text in one.warnings):
        listed = Markup("").join(Markup("<p>{}</p>").format(text) for text in said)
        parts.append(str(Markup('<div class="notice warn" role="note">{}</div>').format(listed)))
    if told:
        parts.append(objective_bars(told, style, top, layout))
    if table:
        parts.append(str(table_html(objectives_table(found))))
    return tuple(parts)


def objectives_notes(found: Sequence[Importance]) -> tuple[str, ...]:
    """What a share is, how well the model does for each objective, and what was left out."""
    told = [one for one in found if one.quantitative]
    methods = [f"{one.target}: {method(one)}" for one in told]
    left_out = [notes(one)[-1] for one in found if one.ignored]
    return (*notes(told[0])[:1], *methods, *dict.fromkeys(left_out)) if told else tuple(dict.fromkeys(left_out))


def objectives_table(found: Sequence[Importance]) -> TableView:
    """Of each parameter its share, its total and its direction for each objective."""
    heads = [Head(_("parameter"))]
    for one in found:
        # The name of the objective first, so that a common part such as val/ stands above both.
        heads += [Head(f"{one.target}: {_('share')}", number=True), Head(f"{one.target}: {_('direction')}")]
    rows = []
    for name in dict.fromkeys(parameter.name for one in found for parameter in one.parameters):
        cells = [Cell(name_html(name), name)]
        for one in found:
            mine = next((parameter for parameter in one.parameters if parameter.name == name), None)
            if mine is None or not one.quantitative:
                cells += [MISSING, MISSING]
                continue
            known = parameter_cells(one, mine)
            cells += [known["share"], known["direction"]]
        rows.append(tuple(cells))
    label = _("Importance of parameters for {metric}").format(metric=", ".join(one.target for one in found))
    return TableView(tuple(heads), tuple(rows), label, of_what=_("{n} parameters").format(n=len(rows)))
