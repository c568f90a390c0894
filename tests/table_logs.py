"""Logs with tables, written by hand in the form of MLflow's file store: predictions with an image in each row, and long tables."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

_META = """\
artifact_uri: {folder}/artifacts
end_time: {end}
entry_point_name: ''
experiment_id: '1'
lifecycle_stage: active
run_id: {id}
run_name: {name}
source_name: ''
source_type: 4
source_version: ''
start_time: {start}
status: 3
tags: []
user_id: kim
"""
_BEGIN = 1795579235000


def write_run(folder: Path, number: int, name: str, tables: dict[str, tuple[Sequence[str], list[list[Any]]]]) -> Path:
    """A run with tables, by their key; gives its folder for artifacts."""
    experiment = folder / "mlruns" / "1"
    run = experiment / f"{number:032x}"
    for part in ("artifacts", "metrics", "params", "tags"):
        (run / part).mkdir(parents=True, exist_ok=True)
    (experiment / "meta.yaml").write_text("artifact_location: mlruns/1\nexperiment_id: '1'\nlifecycle_stage: active\nname: digits\n")
    start = _BEGIN + 60_000 * number
    (run / "meta.yaml").write_text(_META.format(folder=run.as_posix(), id=run.name, name=name, start=start, end=start + 5000))
    (run / "metrics" / "acc").write_text(f"{start} 0.5 0\n")
    listed = [{"path": key, "type": "table"} for key in tables]
    (run / "tags" / "mlflow.loggedArtifacts").write_text(json.dumps(listed))
    for key, (columns, rows) in tables.items():
        path = run / "artifacts" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"columns": list(columns), "data": rows}))
    return run / "artifacts"


def write_predictions(folder: Path, n: int = 60) -> None:
    """Two runs that guess digits: `first` is wrong in the rows 3, 7 and 11; `second` in 7, 20 and, with another guess, 11."""
    wrong = {"first": {3: 9, 7: 8, 11: 0}, "second": {7: 8, 11: 4, 20: 1}}
    for number, (name, guesses) in enumerate(wrong.items(), start=1):
        rows: list[list[Any]] = []
        for i in range(n):
            file = f"table_images/predictions/{i}.png"
            label = i % 10
            guess = guesses.get(i, label)
            cell = {"type": "image", "filepath": file, "compressed_filepath": file}
            rows.append([i, cell, label, guess, round(0.9 - 0.005 * ((i * 7 + number) % 60), 4), ["cat", "dog"][i % 2]])
        columns = ("id", "image", "label", "prediction", "confidence", "kind")
        artifacts = write_run(folder, number, name, {"predictions.json": (columns, rows)})
        for i in range(n):
            _digit(artifacts / f"table_images/predictions/{i}.png", i)


def write_long(folder: Path, n: int = 100_000) -> None:
    """A run with one table of many rows: whole numbers, floats with some that are missing, texts of few and of many values."""
    rng = np.random.default_rng(5)
    scores = rng.normal(size=n).round(6).tolist()
    labels, guesses = rng.integers(0, 10, n).tolist(), rng.integers(0, 10, n).tolist()
    words = ["cat", "dog", "horse", "ship", "truck", "frog"]
    rows = [
        [i, score if i % 17 else None, label, guesses[i], words[label % 6], f"file {(i * 7919) % n:06}.png", f"{score:.3f} of row {i}"]
        for i, (score, label) in enumerate(zip(scores, labels, strict=True))
    ]
    write_run(folder, 9, "long", {"long.json": (("id", "score", "label", "prediction", "kind", "file", "note"), rows)})


def _digit(path: Path, i: int) -> None:
    """An image of 28 × 28 pixels that differs for each number."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    y, x = np.mgrid[0:28, 0:28]
    ring = np.abs(np.hypot(x - 14 + (i % 5), y - 14) - 4 - i % 7) < 2
    Image.fromarray((ring * 230 + 10).astype(np.uint8)).save(path)
