"""Logs that were read before are not looked at again, and whatever changes is seen."""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sources import wandb_log_writer as log

import reportgen as rg
from reportgen.errors import SourceError
from reportgen.sources import discovery, readers, reading
from reportgen.sources.reading import no_collection

_CLOCK = count(1_700_000_000, 2)


def settled(folder: Path) -> None:
    """Makes what was changed since the last time old, though younger than the rest."""
    now = next(_CLOCK)
    for path in [*folder.rglob("*"), folder]:
        if path.exists() and time.time() - path.stat().st_mtime < 5000:
            os.utime(path, (now, now))


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two W&B runs and two plain ones, one of them with a folder in it, read once."""
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    for name in ("aaa", "bbb"):
        log.write(tmp_path / "logs" / "wandb" / f"run-{name}", log.run(), log.history(0, {("loss",): 1.0}), name=name)
    for name in ("flat", "deep"):
        folder = tmp_path / "logs" / "plain" / name
        folder.mkdir(parents=True)
        (folder / "config.json").write_text('{"lr": 0.1}')
        (folder / "metrics.csv").write_text("step,loss\n0,1\n")
    (tmp_path / "logs" / "plain" / "deep" / "images").mkdir()
    settled(tmp_path / "logs")
    assert len(rg.load(tmp_path / "logs")) == 4
    return tmp_path / "logs"


@pytest.fixture
def looked_at(logs: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the directories and files that are looked at or read from now on."""
    paths: list[str] = []
    original = discovery._reader

    def noted(path: Path, named: bool = False) -> Any:
        paths.append(path.name)
        return original(path, named)

    monkeypatch.setattr(discovery, "_reader", noted)
    read = reading._read_path

    def noted_reading(path: Path, *about: Any) -> Any:
        paths.append(f"read {path.name}")
        return read(path, *about)

    monkeypatch.setattr(reading, "_read_path", noted_reading)
    return paths


def found(logs: Path) -> list[str]:
    """Where the runs are that are found; the same as without a store."""
    runs = rg.load(logs)
    anew = rg.load(logs, cache=False)
    assert [(run.id, run.source, dict(run.config), list(run.history)) for run in runs] == [
        (run.id, run.source, dict(run.config), list(run.history)) for run in anew
    ]
    return sorted(str(run.source.path.relative_to(logs)) for run in runs)


def test_nothing_changed(logs: Path, looked_at: list[str]) -> None:
    rg.load(logs)
    assert looked_at == ["logs", "plain", "deep", "images", "wandb"]


def add_run(logs: Path) -> None:
    log.write(logs / "wandb" / "run-ccc", log.run(), log.history(0, {("loss",): 1.0}), name="ccc")


def remove_run(logs: Path) -> None:
    shutil.rmtree(logs / "wandb" / "run-aaa")


def log_in_known_directory(logs: Path) -> None:
    (logs / "plain" / "deep" / "images" / "metrics.csv").write_text("step,loss\n0,1\n")
    (logs / "plain" / "deep" / "images" / "config.json").write_text("{}")


def second_log_of_a_run(logs: Path) -> None:
    here = logs / "wandb" / "run-aaa"
    log.write(here, log.run(), log.history(5, {("later",): 1.0}), name="ddd")


def run_below_a_run(logs: Path) -> None:
    shutil.copytree(logs / "plain" / "flat", logs / "plain" / "flat" / "again")


def another_format(logs: Path) -> None:
    """A folder that an earlier reader knows, too, once one more file is in it."""
    (logs / "plain" / "flat" / "trainer_state.json").write_text(
        '{"log_history": [{"step": 1, "l": 2}], "global_step": 1, "best_metric": 1}'
    )


def no_log_any_more(logs: Path) -> None:
    (logs / "plain" / "flat" / "metrics.csv").write_text("city\nBern\n")


def stand_in_for_the_config(logs: Path) -> None:
    (logs / "wandb" / "run-aaa" / "run-aaa.wandb").write_bytes(b"")
    (logs / "wandb" / "run-aaa" / "files" / "config.yaml").write_text("width: {value: 3}\n")


def rewritten_in_place(logs: Path) -> None:
    (logs / "plain" / "flat" / "config.json").write_text('{"wd": 0.1}')


def replaced_by_a_file(logs: Path) -> None:
    shutil.rmtree(logs / "wandb" / "run-aaa")
    (logs / "wandb" / "run-aaa").write_text("nothing")


