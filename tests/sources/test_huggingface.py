"""The state of the Hugging Face Trainer: checkpoints are one run, whose values are those of the JSON."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sources.second_reading import values

import reportgen as rg
from reportgen.model import MetricDefinition, Run

DATA = Path(__file__).parents[1] / "data" / "huggingface" / "out"


def logged(path: Path) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for entry in json.loads(path.read_text())["log_history"]:
        for key, value in entry.items():
            if key != "step":
                found.setdefault(key, []).append((entry["step"], repr(float(value))))
    return found


def write(folder: Path, **state: Any) -> Run:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trainer_state.json").write_text(json.dumps({"best_metric": None, "log_history": [{"step": 1, "loss": 2.5}], **state}))
    return rg.load(folder)[0]


def test_every_value() -> None:
    (run,) = rg.load(DATA)
    assert values(run) == logged(DATA / "checkpoint-40" / "trainer_state.json")
    frame = pd.DataFrame(json.loads((DATA / "checkpoint-40" / "trainer_state.json").read_text())["log_history"])
    assert run.history["eval_loss"].value.tolist() == frame["eval_loss"].dropna().tolist()
    assert (run.name, run.state, run.warnings) == ("out", "finished", ())
    assert run.config["train_batch_size"] == 8
    assert run.config["model.hidden_size"] == 32
    assert run.config["model.id2label.1"] == "yes"
    assert run.summary["best_metric"] == 0.9
    assert run.metrics == (MetricDefinition("eval_accuracy", goal="max"),)


def test_a_checkpoint_alone() -> None:
    (run,) = rg.load(DATA / "checkpoint-20")
    assert values(run) == logged(DATA / "checkpoint-20" / "trainer_state.json")
    assert (run.name, run.state) == ("checkpoint-20", "unknown")
    assert rg.load(DATA / "checkpoint-20" / "trainer_state.json")[0].id == run.id


def test_the_id_stays_while_training_goes_on(tmp_path: Path) -> None:
    shutil.copytree(DATA / "checkpoint-20", tmp_path / "out" / "checkpoint-20")
    (before,) = rg.load(tmp_path)
    shutil.copytree(DATA / "checkpoint-40", tmp_path / "out" / "checkpoint-40")
    (after,) = rg.load(tmp_path)
    assert before.id == after.id == rg.load(DATA)[0].id
    assert len(before.history["loss"]) == 2
    assert len(after.history["loss"]) == 4


def test_a_damaged_checkpoint_costs_what_came_after_the_one_before(tmp_path: Path) -> None:
    copy = shutil.copytree(DATA, tmp_path / "out")
    (copy / "checkpoint-40" / "trainer_state.json").write_text('{"best_metric": 1, "log_hist')
    (run,) = rg.load(tmp_path)
    assert values(run) == logged(DATA / "checkpoint-20" / "trainer_state.json")
    assert [warning.text for warning in run.warnings] == ["trainer_state.json could not be read: it is damaged."]


def test_the_state_of_the_end_is_the_latest(tmp_path: Path) -> None:
    copy = shutil.copytree(DATA, tmp_path / "out")
    (copy / "all_results.json").write_text('{"eval_loss": 0.5, "train_runtime": 12.5}')
    (copy / "runs" / "version_0").mkdir(parents=True)
    (copy / "runs" / "version_0" / "metrics.csv").write_text("step,loss\n0,1\n")
    run = write(copy, global_step=41, max_steps=100)
    assert len(rg.load(tmp_path)) == 1
    assert (run.state, dict(run.summary)["train_runtime"], run.summary["global_step"]) == ("unknown", 12.5, 41)
    assert values(run) == {"loss": [(1, "2.5")]}


def test_a_search_names_its_trials(tmp_path: Path) -> None:
    run = write(tmp_path / "run-3", global_step=1, trial_name="run-three", trial_params={"lr": 0.1, "net": {"width": 8}})
    assert run.name == "run-three"
    assert (run.config["lr"], run.config["net.width"]) == (0.1, 8)


@pytest.mark.parametrize(
    "state",
    [
        {"log_history": 3},
        {"log_history": [1, {"loss": "NaN", "step": "x"}]},
        {"global_step": "x", "max_steps": None},
        {"trial_params": [1]},
    ],
)
def test_a_state_that_is_odd(tmp_path: Path, state: dict[str, Any]) -> None:
    assert write(tmp_path, **state).state == "unknown"
