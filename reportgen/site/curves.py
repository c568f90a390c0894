"""The curves of one metric of many runs, packed for the browser code that draws them (`browser/lines-data.js`).

A script per metric is loaded when its chart comes into view. It holds a card's worth of points of each run: all of
them where they are few, else the extremes of each part of the curve, so that no spike is lost. Where the points stand
on each axis is packed beside the values, or, when it takes room, in a script of its own that is loaded with the axis;
metrics that were logged together share it.

A column of numbers, those of all runs behind each other, is packed as one of

- `{"same": [first, difference, count, …]}` – the same whole numbers for every run, as differences to the one before;
- `{"starts": […], "u1": base64}` – whole numbers: the first of each run, and the differences of 1, 2 or 4 bytes;
- `{"f8": base64}`, `{"f4": base64}` – floats of 8 or 4 bytes, little-endian; NaN where there is nothing.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.axes import default_axis, positions
from reportgen.analysis.downsampling import keep_extremes
from reportgen.charts.axis import wants_log
from reportgen.charts.words import is_share
from reportgen.model import Run, Runs
from reportgen.site.site import Site

Floats = NDArray[np.float64]
Packed = dict[str, Any]

MOST_POINTS, LEAST_POINTS, ALL_POINTS = 600, 100, 100_000
"""Points per run: what a card two screens wide can show, and what is kept of each however many runs there are; points per metric."""
_EXACT = 100_000
"""A metric with so many points or fewer has them as they were logged; of more, floats are of 4 bytes where nobody could see it."""
_SMALL = 3_000
"""A packed axis of so many characters or fewer stands in the script of its metric."""


@dataclass(frozen=True)
class Curve:
    """The points of a metric of one run that are drawn.

    Attributes:
        run: Its place among the runs of the site.
        chosen: Ascending indices into what was logged.
    """

    run: int
    chosen: NDArray[np.intp]
    y: Floats
    logged: int


def metric_script(site: Site, key: str, axes: Sequence[str], starts: Sequence[float]) -> dict[str, Any]:
    """Writes the script of a metric.

    Args:
        axes: What x may be; see `analysis.axes.trace`.
        starts: When each run of the site began; see `analysis.axes.start_time`.

    Returns:
        What a page must know of the metric before its script is there: key, script, default axis, whether it is drawn on a log
        scale or in per cent, how many runs have it, whether more or less of it is better.
    """
    runs = site.runs
    having = [(i, run) for i, run in enumerate(runs) if key in run.history]
    most = max(LEAST_POINTS, min(MOST_POINTS, ALL_POINTS // max(len(having), 1)))
    curves = [_curve(i, run, key, most) for i, run in having]
    y = np.concatenate([curve.y for curve in curves])
    is_exact = len(y) <= _EXACT
    packed = {axis: _axis(site, key, axis, curves, starts, is_exact) for axis in axes}
    thinned = any(len(curve.y) < curve.logged for curve in curves)
    value = {
        "key": key,
        "runs": [curve.run for curve in curves],
        "counts": [len(curve.y) for curve in curves],
        "logged": [curve.logged for curve in curves] if thinned else None,
        "y": floats(y, is_exact),
        "x": {axis: one for axis, one in packed.items() if one is not None},
    }
    return {
        "key": key,
        "script": site.script("data/metrics", "value", value),
        "axis": default_axis([run for _i, run in having], key),
        "log": wants_log(key, y),
        "percent": is_share_column(key, y),
        "goal": runs.goal(key),
        "runs": len(curves),
    }


def is_share_column(key: str, y: Floats) -> bool:
    """Whether a metric with these values is a share of one, written in per cent."""
    finite = y[np.isfinite(y)]
    return bool(len(finite)) and is_share(key, [float(finite.min()), float(finite.max())])


def step_axes(runs: Runs) -> list[str]:
    """What x may be for these runs: the step, times if there are any, and the metrics that count something."""
    told = {one.step_metric for run in runs for one in run.metrics if one.step_metric}
    counting = [key for key in runs.metrics if key in told or key.replace("/", ".").rsplit(".", 1)[-1].casefold() in _COUNTING]
    has_times = any(np.isfinite(series.time).any() for run in runs for series in run.history.values())
    return ["step", *(["time", "wall"] if has_times else []), *counting[:_MOST_AXES]]


_COUNTING = frozenset({"epoch", "epochs", "global_step", "iteration", "iter", "samples", "tokens", "num_tokens", "examples"})
_MOST_AXES = 6


def _curve(i: int, run: Run, key: str, most: int) -> Curve:
    series = run.history[key]
    chosen = keep_extremes(series.value, most)
    return Curve(i, chosen, series.value[chosen], len(series))


def _axis(site: Site, key: str, axis: str, curves: Sequence[Curve], starts: Sequence[float], is_exact: bool) -> Packed | str | None:
    """The positions of all points on an axis, packed, or the script that holds them; None where they follow from another one."""
    if axis == "wall":  # That is `time` and the start of the run.
        return None
    runs = [(site.runs[curve.run], curve) for curve in curves]
    parts = [positions(run, run.history[key], axis, starts[curve.run])[0][curve.chosen] for run, curve in runs]
    if not any(np.isfinite(part).any() for part in parts):
        return None
    packed = pack(parts, is_exact)
    return packed if len(json.dumps(packed)) <= _SMALL else site.script("data/axes", "value", packed)


def pack(parts: Sequence[Floats], is_exact: bool) -> Packed:
    """The numbers of several runs, each an array of its own, in the shortest form."""
    joined = np.concatenate(parts) if parts else np.empty(0)
    whole = bool(np.isfinite(joined).all()) and bool((joined == np.rint(joined)).all()) and bool((np.abs(joined) < 2**53).all())
    if not whole or not len(joined):
        return floats(joined, is_exact)
    if len(parts[0]) and all(np.array_equal(part, parts[0]) for part in parts[1:]):
        same = _runs_of_differences(parts[0])
        if 2 * len(same) < len(parts[0]) + 16:
            return {"same": same}
    differences = np.concatenate([np.diff(part, prepend=part[:1]) for part in parts])
    if differences.min() < 0 or differences.max() >= 2**32:
        return floats(joined, is_exact)
    size = next(size for size in (1, 2, 4) if differences.max() < 256**size)
    return {"starts": [int(part[0]) for part in parts if len(part)], f"u{size}": _base64(differences.astype(f"<u{size}"))}


def _runs_of_differences(numbers: Floats) -> list[int]:
    """The first number, then each difference with how often it comes."""
    differences = np.diff(numbers)
    ends = np.flatnonzero(np.append(np.diff(differences) != 0, True)) if len(differences) else np.empty(0, np.intp)
    counts = np.diff(ends, prepend=-1)
    pairs = [int(one) for end, count in zip(ends, counts, strict=True) for one in (differences[end], count)]
    return [int(numbers[0]), *pairs]


def floats(numbers: Floats, is_exact: bool) -> Packed:
    """Numbers that need not be whole, packed; unless `is_exact`, in 4 bytes each where the difference could not be seen."""
    with np.errstate(over="ignore", invalid="ignore"):
        short = numbers.astype(np.float32)
        error = np.abs(short.astype(np.float64) - numbers)
    finite = np.isfinite(numbers)
    if not finite.any() or (error[finite] == 0).all():
        return {"f4": _base64(short.astype("<f4"))}
    reach = float(np.ptp(numbers[finite]))
    if is_exact or not bool((error[finite] <= 1e-5 * reach).all()):
        return {"f8": _base64(numbers.astype("<f8"))}
    return {"f4": _base64(short.astype("<f4"))}


def _base64(numbers: NDArray[Any]) -> str:
    return b64encode(numbers.tobytes()).decode("ascii")
