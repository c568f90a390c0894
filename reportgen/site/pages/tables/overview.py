"""The page of all logged tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from reportgen.blocks.links import TABLES_PAGE, table_href
from reportgen.blocks.readable import readable
from reportgen.blocks.table import MISSING, Cell, Head, TableView, table_html
from reportgen.site.pages.tables.sheets import Sheet
from reportgen.site.pages.tables.words import sheets_lead
from reportgen.site.site import ComposedPage, Site
from reportgen.site.table_contexts import TablesContext
from reportgen.words import _, count, ngettext

_NAMED = 8


def overview(site: Site, found: Mapping[str, Sequence[Sheet]]) -> ComposedPage:
    """The list of the keys under which tables were logged."""
    lead = _lead(site, found)
    context = TablesContext(
        **site.base(TABLES_PAGE), title=_("Tables"), description=lead.striptags(), lead=lead, table=_table(found),
        query=site.query_href(TABLES_PAGE),
    )  # fmt: skip
    return site.page(TABLES_PAGE, "tables.html", context)


def _lead(site: Site, found: Mapping[str, Sequence[Sheet]]) -> Markup:
    """“3 tables, logged 9 times by 3 runs. predictions: …” of the one with predictions, else of the largest."""
    logged = [sheet for sheets in found.values() for sheet in sheets]
    runs = len({sheet.run.id for sheet in logged})
    text = ngettext("{n} table,", "{n} tables,", len(found)).format(n=count(len(found)))
    text += " " + ngettext("logged {n} time", "logged {n} times", len(logged)).format(n=count(len(logged)))
    text += " " + ngettext("by {n} run.", "by {n} runs.", runs).format(n=count(runs))
    first = max(found, key=lambda key: (any(one.share is not None for one in found[key]), max(len(one.table.rows) for one in found[key])))
    link = Markup('<a href="{}">{}</a>').format(table_href(first, ""), readable(first))
    return Markup("{} {}: {}").format(text, link, sheets_lead(site, found[first], ""))


def _table(found: Mapping[str, Sequence[Sheet]]) -> Markup:
    numbers = (_("rows"), _("runs"), _("logged"))
    heads = [Head(_("table")), *(Head(name, number=True) for name in numbers)]
    has_answers = any(sheet.share is not None for sheets in found.values() for sheet in sheets)
    heads += [Head(_("right, at best"), number=True, goal="max")] if has_answers else []
    heads.append(Head(_("columns")))
    rows = tuple(_row(key, sheets, has_answers) for key, sheets in found.items())
    return table_html(TableView(tuple(heads), rows, label=_("Tables"), id="tables"))


def _row(key: str, sheets: Sequence[Sheet], has_answers: bool) -> tuple[Cell, ...]:
    least, most = (f(len(sheet.table.rows) for sheet in sheets) for f in (min, max))
    names = list(dict.fromkeys(readable(str(name)) for sheet in sheets for name in sheet.table.columns))
    shown = ", ".join(names[:_NAMED]) + (f", … (+{len(names) - _NAMED})" if len(names) > _NAMED else "")
    best = max((sheet.share for sheet in sheets if sheet.share is not None), default=None)
    share = MISSING if best is None else Cell(f"{100 * best:.1f}\u202f%", repr(best))
    return (
        Cell(Markup('<a href="{}">{}</a>').format(table_href(key, ""), readable(key) or "?"), key),
        Cell(count(most) if least == most else f"{count(least)} – {count(most)}", str(most)),
        Cell(count(len({sheet.run.id for sheet in sheets})), str(len({sheet.run.id for sheet in sheets}))),
        Cell(count(len(sheets)), str(len(sheets))),
        *((share,) if has_answers else ()),
        Cell(shown, title=", ".join(names)),
    )
