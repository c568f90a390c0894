"""Hand-made runs that are compared with each other, and the files that they left beside their logs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.model import LoggedFile, Run, Runs, Series, Source

BASE: Mapping[str, Any] = {"optimizer.name": "sgd", "optimizer.lr": 0.001, "layers": 3, "seed": 0}


def run(name: str, accuracy: float | None = None, config: Mapping[str, Any] | None = None, **more: Any) -> Run:
    """A run with the last accuracy and what differs from the base config."""
    history = {}
    if accuracy is not None:
        history["val/acc"] = Series("val/acc", np.arange(2), np.arange(2.0), np.array([0.1, accuracy]))
    given = {"id": name, "name": name, "source": Source("wandb", Path("/logs")), "state": "finished", "history": history}
    return Run(**{**given, "config": {**BASE, **(config or {})}, **more})


def file(folder: Path, name: str, text: str, owner: str) -> LoggedFile:
    """A text that a run (`owner`) left beside its log."""
    path = folder / owner / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return LoggedFile(name, len(text.encode()), path)


def searched(n: int = 40) -> Runs:
    """A random search in which the learning rate decides, the optimizer hardly does, and the number of layers is always the same."""
    rng = np.random.default_rng(7)
    found = []
    for i in range(n):
        rate, name = float(10 ** rng.uniform(-4, -1)), str(rng.choice(["sgd", "adam"]))
        accuracy = 0.9 - 0.15 * (np.log10(rate) + 2.0) ** 2 + 0.01 * rng.normal()
        found.append(run(f"t{i:02}", float(accuracy), {"optimizer.lr": rate, "optimizer.name": name, "seed": i}))
    return Runs(found)
