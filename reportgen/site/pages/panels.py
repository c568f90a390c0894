"""The charts that runs asked to be drawn from their tables, on the pages of runs and tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from markupsafe import Markup

from reportgen.blocks.links import table_href
from reportgen.blocks.readable import readable
from reportgen.charts.figure import Figure
from reportgen.charts.panels import panel_figure, panels_of
from reportgen.charts.style import ChartStyle
from reportgen.model import Panel, Run, Table
from reportgen.words import _


def run_panels(run: Run) -> Iterator[tuple[Panel, Table]]:
    """The panels of a run with the table that each is drawn from, the last one that was logged."""
    for tables in run.tables.values():
        if tables:
            yield from ((panel, tables[-1]) for panel in panels_of(run.panels, tables[-1]))


def panel_html(
    panel: Panel, table: Table, draw: Callable[[Figure], Markup], style: ChartStyle, *, root: str = "", run: Run | None = None,
    title: str = "",
) -> Markup:  # fmt: skip
    """A panel as a chart; where it is not ours to draw, one sentence, and with `run` a link to its table."""
    link = Markup("")
    if run is not None:
        link = Markup('<p class="section-note"><a href="{}">{}</a></p>').format(table_href(table.key, root, run), _("Its table"))
    name = readable(panel.title or panel.key)
    figure = panel_figure(panel, table, style, title=readable(title))
    if figure is not None:
        return draw(figure) + link
    if panel.kind:
        said = _("“{panel}” cannot be drawn: the table has no values for it.").format(panel=name)
    else:
        said = _("“{panel}” is a chart of its own ({spec}), which is not run here; its table is shown.").format(
            panel=name, spec=readable(panel.spec) or "?"
        )
    return Markup('<p class="section-note">{}</p>').format(said) + link
