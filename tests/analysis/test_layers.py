"""What is said of layers from their logged histograms."""

from __future__ import annotations

import numpy as np
import pytest

from reportgen.analysis.layers import Layer, layers
from reportgen.model import Histogram


def logged(key: str, scales: list[float], n: int = 2000, bins: int = 64) -> tuple[Histogram, ...]:
    """Histograms of normal values of these standard deviations, at steps 0, 10, 20, …"""
    random = np.random.default_rng(len(key))
    made = []
    for i, scale in enumerate(scales):
        counts, edges = np.histogram(random.normal(size=n) * scale, bins)
        made.append(Histogram(key, 10 * i, float(i), edges, counts.astype(float)))
    return tuple(made)


def of(*several: tuple[Histogram, ...]) -> dict[str, Layer]:
    return {layer.key: layer for layer in layers({one[0].key: one for one in several})}


def test_moments_are_near_those_of_the_values() -> None:
    values = np.random.default_rng(0).normal(0.5, 2.0, 5000)
    counts, edges = np.histogram(values, 64)
    layer = of((Histogram("gradients/a", 3, 0.0, edges, counts.astype(float)),))["gradients/a"]
    width = edges[1] - edges[0]
    assert layer.steps == [3]
    assert layer.size[0] == 5000
    assert layer.mean[0] == pytest.approx(values.mean(), abs=width / 2)
    assert layer.spread[0] == pytest.approx(values.std(), rel=0.02)
    assert layer.rms[0] == pytest.approx(np.sqrt((values**2).mean()), rel=0.02)
    assert layer.norm[0] == pytest.approx(np.linalg.norm(values), rel=0.02)
    inside = (edges[:-1] <= 0) & (edges[1:] >= 0)
    assert layer.around_zero[0] == counts[inside].sum() / 5000


def test_names_are_split_by_what_was_watched() -> None:
    found = layers({key: logged(key, [1.0]) for key in ("gradients/fc.weight", "parameters/fc.weight", "coef", "gradients/")})
    assert [(one.kind, one.name) for one in found] == [
        ("gradients", "fc.weight"), ("parameters", "fc.weight"), ("", "coef"), ("", "gradients/"),
    ]  # fmt: skip


def test_vanishing_is_relative_to_the_largest_gradient() -> None:
    found = of(logged("gradients/small", [1e-5] * 8), logged("gradients/large", [1.0] * 8), logged("parameters/small", [1e-6] * 8))
    assert found["gradients/small"].trouble == "vanishing"
    assert found["gradients/small"].factor == pytest.approx(1e-5, rel=0.1)
    assert found["gradients/large"].trouble is None
    assert found["parameters/small"].trouble is None


def test_a_layer_explodes_when_it_grows() -> None:
    found = of(logged("gradients/a", [1, 1, 10, 100, 500, 1000, 2000, 2000]), logged("gradients/b", [100.0] * 8))
    assert found["gradients/a"].trouble == "exploding"
    assert found["gradients/a"].factor == pytest.approx(2000, rel=0.1)
    assert found["gradients/b"].trouble is None
    assert of(logged("gradients/a", [1, 2000]))["gradients/a"].trouble is None


def test_gradients_of_zero() -> None:
    counts, edges = np.histogram(np.zeros(50), 64)
    zero = tuple(Histogram("gradients/dead", i, 0.0, edges, counts.astype(float)) for i in range(4))
    found = of(zero, logged("gradients/live", [1.0] * 4))
    assert found["gradients/dead"].trouble == "zero"
    assert found["gradients/dead"].rms.tolist() == [0, 0, 0, 0]


def test_histograms_without_a_value_are_left_out_and_counted() -> None:
    edges = np.array([0.0, 1.0, np.inf])
    broken = Histogram("gradients/a", 5, 0.0, edges, np.array([1.0, 1.0]))
    empty = Histogram("gradients/a", 7, 0.0, np.array([0.0, 1.0]), np.array([0.0]))
    (layer,) = layers({"gradients/a": (*logged("gradients/a", [1.0]), broken, empty), "gradients/b": (replace_key(broken),)})
    assert layer.steps == [0]
    assert layer.left_out == 2


def replace_key(one: Histogram) -> Histogram:
    return Histogram("gradients/b", one.step, one.time, one.edges, one.counts)
