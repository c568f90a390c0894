"""The typed contexts of the pages of tables."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from reportgen.site.contexts import PageContext


@dataclass(frozen=True)
class TablesContext(PageContext):
    """`tables.html`: all tables that the runs logged.

    Attributes:
        lead: How many there are, and which is the largest.
        table: One row per key.
        query: A link to where readers ask in SQL; "" where there is no such page.
    """

    lead: Markup
    table: Markup
    query: str = ""


@dataclass(frozen=True)
class TableContext(PageContext):
    """`table.html`: the tables of all runs and steps that were logged under one key.

    Attributes:
        lead: How many rows and columns it has, by which runs; how many rows are right where it holds predictions.
        data: The script with the runs and steps, a path below the site's root.
        shown: Which of them the table in the page is.
        still: Its first rows, for readers without JavaScript.
        charts: What the runs said should be drawn from it.
        notes: What was left out.
        query: A link to where readers ask in SQL, with a query for this table; "" where there is no such page.
    """

    lead: Markup
    data: str
    shown: Markup
    still: Markup
    charts: tuple[Markup, ...]
    notes: tuple[str, ...]
    query: str = ""
