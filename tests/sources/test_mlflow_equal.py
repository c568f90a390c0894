"""Every value of MLflow's stores equals what MLflow's own client says: stores of today, and of version 1.30."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import reportgen as rg
from reportgen.model import Run, Runs
from reportgen.sources.mlflow.histories import LIMIT
from reportgen.sources.mlflow.params import param_value

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
STORES = {
    "files": ("mlflow-files", "mlruns"),
    "sqlite": ("mlflow-sqlite", "mlflow.db"),
    "files of 1.30": ("mlflow-1.30/files", "mlruns"),
    "sqlite of 1.30": ("mlflow-1.30/sqlite", "mlflow.db"),
}


def address(path: Path) -> str:
    return f"sqlite:///{path}" if path.suffix == ".db" else f"file://{path}"


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Store → run id → what the client says, read from copies in one process."""
    folder = tmp_path_factory.mktemp("copies")
    copies = {}
    for name, (sample, store) in STORES.items():
        shutil.copytree(DATA / sample, folder / name)
        # Git keeps no empty folders, and the client finds no run without them.
        for run in [path.parent for path in (folder / name).rglob("tags") if path.is_dir()]:
            for part in ("params", "metrics", "artifacts"):
                (run / part).mkdir(exist_ok=True)
        copies[address(folder / name / store)] = name
    command = [sys.executable, str(HERE / "mlflow_second_reader.py"), *copies]
    told = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    return {copies[uri]: runs for uri, runs in json.loads(told).items()}


def as_read(value: str, is_sql: bool) -> float:
    """A value of the client as this reader gives it: SQL holds the largest number where an infinity was logged."""
    number = float.fromhex(value)
    return math.copysign(math.inf, number) if is_sql and abs(number) >= LIMIT else number


def assert_equal(run: Run, told: dict[str, Any], is_sql: bool) -> None:
    assert (run.name, run.project) == (told["name"], told["project"])
    assert run.state == told["status"].lower()
    for moment, milliseconds in ((run.started, told["started"]), (run.ended, told["ended"])):
        assert moment == (datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else None)
    assert repr(dict(run.config)) == repr({key: param_value(told["params"][key]) for key in run.config})
    assert run.config.keys() == told["params"].keys()
    assert set(run.tags) == {f"{key}={value}" for key, value in told["tags"].items() if not key.startswith("mlflow.")}
    series = {**run.history, **{f"system/{key}": one for key, one in run.system.items()}}
    assert series.keys() == told["history"].keys()
    for key, one in series.items():
        expected = [(step, time / 1000, repr(as_read(value, is_sql))) for step, time, value in told["history"][key]]
        rows = zip(one.step.tolist(), one.time.tolist(), map(repr, one.value.tolist()), strict=True)
        assert list(rows) == expected, key
    for key, value in run.summary.items():
        assert repr(value) == repr(as_read(told["latest"][key], is_sql)), key
    inputs = [(one.name, one.digest, one.metadata["source_type"]) for one in run.artifacts if one.type == "dataset"]
    assert inputs == [tuple(one) for one in told["datasets"]]
    assert set(told["models"]) <= {one.id for one in run.artifacts if one.type == "model"}


@pytest.mark.parametrize("name", STORES)
def test_a_store_equals_the_client(name: str, second: dict[str, Any]) -> None:
    sample, store = STORES[name]
    runs = {run.id: run for run in rg.load(DATA / sample / store)}
    assert runs.keys() == second[name].keys()
    assert len(runs) == 5
    for identifier, run in runs.items():
        assert_equal(run, second[name][identifier], store.endswith(".db"))


def named(sample: str) -> dict[str, Run]:
    return {run.name: run for run in rg.load(DATA / sample)}


@pytest.mark.parametrize("sample", ["mlflow-files", "mlflow-sqlite"])
def test_what_a_run_logged_beside_numbers(sample: str) -> None:
    runs = named(sample)
    parent, child = runs["parent"], runs["child"]
    assert (child.group, parent.group) == ("parent", "")
    assert parent.notes == "constant *rate*"
    assert set(parent.tags) == {"kind=sgd", "naïve 한국어=<b>&"}
    assert (parent.user, parent.command, len(parent.git_commit)) == ("kim", "train.py", 40)
    assert parent.environment == {"source.type": "LOCAL", "source.git.branch": "main"}
    assert [(one.key, one.goal) for one in parent.metrics] == [("val/acc", "max")]
    assert (list(child.system), list(child.history)) == (["cpu_utilization_percentage"], ["val/acc"])
    assert [(one.step, one.kind, one.path is not None and one.path.suffix) for one in parent.media["dogs/small ones"]] == [
        (3, "image", ".png"),
        (12, "image", ".png"),
    ]
    assert list(parent.media) == ["dogs/small ones", "plot.png"]
    table, images = parent.tables["table.json"][0], parent.tables["tables/images.json"][0]
    assert (table.columns, table.rows) == (("k", "v"), ((1, "a"), (2, "b"), (3, "<i>c</i>")))
    assert (images.columns, images.rows[0][0].kind, images.rows[0][0].path.is_file()) == (("image", "label"), "image", True)
    dataset, model, files = parent.artifacts
    assert (dataset.name, dataset.role, dataset.metadata["context"]) == ("digits", "input", "training")
    assert (model.name, model.role, model.metadata["params.depth"], model.metadata["tags.stage"]) == ("cnn", "output", 3, "best")
    assert {"docs/deep/notes.txt", "plot.png", "table.json"} <= {one.path for one in files.files}
    assert files.size == sum(one.size or 0 for one in files.files) > 0
    assert all(not run.warnings for run in runs.values())
    assert {name: run.state for name, run in runs.items()} == {
        "parent": "finished", "child": "finished", "failed": "failed", "killed": "killed", "running": "running",
    }  # fmt: skip


@pytest.mark.parametrize("store", ["files", "sqlite"])
def test_models_before_version_3(store: str) -> None:
    parent = named(f"mlflow-1.30/{store}")["parent"]
    (model,) = (one for one in parent.artifacts if one.type == "model")
    assert (model.name, model.metadata["flavors"]) == ("docs", "sklearn, python_function")
    assert [one.path for one in model.files] == ["docs/deep/notes.txt"]


def test_one_run_by_its_folder() -> None:
    (folder,) = (run.source.path for run in rg.load(DATA / "mlflow-files") if run.name == "child")
    runs: Runs = rg.load(folder)
    assert [(run.name, run.group) for run in runs] == [("child", "parent")]
