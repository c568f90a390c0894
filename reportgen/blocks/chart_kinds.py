"""The kinds of the fence `chart`: each option under the name that the runs have for it, and the figures of the kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reportgen.analysis.axes import WORDS
from reportgen.blocks.block import Context
from reportgen.blocks.chart_options import Log, Options, alternatives, names_of
from reportgen.blocks.chart_trials import trial_figures
from reportgen.charts.bar import bar_chart
from reportgen.charts.box import box_chart
from reportgen.charts.figure import Figure
from reportgen.charts.heatmap import HeatmapSettings, heatmap_chart
from reportgen.charts.histogram import histogram_chart
from reportgen.charts.layout import Layout
from reportgen.charts.line_values import LineSettings
from reportgen.charts.lines import line_chart
from reportgen.charts.parallel import ParallelSettings, parallel_chart, varying_columns
from reportgen.charts.scatter import ScatterSettings, scatter_chart
from reportgen.charts.summaries import SummarySettings
from reportgen.charts.words import key_words, shorten
from reportgen.errors import Mistake, QueryError, did_you_mean
from reportgen.model import AGGREGATE, Runs

_COLUMNS = {"text": 2, "wide": 3, "full": 3}
"""How many small multiples stand beside each other."""


def figures_of(options: Options, context: Context) -> list[Figure]:
    """The charts that the options ask for: one, or one for each metric and each value of `facet`.

    Raises:
        QueryError: A name fits no metric or column.
        Mistake: The options and the runs do not fit together.
    """
    draw = {
        "line": _lines, "scatter": _scatter, "bar": _summaries, "box": _summaries, "histogram": _summaries,
        "heatmap": _heatmap, "parallel": _parallel, "slice": trial_figures, "contour": trial_figures, "pareto": trial_figures,
    }[options.kind]  # fmt: skip
    return draw(options, context)


def _layout(options: Options, charts: int) -> Layout:
    """Several charts share the width: two beside each other in the text, three in a wide figure."""
    width = options.width or ("text" if charts < 3 else "wide")
    columns = min(charts, _COLUMNS[width])
    layout = Layout(width, columns, options.height, options.title if charts == 1 else None)
    return replace(layout, legend=options.legend and layout.pixels >= 420, shared_legend=options.legend and charts > 1)


def _lines(options: Options, context: Context) -> list[Figure]:
    runs = context.runs
    keys = runs.metrics_like(options.y or [])
    x = _line_axis(runs, options.x if isinstance(options.x, str) else None)
    facet = _column(runs, options.facet)
    settings = LineSettings(
        x=x, color=_column(runs, options.color), group=tuple(runs.column(key) for key in names_of(options.group)), facet=facet,
        smooth=options.smooth, log_x=_is_log(options.log, "x"), log_y=_is_log(options.log, "y"), band=options.band,
        x_range=options.x_range, y_range=options.y_range, about=keys[0],
    )  # fmt: skip
    if "band" in options.model_fields_set and not settings.group:
        raise Mistake("option 'band' needs the option 'group'", hint="name the keys whose equal values make one line")
    layout = replace(_layout(options, len(keys) * _facets(runs, facet)), y_title=len(keys) == 1)
    figures = []
    for key in keys:
        drawn = line_chart(runs, key, settings, context.style, layout)
        figures += drawn if len(keys) == 1 else [_named(figure, key, facet) for figure in drawn]
    _complain_of_nothing(runs, keys, x)
    return figures


def _named(figure: Figure, key: str, facet: str | None) -> Figure:
    """One of several metrics: its name stands above it."""
    name = shorten(key, 60)
    return replace(figure, title=f"{name}, {figure.title}" if facet else name)


def _told_apart(figures: list[Figure], y: str, ys: Sequence[str], facet: str | None) -> list[Figure]:
    """Of several columns in small charts each: the name of the column stands with the value of the facet."""
    return [_named(figure, key_words(y), facet) for figure in figures] if facet and len(ys) > 1 else figures


def _line_axis(runs: Runs, x: str | None) -> str:
    if x is None or (x in WORDS and x not in runs.metrics):
        return x or ""
    if x in runs.metrics:
        return x
    raise QueryError(
        f"no metric '{x}' to draw over", hint=did_you_mean(x, [*WORDS, *runs.metrics]) or f"x may be {alternatives(WORDS)} or a metric"
    )


def _complain_of_nothing(runs: Runs, keys: Sequence[str], x: str) -> None:
    """An axis that no run has together with the metric would give an empty chart."""
    if x in WORDS or not x:
        return
    for key in keys:
        if not any(key in run.history and x in run.history for run in runs):
            raise Mistake(f"no run has both '{key}' and '{x}'", hint="leave the option 'x' out to draw over the step")


def _scatter(options: Options, context: Context) -> list[Figure]:
    runs = context.runs
    assert isinstance(options.x, str)
    x, facet = runs.column(options.x), _column(runs, options.facet)
    ys = _all_columns(runs, options.y)
    layout = _layout(options, len(ys) * _facets(runs, facet))
    figures = []
    for y in ys:
        _need_numbers(runs, y)
        settings = ScatterSettings(
            x,
            y,
            _column(runs, options.color),
            facet,
            _is_log(options.log, "x"),
            _is_log(options.log, "y"),
            options.x_range,
            options.y_range,
        )
        figures += _told_apart(scatter_chart(runs, settings, context.style, layout), y, ys, facet)
    return figures


def _summaries(options: Options, context: Context) -> list[Figure]:
    runs = context.runs
    chart = {"bar": bar_chart, "box": box_chart, "histogram": histogram_chart}[options.kind]
    drawn = options.y if options.y is not None else options.x
    if options.kind == "bar" and options.log not in (None, "none"):
        raise Mistake("option 'log' does not fit kind: bar, whose bars begin at zero", hint="kind: scatter can be logarithmic")
    keys = names_of(options.group) or (names_of(options.x) if options.kind != "histogram" else [])
    if len(keys) > 1:
        raise Mistake(f"option 'group' of kind: {options.kind} is one key")
    key = runs.column(keys[0]) if keys else None
    ys, facet = _all_columns(runs, drawn), _column(runs, options.facet)
    layout = _layout(options, len(ys) * _facets(runs, facet))
    log = _is_log(options.log, "x" if options.kind == "histogram" and options.y is None else "y")
    figures = []
    for y in ys:
        _need_numbers(runs, y)
        settings = SummarySettings(y, key, _column(runs, options.color), log, options.bins, facet=facet)
        figures += _told_apart(chart(runs, settings, context.style, layout), y, ys, facet)
    return figures


def _heatmap(options: Options, context: Context) -> list[Figure]:
    runs = context.runs
    assert isinstance(options.x, str)
    assert options.color is not None
    ys, metric = _all_columns(runs, options.y), runs.column(options.color)
    x = runs.column(options.x)
    _need_numbers(runs, metric)
    facet = _column(runs, options.facet)
    layout = _layout(options, len(ys) * _facets(runs, facet))
    logs = _is_log(options.log, "x"), _is_log(options.log, "y"), True if options.log == "color" else None
    figures = []
    for y in ys:
        drawn = heatmap_chart(runs, HeatmapSettings(x, y, metric, *logs, options.bins, facet), context.style, layout)
        figures += _told_apart(drawn, y, ys, facet)
    return figures


def _parallel(options: Options, context: Context) -> list[Figure]:
    runs = context.runs
    targets = _all_columns(runs, options.y)
    if len(targets) > 1:
        raise Mistake("option 'y' of kind: parallel is one target", hint="name the axes with x")
    target = targets[0]
    _need_numbers(runs, target)
    columns = _all_columns(runs, options.x) if options.x is not None else varying_columns(runs, target)
    if not [column for column in columns if column != target]:
        raise Mistake("no config key differs between the runs", hint="name the axes with x")
    layout = replace(_layout(options, 1), width=options.width or "wide")
    settings = ParallelSettings(tuple(columns), target, _is_log(options.log, "y"), _column(runs, options.color))
    return parallel_chart(runs, settings, context.style, layout)


def _need_numbers(runs: Runs, column: str) -> None:
    values = [value for run in runs if (value := run[column]) is not None]
    if values and not any(isinstance(value, int | float) for value in values):
        raise Mistake(f"'{column}' holds no numbers", hint="colour or group by it instead")


def _all_columns(runs: Runs, patterns: str | list[str] | None) -> list[str]:
    found: dict[str, None] = {}
    for pattern in names_of(patterns):
        found.update(dict.fromkeys([runs.column(pattern)] if AGGREGATE.match(pattern) else runs.columns_like(pattern)))
    return list(found)


def _column(runs: Runs, name: str | None) -> str | None:
    return None if name is None else runs.column(name)


def _facets(runs: Runs, column: str | None) -> int:
    if column is None:
        return 1
    n = len({str(run[column]) for run in runs})
    if n > 30:
        raise Mistake(f"'{column}' has {n} different values, too many for small charts", hint=f"draw fewer runs, or color: {column}")
    return n


def _is_log(log: Log | None, axis: str) -> bool | None:
    """What the option says of an axis; None where it says nothing, so that names and values decide."""
    if log is None:
        return None
    return True if axis in log and log in ("x", "y", "xy") else False if log == "none" else None
