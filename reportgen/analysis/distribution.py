"""Histograms that were logged over steps, put on common bins so that they can be drawn beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reportgen.model import Histogram


@dataclass(frozen=True, eq=False)
class DistributionOverSteps:
    """How the values of one tensor were distributed at each logged step.

    Attributes:
        key: The histogram's name, for example "gradients/fc.weight".
        steps: int64, shape (n_steps,), ascending.
        edges: Common bin edges, float64, shape (n_bins + 1,).
        share: The share of the step's values in each bin, float64, shape (n_steps, n_bins). Rows sum to at most
            1: what lies outside of `edges` is left out.
        mean, spread: Mean and standard deviation as the logged bins give them (their centres weighted by their
            counts), float64, shape (n_steps,); NaN for a step without values.
        covered: The smallest row sum: 0.98 says that at least 98 % of the values are in the picture at each step.
    """

    key: str
    steps: NDArray[np.int64]
    edges: NDArray[np.float64]
    share: NDArray[np.float64]
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    covered: float


def over_steps(histograms: Sequence[Histogram], bins: int = 64, keep: float = 0.99) -> DistributionOverSteps | None:
    """Rebins the histograms of one key to common bins, taking the values as evenly spread inside each logged bin.

    Args:
        histograms: All of one key, in any order; of several at one step the last one counts.
        bins: How many common bins.
        keep: The central share of all values (each step weighing the same) that the common bins span.

    Returns:
        None when no histogram holds a finite value.
    """
    by_step = {histogram.step: histogram for histogram in histograms if is_usable(histogram)}
    if not by_step:
        return None
    chosen = [by_step[step] for step in sorted(by_step)]
    low, high = _central_range(chosen, keep)
    edges = np.linspace(low, high, bins + 1)
    share = np.stack([np.diff(_cumulative(histogram, edges)) for histogram in chosen])
    told = np.array([moments(histogram) for histogram in chosen])
    return DistributionOverSteps(
        key=chosen[0].key,
        steps=np.array([histogram.step for histogram in chosen], dtype=np.int64),
        edges=edges,
        share=share,
        mean=told[:, 0],
        spread=told[:, 1],
        covered=float(min(share.sum(axis=1).min(), 1.0)),
    )


def is_usable(histogram: Histogram) -> bool:
    """Whether all of its edges are finite and it holds a value."""
    return bool(len(histogram.counts) and np.isfinite(histogram.edges).all() and histogram.counts.sum() > 0)


def _cumulative(histogram: Histogram, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of values below each of `at`, shape (n,); a bin of no width is a step."""
    below = np.concatenate([[0.0], np.cumsum(histogram.counts)]) / histogram.counts.sum()
    edges = histogram.edges
    if edges[-1] > edges[0]:
        return np.asarray(np.interp(at, edges, below), dtype=np.float64)
    return np.asarray(at > edges[0], dtype=np.float64)


def _central_range(histograms: Sequence[Histogram], keep: float) -> tuple[float, float]:
    """The range between the central quantiles of the mean over steps of the cumulative distributions."""
    lowest = min(float(histogram.edges[0]) for histogram in histograms)
    highest = max(float(histogram.edges[-1]) for histogram in histograms)
    if highest <= lowest:
        pad = abs(lowest) * 0.5 or 0.5
        return lowest - pad, highest + pad
    grid = np.linspace(lowest, highest, 4097)
    mean = np.mean([_cumulative(histogram, grid) for histogram in histograms], axis=0)
    tail = (1 - keep) / 2
    low = grid[max(int(np.searchsorted(mean, tail, side="right")) - 1, 0)]
    high = grid[min(int(np.searchsorted(mean, 1 - tail)), len(grid) - 1)]
    return (float(low), float(high)) if high > low else (lowest, highest)


def moments(histogram: Histogram) -> tuple[float, float]:
    """Mean and standard deviation, each value taken as the centre of its bin."""
    centres = (histogram.edges[:-1] + histogram.edges[1:]) / 2
    weights = histogram.counts / histogram.counts.sum()
    mean = float(centres @ weights)
    return mean, float(np.sqrt(((centres - mean) ** 2) @ weights))
