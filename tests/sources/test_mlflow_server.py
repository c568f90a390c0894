"""Runs of a real tracking server equal what MLflow's own client says of them, also when the server is killed and started again half way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sources.mlflow_server import QUIET, MlflowServer
from sources.test_mlflow_equal import assert_equal

import reportgen as rg
from reportgen.errors import SourceError
from reportgen.model import Run, Runs
from reportgen.sources.mlflow import client, server

HERE = Path(__file__).parent


def told_by(script: str, *arguments: str) -> Any:
    command = [sys.executable, str(HERE / script), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **QUIET})
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    """A server with the runs of `mlflow_runs.py`."""
    made = MlflowServer(tmp_path_factory.mktemp("server"))
    made.start()
    try:
        made.wait()
        told_by("mlflow_runs.py", made.address)
        yield made
    finally:
        made.kill()


@pytest.fixture(scope="module")
def second(running: MlflowServer) -> dict[str, Any]:
    found: dict[str, Any] = told_by("mlflow_second_reader.py", running.address)[running.address]
    return found


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_PAGE", {"experiments": 1, "runs": 2, "values": 3})


def assert_same(runs: Runs, second: dict[str, Any]) -> None:
    assert {run.id for run in runs} == second.keys()
    for run in runs:
        assert_equal(run, second[run.id], is_sql=True)
        files = [file for one in run.artifacts if one.type == "files" for file in one.files]
        assert sorted([file.path, file.size] for file in files) == second[run.id]["artifacts"]


def parent_of(runs: Runs) -> Run:
    return next(run for run in runs if run.name == "parent")


@pytest.mark.usefixtures("small_pages")
def test_a_server_equals_the_client(running: MlflowServer, second: dict[str, Any]) -> None:
    runs = rg.load(running.address)
    assert len(runs) == 5
    assert_same(runs, second)
    parent = parent_of(runs)
    assert {str(run.source.path) for run in runs} == {f"http:/127.0.0.1:{running.port}"}
    assert [(one.key, one.goal) for one in parent.metrics] == [("val/acc", "max")]
    assert [one.step for one in parent.media["dogs/small ones"]] == [3, 12]
    assert all(one.path and one.path.read_bytes()[1:4] == b"PNG" for one in parent.media["dogs/small ones"])
    assert parent.tables["table.json"][0].rows == ((1, "a"), (2, "b"), (3, "<i>c</i>"))
    assert parent.tables["tables/images.json"][0].rows[0][0].path.is_file()
    assert [(one.name, one.metadata["params.depth"]) for one in parent.artifacts if one.type == "model"] == [("cnn", 3)]
    assert next(run.group for run in runs if run.name == "child") == "parent"
    assert all(not run.warnings for run in runs)


def test_its_database_says_the_same(running: MlflowServer, second: dict[str, Any]) -> None:
    by_server = {run.id: run for run in rg.load(running.address)}
    path = running.folder / "mlflow.db"
    for address in (path, f"sqlite:///{path}", f"sqlite+pysqlite:///{path}"):
        runs = rg.load(address, cache=False)
        assert {run.id for run in runs} == second.keys()
        for run in runs:
            assert_equal(run, second[run.id], is_sql=True)
            told = [one for one in run.artifacts if one.type != "files"]
            assert [replace(one, files=(), size=None) for one in told] == [
                replace(one, files=(), size=None) for one in by_server[run.id].artifacts if one.type != "files"
            ]


def test_the_page_of_an_experiment_or_a_run(running: MlflowServer, second: dict[str, Any]) -> None:
    one = next(iter(second))
    assert {run.id for run in rg.load(f"{running.address}/#/experiments/1")} == second.keys()
    assert [run.id for run in rg.load(f"{running.address}/#/experiments/1/runs/{one}")] == [one]
    with pytest.raises(SourceError, match="has no experiment 77"):
        rg.load(f"{running.address}/#/experiments/77")


@pytest.mark.usefixtures("small_pages")
def test_killed_and_started_again_half_way(running: MlflowServer, second: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    asked, sent = [], client.Client._sent
    lock = threading.Lock()

    def counted(self: client.Client, *arguments: Any) -> Any:
        with lock:
            asked.append(arguments[1])
            if len(asked) == 12:
                running.kill()
                running.start()
        return sent(self, *arguments)

    monkeypatch.setattr(client.Client, "_sent", counted)
    runs = rg.load(running.address)
    assert len(asked) > 20
    assert_same(runs, second)


def test_a_server_that_does_not_come_back(running: MlflowServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_SERVER_PATIENCE", "1")
    running.kill()
    with pytest.raises(SourceError) as raised:
        rg.load(f"http://kim:s3cret@127.0.0.1:{running.port}")
    assert str(raised.value).startswith(f"the MLflow server '{running.address}' does not answer (")
    assert str(raised.value).endswith("; waited 1 s; is it running?")
    assert "s3cret" not in str(raised.value)
