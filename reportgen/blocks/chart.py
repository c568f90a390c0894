"""The fence `chart`: lines over steps, and pictures of one number per run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from reportgen.blocks.block import Context, Fragment
from reportgen.blocks.chart_kinds import figures_of
from reportgen.blocks.chart_options import Options, names_of
from reportgen.charts.figure import Figure
from reportgen.charts.words import counted, key_words, listed
from reportgen.errors import QueryError
from reportgen.words import _

__all__ = ["Options", "render"]


def render(options: Options, context: Context) -> Fragment:
    """Draws the charts: one, or small multiples for several metrics or the values of `facet`.

    Raises:
        QueryError: A name fits no metric or column.
        Mistake: The options and the runs do not fit together.
    """
    if not context.runs:
        raise QueryError("there are no runs to draw")
    figures = figures_of(options, context)
    alone = len(figures) == 1
    said = list(dict.fromkeys(figure.subtitle for figure in figures if figure.subtitle))
    subtitle = options.subtitle if options.subtitle is not None else max(said, key=len, default="")
    if alone:
        title = options.title or figures[0].title
        parts: tuple[str | Figure, ...] = (replace(figures[0], title=title, subtitle=subtitle),)
        notes: tuple[str, ...] = ()
    else:
        title = options.title or _common_title(options, context, figures)
        # What is said of all values of `facet` together stands below all of them.
        notes = tuple(dict.fromkeys(note for figure in figures for note in figure.notes)) if options.facet else ()
        parts = _small_multiples([replace(figure, notes=()) for figure in figures] if options.facet else figures)
    return Fragment(
        parts=parts,
        kind="chart",
        title=title,
        subtitle=subtitle,
        caption=options.caption or "",
        width=figures[0].width,
        id=options.id or "",
        notes=notes,
    )


def _small_multiples(figures: Sequence[Figure]) -> tuple[str | Figure, ...]:
    """The figures in a grid, below one legend for all of them."""
    entries = [
        Markup('<li style="--series: {}">{}</li>').format(colour, label)
        for label, colour in next((f.legend for f in figures if f.legend), ())
    ]
    legend = (Markup('<ul class="chart-legend">') + Markup("").join(entries) + Markup("</ul>"),) if entries else ()
    least = max(260, int(figures[0].spec["width"]) - 60)
    grid = Markup('<div class="small-multiples" style="grid-template-columns: repeat(auto-fill, minmax(min(100%, {}px), 1fr))">').format(
        least
    )
    return (*legend, grid, *(replace(figure, legend=(), subtitle="") for figure in figures), Markup("</div>"))


def _common_title(options: Options, context: Context, figures: Sequence[Figure]) -> str:
    runs = counted(len(context.runs), "run")
    if options.facet:
        of_x = options.kind == "histogram" and options.y is None
        drawn = options.x if of_x else options.color if options.kind == "heatmap" else options.y
        metrics = [key_words(name) for name in names_of(drawn)]
        key = key_words(context.runs.column(options.facet))
        return _("{metric} by {key}, {runs}").format(metric=listed(metrics), key=key, runs=runs)
    return _("{metric}, {runs}").format(metric=listed([figure.title for figure in figures], 3), runs=runs)
