"""The curves of all metrics of one run in one script, for the charts of its page (`browser/run-charts.js`).

Packed as those of the dashboard (`curves.py`). Positions that several metrics share, most often the steps and times of all of them, are
there once. Of a run that logged more than a page should weigh the extremes of each part of a curve are kept, so that no spike is lost.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.axes import positions, start_time
from reportgen.analysis.downsampling import keep_extremes
from reportgen.model import Run
from reportgen.site.curves import Packed, floats, pack
from reportgen.site.pages.run.metrics import MetricCard
from reportgen.site.site import Site
from reportgen.words import _, count

ALL_POINTS = 50_000
"""A run with so many values or fewer has them all in its script."""
THINNED_POINTS, MOST_POINTS, LEAST_POINTS = 40_000, 2_000, 100
"""Values of a run with more, and of each of its metrics."""
_EXACT = 20_000
"""A run with so many values or fewer has them to the last bit; of more, four bytes each, which are six digits."""


def metric_script(site: Site, run: Run, cards: Sequence[MetricCard], axes: Sequence[str]) -> tuple[str, str]:
    """Writes the script of a run's metrics, in the order of their cards.

    Args:
        axes: What x may be; see `analysis.axes.trace`.

    Returns:
        The path of the script below the site's root, and the sentence that says what it leaves out, "" for nothing.
    """
    lengths = [len(run.history[card.key]) for card in cards]
    most = _most(lengths)
    is_exact = sum(min(one, most) for one in lengths) <= _EXACT
    start = start_time(run)
    columns = _Columns(is_exact)
    # `wall` is `time` and the start of the run.
    packed_axes = [axis for axis in axes if axis != "wall"]
    metrics = [_metric(run, card, most, is_exact, start, packed_axes, columns) for card in cards]
    value = {"metrics": metrics, "columns": columns.packed, "start": start if math.isfinite(start) else None}
    kept = sum(one["value"]["counts"][0] for one in metrics)
    return site.script("data/runs", "value", value), _left_out(kept, sum(lengths), any(one["rounded"] for one in metrics))


def _left_out(kept: int, logged: int, is_rounded: bool) -> str:
    said = [_("The charts hold {n} of {all} values, every spike among them.")] if kept < logged else []
    if is_rounded:
        said.append(_("Their values have six digits."))
    return " ".join(said).format(n=count(kept), all=count(logged))


def _most(lengths: Sequence[int]) -> int:
    """How many values of each metric are kept."""
    if sum(lengths) <= ALL_POINTS:
        return max(lengths, default=0)
    return max(LEAST_POINTS, min(MOST_POINTS, THINNED_POINTS // len(lengths)))


class _Columns:
    """Packed positions, each once."""

    def __init__(self, is_exact: bool) -> None:
        self._is_exact = is_exact
        self.packed: list[Packed] = []
        self._places: dict[bytes, int] = {}

    def place(self, column: NDArray[np.float64]) -> int:
        """Where a column stands among the packed ones; it is added when it is new."""
        key = column.tobytes()
        if key not in self._places:
            self._places[key] = len(self.packed)
            self.packed.append(pack([column], self._is_exact))
        return self._places[key]


def _metric(
    run: Run, card: MetricCard, most: int, is_exact: bool, start: float, axes: Sequence[str], columns: _Columns
) -> dict[str, Any]:
    series = run.history[card.key]
    chosen = keep_extremes(series.value, most)
    y = series.value[chosen]
    packed = floats(y, is_exact)
    at = {axis: positions(run, series, axis, start)[0][chosen] for axis in axes}
    return {
        "key": card.key,
        "axis": card.axis,
        "log": card.is_log,
        "percent": card.percent,
        "rounded": "f4" in packed and _is_rounded(y),
        "value": {
            "runs": [0],
            "counts": [len(chosen)],
            "logged": [len(series)] if len(chosen) < len(series) else None,
            "y": packed,
            "x": {axis: columns.place(one) for axis, one in at.items() if np.isfinite(one).any()},
        },
    }


def _is_rounded(y: NDArray[np.float64]) -> bool:
    with np.errstate(over="ignore"):
        return not np.array_equal(y.astype(np.float32), y, equal_nan=True)
