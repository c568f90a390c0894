"""Sacred's file storage: every value as `json` reads it, states, files, damage."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import reportgen as rg
from reportgen.model import Run

DATA = Path(__file__).parents[1] / "data" / "sacred"


def test_every_value() -> None:
    runs = rg.load(DATA)
    assert [run.name for run in runs] == ["digits-1", "digits-2"]
    for run in runs:
        theirs = json.loads((run.source.path / "metrics.json").read_text())
        assert run.history.keys() == theirs.keys()
        for key, one in theirs.items():
            series = run.history[key]
            assert series.step.tolist() == one["steps"]
            assert repr(series.value.tolist()) == repr(one["values"])
            assert series.time.tolist() == [datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp() for time in one["timestamps"]]


def test_about_a_run() -> None:
    first, second = rg.load(DATA)
    assert (first.state, first.project, first.host, first.command, first.source.format) == (
        "finished",
        "digits",
        "vm",
        "mk_small.py main",
        "sacred",
    )
    assert dict(first.config) == {"lr": 0.1, "net.sizes": [3, 4], "net.width": 8, "seed": 3}
    assert dict(first.summary) == {"result": 0.75, "info.best.epoch": 3, "info.best.arr": [1, 2]}
    assert first.started == datetime(2026, 11, 25, 3, 55, 48, 902954, UTC)
    assert [line.text for line in first.console] == ["fitting <b>digits</b>"]
    (artifact,) = first.artifacts
    assert artifact.files[0].local == DATA / "1" / "art.txt"
    assert (second.state, second.config["lr"], second.console[-1].text, second.console[-1].stream) == (
        "failed",
        5.0,
        "ValueError: diverged",
        "stderr",
    )
    assert first.environment["python"] == "3.11.7"


def run_of(folder: Path, **files: Any) -> Run:
    for name, content in {"run": {"experiment": {"name": "e"}}, "config": {"a": 1}, **files}.items():
        (folder / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content))
    return rg.load(folder)[0]


@pytest.mark.parametrize(
    ("status", "state"),
    [("COMPLETED", "finished"), ("INTERRUPTED", "killed"), ("RUNNING", "running"), ("TIMED_OUT", "killed"), ("ODD", "unknown")],
)
def test_states(tmp_path: Path, status: str, state: str) -> None:
    assert run_of(tmp_path, run={"experiment": {"name": "e"}, "status": status}).state == state


def test_odd_files(tmp_path: Path) -> None:
    about = {
        "experiment": {"name": "e", "repositories": [{"url": "git@x:y", "commit": "abc", "dirty": True}]},
        "artifacts": ["../secret", "gone"],
        "resources": [["/data/train.csv", "x"]],
        "start_time": 3,
        "fail_trace": None,
        "meta": {"options": {"--comment": "a try"}},
    }
    metrics = {
        "numpy": {
            "steps": [0, 1],
            "timestamps": ["2026-01-01T00:00:00", None],
            "values": [{"py/object": "numpy.float64", "value": 0.5}, [1]],
        },
        "short": {"steps": [5], "timestamps": [], "values": [1, 2]},
        "none": 3,
    }
    run = run_of(tmp_path, run=about, config={"t": {"py/tuple": [1, {"py/tuple": [2]}]}, "n": None}, metrics=metrics, info="[")
    assert dict(run.config) == {"t": [1, [2]], "n": None}
    assert run.history["numpy"].value.tolist() == [0.5]
    assert run.media["numpy"][0].text == "[1]"
    assert (run.history["short"].step.tolist(), run.history["short"].value.tolist()) == ([5, 1], [1, 2])
    assert (run.git_commit, run.git_remote, run.notes, run.started) == ("abc", "git@x:y", "a try", None)
    assert [(one.name, one.role) for one in run.artifacts] == [("../secret", "output"), ("gone", "output"), ("train.csv", "input")]
    assert [warning.text for warning in run.warnings] == [
        "info.json could not be read: it is damaged.",
        "The steps, times and values of 'short' do not fit each other.",
        "The steps, times and values of 'none' do not fit each other.",
        '1 file of this run is missing from its directory: "gone"',
        '1 file of this run is named by a path that leads out of its directory; not followed: "../secret"',
    ]
