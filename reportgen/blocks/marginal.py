"""The fence `marginal`: how a target goes with one hyperparameter, large, or with each of several, or for each level of another."""

from __future__ import annotations

from pydantic import Field

from reportgen.analysis.importance import Importance, PairMap, ParameterImportance
from reportgen.analysis.importance.words import verdict
from reportgen.analysis.importance.words_pairs import curve_sentence, pair_sentence
from reportgen.blocks.block import Context, Fragment
from reportgen.blocks.importance_options import TargetOptions, listed
from reportgen.blocks.importance_view import figure_fragment, verdict_html
from reportgen.blocks.readable import paragraph
from reportgen.charts.importance import marginal_curves
from reportgen.charts.layout import Layout
from reportgen.charts.marginal import marginal_chart
from reportgen.errors import QueryError, did_you_mean
from reportgen.words import _, using_language


class Options(TargetOptions):
    """Options of `marginal`."""

    x: str | list[str] | None = Field(None, description="The hyperparameter, or a list of several; by default the most important one.")
    by: str | None = Field(
        None, description="Another hyperparameter: a curve for each of its levels, or for three values, where the two act together."
    )
    height: int | None = Field(None, ge=100, le=1200, description="Height of the plot in pixels.")


def render(options: Options, context: Context) -> Fragment:
    """The answer in words, then the curves.

    Raises:
        QueryError: The target or a parameter does not fit the runs (see `importance`), or `by` is given for several parameters.
    """
    found = options.found(context)
    if not found.quantitative:
        with using_language("en"):
            context.warn(f"marginal of {found.target}: {verdict(found)}")
        return figure_fragment("marginal", options, found, [verdict_html(found)], found.target)
    shown = [parameter(found, name) for name in listed(options.x)] if options.x else list(found.parameters[:1])
    names = {run.id: run.name for run in context.runs}
    layout = Layout(options.width or "text", height=options.height, title=options.title)
    if options.by is None:
        said = paragraph(" ".join(curve_sentence(found, one) for one in shown))
        if len(shown) > 1:
            curves = marginal_curves(found, context.style, names, only=[one.name for one in shown])
            title = _("How {metric} goes with {what}").format(metric=found.target, what=", ".join(one.name for one in shown))
            return figure_fragment("marginal", options, found, [said, '<div class="small-multiples">', *curves, "</div>"], title)
        figure = marginal_chart(found, shown[0], context.style, names, layout)
        return figure_fragment("marginal", options, found, [said, figure], figure.title)
    if len(shown) > 1:
        raise QueryError("by is for one hyperparameter in x", hint="write a fence for each")
    one, other = shown[0], parameter(found, options.by)
    (made,) = options.found(context, maps=[(one.column, other.column)]).maps
    said = paragraph(f"{curve_sentence(found, one)} {pair_sentence(found, made)}")
    drawn: PairMap | None = made if made.interacts else None
    figure = marginal_chart(found, one, context.style, names, layout, drawn)
    return figure_fragment("marginal", options, found, [said, figure], figure.title)


def parameter(found: Importance, name: str) -> ParameterImportance:
    """A parameter of an importance by its name or column.

    Raises:
        QueryError: There is none, or it was not looked at.
    """
    try:
        return found[name]
    except KeyError:
        pass
    reasons = {one.name: one.reason for one in found.ignored}
    if (key := name.removeprefix("config.")) in reasons:
        raise QueryError(f"'{name}' was not looked at: {reasons[key]}")
    raise QueryError(f"no parameter '{name}'", hint=did_you_mean(name, [one.name for one in found.parameters]))
