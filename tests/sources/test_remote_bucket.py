"""Logs in a bucket of a real S3 server on loopback."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sources.object_store import ObjectStore, installed, running

import reportgen as rg
from reportgen.cli import main
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
def program(request: pytest.FixtureRequest) -> Path:
    """The server, in an environment of its own."""
    cache: pytest.Cache = request.config.cache
    return installed(cache.mkdir("moto"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, program: Path, logs: Path) -> Iterator[tuple[ObjectStore, Path]]:
    log = tmp_path_factory.mktemp("moto") / "log.txt"
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
    for name in [name for name in os.environ if name.startswith(("AWS_", "GOOGLE_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
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


def test_thousands_of_objects_take_a_question_for_each_thousand(server: tuple[ObjectStore, Path], logs: Path) -> None:
    server[0].put_folder("many", logs / "plain")
    for i in range(1010):
        server[0].put(f"many/run-0/{i:04}.pt", b"x")
    before = count(server)
    runs = rg.load("s3://runs/many")
    assert sum("list-type=2" in one for one in server[0].asked(server[1])[before:]) == 2
    assert runs["run-0"].warnings[-1].text == (
        "1,010 files of this run (1.0 kB; model weights and very large files) were not copied from the address: "
        "run-0/0000.pt, run-0/0001.pt, run-0/0002.pt, …."
    )


def test_one_object(server: tuple[ObjectStore, Path]) -> None:
    (run,) = rg.load("s3://runs/exp/plain/run-1/metrics.jsonl")
    assert len(run.history["val_loss"]) == 30


def test_weights_that_were_not_copied_are_told(server: tuple[ObjectStore, Path], logs: Path) -> None:
    server[0].put_folder("weights", logs / "plain")
    server[0].put("weights/run-0/model.pt", bytes(2_500_000))
    server[0].put("weights/elsewhere.ckpt", b"x")
    runs = rg.load("s3://runs/weights")
    told = [warning.text for warning in runs["run-0"].warnings if "copied" in warning.text]
    assert told == [
        "1 file of this run (2.5 MB; model weights and very large files) was not copied from the address: run-0/model.pt.",
        "1 file beside the runs (1 B; model weights and very large files) was not copied from the address: elsewhere.ckpt.",
    ]
    assert not any("copied" in warning.text for warning in runs["run-1"].warnings)
    shown = CliRunner().invoke(main, ["runs", "s3://runs/weights"])
    assert "run-0/model.pt" in shown.output
    server[0].delete("weights/run-0/model.pt")
    assert "run-0/model.pt" not in CliRunner().invoke(main, ["runs", "s3://runs/weights"]).output


def test_the_page_of_a_run_says_what_was_not_copied(server: tuple[ObjectStore, Path], logs: Path, tmp_path: Path) -> None:
    server[0].put("paged/run-0/config.yaml", (logs / "plain/run-0/config.yaml").read_bytes())
    server[0].put("paged/run-0/metrics.jsonl", (logs / "plain/run-0/metrics.jsonl").read_bytes())
    server[0].put("paged/run-0/model.pt", b"x")
    report = tmp_path / "report.md"
    report.write_text("---\ntitle: A report\nruns: s3://runs/paged\n---\nNothing.\n")
    built = CliRunner().invoke(main, ["build", str(report), "-o", str(tmp_path / "site")])
    assert built.exit_code == 0, built.output
    pages = [page.read_text() for page in (tmp_path / "site").rglob("*.html")]
    assert any("was not copied from the address: run-0/model.pt." in page for page in pages)


def test_folders_that_are_objects(server: tuple[ObjectStore, Path], logs: Path) -> None:
    """As the pages of the services make them: an empty object whose name ends in a slash."""
    for name in ("marked/", "marked/run-0/"):
        server[0].request("PUT", f"/runs/{name}", b"")
    server[0].put_folder("marked/run-0", logs / "plain/run-0")
    assert [run.name for run in rg.load("s3://runs/marked")] == ["run-0"]


@pytest.mark.parametrize(
    ("address", "said"), [("s3://nope/x", "there is no such bucket"), ("s3://runs/nothing", "there is nothing of this name|cannot be read")]
)
def test_what_is_not_there(address: str, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        rg.load(address)
    assert "hunter2" not in str(caught.value)


def test_a_server_that_is_killed_half_way(program: Path, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was copied until then is not copied again, when the server is back."""
    port, log = free_port(), tmp_path / "log.txt"
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setattr(bucket, "_RETRIES", {"max_retries": 1})
    copied = 0
    with running(program, port, log) as store:
        store.make_bucket()
        store.put_folder("exp", logs)

        def killing(done: int, total: int) -> None:
            nonlocal copied
            copied = done
            if done == 5:
                store.process.kill()
                store.process.wait()

        with pytest.raises(SourceError, match=r"^'s3://runs/exp' cannot be read: ") as caught:
            mirrored("s3://runs/exp", killing)
    assert "hunter2" not in str(caught.value)
    with running(program, port, log) as store:
        store.make_bucket()
        store.put_folder("exp", logs)
        before = len(store.asked(log))
        assert values(list(rg.load("s3://runs/exp"))) == values(list(rg.load(logs)))
        again = [one for one in store.asked(log)[before:] if one.startswith("GET /runs/")]
    assert 5 <= copied < len(again) + copied
    assert len(again) <= sum(1 for file in logs.rglob("*") if file.is_file()) - 5


