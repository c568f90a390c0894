"""What is said of the tables of one key."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from reportgen.blocks.links import run_link
from reportgen.site.pages.tables.sheets import Sheet
from reportgen.site.site import Site
from reportgen.words import _, count, ngettext


def sheets_lead(site: Site, sheets: Sequence[Sheet], root: str) -> Markup:
    """Rows and columns, which run is right most often, and how far the others are from it."""
    with_answers = sorted((one for one in sheets if one.share is not None), key=lambda one: one.share or 0.0)
    parts = [Markup(escape(_size(sheets)))]
    if not with_answers:
        return parts[0]
    worst, best = with_answers[0], with_answers[-1]
    said = _("{run} is right in {n} of {all} rows ({share}).")
    if len(with_answers) > 1 and best.share != worst.share:
        said = _("{run} is right most often, in {n} of {all} rows ({share});")
    parts.append(_of(site, best, root, said))
    if len(with_answers) > 1:
        if best.share == worst.share:
            parts.append(Markup(escape(_("All tables are right equally often."))))
        else:
            parts.append(_of(site, worst, root, _("{run} least often, in {n} of {all} ({share}).")))
    return Markup(" ").join(parts)


def _of(site: Site, sheet: Sheet, root: str, text: str) -> Markup:
    n, whole = sheet.right or (0, 0)
    link = run_link(sheet.run, root, site.workspace.style.colour(sheet.run.id))
    return Markup(escape(text)).format(run=link, n=count(n), all=count(whole), share=f"{100 * (sheet.share or 0):.1f}\u202f%")


def _size(sheets: Sequence[Sheet]) -> str:
    least, most = (f(len(sheet.table.rows) for sheet in sheets) for f in (min, max))
    width = max(len(sheet.table.columns) for sheet in sheets)
    rows = ngettext("{n} row", "{n} rows", most).format(n=count(most))
    if least != most:
        rows = _("{least} to {most} rows").format(least=count(least), most=count(most))
    columns = ngettext("{n} column", "{n} columns", width).format(n=count(width))
    runs = len({sheet.run.id for sheet in sheets})
    by = ngettext("{n} run", "{n} runs", runs).format(n=count(runs))
    if len(sheets) > runs:
        said = _("{rows} of {columns}, logged {times} times by {runs}.")
        return said.format(rows=rows, columns=columns, times=count(len(sheets)), runs=by)
    return _("{rows} of {columns}, logged by {runs}.").format(rows=rows, columns=columns, runs=by)
