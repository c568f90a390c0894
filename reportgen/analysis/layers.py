"""What the logged histograms of a model's layers say: size, spread and zeros at each step, and which layers vanish or explode.

All of it is computed from bins, since the values themselves were not logged: a value counts as the centre of its bin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from reportgen.analysis.distribution import is_usable, moments
from reportgen.model import Histogram

Trouble = Literal["vanishing", "exploding", "zero"]
VANISHING = 1e-3
"""A gradient that is smaller than this share of the largest one of its model, by the root mean square, vanishes."""
EXPLODING = 100.0
"""A tensor that grows by more than this factor explodes."""
_LEAST_STEPS = 4
"""With fewer logged steps nothing is said about growth."""


@dataclass(frozen=True, eq=False)
class Layer:
    """One tensor over the logged steps.

    Attributes:
        key: The histogram's name, for example "gradients/fc.weight".
        kind: What its name begins with: "gradients", "parameters", or "" for another histogram.
        name: The name without the kind, "fc.weight".
        histograms: One per step, steps ascending; those without a finite edge or a value are left out.
        left_out: How many were.
        size: Values per step, float64, shape (n_steps,).
        mean, spread, rms: Mean, standard deviation and root mean square, float64, shape (n_steps,).
        around_zero: The share of the values in the bin that holds zero: no more of them can be zero. Shape (n_steps,).
        trouble: What is wrong with it; None when nothing is, or it cannot be told.
        factor: By how much: the share of the largest gradient, or the growth.
    """

    key: str
    kind: str
    name: str
    histograms: tuple[Histogram, ...]
    left_out: int
    size: NDArray[np.float64]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    rms: NDArray[np.float64]
    around_zero: NDArray[np.float64]
    trouble: Trouble | None = None
    factor: float = 1.0

    @property
    def steps(self) -> list[int]:
        """The logged steps, ascending."""
        return [one.step for one in self.histograms]

    @property
    def norm(self) -> NDArray[np.float64]:
        """The Euclidean norm at each step, shape (n_steps,)."""
        return np.asarray(self.rms * np.sqrt(self.size), dtype=np.float64)


def layers(histograms: Mapping[str, Sequence[Histogram]]) -> tuple[Layer, ...]:
    """The layers of a run, in the order in which they were first logged; a key without any usable histogram is left out."""
    found = [layer for key, logged in histograms.items() if (layer := _layer(key, logged))]
    largest = max((_late(layer.rms) for layer in found if layer.kind == "gradients"), default=0.0)
    return tuple(_judged(layer, largest) for layer in found)


def _layer(key: str, logged: Sequence[Histogram]) -> Layer | None:
    usable = {one.step: one for one in logged if is_usable(one)}
    chosen = tuple(usable[step] for step in sorted(usable))
    if not chosen:
        return None
    kind, _, name = key.partition("/")
    is_known = kind in ("gradients", "parameters") and bool(name)
    told = np.array([_told(one) for one in chosen])
    return Layer(
        key=key,
        kind=kind if is_known else "",
        name=name if is_known else key,
        histograms=chosen,
        left_out=len({one.step for one in logged}) - len(chosen),
        size=told[:, 0],
        mean=told[:, 1],
        spread=told[:, 2],
        rms=told[:, 3],
        around_zero=told[:, 4],
    )


def _told(histogram: Histogram) -> tuple[float, float, float, float, float]:
    """Number of values, mean, standard deviation, root mean square, share in the bin that holds zero."""
    edges, counts = histogram.edges, histogram.counts
    n = float(counts.sum())
    holds_zero = (edges[:-1] <= 0) & (edges[1:] >= 0)
    around_zero = float(counts[holds_zero].sum()) / n
    mean, spread = moments(histogram)
    # All in the bin around zero, as for a tensor of zeros: its size is that of the bin and no more than a bound.
    rms = 0.0 if around_zero == 1 else float(np.hypot(mean, spread))
    return n, mean, spread, rms, around_zero


def _judged(layer: Layer, largest: float) -> Layer:
    if layer.kind == "gradients" and bool((layer.around_zero[_last_quarter(layer.around_zero)] == 1).all()):
        return replace(layer, trouble="zero", factor=0.0)
    late = _late(layer.rms)
    if layer.kind == "gradients" and largest > 0 and late < VANISHING * largest:
        return replace(layer, trouble="vanishing", factor=late / largest)
    if layer.kind and len(layer.rms) >= _LEAST_STEPS:
        early = float(np.median(layer.rms[: max(1, len(layer.rms) // 4)]))
        if early > 0 and late > EXPLODING * early:
            return replace(layer, trouble="exploding", factor=late / early)
    return layer


def _late(values: NDArray[np.float64]) -> float:
    """The median over the last quarter of the steps."""
    return float(np.median(values[_last_quarter(values)]))


def _last_quarter(values: NDArray[np.float64]) -> slice:
    return slice(len(values) - max(1, len(values) // 4), None)
