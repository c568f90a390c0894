"""Trains a small network with three optimizers on three datasets, ten seeds each, and logs every run into `runs/`.

    python train.py

Needs numpy and scikit-learn (for its datasets). It takes half a minute; the runs beside this file were made by it.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

HERE = Path(__file__).parent
DATASETS = {"digits": datasets.load_digits, "wine": datasets.load_wine, "cancer": datasets.load_breast_cancer}
RATES = {"sgd": 0.1, "momentum": 0.03, "adam": 0.003}
SEEDS = 10
EPOCHS = {"sgd": 15, "momentum": 15, "adam": 12}
"""Adam was stopped earlier, as happens when a queue ends: a comparison has to take that into account."""
HIDDEN, BATCH = 32, 32


def data(name: str, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Training and validation points; each seed divides them in its own way."""
    x, y = DATASETS[name](return_X_y=True)
    x, x_val, y, y_val = train_test_split(x, y, test_size=0.3, random_state=seed, stratify=y)
    scaler = StandardScaler().fit(x)
    return scaler.transform(x), y, scaler.transform(x_val), y_val


class Network:
    """One hidden layer of rectified units, trained by cross entropy."""

    def __init__(self, inputs: int, classes: int, rng: np.random.Generator) -> None:
        self.weights = [
            rng.normal(0, np.sqrt(2 / inputs), (inputs, HIDDEN)), np.zeros(HIDDEN),
            rng.normal(0, np.sqrt(2 / HIDDEN), (HIDDEN, classes)), np.zeros(classes),
        ]  # fmt: skip

    def forward(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The hidden units and the log probabilities."""
        w1, b1, w2, b2 = self.weights
        hidden = np.maximum(x @ w1 + b1, 0)
        scores = hidden @ w2 + b2
        scores -= scores.max(axis=1, keepdims=True)
        return hidden, scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))

    def gradients(self, x: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
        """Of the mean cross entropy."""
        hidden, log_p = self.forward(x)
        delta = np.exp(log_p)
        delta[np.arange(len(y)), y] -= 1
        delta /= len(y)
        back = delta @ self.weights[2].T * (hidden > 0)
        return [x.T @ back, back.sum(axis=0), hidden.T @ delta, delta.sum(axis=0)]


class Optimizer:
    """Plain gradient descent, the same with momentum, or Adam."""

    def __init__(self, name: str, weights: list[np.ndarray]) -> None:
        self.name, self.rate, self.t = name, RATES[name], 0
        self.first = [np.zeros_like(one) for one in weights]
        self.second = [np.zeros_like(one) for one in weights]

    def step(self, weights: list[np.ndarray], gradients: list[np.ndarray]) -> None:
        """Changes the weights in place."""
        self.t += 1
        for weight, gradient, m, v in zip(weights, gradients, self.first, self.second, strict=True):
            if self.name == "sgd":
                weight -= self.rate * gradient
            elif self.name == "momentum":
                m *= 0.9
                m += gradient
                weight -= self.rate * m
            else:
                m += 0.1 * (gradient - m)
                v += 0.001 * (gradient**2 - v)
                weight -= self.rate * (m / (1 - 0.9**self.t)) / (np.sqrt(v / (1 - 0.999**self.t)) + 1e-8)


def cross_entropy(log_p: np.ndarray, y: np.ndarray) -> float:
    """The mean over the points."""
    return -float(log_p[np.arange(len(y)), y].mean())


def train(optimizer: str, dataset: str, seed: int) -> None:
    """One run: its config and its metrics after each epoch."""
    folder = HERE / "runs" / f"{optimizer}-{dataset}-{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    config = {"optimizer": optimizer, "lr": RATES[optimizer], "dataset": dataset, "seed": seed, "hidden": HIDDEN, "batch_size": BATCH}
    (folder / "config.json").write_text(json.dumps(config) + "\n", encoding="utf-8")
    x, y, x_val, y_val = data(dataset, seed)
    rng = np.random.default_rng(seed)
    network = Network(x.shape[1], int(y.max()) + 1, rng)
    updates = Optimizer(optimizer, network.weights)
    with (folder / "metrics.jsonl").open("w", encoding="utf-8") as log:
        for epoch in range(1, EPOCHS[optimizer] + 1):
            for batch in np.array_split(rng.permutation(len(y)), -(-len(y) // BATCH)):
                updates.step(network.weights, network.gradients(x[batch], y[batch]))
            log_p, log_p_val = network.forward(x)[1], network.forward(x_val)[1]
            row = {
                "step": epoch,
                "time": round(time.time(), 3),
                "train/loss": cross_entropy(log_p, y),
                "val/loss": cross_entropy(log_p_val, y_val),
                "val/acc": float((log_p_val.argmax(axis=1) == y_val).mean()),
            }
            log.write(json.dumps(row) + "\n")


def main() -> None:
    """All runs."""
    for optimizer in RATES:
        for dataset in DATASETS:
            for seed in range(SEEDS):
                train(optimizer, dataset, seed)


if __name__ == "__main__":
    main()
