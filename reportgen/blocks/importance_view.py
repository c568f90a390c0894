"""An importance on a page: its words, its table, and what its numbers are."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from reportgen.analysis.importance import Importance, ParameterImportance, minus, percent, share_text, signed
from reportgen.analysis.importance.best import BEST_PART
from reportgen.analysis.importance.maps import interacts
from reportgen.analysis.importance.words_good import best_sentences, local_verdict, region_text
from reportgen.blocks.block import BlockOptions, Fragment
from reportgen.blocks.readable import unbroken
from reportgen.blocks.table import MISSING, Cell, Head, TableView, name_html
from reportgen.charts.figure import Figure
from reportgen.charts.importance import share_label
from reportgen.words import _


def verdict_html(found: Importance) -> str:
    """The answer in words, and what weakens it; a warning stands out when nothing can be told."""
    listed = [Markup("<p>{}</p>").format(text) for text in found.warnings]
    if not found.conclusive:
        title = Markup('<p class="notice-title">{}</p>').format(unbroken(found.verdict))
        return str(Markup('<div class="notice warn" role="note">{}{}</div>').format(title, Markup("").join(listed)))
    said = Markup('<p class="verdict">{}</p>').format(unbroken(found.verdict))
    if also := " ".join(text for text in (*best_sentences(found), local_verdict(found)) if text):
        said += Markup("<p>{}</p>").format(unbroken(also))
    if listed:
        said += Markup('<div class="notice warn" role="note">{}</div>').format(Markup("").join(listed))
    return str(said)


def table_view(found: Importance) -> TableView:
    """All parameters: shares alone and with interactions, direction, rank correlation, with intervals, and the runs that have it."""
    heads = {
        "parameter": Head(_("parameter")),
        "share": Head(_("share"), number=True),
        "total": Head(_("with interactions"), number=True),
        "local": Head(_("among the best {part}").format(part=percent(found.among or 0)), number=True),
        "direction": Head(_("direction")),
        "best": Head(_("best {part} at").format(part=percent(BEST_PART))),
        "correlation": Head(_("rank correlation"), number=True),
        "runs": Head(_("runs"), number=True),
    }
    if not found.quantitative:
        del heads["share"], heads["total"], heads["direction"]
    if found.among is None or not found.quantitative:
        del heads["local"]
    if all(one.best is None for one in found.parameters):
        del heads["best"]
    if all(one.n_runs == found.n_runs for one in found.parameters):
        del heads["runs"]  # The verdict and the bars say already how many there are.
    rows = []
    for one in found.parameters:
        cells = parameter_cells(found, one)
        rows.append(tuple(cells[name] for name in heads))
    label = _("Importance of parameters for {metric}").format(metric=found.target)
    return TableView(tuple(heads.values()), tuple(rows), label, of_what=_("{n} parameters").format(n=len(rows)))


def parameter_cells(found: Importance, one: ParameterImportance) -> dict[str, Cell]:
    """What the table says of one parameter, by the name of the column."""
    share, total, correlation, local = MISSING, MISSING, MISSING, MISSING
    if found.quantitative:
        share = Cell.of(share_label(one), repr(one.share))
        total = Cell.of(share_text(one.total), repr(one.total.value))
    if one.local:
        local = Cell.of(share_text(one.local), repr(one.local.value))
    if known := one.correlation:
        text = _("{value} ({low} to {high})").format(value=signed(known.value), low=minus(known.low), high=minus(known.high))
        correlation = Cell.of(text, repr(known.value))
    runs = f"{one.n_runs}" if one.n_runs == found.n_runs else _("{n} of {all}").format(n=one.n_runs, all=found.n_runs)
    name = name_html(one.name) + (Markup(' <span class="prefix">({})</span>').format(_("log")) if one.log else Markup(""))
    quiet = Cell(Markup('<span class="prefix">{}</span>').format(_("within the noise")))
    return {
        "parameter": Cell(name, one.name),
        "share": share,
        "total": total,
        "local": local,
        "direction": Cell.of(one.direction) if one.above_noise else quiet,
        "best": Cell.of(region_text(one)) if one.best else MISSING,
        "correlation": correlation,
        "runs": Cell.of(runs, str(one.n_runs)),
    }


def method(found: Importance) -> str:
    """How a curve or a map was made, and how well it predicts."""
    said = _("By a Gaussian process over {n} runs; cross-validated R² {r2}.")
    return said.format(n=found.n_runs, r2=minus(found.r2)) if found.quantitative else ""


def notes(found: Importance, *, table: bool = False) -> tuple[str, ...]:
    """What the numbers are, how well the model does, and what was left out and why.

    Args:
        table: The table stands above them: its columns are explained, too.
    """
    said = []
    if found.quantitative:
        share = _(
            "A share is a Sobol index: the part of the variance of the target that a parameter explains alone when all parameters are "
            "drawn evenly from their search space; “with interactions” adds what it explains together with others."
        )
        method = _(
            "Gaussian process whose kernel is a polynomial chaos (Sudret 2008; Lu, Boukouvalas and Hensman 2022), fitted to {n} runs; "
            "cross-validated R² {r2}. The intervals ({level} %) are from its posterior. Shuffled targets seem explained as well in "
            "{chance} of cases (permutation test of all parameters together)."
        )
        said += [
            share,
            method.format(n=found.n_runs, r2=minus(found.r2), level=f"{100 * found.level:.0f}", chance=percent(found.by_chance)),
        ]
        said += _notes_on_good(found, table=table)
        strong = [one for one in found.pairs if interacts(one.share)][:3]
        if strong and found.conclusive:
            listed = "; ".join(f"{' × '.join(one.names)} {share_text(one.share)}" for one in strong)
            said.append(_("Interactions: {pairs}.").format(pairs=listed))
    if found.ignored:
        listed = "; ".join(f"{one.name} ({one.reason})" for one in found.ignored)
        said.append(_("Left out: {parameters}.").format(parameters=listed))
    return tuple(said)


def _notes_on_good(found: Importance, *, table: bool) -> list[str]:
    """How the best of the search space and the shares there are to be read."""
    said = []
    if table and any(one.best for one in found.parameters):
        best = _("“Best {part} at” is where the {part} of the search space with the best predictions lie; of numbers, nine of ten of them.")
        said.append(best.format(part=percent(BEST_PART)))
    if found.among is not None and found.local_noise:
        local = _(
            "“Among the best {part}” is the part of the target's variance that a parameter explains by itself where the model predicts the "
            "best {part} of the search space (correlation ratio, noise included); such shares need not add up. {rest} are noise there."
        )
        said.append(local.format(part=percent(found.among), rest=share_text(found.local_noise)))
    return said


def figure_fragment(kind: str, options: BlockOptions, found: Importance, parts: Sequence[str | Figure], title: str) -> Fragment:
    """A fence that shows a part of an importance large; `title` is for options without one."""
    return Fragment(
        parts=tuple(parts),
        kind=kind,
        title=title if options.title is None else options.title,
        caption=options.caption or "",
        width=options.width or "text",
        id=options.id or "",
        notes=(method(found),) if found.quantitative else (),
        explained="importance",
    )
