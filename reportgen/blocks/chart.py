"""The fence `chart`: a metric or a hyperparameter as a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from reportgen.analysis.axes import WORDS
from reportgen.analysis.grouping import BandKind
from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.charts.figure import Figure
from reportgen.charts.layout import Layout
from reportgen.charts.line_values import LineSettings
from reportgen.charts.lines import line_chart
from reportgen.charts.scatter import ScatterSettings, scatter_chart
from reportgen.charts.summaries import SummarySettings, bar_chart, box_chart, histogram_chart
from reportgen.errors import Mistake
from reportgen.model import Runs

Kind = Literal["line", "scatter", "bar", "box", "histogram"]
_Range = tuple[float, float]


class Options(BlockOptions):
    """The options of `chart`."""

    kind: Kind = Field("line", description="How it is drawn.")
    y: str | list[str] = Field(description="What is drawn: a metric, a list or a glob (`train/*`); each gets a chart of its own.")
    x: str | None = Field(
        None,
        description="Lines: `step`, `time`, `wall` or a metric, by default what the tracker was told. Scatter: a column. "
        "Bar and box: the key whose values make the bars.",
    )
    color: str | None = Field(None, description="A column that colours stand for; by default each run has its own.")
    group: str | list[str] | None = Field(None, description="Lines: columns whose equal values make one line, the mean of its runs.")
    facet: str | None = Field(None, description="Lines and scatter: a column; each of its values gets a chart, with shared axes.")
    smooth: float = Field(0.0, ge=0, lt=1, description="Lines: weight of the exponential moving average; the raw line stands behind it.")
    band: BandKind = Field("ci", description="Lines with `group`: what surrounds the mean; `ci` is its 95 % interval by Student's t.")
    log: bool | Literal["x", "y", "xy", "none"] | None = Field(None, description="Logarithmic axes; by default those of learning rates.")
    x_range: _Range | None = Field(None, description="The ends of the x axis.")
    y_range: _Range | None = Field(None, description="The ends of the y axis.")
    bins: int = Field(20, ge=1, le=200, description="Histogram: how many bins at the most.")
    legend: bool = Field(True, description="Whether labels or a legend name the colours.")
    height: int | None = Field(None, ge=60, le=2000, description="Height of the plot in pixels.")


_TAKES: Mapping[str, frozenset[str]] = {
    "line": frozenset({"x", "color", "group", "facet", "smooth", "band", "log", "x_range", "y_range"}),
    "scatter": frozenset({"x", "color", "facet", "log", "x_range", "y_range"}),
    "bar": frozenset({"x", "color"}),
    "box": frozenset({"x", "log"}),
    "histogram": frozenset({"bins", "log"}),
}
"""Which options of their own the kinds take."""


def render(options: Options, context: Context) -> Fragment:
    """Draws the chart, or one for each metric.

    Raises:
        Mistake: An option does not belong to the kind, or names what the runs do not have.
    """
    _check(options)
    runs = context.runs
    keys = runs.metrics_like(options.y) if options.kind == "line" else _columns(runs, options.y)
    width = options.width or ("wide" if len(keys) > 1 else "text")
    columns = min(len(keys), {"text": 2, "wide": 3, "full": 4}[width]) if len(keys) > 1 else 1
    alone = options.title if len(keys) == 1 else None
    layout = Layout(width=width, columns=columns, height=options.height, title=alone, legend=options.legend)
    figures = [figure for key in keys for figure in _draw(options, key, context, layout)]
    parts: tuple[str | Figure, ...] = tuple(figures)
    if len(figures) > 1:
        parts = (f'<div class="small-multiples columns-{columns}">', *figures, "</div>")
    return Fragment(
        parts=parts, kind="chart", title=(alone if len(figures) == 1 else options.title) or "", caption=options.caption or "", width=width,
        id=options.id or "",
    )  # fmt: skip


def _check(options: Options) -> None:
    """Complains about an option of another kind."""
    own = frozenset().union(*_TAKES.values())
    for name in sorted(options.model_fields_set & own - _TAKES[options.kind]):
        kinds = " and ".join(kind for kind, names in _TAKES.items() if name in names)
        raise Mistake(f"'{name}' belongs to kind: {kinds}, not to kind: {options.kind}", hint="take it out or change the kind")
    if options.kind == "scatter" and options.x is None:
        raise Mistake("a scatter chart needs x", hint="for example x: config.optimizer.lr")


def _columns(runs: Runs, wanted: str | Sequence[str]) -> tuple[str, ...]:
    patterns = [wanted] if isinstance(wanted, str) else wanted
    return tuple(dict.fromkeys(name for pattern in patterns for name in runs.columns_like(pattern)))


def _draw(options: Options, key: str, context: Context, layout: Layout) -> list[Figure]:
    runs, style = context.runs, context.style
    log_x, log_y = _logs(options.log)
    column = _column(runs)
    if options.kind == "line":
        x = options.x if options.x in (None, *WORDS) else runs.metric(options.x or "")
        group = [options.group] if isinstance(options.group, str) else options.group or []
        lines = LineSettings(
            x=x or "", color=column(options.color), group=tuple(runs.column(one) for one in group), facet=column(options.facet),
            smooth=options.smooth, log_x=log_x, log_y=log_y, band=options.band, x_range=options.x_range, y_range=options.y_range,
        )  # fmt: skip
        return line_chart(runs, key, lines, style, layout)
    if options.kind == "scatter":
        points = ScatterSettings(
            x=runs.column(options.x or ""), y=key, color=column(options.color), facet=column(options.facet), log_x=log_x, log_y=log_y,
            x_range=options.x_range, y_range=options.y_range,
        )  # fmt: skip
        return scatter_chart(runs, points, style, layout)
    draw: dict[str, Callable[..., list[Figure]]] = {"bar": bar_chart, "box": box_chart, "histogram": histogram_chart}
    log = log_x if options.kind == "histogram" else log_y
    numbers = SummarySettings(y=key, x=column(options.x), color=column(options.color), log=log, bins=options.bins)
    return draw[options.kind](runs, numbers, style, layout)


def _column(runs: Runs) -> Callable[[str | None], str | None]:
    return lambda name: None if name is None else runs.column(name)


def _logs(log: Any) -> tuple[bool | None, bool | None]:
    """Whether x and y are logarithmic; None leaves it to the names."""
    if log is None:
        return None, None
    if isinstance(log, bool):
        return (None, True) if log else (False, False)
    return "x" in log, "y" in log
