"""Folders of formats whose parts are all that decides what they are: not looked at again, and whatever changes in or below them is seen."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import reportgen as rg
from reportgen.store import Store

STATE = '{"log_history": [{"loss": 1.5, "step": 1}], "global_step": 1, "best_metric": null, "max_steps": 1}'
FILES = {
    "lightning": ("version_0", {"metrics.csv": "step,loss\n0,1.5\n", "hparams.yaml": "lr: 0.1\n"}),
    "huggingface": ("out", {"trainer_state.json": STATE}),
    "ray": ("exp/trial", {"params.json": '{"lr": 0.1}', "result.json": '{"training_iteration": 1, "loss": 1.5, "done": true}\n'}),
}


def settle(folder: Path) -> None:
    """Makes what is new old, and different from before."""
    for path in [*folder.rglob("*"), folder]:
        if time.time() - path.stat().st_mtime < 5000:
            os.utime(path, ns=(time.time_ns() - 10**13, time.time_ns() - 10**13))


def content(folder: Path, cache: bool = True) -> list[object]:
    return [(run.source, run.id, run.state, dict(run.config), {key: series.value.tolist() for key, series in run.history.items()})
            for run in rg.load(folder, cache=cache)]  # fmt: skip


@pytest.fixture(params=FILES)
def log(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the format, read once."""
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    place, files = FILES[request.param]
    folder = tmp_path / "logs" / place
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)
    settle(tmp_path / "logs")
    ((source, *_),) = content(tmp_path / "logs")
    assert source.format == request.param
    assert Store().unchanged(str(folder))
    return folder


def run_below(log: Path) -> None:
    shutil.copytree(log, log / "version_1")


def another_format(log: Path) -> None:
    (log / "config.json").write_text("{}")
    (log / "run.json").write_text('{"experiment": {"name": "x"}, "heartbeat": null, "status": "COMPLETED"}')


def another_value(log: Path) -> None:
    for path in log.iterdir():
        path.write_text(path.read_text().replace("1.5", "2.5"))


def nothing_left(log: Path) -> None:
    for path in log.iterdir():
        path.write_text("{}")
    (log.parent / "metrics.csv").write_text("step,loss\n1,2\n")
    (log.parent / "config.json").write_text("{}")


@pytest.mark.parametrize("change", [run_below, another_format, another_value, nothing_left])
@pytest.mark.parametrize("is_settled", [True, False])
def test_a_change_is_seen(log: Path, change: Callable[[Path], None], is_settled: bool) -> None:
    logs = log.parents[1] if log.parents[1].name == "logs" else log.parent
    before = content(logs)
    change(log)
    if is_settled:
        settle(logs)
    after = content(logs)
    assert after == content(logs) == content(logs, cache=False)
    assert (after == before) == (change is run_below and log.name == "trial")  # nobody looks for runs below a trial of Ray's