def test_keys_are_checked(program: Path, logs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server has every signature checked: a right key, a wrong secret, an unknown key, none."""
    with running(program, free_port(), tmp_path / "log.txt") as store:
        store.make_bucket()
        store.put_folder("exp", logs / "plain")
        key, secret = store.check_keys()
        monkeypatch.setenv("AWS_ENDPOINT_URL", store.address)

        def reason(key: str, secret: str) -> str:
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
            with pytest.raises(SourceError) as caught:
                rg.load("s3://runs/exp")
            assert secret not in str(caught.value)
            assert key not in str(caught.value)
            return str(caught.value)

        assert reason(key, "not-the-secret") == "'s3://runs/exp' cannot be read: the secret access key is wrong"
        assert reason("AKIANOBODY", "not-the-secret") == "'s3://runs/exp' cannot be read: the access key is not known there"
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
        assert len(rg.load("s3://runs/exp")) == 4


def test_a_public_bucket_needs_no_key(server: tuple[ObjectStore, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    rule = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::runs/*"}
    server[0].request("PUT", "/runs?policy", json.dumps({"Version": "2012-10-17", "Statement": [rule]}).encode())
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert len(rg.load("s3://runs/exp/plain")) == 4


def test_google_cloud_storage_as_far_as_it_speaks_like_s3(
    server: tuple[ObjectStore, Path], logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No server of Google's is asked: obstore lists and gets by the interface that GCS has in common with S3, which this server has."""
    monkeypatch.setenv("GOOGLE_BASE_URL", server[0].address)
    monkeypatch.setenv("GOOGLE_BEARER_TOKEN", "hunter2")
    assert values(list(rg.load("gs://runs/exp"))) == values(list(rg.load(logs)))


def test_progress_and_profile(server: tuple[ObjectStore, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_PROFILE", "work")
    (tmp_path / "home" / ".aws").mkdir(parents=True)
    (tmp_path / "home" / ".aws" / "credentials").write_text("[work]\naws_access_key_id = me\naws_secret_access_key = hunter2\n")
    (tmp_path / "home" / ".aws" / "config").write_text("[profile work]\nregion = us-east-1\n")
    told: list[tuple[int, int]] = []
    mirrored("s3://runs/exp/plain", lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] == len(told) > 4


def test_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr(bucket, "_RETRIES", {"max_retries": 0})
    with pytest.raises(SourceError, match=r"^'s3://runs/exp' cannot be read: "):
        rg.load("s3://runs/exp")
