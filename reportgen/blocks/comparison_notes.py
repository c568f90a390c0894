"""What stands above and below the table of a comparison: what its numbers are and what its marks mean."""

from __future__ import annotations

from collections.abc import Sequence

from reportgen.analysis.compared_values import Comparison, Repeats
from reportgen.analysis.comparison_tests import RowTests
from reportgen.blocks.comparison_words import names_text, statistic_name
from reportgen.words import _


def subtitle(comparison: Comparison, sort: str | None, where: str = "") -> str:
    """What was done to the data, in a few words."""
    said = []
    if comparison.rows and comparison.rows[0].by:
        said.append(_repeats_text(comparison.repeats))
    if where:
        said.append(where)
    if comparison.baseline is not None:
        said.append(_("differences to {run}").format(run=comparison.rows[comparison.baseline].name))
    if sort:
        said.append(_("sorted by {column}").format(column=sort))
    if comparison.left_out:
        shown = len(comparison.rows)
        said.append(_("{shown} of {all} shown").format(shown=shown, all=shown + comparison.left_out))
    return ", ".join(said)


def _repeats_text(how: Repeats) -> str:
    """What the numbers of groups are: "mean ± 95 % interval"."""
    if how.spread == "sd":
        return _("mean ± standard deviation")
    level = f"{100 * how.level:.4g}"
    if how.statistic == "mean":
        return _("mean ± {level} % interval").format(level=level)
    return _("{statistic} with {level} % interval").format(statistic=statistic_name(how.statistic), level=level)


def legend(comparison: Comparison, *, paired: bool = False) -> tuple[str, ...]:
    """What the marks in the table mean, for those that it has, and what they cannot mean, in one note."""
    cells = [cell for column in comparison.columns for cell in column.cells]
    has_best = any(cell.is_best for cell in cells)
    grouped = bool(comparison.rows and comparison.rows[0].by)
    notes = []
    if any(cell.like_best for cell in cells):
        test = _("Welch’s t test") if comparison.repeats.statistic == "mean" else _("a permutation test")
        test = _("t test of pairs of seeds") if paired else test
        like = (
            _("Bold: the best value. ≈: cannot be told from it by the spread of its runs ({test}, Holm’s correction, 5 %).")
            if grouped
            else _("Bold: the best value. ≈: cannot be told from it by the spread of repeats ({test}, Holm’s correction, 5 %).")
        )
        notes.append(like.format(test=test))
    elif has_best:
        notes.append(_("Bold: the best value."))
    if has_best and not comparison.has_repeats:
        notes.append(_("One run of each: how much of a difference is chance cannot be said."))
    if any(cell.difference and cell.difference.better is not None for cell in cells):
        notes.append(_("▲ ▼ better, △ ▽ worse than the baseline."))
    if any(cell.sample and cell.sample.missing for cell in cells):
        notes.append(_("“2 of 3”: the others have no finite value."))
    if comparison.varied and any(cell.estimate for cell in cells):
        said = _("Runs of a group differ in more than the seed ({keys}): what varies is what was tried, not chance alone.")
        notes.append(said.format(keys=names_text(comparison.varied)))
    if any(cell.estimate and not cell.estimate.has_interval and cell.sample and cell.sample.n > 1 for cell in cells):
        notes.append(_("Without interval: too few runs."))
    if comparison.tasks_left_out:
        notes.append(_("Not counted, because not all groups have it: {tasks}.").format(tasks=names_text(comparison.tasks_left_out)))
    return (" ".join(notes),) if notes else ()


def tests_legend(comparison: Comparison, tests: Sequence[RowTests]) -> tuple[str, ...]:
    """What the columns of the tests are."""
    if not any(one.others for one in tests):
        return ()
    level = f"{100 * comparison.repeats.level:.4g}"
    said = [_("In brackets {level} % intervals.").format(level=level)]
    said.append(_("“Better in”: the probability that a run is better than one of the reference (Mann and Whitney’s U)."))
    said.append(_("g: Hedges’ standardised difference of means."))
    if pairs := sorted({one.paired for each in tests for _i, one in each.others} - {0}):
        n = str(pairs[0]) if len(pairs) == 1 else f"{pairs[0]}–{pairs[-1]}"
        said.append(_("p: Student’s t test of the {n} differences between runs of the same seed, Holm’s correction.").format(n=n))
    elif comparison.repeats.statistic == "mean":
        said.append(_("p: Welch’s t test, Holm’s correction."))
    else:
        said.append(_("p: a permutation test, Holm’s correction."))
    if any(one.needed is not None for each in tests for _i, one in each.others):
        said.append(_("Runs needed: of each group, to show a difference of this size in four of five cases."))
    return (" ".join(said),)
