"""Ray Tune's trials: every value as pandas reads it from the JSON, states, a trial that failed."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sources.second_reading import columns, values

import reportgen as rg
from reportgen.model import Run
from reportgen.store import Store

DATA = Path(__file__).parents[1] / "data" / "ray"
ABOUT = ("timestamp", "trial_id", "date", "pid", "hostname", "node_ip", "done", "checkpoint_dir_name", "config/lr", "config/net/width")


def test_every_value() -> None:
    runs = rg.load(DATA)
    assert [run.name for run in runs] == ["fit_4e0f7_00000", "fit_4e0f7_00001", "fit_4e0f7_00002"]
    for run in runs:
        lines = [json.loads(line) for line in (run.source.path / "result.json").read_text().splitlines()]
        frame = pd.json_normalize(lines, sep="/")
        expected = columns(frame, "training_iteration", ABOUT)
        expected["bad"] = [(line["training_iteration"], repr(float(line["bad"]))) for line in lines]  # NaN was logged
        assert values(run) == expected
        assert run.history["loss"].time.tolist() == frame["timestamp"].tolist()
        assert dict(run.config) == {"lr": lines[0]["config"]["lr"], "net.width": lines[0]["config"]["net"]["width"]}
        assert (run.sweep, run.project, run.host, run.source.format) == ("digits-exp", "digits-exp", "vm", "ray")


def test_states() -> None:
    runs = rg.load(DATA)
    assert [run.state for run in runs] == ["finished", "finished", "failed"]
    assert [run.id for run in runs] == ["4e0f7_00000", "4e0f7_00001", "4e0f7_00002"]
    assert runs[2].console[-1].text == "ValueError: diverged"
    assert runs[0].started
    assert runs[0].started.timestamp() == pytest.approx(1795579062 - 0.3599214553833008, abs=1e-6)  # microseconds


def trial(folder: Path, **files: str) -> Run:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)
    return rg.load(folder)[0]


def test_a_trial_that_failed_before_its_first_row(tmp_path: Path) -> None:
    run = trial(tmp_path / "exp" / "fit_1", params__json='{"lr": 0.1}', result__json="", error__txt="no memory")
    assert (run.state, dict(run.config), dict(run.history), run.name) == ("failed", {"lr": 0.1}, {}, "fit_1")


def test_from_the_csv_alone(tmp_path: Path) -> None:
    head = "loss,acc/val,timestamp,done,training_iteration,trial_id\n"
    text = head + "0.5,0.25,1700000000,False,1,ab_00001\n0.25,0.5,1700000001,True,2,ab_00001\n"
    run = trial(tmp_path / "exp" / "fit_ab_00001_x=1", params__json="{}", progress__csv=text)
    assert values(run) == {"loss": [(1, "0.5"), (2, "0.25")], "acc/val": [(1, "0.25"), (2, "0.5")]}
    assert (run.state, run.id, run.name) == ("finished", "ab_00001", "fit_ab_00001")


def test_the_experiments_state_may_be_anything(tmp_path: Path) -> None:
    (tmp_path / "exp").mkdir()
    for i, text in enumerate(
        ("[", '{"trial_data": [["{}"], [3]]}', '{"trial_data": [["{\\"trial_id\\": \\"ab_00001\\", \\"status\\": \\"PAUSED\\"}", ""]]}')
    ):
        (tmp_path / "exp" / f"experiment_state-{i}.json").write_text(text)
    run = trial(tmp_path / "exp" / "t", params__json="{}", result__json='{"training_iteration": 1, "trial_id": "ab_00001", "loss": 1}\n')
    assert run.state == "running"


ROW = '{"training_iteration": %d, "trial_id": "ab_0000%d", "loss": 1, "done": %s}\n'
STATE = '{"trial_data": [["{\\"trial_id\\": \\"ab_00001\\", \\"status\\": \\"%s\\"}", ""]]}'


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A trial that does not say how it ended and one that does, read once."""
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "exp"
    for i, is_done in ((1, "false"), (2, "true")):
        (folder / f"t{i}" / "checkpoint").mkdir(parents=True)
        (folder / f"t{i}" / "params.json").write_text("{}")
        (folder / f"t{i}" / "result.json").write_text(ROW % (1, i, is_done))
    (folder / "experiment_state-1.json").write_text(STATE % "RUNNING")
    settle(folder)
    assert states(folder) == {"t1": "running", "t2": "finished"}
    return folder


def settle(folder: Path) -> None:
    """Makes what is new old, and different from before."""
    for path in [*folder.rglob("*"), folder]:
        if time.time() - path.stat().st_mtime < 5000:
            os.utime(path, ns=(time.time_ns() - 10**13, time.time_ns() - 10**13))


def states(folder: Path) -> dict[str, str]:
    return {run.source.path.name: run.state for run in rg.load(folder)}


def known(folder: Path) -> set[str]:
    """The trials that need not be looked at."""
    return {path.name for path in folder.iterdir() if Store().unchanged(str(path))}


def test_a_changed_state_of_the_experiment_is_seen(experiment: Path) -> None:
    assert known(experiment) == {"t1", "t2"}
    (experiment / "experiment_state-1.json").write_text(STATE % "TERMINATED")
    settle(experiment)
    assert known(experiment) == {"t2"}
    assert states(experiment) == {"t1": "finished", "t2": "finished"}
    (experiment / "experiment_state-2.json").write_text(STATE % "ERROR")
    settle(experiment)
    assert states(experiment) == {"t1": "failed", "t2": "finished"}


def test_a_new_trial_is_seen_and_those_that_are_over_stay(experiment: Path) -> None:
    shutil.copytree(experiment / "t1", experiment / "t3")
    (experiment / "t3" / "result.json").write_text(ROW % (1, 3, "true"))
    settle(experiment)
    assert known(experiment) == {"t2"}
    assert states(experiment) == {"t1": "running", "t2": "finished", "t3": "finished"}
    assert known(experiment) == {"t1", "t2", "t3"}


def more_rows(trial: Path) -> None:
    with (trial / "result.json").open("a") as file:
        file.write(ROW % (2, 2, "false"))


@pytest.mark.parametrize(
    "change",
    [
        more_rows,
        lambda trial: (trial / "error.txt").write_text("no memory"),
        lambda trial: (trial / "checkpoint" / "model.pt").write_text(""),
        lambda trial: (trial / "params.json").write_text('{"lr": 1}'),
    ],
)
def test_a_change_of_a_trial_is_seen(experiment: Path, change: Callable[[Path], object]) -> None:
    change(experiment / "t2")
    settle(experiment)
    assert known(experiment) == {"t1"}
    fresh = [(run.state, dict(run.config), len(run.history["loss"])) for run in rg.load(experiment, cache=False)]
    assert [(run.state, dict(run.config), len(run.history["loss"])) for run in rg.load(experiment)] == fresh
