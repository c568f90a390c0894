"""Hydra's jobs: single ones and sweeps, whose values are those that pandas reads."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pandas as pd
from sources.second_reading import columns, values

import reportgen as rg
from reportgen.sources.frameworks import hydra
from reportgen.store import fingerprint

DATA = Path(__file__).parents[1] / "data" / "hydra-jobs"


def test_a_multirun_is_a_sweep() -> None:
    runs = rg.load(DATA / "multirun")
    assert sorted(run.name for run in runs) == [f"optim.lr={lr},net={net}" for lr in (0.1, 0.2) for net in ("big", "small")]
    assert {(run.sweep, run.project, run.source.format) for run in runs} == {("2026-11-24/11-00-00", "app", "hydra")}
    run = runs["optim.lr=0.2,net=big"]
    assert dict(run.config) == {"optim.lr": 0.2, "optim.alpha": 1e-05, "seed": 3, "net.width": 64}
    assert dict(run.environment) == {"hydra.overrides": ["optim.lr=0.2", "net=big"], "hydra.version": "1.3.8", "hydra.choices.net": "big"}
    assert [line.text for line in run.console] == ["[2026-11-24 11:00:03,000][__main__][INFO] - fitting with lr 0.2"]
    frame = pd.read_csv(DATA / "multirun/2026-11-24/11-00-00/3/metrics.csv")
    assert values(run) == {"epoch": [(int(step), repr(float(step))) for step in frame["epoch"]], **columns(frame, "epoch")}


def test_a_job_of_its_own() -> None:
    (run,) = rg.load(DATA / "outputs")
    assert (run.name, run.sweep, run.project, run.config["seed"]) == ("2026-11-24/10-11-12", "", "app", 4)
    assert run.environment["hydra.overrides"] == ["seed=4"]


def test_without_hydras_own_files(tmp_path: Path) -> None:
    (tmp_path / ".hydra").mkdir()
    (tmp_path / ".hydra" / "config.yaml").write_text("lr: 0.1")
    (tmp_path / ".hydra" / "hydra.yaml").write_text("hydra: {job: {name: ../../secret}, mode: 3, runtime: []}")
    (tmp_path / ".hydra" / "overrides.yaml").write_text("a: [")
    (tmp_path / "metrics.csv").write_text("step,loss\n0,1\n")
    (run,) = rg.load(tmp_path)
    assert (dict(run.config), run.sweep, run.console) == ({"lr": 0.1}, "", ())
    assert [warning.text for warning in run.warnings] == ["overrides.yaml could not be read."]


def test_a_new_job_leaves_the_others_as_they_are_and_a_sweep_is_seen(tmp_path: Path) -> None:
    for name in ("0", "1"):
        (tmp_path / name / ".hydra").mkdir(parents=True)
        (tmp_path / name / ".hydra" / "config.yaml").write_text("lr: 0.1\n")
        (tmp_path / name / "metrics.csv").write_text("step,loss\n0,1\n")
    later = time.time_ns() + 10**10

    def state() -> str:
        found = fingerprint(hydra.parts(tmp_path / "0"), later)
        assert found
        return found.text

    before = state()
    shutil.copytree(tmp_path / "1", tmp_path / "2")
    assert state() == before
    (tmp_path / "multirun.yaml").write_text("")
    assert state() != before
    assert {run.sweep for run in rg.load(tmp_path, cache=False)} == {tmp_path.name}