@pytest.mark.parametrize(
    ("change", "runs"),
    [
        (add_run, 5), (remove_run, 3), (log_in_known_directory, 5), (second_log_of_a_run, 4), (run_below_a_run, 5), (another_format, 4),
        (no_log_any_more, 3), (stand_in_for_the_config, 4), (rewritten_in_place, 4), (replaced_by_a_file, 3),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_settled", [True, False])
def test_a_change_is_seen(logs: Path, change: Callable[[Path], None], runs: int, is_settled: bool) -> None:
    change(logs)
    if is_settled:
        settled(logs)
    assert len(found(logs)) == runs
    assert len(found(logs)) == runs


def test_a_parent_with_another_name(logs: Path) -> None:
    logs.rename(logs.with_name("others"))
    assert len(found(logs.with_name("others"))) == 4
    with pytest.raises(SourceError, match="there is no"):
        rg.load(logs)
    shutil.copytree(logs.with_name("others") / "plain", logs / "wandb")
    assert found(logs) == ["wandb/deep", "wandb/flat"]


def test_a_link_to_a_log_that_appears(logs: Path) -> None:
    """The state of the directory does not tell when what a link in it leads to is there."""
    linked, target = logs / "wandb" / "run-aaa" / "files" / "config.yaml", logs.parent / "config.yaml"
    linked.symlink_to(target)
    (logs / "wandb" / "run-aaa" / "run-aaa.wandb").write_bytes(b"")
    settled(logs)
    assert len(found(logs)) == 4
    target.write_text("width: {value: 3}\n")
    os.utime(target, (1.6e9, 1.6e9))
    found(logs)


def test_each_name_of_a_log_leads_to_it_once(logs: Path, looked_at: list[str]) -> None:
    (logs / "wandb" / "latest-run").symlink_to("run-aaa", target_is_directory=True)
    (logs / "again").symlink_to("wandb", target_is_directory=True)
    assert len(rg.load(logs, logs / "wandb" / "latest-run", str(logs / "wandb" / "*"))) == 4
    assert not any("read" in name for name in looked_at)


def test_damage_of_the_index_is_a_miss(logs: Path, looked_at: list[str]) -> None:
    cache = logs.parent / "cache"
    for index in cache.rglob("index"):
        content = bytearray(index.read_bytes())
        content[len(content) // 2] ^= 1
        index.write_bytes(content)
    assert len(rg.load(logs)) == 4
    assert sorted(name for name in looked_at if "read" in name) == ["read deep", "read flat", "read run-aaa", "read run-bbb"]
    looked_at.clear()
    assert len(rg.load(logs)) == 4
    assert not any("read" in name for name in looked_at)


def test_what_changes_while_logs_are_read_is_not_taken_for_known(logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that appears in a run between the search and the reading, long before the fingerprint."""
    (plain,) = [reader for reader in readers() if reader.name == "plain"]
    parts = plain.parts  # type: ignore[attr-defined]
    (logs / "plain" / "flat" / "config.json").write_text('{"wd": 0.1}')
    settled(logs)

    def late(path: Path) -> Any:
        if path.name == "flat" and not (path / "again").exists():
            run_below_a_run(logs)
            later = time.time_ns() + 10**10
            monkeypatch.setattr(time, "time_ns", lambda: later)
        return parts(path)

    monkeypatch.setattr(plain, "parts", late)
    assert len(rg.load(logs)) == 4
    monkeypatch.undo()
    monkeypatch.setenv("REPORTGEN_CACHE", str(logs.parent / "cache"))
    assert len(found(logs)) == 5


def test_names_that_are_no_utf8(logs: Path) -> None:
    log.write(logs / "wandb" / os.fsdecode(b"run-\xff"), log.run(), log.history(0, {("loss",): 1.0}), name="fff")
    add_run(logs)
    settled(logs)
    for _ in range(2):
        assert len(rg.load(logs)) == 6


@pytest.mark.parametrize("is_enabled", [True, False])
def test_the_collection_of_cycles_is_as_it_was(logs: Path, is_enabled: bool) -> None:
    (gc.enable if is_enabled else gc.disable)()
    try:
        rg.load(logs)
        with pytest.raises(KeyError), no_collection():
            raise KeyError(gc.isenabled())
        assert gc.isenabled() == is_enabled
    finally:
        gc.enable()
