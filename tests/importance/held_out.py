"""Functions that nobody tuned anything on: mixed types, a branch, twenty parameters of which three matter, and a step."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from importance.known_functions import Floats, KnownFunction, unit_space

from reportgen.model import Distribution

DEPTHS = (2, 3, 4, 6)


def _mixed() -> KnownFunction:
    """log lr, an integer, a truth value, a category, and a float that matters only together with the truth value."""
    bump = (np.arange(100_000) + 0.5) / 100_000
    wave = np.exp(-0.5 * ((bump - 0.6) / 0.15) ** 2)
    depth = np.array([0.0, 0.3, 0.45, 0.5])
    parts = (float(wave.var()), float(depth.var()), 0.25**2 * 0.25, 0.0, 0.0)
    together = 0.8**2 / 12 / 4  # 0.8 (u - 1/2) (b - 1/2), b a truth value
    total = sum(parts) + together

    def function(points: Floats) -> Floats:
        flag = points[:, 2] > 0.5
        level = np.minimum((4 * points[:, 1]).astype(int), 3)
        bowl = np.exp(-0.5 * ((points[:, 0] - 0.6) / 0.15) ** 2)
        return np.asarray(bowl + depth[level] + 0.25 * flag + 0.8 * (points[:, 3] - 0.5) * (flag - 0.5))

    def config(points: Floats) -> Mapping[str, Sequence[object]]:
        return {
            "lr": (10 ** (6 * points[:, 0] - 6)).tolist(),
            "depth": [DEPTHS[min(int(4 * u), 3)] for u in points[:, 1]],
            "amp": [bool(u > 0.5) for u in points[:, 2]],
            "mixup": points[:, 3].tolist(),
            "loader": [("disk", "memory", "stream")[min(int(3 * u), 2)] for u in points[:, 4]],
        }

    space = {"lr": Distribution(1e-6, 1.0, log=True), "mixup": Distribution(0.0, 1.0)}
    return KnownFunction("mixed types", function, tuple(part / total for part in parts), 0, config, space)


def _many() -> KnownFunction:
    """Twenty parameters: a logistic rise, a wave, a line, and seventeen that do nothing."""
    middle = (np.arange(100_000) + 0.5) / 100_000
    rise, wave = 1 / (1 + np.exp(-8 * (middle - 0.4))), 0.3 * np.sin(5 * middle)
    parts = (float(rise.var()), float(wave.var()), 0.5**2 / 12)

    def function(points: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(-8 * (points[:, 0] - 0.4))) + 0.3 * np.sin(5 * points[:, 1]) + 0.5 * points[:, 2])

    return KnownFunction("three of twenty", function, (*(part / sum(parts) for part in parts), *[0.0] * 17), space=unit_space(20))


def _branch() -> KnownFunction:
    """Momentum exists for sgd only, a third of the space."""
    offsets = np.array([0.0, 0.4, 0.6])
    of_optimizer, of_momentum, of_rate = float(offsets.var()), 2.0**2 / 12 / 3, 1.0**2 / 12
    total = of_optimizer + of_momentum + of_rate

    def function(points: Floats) -> Floats:
        which = np.minimum((3 * points[:, 0]).astype(int), 2)
        return np.asarray(offsets[which] + (which == 2) * 2 * (points[:, 1] - 0.5) + points[:, 2])

    def config(points: Floats) -> Mapping[str, Sequence[object]]:
        which = np.minimum((3 * points[:, 0]).astype(int), 2)
        momentum = [float(u) if k == 2 else ... for u, k in zip(points[:, 1], which, strict=True)]
        return {"optimizer": [("adam", "lion", "sgd")[k] for k in which], "momentum": momentum, "rate": points[:, 2].tolist()}

    space = {"rate": Distribution(0.0, 1.0), "momentum": Distribution(0.0, 1.0)}
    return KnownFunction("a branch", function, (of_optimizer / total, of_momentum / total, of_rate / total), 0, config, space)


def step(noise_share: float = 0.0) -> KnownFunction:
    """A step at 0.35 and a line, and two that do nothing."""
    parts = (0.35 * 0.65, 0.8**2 / 12)
    noise = sum(parts) * noise_share / (1 - noise_share)
    total = sum(parts) + noise
    return KnownFunction(
        "step", lambda points: np.asarray((points[:, 0] > 0.35) + 0.8 * points[:, 1]), (*(part / total for part in parts), 0.0, 0.0),
        math.sqrt(noise), space=unit_space(4),
    )  # fmt: skip


HELD_OUT = (_mixed(), _many(), _branch())
