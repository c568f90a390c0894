"""Runs as text: the table, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len
from rich.console import Console

import reportgen as rg
from reportgen.errors import QueryError
from reportgen.model import LogWarning, Run, Runs, Series, Source
from reportgen.terminal import runs_csv, runs_json, runs_table

EXAMPLES = Path(__file__).parents[1] / "examples"


def table(runs: Runs, where: str | None = None, width: int = 100) -> list[str]:
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, legacy_windows=False)
    console.print(runs_table(runs, where, width))
    return out.getvalue().splitlines()


@pytest.fixture(scope="module")
def cnn() -> Runs:
    return rg.load(EXAMPLES / "three-runs/wandb")


@pytest.fixture(scope="module")
def sweep() -> Runs:
    return rg.load(EXAMPLES / "digits/wandb")


def one(name: str = "one", **values: object) -> Run:
    return replace(Run(name, name, Source("plain", Path("/logs"))), **values)  # type: ignore[arg-type]


def test_table(cnn: Runs) -> None:
    lines = [line.rstrip() for line in table(cnn, width=90)]
    assert lines[0].split() == ["name", "state", "duration", "channels", "optimizer.lr", "seed", "val/acc", "val/loss"]
    assert [(line.split()[0], line.split()[-5:]) for line in lines[1:4]] == [
        ("cnn-8ch-lr0.001", ["8", "1e-3", "0", "0.929", "0.305"]),
        ("cnn-16ch-lr0.001", ["16", "1e-3", "1", "0.962", "0.154"]),
        ("cnn-16ch-lr0.01", ["16", "1e-2", "2", "0.982", "0.051"]),
    ]
    assert {cell_len(line) for line in lines[:4]} == {cell_len(lines[0])}
    assert lines[5] == "3 runs: 3 finished"
    text = " ".join(lines)
    assert "the same in all: dropout = 0.2, batch_size = 32, epochs = 12, dataset = digits," in text
    assert "2 columns left out (no room): started, train/loss; --csv and --json have all" in text
    assert "warning: cnn-8ch-lr0.001 and 2 more: The media in the cells of the table 'predictions'" in text


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 120, 200, 400])
def test_the_table_fits(sweep: Runs, width: int) -> None:
    lines = table(sweep, width=width)
    assert max(map(cell_len, lines)) <= width
    head = lines[0].split()
    assert head[:2] == ["name", "state"]
    assert ("val/acc" in head) == (width >= 40)
    if width >= 40:
        assert "…" not in "".join(lines[: len(sweep) + 1])
    if width == 400:
        assert not any("left out" in line for line in lines)
        assert "started" in head


def test_where(sweep: Runs) -> None:
    lines = table(sweep, "val/acc > 0.96")
    assert [line.split()[0] for line in lines[1:3]] == ["sweep-07", "sweep-22"]
    assert "2 of 24 runs: 2 finished" in lines
    assert table(sweep, "val/acc > 2") == ["none of 24 runs fits: val/acc > 2"]
    with pytest.raises(QueryError, match="did you mean 'val/acc'"):
        table(sweep, "val_acc > 2")


def test_one_run_and_none() -> None:
    assert table(Runs()) == ["no runs"]
    lines = table(Runs([one(config={"lr": 0.1})]))
    assert lines[0].split() == ["name", "state", "lr"]
    assert lines[1].split() == ["one", "unknown", "0.1"]


def test_names_cannot_steer_the_terminal() -> None:
    evil = "a\x1b[31mb\r\nc\u202ed" + "x" * 200 + "한국어"
    warned = (LogWarning(f"broken {evil}"),)
    text = "\n".join(table(Runs([one(evil, config={evil: evil}, warnings=warned), one("b", config={evil: 1})])))
    assert not set(text) & set("\x1b\r\u202e")
    assert "a�[31mb" in text


def test_a_missing_value_is_a_dash() -> None:
    series = {"loss": Series("loss", np.arange(2), np.full(2, np.nan), np.array([2.0, math.nan]))}
    lines = table(Runs([one("a", config={"lr": 0.5}, history=series), one("b")]))
    assert [line.split() for line in lines[1:3]] == [["a", "unknown", "0.5", "2"], ["b", "unknown", "–", "–"]]


def test_formats_and_labels_have_their_own_tables() -> None:
    def of(form: str, label: str) -> Source:
        return Source(form, Path("/logs"), label)

    old = of("mlflow", "old")
    runs = [one("b", source=old, config={"lr": 0.1}), one("a", source=of("wandb", "")), one("c", source=old)]
    lines = [line.rstrip() for line in table(Runs(runs))]
    assert lines == [
        "wandb, 1 run", "name  state", "a     unknown", "",
        "old (mlflow), 2 runs", "name  state     lr", "b     unknown  0.1", "c     unknown    –", "",
        "3 runs: 3 unknown",
    ]  # fmt: skip


def test_json(cnn: Runs) -> None:
    rows = json.loads(runs_json(cnn))
    assert [row["id"] for row in rows] == [run.id for run in cnn]
    assert rows[0]["config"] == dict(cnn[0].config)
    assert rows[0]["metrics"]["val/acc"]["count"] == 12
    assert rows[0]["metrics"]["val/acc"]["value"] == cnn[0].summary["val/acc.max"]
    assert rows[0]["started"] == "2026-11-23T21:37:22.107312+00:00"
    assert rows[0]["tags"] == ["tutorial", "cnn"]
    assert "predictions" in rows[0]["warnings"][0]


def test_json_is_strict() -> None:
    series = {"loss": Series("loss", np.arange(2), np.full(2, np.nan), np.array([math.nan, math.inf]))}
    text = runs_json(Runs([one(config={"a": [math.nan, {"b": -math.inf}]}, summary={"s": math.inf}, history=series)]))
    (row,) = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert row["config"] == {"a": ["NaN", {"b": "-Infinity"}]}
    assert row["summary"] == {"s": "Infinity"}
    assert row["metrics"] == {"loss": {"count": 2, "value": "NaN"}}


def test_csv(sweep: Runs) -> None:
    rows = list(csv.DictReader(io.StringIO(runs_csv(sweep))))
    assert len(rows) == 24
    assert list(rows[0]) == list(sweep.columns)
    for row, run in zip(rows, sweep, strict=True):
        assert float(row["val/acc"]) == run["val/acc"]
        assert row["config.optimizer.name"] == run.config["optimizer.name"]
        assert row["user"] == ""
