"""The tests of a comparison as a table: each row against the reference."""

from __future__ import annotations

import math
from dataclasses import replace

from markupsafe import Markup

from reportgen.analysis.compared_values import Comparison
from reportgen.analysis.comparison_tests import RowTests
from reportgen.analysis.importance import minus, percent, percent_range
from reportgen.analysis.statistics import Estimate, Versus
from reportgen.blocks.comparison_words import difference_text, p_text
from reportgen.blocks.table import MISSING, Cell, Head, TableView, name_html
from reportgen.words import _


def tests_view(comparison: Comparison, tests: RowTests) -> TableView:
    """Difference, probability of being better, effect size, p value and the runs that are needed, for each row but the reference.

    How many runs each has stands there where they differ; the table of the comparison says it otherwise.
    """
    by = comparison.rows[0].by
    heads = {
        "group": Head(" · ".join(name for name, _value in by), label=Markup(" · ").join(name_html(name) for name, _value in by)),
        "runs": Head("runs", number=True, label=_seen(_("runs"))),
        "difference": Head("difference", number=True, label=_seen(_("difference"))),
        "better": Head("better", number=True, label=_seen(_("better in"))),
        "effect": Head("effect", number=True, label=_seen("g")),
        "p": Head("p", number=True, label=_seen("p")),
        "needed": Head("needed", number=True, label=_seen(_("runs needed"))),
    }
    if {n for _i, one in tests.others for n in (one.n, one.n_reference)} == {tests.reference_sample.n}:
        del heads["runs"]
    if all(one.needed is None for _i, one in tests.others):
        del heads["needed"]
    rows = [_cells(comparison.rows[i].name, one, tests) for i, one in tests.others]
    label = _("{metric} against {name}").format(metric=tests.metric, name=comparison.rows[tests.reference].name)
    shown = tuple(tuple(cells[name] for name in heads) for cells in rows)
    return TableView(tuple(heads.values()), shown, label, of_what=_("{n} groups").format(n=len(rows)))


def _seen(name: str) -> Markup:
    return Markup("{}").format(name)


def _cells(name: str, one: Versus, tests: RowTests) -> dict[str, Cell]:
    runs = _("{n} pairs").format(n=one.paired) if one.paired else f"{one.n} : {one.n_reference}"
    change = one.difference.value
    return {
        "group": Cell(Markup('<span class="value">{}</span>').format(name), name),
        "runs": Cell.of(runs, str(one.n)),
        "difference": Cell.of(difference_text(one.difference, tests.format), repr(change)) if math.isfinite(change) else MISSING,
        "better": _improvement(one.improvement),
        "effect": _effect(one.effect),
        "p": _p(one),
        "needed": _needed(one),
    }


def _improvement(found: Estimate) -> Cell:
    if math.isnan(found.value):
        return MISSING
    ends = f" ({percent_range(found.low, found.high)})" if found.has_interval else ""
    return Cell.of(percent(found.value) + ends, repr(found.value))


def _effect(found: Estimate) -> Cell:
    if math.isnan(found.value):
        return MISSING
    said = _("{value} ({low} to {high})").format(value=minus(found.value), low=minus(found.low), high=minus(found.high))
    return replace(Cell.of(minus(found.value), repr(found.value)), title=said)


def _p(one: Versus) -> Cell:
    if one.p_holm is None:
        return MISSING
    shown = Cell.of(p_text(one.p_holm), repr(one.p_holm))
    said = _("not corrected {p}; permutation test {permutation}").format(p=p_text(one.p), permutation=p_text(one.p_permutation))
    return replace(shown, title=said)


def _needed(one: Versus) -> Cell:
    if one.is_told:
        return Cell(Markup('<span class="prefix">{}</span>').format(_("enough")), "0")
    return MISSING if one.needed is None else Cell.of(str(one.needed))
