"""The fence `interaction`: how a target goes with two hyperparameters together, as a map of the predictions with the runs on it."""

from __future__ import annotations

from pydantic import Field

from reportgen.analysis.importance.words import verdict
from reportgen.analysis.importance.words_pairs import pair_sentence
from reportgen.blocks.block import Context, Fragment
from reportgen.blocks.importance_options import TargetOptions
from reportgen.blocks.importance_view import figure_fragment, verdict_html
from reportgen.blocks.readable import paragraph
from reportgen.charts.figure import Figure
from reportgen.charts.interaction_map import interaction_map
from reportgen.charts.layout import Layout
from reportgen.errors import QueryError
from reportgen.words import using_language


class Options(TargetOptions):
    """Options of `interaction`."""

    x: str | None = Field(None, description="The hyperparameter across; by default that of the pair with the largest interaction.")
    y: str | None = Field(None, description="The hyperparameter upwards; given together with `x`.")
    height: int | None = Field(None, ge=100, le=1200, description="Height of the plot in pixels.")


def render(options: Options, context: Context) -> Fragment:
    """Whether the two act together, in words, then the map.

    Raises:
        QueryError: The target or a parameter does not fit the runs (see `importance`), or there is no pair.
    """
    if (options.x is None) != (options.y is None):
        raise QueryError("a pair is two hyperparameters", hint="give both x and y, or neither for the strongest pair")
    pairs = [(options.x, options.y)] if options.x is not None and options.y is not None else 1
    found = options.found(context, maps=pairs)
    parts: list[str | Figure]
    title = found.target
    if not found.quantitative:
        with using_language("en"):
            context.warn(f"interaction of {found.target}: {verdict(found)}")
        parts = [verdict_html(found)]
    elif not found.maps:
        raise QueryError("no two hyperparameters vary, so there is no interaction")
    else:
        made = found.maps[0]
        names = {run.id: run.name for run in context.runs}
        layout = Layout(options.width or "text", height=options.height, title=options.title)
        figure = interaction_map(found, made, context.style, names, layout)
        parts, title = [paragraph(pair_sentence(found, made)), figure], figure.title
    return figure_fragment("interaction", options, found, parts, title)
