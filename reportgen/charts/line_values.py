"""What a line chart shows, before it is drawn: lines, axes, colours and the words about them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.axes import Trace, default_axis, trace, without
from reportgen.analysis.downsampling import MOST_POINTS, keep_shape
from reportgen.analysis.grouping import Band, BandKind, align, summarise
from reportgen.analysis.smoothing import moving_average
from reportgen.charts.axis import Scale, duration_scale, scale_for, wants_log
from reportgen.charts.colouring import Colouring, colour_by, colour_names, colour_runs
from reportgen.charts.style import ChartStyle
from reportgen.charts.words import axis_name, category, counted, is_share, key_words, listed, natural, run_labels, shorten, value_label
from reportgen.model import Run, Runs
from reportgen.words import _, count, ngettext

Floats = NDArray[np.float64]
_MOST_DRAWN = 60_000
"""Points in one chart: with more lines than sixty each has fewer points."""


@dataclass(frozen=True)
class LineSettings:
    """What the reader asked for.

    Attributes:
        x: "step", "time", "wall", a metric, or "" for what the tracker was told, else the step.
        color, facet: Columns of the runs table, full names.
        group: Columns whose equal values make one line, the mean of its runs.
        smooth: Weight of the moving average, 0 to less than 1.
        log_x, log_y: None leaves it to the names and the values.
        band: What surrounds the mean of a group.
        x_range, y_range: Ends of the axes; seconds for "time".
        about: The metric whose best runs are coloured when there are too many, so that charts beside each other colour the
            same ones; by default the metric itself.
    """

    x: str = ""
    color: str | None = None
    group: tuple[str, ...] = ()
    facet: str | None = None
    smooth: float = 0.0
    log_x: bool | None = None
    log_y: bool | None = None
    band: BandKind = "ci"
    x_range: tuple[float, float] | None = None
    y_range: tuple[float, float] | None = None
    about: str = ""


@dataclass(frozen=True, eq=False)
class Line:
    """One line: a run, or the mean of a group of runs.

    Attributes:
        id: The run's id, or that of the first run of the group; colours go by it.
        label: Its name in the chart, unique.
        x, y: All its points as they are meant (y smoothed); NaN is a gap. Shapes (n,).
        drawn: Which of them are drawn: ascending indices.
        raw_x, raw_y: The points before smoothing, already thinned; None when they are the same.
        band: The mean of a group at the drawn points only: of how many runs, and what surrounds it (NaN for a run alone).
        runs: Names of the runs behind it.
        facet: The small multiple that it belongs to.
    """

    id: str
    label: str
    x: Floats
    y: Floats
    drawn: NDArray[np.intp]
    raw_x: Floats | None = None
    raw_y: Floats | None = None
    band: Band | None = None
    runs: tuple[str, ...] = ()
    facet: str = ""

    @property
    def has_band(self) -> bool:
        """Whether anything surrounds it."""
        return self.band is not None and bool(np.isfinite(self.band.lower).any())

    @property
    def last(self) -> float:
        """The last finite value, or NaN."""
        finite = self.y[np.isfinite(self.y)]
        return float(finite[-1]) if len(finite) else math.nan


@dataclass(frozen=True, eq=False)
class LineValues:
    """A line chart as values. `lines` are in drawing order: the last one is in front."""

    key: str
    x_key: str
    lines: tuple[Line, ...]
    x: Scale
    y: Scale
    colours: Colouring
    settings: LineSettings
    facets: tuple[str, ...]
    subtitle: str
    notes: tuple[str, ...]
    run_count: int
    goal: str | None
    nothing: Mapping[str, str] = field(default_factory=dict)
    """Facet → why none of its values can be drawn, for those of which none can."""


def line_values(runs: Runs, key: str, settings: LineSettings, style: ChartStyle) -> LineValues:
    """Computes a line chart of the metric `key`; every value that is left out or changed is told in `notes`."""
    x_key = settings.x or default_axis(list(runs), key)
    found = {run.id: one for run in runs if (one := trace(run, key, x_key)) is not None}
    having = [run for run in runs if run.id in found]
    log_x = settings.log_x if settings.log_x is not None else wants_log(x_key, _joined([one.x for one in found.values()]))
    log_y = settings.log_y if settings.log_y is not None else wants_log(key, _joined([one.y for one in found.values()]))
    traces, more = _on_log_axes(found, key, x_key, log_x, log_y)
    nothing = _nothing(having, found, traces, settings)
    most = max(50, min(MOST_POINTS, _MOST_DRAWN // max(len(traces), 1)))
    make = _grouped if settings.group else _single
    lines = make(having, traces, settings, log_y, most)
    lines = [line for line in lines if len(line.x)]
    percent = is_share(key, _joined([one.y for one in found.values()]).tolist())
    by_last = sorted(lines, key=lambda line: (math.isnan(line.last), -line.last if math.isfinite(line.last) else 0.0))
    colours = _colours(runs.in_order(having), key, settings, style, by_last)
    rank = {line.id: i for i, line in enumerate(by_last)}
    goal = runs.goal(key)
    front = 1 if goal == "min" else -1
    lines.sort(key=lambda line: (not colours.is_rest(line.id), front * rank[line.id]))
    facets = tuple(dict.fromkeys(line.facet for line in lines)) if settings.facet else ("",)
    said = {run.id: one for run, one in ((run, found[run.id]) for run in having) if _facet(run, settings.facet) not in nothing}
    notes = (*_notes(runs, found, said, key, x_key), *(more if said else ()))
    return LineValues(
        key, x_key, tuple(lines), _x_scale(lines, x_key, log_x, settings), _y_scale(lines, key, log_y, percent, settings), colours,
        settings, tuple(sorted(facets, key=natural)), _subtitle(lines, settings, colours), notes, len(having), goal, nothing,
    )  # fmt: skip


def _single(runs: Sequence[Run], traces: Mapping[str, Trace], settings: LineSettings, log_y: bool, most: int) -> list[Line]:
    labels = run_labels(runs)
    lines = []
    for run in runs:
        one = traces[run.id]
        y = _smoothed(one, settings.smooth, log_y)
        raw = keep_shape(one.x, one.y, most) if settings.smooth else None
        lines.append(
            Line(
                run.id, labels[run.id], one.x, y, keep_shape(one.x, y, most),
                None if raw is None else one.x[raw], None if raw is None else one.y[raw],
                runs=(run.name,), facet=_facet(run, settings.facet),
            )
        )  # fmt: skip
    return lines


def _grouped(runs: Sequence[Run], traces: Mapping[str, Trace], settings: LineSettings, log_y: bool, most: int) -> list[Line]:
    columns = list(settings.group)
    apart = [column for column in (settings.color, settings.facet) if column and column not in columns]
    members: dict[tuple[str, ...], list[Run]] = {}
    for run in runs:
        members.setdefault(tuple(category(column, run[column]) for column in columns + apart), []).append(run)
    lines: list[Line] = []
    taken: dict[str, int] = {}
    for group in members.values():
        smooth = [replace(traces[run.id], y=_smoothed(traces[run.id], settings.smooth, log_y)) for run in group]
        x, values = align(smooth)
        mean = summarise(x, values, "none").mean
        drawn = keep_shape(x, mean, most)
        band = summarise(x[drawn], values[:, drawn], settings.band if len(group) > 1 else "none")
        label = shorten(" · ".join(value_label(column, group[0][column]) for column in columns + apart if column != settings.facet), 40)
        label = label or _facet(group[0], settings.facet)
        taken[label] = taken.get(label, 0) + 1
        unique = label if taken[label] == 1 or settings.facet else f"{label} ({taken[label]})"
        lines.append(
            Line(
                group[0].id,
                unique,
                x,
                mean,
                drawn,
                band=band,
                runs=tuple(run.name for run in group),
                facet=_facet(group[0], settings.facet),
            )
        )
    return lines


def _smoothed(one: Trace, weight: float, log_y: bool) -> Floats:
    """On a log axis the logarithms are averaged, so that the line runs through the middle of what is seen."""
    if not weight:
        return one.y
    if not log_y:
        return moving_average(one.x, one.y, weight)
    with np.errstate(divide="ignore", invalid="ignore"):
        smooth: Floats = np.exp(moving_average(one.x, np.log(one.y), weight))
    return smooth


def _facet(run: Run, column: str | None) -> str:
    return value_label(column, run[column]) if column else ""


def _colours(runs: Runs, key: str, settings: LineSettings, style: ChartStyle, by_last: Sequence[Line]) -> Colouring:
    if settings.color:
        return colour_by(runs, settings.color, style)
    if not settings.group:
        return colour_runs(runs, settings.about or key, style, [line.id for line in by_last])
    heads = runs.in_order(run for run in runs if run.id in {line.id for line in by_last})
    # A group that is the facet has the colour that it has in a chart of all groups.
    named = [column for column in settings.group if column != settings.facet] or list(settings.group)
    if len(named) == 1:
        alone = colour_by(heads, named[0], style)
        if alone.kind == "categories":
            return alone
    names = {line.id: line.label for line in by_last}
    return colour_names(names, style, ", ".join(key_words(column) for column in named))


def _on_log_axes(found: Mapping[str, Trace], key: str, x_key: str, log_x: bool, log_y: bool) -> tuple[dict[str, Trace], list[str]]:
    """The traces with what has no logarithm taken out: as gaps along y, and off the axis along x."""
    traces, notes = dict(found), []
    if log_x:
        lost = sum(int((one.x <= 0).sum()) for one in traces.values())
        traces = {run: without(one, one.x <= 0) for run, one in traces.items()}
        if lost:
            said = _("{points} at {axis} of zero or less cannot stand on the logarithmic axis.")
            notes.append(said.format(points=counted(lost, "point"), axis=key_words(x_key)))
    if log_y:
        lost = sum(int((one.y <= 0).sum()) for one in traces.values())
        traces = {run: replace(one, y=np.where(one.y > 0, one.y, np.nan)) for run, one in traces.items()}
        if lost:
            said = _("{values} of {metric} of zero or less cannot stand on the logarithmic axis: gaps.")
            notes.append(said.format(values=counted(lost, "value"), metric=key_words(key)))
    return traces, notes


def _nothing(runs: Sequence[Run], found: Mapping[str, Trace], traces: Mapping[str, Trace], settings: LineSettings) -> dict[str, str]:
    """“All 40 values are NaN (24 runs).”, for each facet without a value that can be drawn."""
    members: dict[str, list[Run]] = {}
    for run in runs:
        members.setdefault(_facet(run, settings.facet), []).append(run)
    said = {}
    for facet, group in members.items():
        y = _joined([found[run.id].y for run in group])
        if not len(y) or np.isfinite(_joined([traces[run.id].y for run in group])).any():
            continue
        nan, infinite = int(np.isnan(y).sum()), int(np.isinf(y).sum())
        sentence = _why_nothing(nan, infinite, len(y) - nan - infinite)
        said[facet] = _("{sentence} ({runs}).").format(sentence=f"{sentence[:1].upper()}{sentence[1:]}", runs=counted(len(group), "run"))
    return said


def _why_nothing(nan: int, infinite: int, beside: int) -> str:
    """“All 40 values are NaN”, “2 values are NaN and 1 value is infinite”; `beside` are those that a logarithmic axis has no place for."""
    if nan + infinite + beside == max(nan, infinite, beside) > 1:
        every = count(nan + infinite + beside)
        if nan:
            return _("All {n} values are NaN").format(n=every)
        return (_("All {n} values are infinite") if infinite else _("All {n} values are not on the logarithmic axis")).format(n=every)
    kinds = [
        (ngettext("{n} value is NaN", "{n} values are NaN", nan), nan),
        (ngettext("{n} value is infinite", "{n} values are infinite", infinite), infinite),
        (ngettext("{n} value is not on the logarithmic axis", "{n} values are not on the logarithmic axis", beside), beside),
    ]
    return listed([kind.format(n=count(n)) for kind, n in kinds if n])


def _notes(runs: Runs, found: Mapping[str, Trace], drawn: Mapping[str, Trace], key: str, x_key: str) -> list[str]:
    """What is missing; of gaps in the `drawn` traces only."""
    names = {run.id: shorten(run.name) for run in runs}
    notes = []
    lacking = [names[run.id] for run in runs if run.id not in found]
    if lacking:
        sentence = ngettext("{n} of {runs} has no {metric}: {names}.", "{n} of {runs} have no {metric}: {names}.", len(lacking))
        notes.append(sentence.format(n=count(len(lacking)), runs=counted(len(runs), "run"), metric=key, names=listed(lacking)))
    broken = {run: one.non_finite for run, one in drawn.items() if one.non_finite}
    if len(broken) <= 3:
        notes += [
            ngettext("{values} of {metric} in {run} is a gap.", "{values} of {metric} in {run} are gaps.", n).format(
                values=counted(n, "non-finite value"), metric=key, run=names[run]
            )
            for run, n in broken.items()
        ]
    else:
        worst = listed([names[run] for run in sorted(broken, key=lambda run: -broken[run])], 3)
        values, several = counted(sum(broken.values()), "non-finite value"), counted(len(broken), "run")
        sentence = _("{values} of {metric} in {runs} are gaps: {names}.")
        notes.append(sentence.format(values=values, metric=key, runs=several, names=worst))
    if any(one.interpolated for one in found.values()):
        sentence = _("{metric} and {axis} were logged at different steps: {axis} is interpolated between its own.")
        notes.append(sentence.format(metric=key, axis=axis_name(x_key)))
    lost = {run: one.left_out for run, one in found.items() if one.left_out}
    if lost:
        values, several = counted(sum(lost.values()), "value"), counted(len(lost), "run")
        what = _("time") if x_key in ("time", "wall") else axis_name(x_key)
        sentence = _("{values} of {metric} in {runs} without {axis} of their own are left out.")
        notes.append(sentence.format(values=values, metric=key, runs=several, axis=what))
    return notes


def _subtitle(lines: Sequence[Line], settings: LineSettings, colours: Colouring) -> str:
    said = []
    if settings.group and lines:
        sizes = [len(line.runs) for line in lines]
        least, most = min(sizes), max(sizes)
        mean = ngettext("mean of {n} run", "mean of {n} runs", most).format(n=count(most))
        said.append(mean if least == most else _("mean of {least}–{most} runs").format(least=least, most=most))
        if any(line.has_band for line in lines):
            said.append(
                {
                    "ci": _("95 % interval"),
                    "bootstrap": _("95 % bootstrap interval"),
                    "se": _("± one standard error"),
                    "minmax": _("band from least to greatest"),
                }[settings.band]
            )
    if colours.kind == "best":
        said.append(_("the best {n} in colour").format(n=len(colours.colours) - 1))
    if settings.smooth:
        said.append(_("EMA {weight}").format(weight=f"{settings.smooth:g}"))
    return ", ".join(said)


def _x_scale(lines: Sequence[Line], x_key: str, log: bool, settings: LineSettings) -> Scale:
    ends = _joined([line.x[[0, -1]] for line in lines])
    if x_key == "time":
        return duration_scale(ends, _("time since start"), settings.x_range)
    if x_key == "wall":
        scale = scale_for("wall", ends, given=settings.x_range, nice=False)
        return replace(scale, type="utc", title=_("time, UTC"), divisor=0.001, domain=(scale.domain[0] * 1000, scale.domain[1] * 1000))
    title = axis_name(x_key) if x_key == "step" else None
    return scale_for(x_key, ends, log=log, given=settings.x_range, nice=False, percent=False, title=title)


def _y_scale(lines: Sequence[Line], key: str, log: bool, percent: bool, settings: LineSettings) -> Scale:
    shown = [line.y for line in lines] + [line.raw_y for line in lines if line.raw_y is not None]
    for line in lines:
        if line.band is not None:
            shown += [line.band.lower, line.band.upper]
    values = _joined(shown)
    means = _joined([line.y for line in lines])
    if settings.group and len(means) and not log:
        # A wide interval of two or three runs must not flatten the means.
        finite = means[np.isfinite(means)]
        if len(finite):
            reach = max(float(np.ptp(finite)), 1e-3 * abs(float(finite.mean()))) / 2
            values = values[(values >= finite.min() - reach) & (values <= finite.max() + reach)]
    if percent:
        values = np.clip(values, 0, 1)
    return scale_for(key, values, log=log, given=settings.y_range, percent=percent)


def _joined(arrays: Sequence[Floats]) -> Floats:
    return np.concatenate(arrays) if arrays else np.empty(0)
