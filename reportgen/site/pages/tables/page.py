"""The page of the tables that were logged under one key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from reportgen.analysis.column_format import exact
from reportgen.analysis.table_columns import TableColumn
from reportgen.blocks.links import TABLES_PAGE, run_href, run_link, table_href
from reportgen.blocks.readable import readable
from reportgen.blocks.table import MISSING, Cell, Head, TableView, table_html
from reportgen.charts.panels import panels_of
from reportgen.model import Media
from reportgen.model.sql import sql_name
from reportgen.site.contexts import Link
from reportgen.site.pages.panels import panel_html
from reportgen.site.pages.tables.data import sheet_script
from reportgen.site.pages.tables.media import TableFiles
from reportgen.site.pages.tables.sheets import Sheet, first_shown
from reportgen.site.pages.tables.words import sheets_lead
from reportgen.site.site import ComposedPage, Site, href, root_of
from reportgen.site.table_contexts import TableContext
from reportgen.words import _, count, ngettext

_ROWS, _CHARTS = 100, 6


def table_page(site: Site, key: str, sheets: Sequence[Sheet]) -> ComposedPage:
    """The page of a key; its tables are loaded when they are chosen."""
    target = table_href(key, "")
    files = TableFiles()
    first = first_shown(sheets)
    lead = sheets_lead(site, sheets, root_of(target))
    context = TableContext(
        **site.base(target, crumbs=[Link(_("Tables"), href(TABLES_PAGE, target))]),
        title=readable(key) or "?",
        description=lead.striptags(),
        lead=lead,
        data=_index(site, key, sheets, first, files),
        shown=_shown(site, sheets[first], root_of(target)),
        still=_still(sheets[first], root_of(target), files),
        charts=tuple(_charts(site, sheets)),
        notes=tuple(_notes(key, sheets)),
        query=site.query_href(target, f"select *\nfrom {sql_name(key)}\nlimit 100"),
    )
    return site.page(target, "table.html", context, list(files.linked.values()))


def _charts(site: Site, sheets: Sequence[Sheet]) -> Iterator[Markup]:
    """What the runs asked to be drawn from their last table of the key, one chart for each of the latest runs."""
    last = {sheet.run.id: sheet for sheet in sheets}
    asked = [(panel, sheet) for sheet in last.values() for panel in panels_of(sheet.run.panels, sheet.table)]
    for panel, sheet in asked[-_CHARTS:]:
        title = f"{panel.title or panel.key} · {sheet.run.name}" if len(last) > 1 else ""
        yield panel_html(panel, sheet.table, site.draw, site.workspace.style, title=title)
    if len(asked) > _CHARTS:
        yield Markup('<p class="section-note">{}</p>').format(
            _("The charts of the last {n} of {all}.").format(n=_CHARTS, all=count(len(asked)))
        )


def _index(site: Site, key: str, sheets: Sequence[Sheet], first: int, files: TableFiles) -> str:
    """The script with what there is to choose from: for each table its run, step, size, right predictions, and its own script."""
    several = [
        {
            "run": sheet.run.id,
            "name": readable(sheet.run.name) or sheet.run.slug,
            "colour": site.workspace.style.colour(sheet.run.id),
            "page": run_href(sheet.run, ""),
            "step": sheet.table.step,
            "rows": len(sheet.table.rows),
            "script": sheet_script(site, sheet, files),
            "right": list(sheet.right) if sheet.right else None,
        }
        for sheet in sheets
    ]
    return site.script("data/tables", "value", {"key": readable(key), "first": first, "sheets": several})


def _shown(site: Site, sheet: Sheet, root: str) -> Markup:
    """“The table of ● run at step 528”, and how many of its rows are below when it is long."""
    link = run_link(sheet.run, root, site.workspace.style.colour(sheet.run.id))
    said = Markup(_("The table of {run} at step {step}.")).format(run=link, step=count(sheet.table.step))
    if len(sheet.table.rows) > _ROWS:
        said += " " + _("The first {n} of {all} rows.").format(n=_ROWS, all=count(len(sheet.table.rows)))
    return said


def _still(sheet: Sheet, root: str, files: TableFiles) -> Markup:
    """The first rows as a table of the page."""
    if not sheet.table.rows:
        return Markup('<p class="empty">{}</p>').format(_("This table has no rows."))
    names = [readable(one.name) for one in sheet.columns]
    # As labels, so that a name with a dot is one name and no part of a group.
    heads = tuple(
        Head(name, number=one.kind == "number", label=escape(name)) for name, one in zip(names, sheet.columns, strict=True)
    )
    shown = range(min(_ROWS, len(sheet.table.rows)))
    rows = tuple((Cell(str(i + 1)), *(_cell(column, i, root, files) for column in sheet.columns)) for i in shown)
    return table_html(TableView((Head(_("row"), number=True), *heads), rows, label=_("The first rows"), id="still"))


def _cell(column: TableColumn, i: int, root: str, files: TableFiles) -> Cell:
    value = column.values[i]
    if value is None:
        return MISSING
    if isinstance(value, Media):
        return Cell(files.html(value, root))
    return Cell.of(readable(column.format.text(value)), readable(exact(value)))


def _notes(key: str, sheets: Sequence[Sheet]) -> Iterator[str]:
    yield from dict.fromkeys(readable(one.text) for sheet in sheets for one in sheet.run.warnings if one.key == key)
    media = [cell for sheet in sheets for column in sheet.columns for cell in column.values if isinstance(cell, Media)]
    if named := sum(1 for cell in media if cell.kind not in ("image", "audio", "video", "text", "json")):
        yield ngettext(
            "{n} cell holds a medium that is not shown in a table.", "{n} cells hold media that are not shown in a table.", named
        ).format(n=count(named))
