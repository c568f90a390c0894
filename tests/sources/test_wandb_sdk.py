"""A run made here and now with the real SDK, offline, in a process of its own: its threads and warnings stay there."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sources.wandb_second_reader import flat, second_reading

import reportgen as rg
from reportgen.model import MetricDefinition, Run

SCRIPT = Path(__file__).with_name("sdk_run.py")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdk")
    offline = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "WANDB_DIR": str(folder), "WANDB_CONSOLE": "wrap"}
    environment = {**os.environ, **offline, "HOME": str(folder)}
    done = subprocess.run([sys.executable, str(SCRIPT)], cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def run(made: Path) -> Run:
    (run,) = rg.load(made)
    return run


def test_who_and_what(run: Run) -> None:
    assert (run.name, run.project, run.group, run.job_type) == ("lauf 🏃 한국어", "täst", "g", "j")
    assert (run.tags, run.notes, run.state) == (("b", "a"), "n\nm", "failed")
    assert run.warnings == ()
    assert run.duration is not None
    assert run.started is not None
    assert 0 < run.duration < (datetime.now(UTC) - run.started).total_seconds()
    assert run.environment["wandb"]


def test_config(run: Run, made: Path) -> None:
    assert run.config["net.width"] == 16
    assert run.config["lr"] == 1e-4
    assert run.config["late"] == [1, 2]
    reading = second_reading(next(made.rglob("*.wandb")))
    expected = flat({key: value for key, value in reading.config.items() if key != "_wandb"})
    assert repr(dict(run.config)) == repr(expected)


def test_history(run: Run) -> None:
    values = run.history["v"].value.tolist()
    assert values[0] == 0.5
    assert math.isnan(values[1])
    assert values[2:] == [math.inf, -math.inf, 0.10000000149011612, float(2**53 + 1), 1.0]
    assert run.history["deep.a.b"].value.tolist() == list(range(7))
    assert len(run.history["long " + "k" * 3000]) == 7
    assert (run.media["text"][0].text, run.media["text"][0].step) == ("日本", 50)
    assert run.media["list"][0].kind == "json"
    assert run.histograms["hist"][0].counts.sum() == 100
    assert run.histograms["raw"][0].edges.tolist() == [0, 1, 4]
    assert run.tables["table"][0].rows == ((1, "x"), (None, "y"))
    assert not [key for key in run.history if key.startswith("_")]


def test_history_equals_the_second_reader(run: Run, made: Path) -> None:
    reading = second_reading(next(made.rglob("*.wandb")))
    found = {key: [*zip(one.step.tolist(), one.time.tolist(), one.value.tolist(), strict=True)] for key, one in run.history.items()}
    assert repr(dict(sorted(found.items()))) == repr(dict(sorted(reading.values.items())))


def test_summary_and_definitions(run: Run) -> None:
    assert run.summary["final.acc"] == 0.25
    assert run.summary["val/x.max"] == pytest.approx(0.6)
    assert "dropped" not in run.summary
    assert not [key for key in run.summary if key.startswith("_")]
    assert run.definition("val/x") is not None
    assert MetricDefinition("best", summary=("last", "first")) in run.metrics
    assert run.definition("epoch") == MetricDefinition("epoch", hidden=True)


def test_artifacts_and_console(run: Run) -> None:
    made = next(one for one in run.artifacts if one.name == "bits")
    assert (made.type, made.role, made.metadata, made.description) == ("dataset", "output", {"n": 3}, "three")
    assert set(made.aliases) == {"latest", "first"}
    assert {file.path: file.reference for file in made.files} == {"bits.txt": "", "x.bin": "https://example.org/x.bin"}
    assert [line.text for line in run.console if line.stream == "stdout"] == ["out"]
    assert "err" in [line.text for line in run.console if line.stream == "stderr"]
