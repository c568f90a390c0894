"""Labels that stand beside what they name: where, so that none covers another, and how long they are."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_NARROW = frozenset("iljtfrI.,:;'|!()[]/ -")
_WIDE = frozenset("mwMW@%")


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


def text_width(text: str, size: float = 12) -> float:
    """About how many pixels a text is wide in a sans-serif font of this size."""
    return sum(_units(letter) for letter in text) * size


def _units(letter: str) -> float:
    if letter in _NARROW:
        return 0.32
    if letter in _WIDE:
        return 0.88
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 0.68 if letter.isupper() else 0.57


def shortened(text: str, most: int = 32) -> str:
    """The text with its middle left out when it is long: both ends of a run's name tell it from others."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    if len(plain) <= most:
        return plain
    end = most // 2
    return f"{plain[: most - end - 1].rstrip()}…{plain[-end:].lstrip()}"


def distinct(texts: Sequence[str], ids: Sequence[str]) -> list[str]:
    """The texts, each followed by its id where several are equal."""
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    return [text if counts[text] == 1 else f"{text} ({one})" for text, one in zip(texts, ids, strict=True)]
