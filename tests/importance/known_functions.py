"""Functions whose first-order Sobol indices are known exactly, and runs made by evaluating them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reportgen.model import Distribution, Run, Runs, Source

Floats = NDArray[np.float64]
CHOICES = ("adam", "lion", "sgd")


def make_runs(target: Sequence[float], space: Mapping[str, Distribution] | None = None, /, **params: Sequence[object]) -> Runs:
    """One run per value of the target (`score`); a value `...` leaves the parameter out of that run's config.

    Args:
        space: What the logs say of the search space.
    """
    runs = [
        Run(
            id=f"run-{i:04d}",
            name=f"run {i}",
            source=Source("test", Path("/nowhere")),
            state="finished",
            config={key: values[i] for key, values in params.items() if values[i] is not ...},  # type: ignore[misc]
            summary={"score": value},
            search_space=space or {},
        )
        for i, value in enumerate(target)
    ]
    return Runs(runs)


@dataclass(frozen=True)
class KnownFunction:
    """A function on the unit cube with independent uniform inputs.

    Attributes:
        indices: The first-order Sobol indices of the value with its noise, shape (n_params,).
        noise: The standard deviation of the noise.
        config: From points of the cube, shape (n, n_params), to the values of the parameters as a run logs them.
        space: The search space, as far as the logs say.
    """

    name: str
    function: Callable[[Floats], Floats]
    indices: tuple[float, ...]
    noise: float = 0.0
    config: Callable[[Floats], Mapping[str, Sequence[object]]] = lambda points: plain_config(points)
    space: Mapping[str, Distribution] | None = None

    def with_noise(self, share: float) -> KnownFunction:
        """The same with noise that is so large a part of the variance; only for functions without noise of their own."""
        _, values = self.points(200_000, 0)
        noise = math.sqrt(float(values.var()) * share / (1 - share))
        return replace(self, indices=tuple(index * (1 - share) for index in self.indices), noise=noise)

    def points(self, n: int, seed: int) -> tuple[Floats, Floats]:
        """Random points, shape (n, n_params), and the values there, shape (n,)."""
        rng = np.random.default_rng(seed)
        points = rng.random((n, len(self.indices)))
        return points, self.function(points) + self.noise * rng.standard_normal(n)

    def runs(self, n: int, seed: int) -> Runs:
        """A random search of `n` runs."""
        points, values = self.points(n, seed)
        return make_runs(values.tolist(), self.space, **self.config(points))


def unit_space(n: int) -> Mapping[str, Distribution]:
    """That `n` parameters named as by `plain_config` were drawn evenly from 0 to 1."""
    return {f"x{j}": Distribution(0.0, 1.0) for j in range(n)}


def plain_config(points: Floats) -> Mapping[str, Sequence[object]]:
    return {f"x{j}": points[:, j].tolist() for j in range(points.shape[1])}


def _ishigami() -> KnownFunction:
    """Ishigami and Homma 1990, a = 7, b = 0.1."""
    a, b = 7.0, 0.1
    first, second = 0.5 * (1 + b * math.pi**4 / 5) ** 2, a**2 / 8
    both = b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    total = first + second + both

    def function(points: Floats) -> Floats:
        x = (2 * points - 1) * math.pi
        return np.asarray(np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0]))

    return KnownFunction("Ishigami", function, (first / total, second / total, 0.0), space=unit_space(3))


def _linear(noise_share: float = 0.0) -> KnownFunction:
    slopes = np.array([4.0, 2.0, 1.0, 0.0, 0.0, 0.0])
    explained = (slopes**2 / 12).sum()
    noise = math.sqrt(explained * noise_share / (1 - noise_share))
    indices = tuple(slopes**2 / 12 / (explained + noise**2))
    name = "linear and noise" if noise_share else "linear"
    return KnownFunction(name, lambda points: points @ slopes, indices, noise, space=unit_space(6))


def _sobol_g() -> KnownFunction:
    """Sobol's g function with a = (0, 1, 4.5, 9, 99, 99) (Saltelli and others 2008)."""
    a = np.array([0, 1, 4.5, 9, 99, 99])
    parts = 1 / 3 / (1 + a) ** 2
    return KnownFunction(
        "Sobol g",
        lambda points: np.asarray(((np.abs(4 * points - 2) + a) / (1 + a)).prod(axis=1)),
        tuple(parts / (np.prod(1 + parts) - 1)),
        space=unit_space(6),
    )


def _training() -> KnownFunction:
    """A bowl in the logarithm of a learning rate, an offset per optimizer, a small effect of dropout.

    With u uniform, Var((2u - 1.2)²) is by hand 16 Var((u - 0.6)²); Var over three equal levels 0, 0.5, 1 is 1/6.
    """
    moments = [(0.4 ** (k + 1) + (-1) ** k * 0.6 ** (k + 1)) / (k + 1) for k in range(5)]
    bowl = 16 * (moments[4] - moments[2] ** 2)
    optimizer, dropout = 1 / 6, 0.3**2 / 12
    total = bowl + optimizer + dropout

    def function(points: Floats) -> Floats:
        level = np.floor(3 * points[:, 1]) / 2
        return np.asarray(-((2 * points[:, 0] - 1.2) ** 2) + level + 0.3 * points[:, 2])

    def config(points: Floats) -> Mapping[str, Sequence[object]]:
        return {
            "lr": (10 ** (5 * points[:, 0] - 5)).tolist(),
            "optimizer": [CHOICES[int(3 * u)] for u in points[:, 1]],
            "dropout": (0.5 * points[:, 2]).tolist(),
            "width": [int(2 ** (4 + int(4 * u))) for u in points[:, 3]],
        }

    space = {"lr": Distribution(1e-5, 1.0, log=True), "dropout": Distribution(0.0, 0.5)}
    return KnownFunction("learning rate and optimizer", function, (bowl / total, optimizer / total, dropout / total, 0.0), 0, config, space)


def _noise() -> KnownFunction:
    return KnownFunction("noise", lambda points: np.zeros(len(points)), (0.0,) * 6, 1.0, space=unit_space(6))


ISHIGAMI, LINEAR, NOISY_LINEAR, SOBOL_G, TRAINING, NOISE = (
    _ishigami(), _linear(), _linear(0.64), _sobol_g(), _training(), _noise(),
)  # fmt: skip
FUNCTIONS = (ISHIGAMI, LINEAR, NOISY_LINEAR, SOBOL_G, TRAINING, NOISE)
