"""The target as the model sees it: on its scale, and with wild values brought to the edge of the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.importance.correlation import ranked
from reportgen.analysis.importance.result import TargetScale
from reportgen.errors import QueryError

Floats = NDArray[np.float64]

FENCE = 10.0
"""A value further than so many times the distance between the quartiles from the nearer of them is wild: a loss that diverged."""


@dataclass(frozen=True, eq=False)
class Response:
    """A target on the scale of the model.

    Attributes:
        standard: With mean 0 and variance 1, shape (n_runs,).
        wild: Which values were brought to the fence, shape (n_runs,).
    """

    standard: Floats
    wild: NDArray[np.bool_]
    _middle: float
    _spread: float
    _scaled: Floats
    _values: Floats

    def own_units(self, standard: Floats) -> Floats:
        """From standard deviations back to the target's own units: exactly on a linear scale, else between and near the runs."""
        scaled = self._middle + self._spread * standard
        if self._scaled is self._values:
            return np.asarray(scaled)
        order = np.argsort(self._scaled, kind="stable")
        return np.interp(scaled, self._scaled[order], self._values[order])


def response(values: Floats, scale: TargetScale, target: str) -> Response:
    """The target on its scale.

    Raises:
        QueryError: A logarithm of values that are not all positive.
    """
    scaled = values
    if scale == "rank":
        scaled = ranked(values)
    elif scale == "log":
        if values.min() <= 0:
            raise QueryError(f"'{target}' has no logarithm: its least value is {values.min():g}", hint="use scale: rank")
        scaled = np.log(values)
    with np.errstate(over="ignore", invalid="ignore"):  # A fence beyond all numbers fences nothing.
        low, high = np.quantile(scaled, [0.25, 0.75])
        reach = FENCE * (high - low)
        fenced = np.clip(scaled, low - reach, high + reach) if reach > 0 else scaled
    # In a unit of its own size, since the squares of 1e300 are no numbers; that of what is left, beside which 1e308 would leave nothing.
    unit = float(np.abs(fenced).max()) or 1.0
    small = fenced / unit
    spread = float(small.std()) or 1.0
    standard = (small - small.mean()) / spread
    return Response(standard, fenced != scaled, unit * float(small.mean()), unit * spread, scaled, values)
