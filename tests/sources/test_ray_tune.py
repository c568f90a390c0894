"""Ray Tune's trials: every value as pandas reads it from the JSON, states, a trial that failed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from sources.second_reading import columns, values

import reportgen as rg
from reportgen.model import Run

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
