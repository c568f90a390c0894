"""Logs in a bucket of a real S3 server on loopback."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sources.object_store import ObjectStore, installed, running

import reportgen as rg
from reportgen.errors import SourceError
from reportgen.model import Run
from reportgen.sources.remote import bucket, mirrored

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of three formats."""
    folder = tmp_path_factory.mktemp("logs")
    for name in ("plain", "tensorboard"):
        shutil.copytree(ROOT / "tests/data" / name, folder / name)
    shutil.copytree(ROOT / "examples/three-runs/wandb", folder / "wandb")
    return folder


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, logs: Path) -> Iterator[tuple[ObjectStore, Path]]:
    folder = tmp_path_factory.mktemp("moto")
    program = installed(folder)
    log = folder / "log.txt"
    with running(program, free_port(), log) as store:
        store.make_bucket()
        store.put_folder("exp", logs)
        yield store, log


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(autouse=True)
def _keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: tuple[ObjectStore, Path]) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    keys = {"ACCESS_KEY_ID": "me", "SECRET_ACCESS_KEY": "hunter2", "DEFAULT_REGION": "us-east-1", "ENDPOINT_URL": server[0].address}
    for name, value in keys.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))


def values(runs: list[Run]) -> list[Any]:
    return sorted((run.id, key, one.value.tobytes()) for run in runs for key, one in run.history.items())


def fetched(server: tuple[ObjectStore, Path], since: int) -> list[str]:
    """The objects that were fetched after so many requests."""
    return [one for one in server[0].asked(server[1])[since:] if one.startswith("GET /runs/")]


def count(server: tuple[ObjectStore, Path]) -> int:
    return len(server[0].asked(server[1]))


def test_the_same_runs_as_on_the_disk(server: tuple[ObjectStore, Path], logs: Path) -> None:
    there = list(rg.load("s3://runs/exp"))
    assert values(there) == values(list(rg.load(logs)))
    assert {run.source.format for run in there} == {"plain", "tensorboard", "wandb"}
    before = count(server)
    assert values(list(rg.load("s3://runs/exp"))) == values(there)
    assert fetched(server, before) == []


def test_only_what_changed_is_fetched_again(server: tuple[ObjectStore, Path], logs: Path) -> None:
    server[0].put_folder("changing", logs / "plain")
    assert len(rg.load("s3://runs/changing")) == 4
    before = count(server)
    server[0].put("changing/run-0/metrics.jsonl", (logs / "plain/run-0/metrics.jsonl").read_bytes() + b'{"step": 99, "val_loss": 0.5}\n')
    for file in (logs / "plain" / "run-3").iterdir():
        server[0].delete(f"changing/run-3/{file.name}")
    runs = rg.load("s3://runs/changing")
    assert fetched(server, before) == ["GET /runs/changing/run-0/metrics.jsonl"]
    assert runs["run-0"].history["val_loss"].step[-1] == 99
    assert len(runs) == 3


def test_thousands_of_objects_take_a_question_for_each_thousand(server: tuple[ObjectStore, Path]) -> None:
    for i in range(1100):
        server[0].put(f"many/{i:04}/notes.txt", b"")
    server[0].put("many/0001/config.json", b"{}")
    server[0].put("many/0001/metrics.csv", b"step,loss\n0,1\n")
    before = count(server)
    assert len(rg.load("s3://runs/many")) == 1
    assert sum("list-type=2" in one for one in server[0].asked(server[1])[before:]) == 2


def test_one_object(server: tuple[ObjectStore, Path]) -> None:
    (run,) = rg.load("s3://runs/exp/plain/run-1/metrics.jsonl")
    assert len(run.history["val_loss"]) == 30


def test_weights_that_were_not_copied_are_told(server: tuple[ObjectStore, Path], logs: Path) -> None:
    server[0].put_folder("weights", logs / "plain")
    server[0].put("weights/run-0/model.pt", bytes(2_500_000))
    server[0].put("weights/elsewhere.ckpt", b"x")
    runs = rg.load("s3://runs/weights")
    told = [warning.text for warning in runs["run-0"].warnings if "copied" in warning.text]
    assert told == ["1 file of this run (2.5 MB; model weights and very large files) was not copied from the address: run-0/model.pt."]
    assert not any("copied" in warning.text for warning in runs["run-1"].warnings)


@pytest.mark.parametrize(
    ("address", "said"), [("s3://nope/x", "there is no such bucket"), ("s3://runs/nothing", "there is nothing of this name|cannot be read")]
)
def test_what_is_not_there(address: str, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        rg.load(address)
    assert "hunter2" not in str(caught.value)


def test_a_copy_that_broke_off_goes_on(server: tuple[ObjectStore, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection breaks in the middle; what was copied until then is not copied again."""
    original, done = bucket.Bucket.copy, []

    def breaking(self: bucket.Bucket, file: Any, target: Path) -> None:
        if len(done) == 5:
            raise ConnectionError("the line is dead")
        original(self, file, target)
        done.append(file.path)

    monkeypatch.setattr(bucket.Bucket, "threads", 1)
    monkeypatch.setattr(bucket.Bucket, "copy", breaking)
    with pytest.raises(SourceError, match="the line is dead"):
        rg.load("s3://runs/exp")
    monkeypatch.setattr(bucket.Bucket, "copy", original)
    before = count(server)
    rg.load("s3://runs/exp")
    again = {one.removeprefix("GET /runs/") for one in fetched(server, before)}
    assert len(done) == 5
    assert not again & set(done)


def test_progress_and_profile(server: tuple[ObjectStore, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_PROFILE", "work")
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text("[work]\naws_access_key_id = me\naws_secret_access_key = hunter2\n")
    (tmp_path / ".aws" / "config").write_text("[profile work]\nregion = us-east-1\n")
    told: list[tuple[int, int]] = []
    mirrored("s3://runs/exp/plain", lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] == len(told) > 4


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(bucket, "_RETRIES", {"max_retries": 0})
    with pytest.raises(SourceError, match=r"^'s3://runs/exp' cannot be read: "):
        rg.load("s3://runs/exp")
