"""What the tests of a comparison say, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analysis.column_format import ColumnFormat
from reportgen.analysis.compared_values import Comparison
from reportgen.analysis.comparison_tests import RowTests
from reportgen.analysis.statistics import Estimate, Statistic, Versus
from reportgen.words import _, ngettext

_LISTED = 4


def statistic_name(statistic: Statistic) -> str:
    """A statistic in the reader's words."""
    return {"mean": _("mean"), "median": _("median"), "iqm": _("interquartile mean")}[statistic]


def verdict(comparison: Comparison, tests: RowTests) -> str:
    """Which row leads (or is the reference), and which of the others can be told from it."""
    name, n = comparison.rows[tests.reference].name, tests.reference_sample.n
    cell = next(one for one in comparison.columns if one.name == tests.metric).cells[tests.reference]
    runs = ngettext("{n} run", "{n} runs", n).format(n=n)
    if cell.is_best:
        best = _("{name} has the highest {statistic} {metric}") if tests.goal == "max" else _("{name} has the lowest {statistic} {metric}")
        lead = best.format(name=name, statistic=statistic_name(comparison.repeats.statistic), metric=tests.metric)
    else:
        lead = _("The others are compared with {name}").format(name=name)
    said = [_("{lead}: {value} over {runs}.").format(lead=lead, value=cell.text, runs=runs)]
    for positions, sentence in _groups(tests):
        if positions:
            said.append(sentence.format(names=names_text([comparison.rows[i].name for i in positions])))
    if needed := _needed(comparison, [(i, one) for i, one in tests.others if one.is_told is False]):
        said.append(needed)
    return " ".join(said)


def _groups(tests: RowTests) -> list[tuple[list[int], str]]:
    """The other rows by what can be said of them, with the sentence that says it."""
    up = tests.goal == "max"
    told = [(i, (one.difference.value > 0) == up) for i, one in tests.others if one.is_told]
    return [
        ([i for i, better in told if better], _("Better than it by more than chance explains: {names}.")),
        ([i for i, better in told if not better], _("Worse than it by more than chance explains: {names}.")),
        ([i for i, one in tests.others if one.is_told is False], _("It cannot be told from {names}.")),
        ([i for i, one in tests.others if one.is_told is None], _("Of {names} there are too few runs to say.")),
    ]


def _needed(comparison: Comparison, open_: list[tuple[int, Versus]]) -> str:
    """How many runs would tell the row that is nearest to being told."""
    known = [(one.needed, i) for i, one in open_ if one.needed is not None]
    if not known:
        return ""
    needed, i = min(known)
    said = _("If the difference to {name} is as large as it seems, about {n} runs of each would show it.")
    return said.format(name=comparison.rows[i].name, n=needed)


def names_text(names: Sequence[str]) -> str:
    """A few names, or three of many and how many more."""
    if len(names) > _LISTED:
        return _("{names} and {n} more").format(names=", ".join(names[: _LISTED - 1]), n=len(names) - _LISTED + 1)
    return ", ".join(names)


def difference_text(found: Estimate, written: ColumnFormat) -> str:
    """A difference with its interval: "−0.030 (−0.075 to 0.015)"."""
    value = written.difference(found.value)
    if not found.has_interval:
        return value
    return _("{value} ({low} to {high})").format(value=value, low=written.difference(found.low), high=written.difference(found.high))


def p_text(p: float | None) -> str:
    """A p value with two digits, nothing below 0.001: "0.014"."""
    if p is None:
        return "—"
    return "< 0.001" if p < 0.001 else f"{p:.2f}" if p >= 0.1 else f"{p:.3f}"
