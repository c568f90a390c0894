"""Invented runs for the small demonstrations at the end of each chart's module, and their drawing."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.charts.figure import Figure
from reportgen.model import Run, Runs, Series, Source, Value

LIGHT = {
    "paper": "#ffffff", "raised": "#f7f7f8", "ink": "#1c1d21", "muted": "#62666f", "hairline": "#e4e5e9", "accent": "#3451c6",
    "sans": "Inter, Noto Sans, Liberation Sans, sans-serif",
}  # fmt: skip
DARK = LIGHT | {"paper": "#111214", "raised": "#191b1f", "ink": "#e7e8ea", "muted": "#9a9ea8", "hairline": "#2b2e34", "accent": "#9db1ff"}


def example_runs(n: int = 24, epochs: int = 12, seed: int = 3) -> Runs:
    """A random search: `val/acc` and `train/loss` over `epoch`, with a learning rate that matters."""
    draw = np.random.default_rng(seed)
    begin = datetime(2026, 11, 20, 9, tzinfo=UTC)
    runs = []
    for i in range(n):
        lr = float(f"{10 ** draw.uniform(-4.5, -0.7):.3g}")
        step = np.arange(1, epochs + 1) * 42
        time = begin.timestamp() + 60.0 * i + np.arange(1, epochs + 1, dtype=np.float64) * 2.5
        ceiling = 0.98 * math.exp(-(((math.log10(lr) + 2) / 1.4) ** 2)) + 0.02
        accuracy = np.clip(ceiling * (1 - np.exp(-np.arange(1, epochs + 1) / 3)) + draw.normal(0, 0.01, epochs), 0, 1)
        history = {
            key: Series(key, step.astype(np.int64), time, np.asarray(value, dtype=np.float64))
            for key, value in {
                "epoch": np.arange(epochs) * 1.0,
                "val/acc": accuracy,
                "train/loss": 2.3 * (1 - accuracy) ** 1.5 + 0.01,
            }.items()
        }
        config: dict[str, Value] = {
            "optimizer.name": str(draw.choice(["adam", "sgd", "rmsprop"])),
            "optimizer.lr": lr,
            "channels": int(draw.choice([8, 16, 32])),
        }
        runs.append(
            Run(
                f"run{i:03d}", f"sweep-{i:02d}", Source("example", Path("example")), state="finished", config=config, history=history,
                started=begin + timedelta(minutes=i), ended=begin + timedelta(minutes=i, seconds=40),
            )
        )  # fmt: skip
    return Runs(runs)


def specification(figure: Figure) -> dict[str, Any]:
    """The figure's specification with its data in place, as any Vega-Lite viewer takes it."""
    datasets = {name: json.loads(frame.to_json(orient="records", double_precision=15)) for name, frame in figure.data.items()}
    return {**figure.spec, "datasets": datasets}


def svg(figure: Figure, colours: dict[str, str] = LIGHT) -> str:
    """The figure as an SVG that stands alone: with colours in place of the theme's variables."""
    import vl_convert

    spec = json.dumps(specification(figure))
    for name, colour in colours.items():
        spec = spec.replace(f"var(--{name})", colour)
    return str(vl_convert.vegalite_to_svg({**json.loads(spec), "background": colours["paper"]}))


def print_svg(figure: Figure) -> None:
    """Prints the figure for `python -m reportgen.charts.…`."""
    print(svg(figure))
