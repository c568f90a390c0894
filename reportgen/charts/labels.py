"""Labels that stand beside what they name: where, so that none covers another."""

from __future__ import annotations

from collections.abc import Sequence


def spread(wanted: Sequence[float], distance: float, low: float, high: float) -> list[float]:
    """Positions near the wanted ones that are at least `distance` apart.

    The sum of the squared moves is the least that is possible (pool adjacent violators; Barlow et al. 1972,
    "Statistical Inference under Order Restrictions"), then all are pushed into [low, high] where they fit.

    Args:
        wanted: In pixels, in any order.

    Returns:
        The positions, in the order of `wanted`; their order along the axis is kept (ties by index).
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    blocks: list[tuple[float, int]] = []
    for rank, i in enumerate(order):
        blocks.append((wanted[i] - rank * distance, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (second, m), (first, n) = blocks.pop(), blocks.pop()
            blocks.append(((first * n + second * m) / (n + m), n + m))
    levels = [mean for mean, count in blocks for _ in range(count)]
    top = high - max(0, len(levels) - 1) * distance
    placed = [0.0] * len(wanted)
    for rank, i in enumerate(order):
        placed[i] = max(low, min(levels[rank], max(low, top))) + rank * distance
    return placed
