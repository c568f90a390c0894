"""Which folders make a run of TensorBoard's, and how their files are joined."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from sources.event_writer import NAME, START, scalar, write
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2

import reportgen as rg
import reportgen.sources.tensorboard as tensorboard
from reportgen.model import Distribution, Run
from reportgen.sources.discovery import find
from reportgen.sources.tensorboard.folders import event_files

LATER = NAME.replace("1700000000", "1700000900")
DATA = Path(__file__).parents[1] / "data" / "tensorboard"


def runs(folder: Path) -> dict[str, Run]:
    return {run.name: run for run in rg.load(folder, cache=False)}


def losses(folder: Path, *tags: str) -> None:
    write(folder, [scalar(tag, step / 2, step) for step in range(3) for tag in tags or ("loss",)])


def values(run: Run, key: str = "loss") -> list[tuple[int, float]]:
    series = run.history[key]
    return list(zip(series.step.tolist(), series.value.tolist(), strict=True))


def hparams(**data: object) -> Event:
    content = plugin_data_pb2.HParamsPluginData(**data).SerializeToString()
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="hparams", content=content))
    return Event(wall_time=START, summary=Summary(value=[Summary.Value(tag="_hparams_/session_start_info", metadata=metadata)]))


@pytest.mark.parametrize(
    ("folders", "expected"),
    [
        (["a/train", "a/validation"], {"a": ["train/loss", "validation/loss"]}),
        (["a/Train", "a/eval"], {"a": ["Train/loss", "eval/loss"]}),
        (["a", "a/eval"], {"a": ["loss", "eval/loss"]}),
        (["a/train"], {"a": ["train/loss"]}),
        (["a/test"], {"test": ["loss"]}),
        (["a/test", "a/baseline"], {"test": ["loss"], "baseline": ["loss"]}),
        (["a/train", "a/test", "a/best"], {"train": ["loss"], "test": ["loss"], "best": ["loss"]}),
        (["a/train", "b/train", "b/val"], {"a": ["train/loss"], "b": ["train/loss", "val/loss"]}),
        (["a", "a/b"], {"a": ["loss"], "b": ["loss"]}),
        (["a", "a/loss_x", "a/loss_y", "a/other_z"], {"a": ["loss", "loss/x", "loss/y"], "other_z": ["loss"]}),
        (["a", "a/loss_x", "a/loss_y"], {"a": ["loss", "loss/x", "loss/y"]}),
        (["a", "a/1700000000.25"], {"a": ["loss", "hparams/loss"]}),
        (["a", "a/1700000000.25", "a/1700000001.5"], {"a": ["loss"], "a/1700000000.25": ["loss"], "a/1700000001.5": ["loss"]}),
    ],
)
def test_which_folders_are_a_run(tmp_path: Path, folders: list[str], expected: dict[str, list[str]]) -> None:
    for folder in folders:
        losses(tmp_path / folder)
    found = runs(tmp_path)
    assert {name: list(run.history) for name, run in found.items()} == expected
    for run in found.values():
        assert all(values(run, key) == [(0, 0.0), (1, 0.5), (2, 1.0)] for key in run.history)


def test_no_tag_is_lost_to_its_namesake(tmp_path: Path) -> None:
    losses(tmp_path / "a", "eval/loss", "loss")
    losses(tmp_path / "a" / "eval", "loss")
    assert list(runs(tmp_path)["a"].history) == ["eval/loss", "loss", "eval/eval/loss"]


def test_a_part_that_is_named_is_a_run(tmp_path: Path) -> None:
    losses(tmp_path / "a" / "train")
    losses(tmp_path / "a" / "val")
    assert [found.path for found in find(tmp_path)] == [tmp_path / "a"]
    (run,) = rg.load(tmp_path / "a" / "train")
    assert (run.name, list(run.history)) == ("train", ["loss"])


def test_single_files(tmp_path: Path) -> None:
    losses(tmp_path / "a")
    shutil.copy(tmp_path / "a" / NAME, tmp_path / "events.bin")
    (run,) = rg.load(tmp_path / "events.bin")
    assert (run.name, run.source.path) == ("events.bin", tmp_path / "events.bin")
    (run,) = rg.load(tmp_path / "a" / NAME)
    assert (run.name, values(run)) == ("a", [(0, 0.0), (1, 0.5), (2, 1.0)])
    (tmp_path / "data.tfrecord").write_bytes((tmp_path / "events.bin").read_bytes()[:12] + b"\x0a" * 30)
    assert [found.path.name for found in find(tmp_path)] == ["events.bin", "a"]


def test_a_later_file_goes_on(tmp_path: Path) -> None:
    write(tmp_path / "a", [scalar("loss", 1, step) for step in range(5)])
    write(tmp_path / "a", [scalar("loss", 2, step, START + 900) for step in range(5, 8)], LATER)
    run = runs(tmp_path)["a"]
    assert values(run) == [(step, 1.0 if step < 5 else 2.0) for step in range(8)]
    assert not run.warnings


def test_a_later_file_begins_again(tmp_path: Path) -> None:
    write(tmp_path / "a", [scalar(tag, 1, step) for step in range(5) for tag in ("loss", "acc", "once")])
    write(tmp_path / "a", [scalar(tag, 2, step, START + 900) for step in range(3, 6) for tag in ("loss", "acc")], LATER)
    run = runs(tmp_path)["a"]
    for key in ("loss", "acc"):
        assert values(run, key) == [(step, 1.0 if step < 3 else 2.0) for step in range(6)]
    assert len(run.history["once"]) == 5
    (warning,) = run.warnings
    left_out = "4 values of 2 metrics that had been logged from there on are left out."
    assert warning.text == f"Training was begun again at step 3 ({LATER}): {left_out}"


def test_files_that_were_written_at_once_are_joined_as_they_are(tmp_path: Path) -> None:
    write(tmp_path / "a", [scalar("loss", 1, step, START + 2 * step) for step in range(5)])
    write(tmp_path / "a", [scalar("loss", 2, step, START + 2 * step + 1) for step in range(5)], LATER)
    run = runs(tmp_path)["a"]
    assert len(run.history["loss"]) == 10
    assert not run.warnings


def test_a_note_of_a_restart_voids_all_tags(tmp_path: Path) -> None:
    start = Event(wall_time=START + 900, step=2, session_log=SessionLog(status="START"))
    write(tmp_path / "a", [*(scalar(tag, 1, step) for step in range(5) for tag in "ab"), start, scalar("a", 2, 2)])
    run = runs(tmp_path)["a"]
    assert values(run, "a") == [(0, 1.0), (1, 1.0), (2, 2.0)]
    assert values(run, "b") == [(0, 1.0), (1, 1.0)]
    (warning,) = run.warnings
    assert "6 values of 2 metrics" in warning.text


def test_hparams_of_all_kinds(tmp_path: Path) -> None:
    info = plugin_data_pb2.SessionStartInfo(group_name="g", start_time_secs=START - 5)
    info.hparams["lr"].number_value = 1e-3
    info.hparams["on"].bool_value = True
    info.hparams["name"].string_value = "<b>"
    info.hparams["none"].null_value = 0
    info.hparams["sizes"].list_value.extend([1, 2])
    info.hparams["model"].struct_value.update({"depth": 3, "inner": {"x": "y"}})
    experiment = api_pb2.Experiment(
        hparam_infos=[
            api_pb2.HParamInfo(name="lr", domain_interval=api_pb2.Interval(min_value=1e-4, max_value=1e-1)),
            api_pb2.HParamInfo(name="free"),
        ],
        metric_infos=[api_pb2.MetricInfo(name=api_pb2.MetricName(group="validation", tag="acc"))],
    )
    experiment.hparam_infos.add(name="name").domain_discrete.extend(["a", 2.0, True])
    end = plugin_data_pb2.SessionEndInfo(status="STATUS_FAILURE", end_time_secs=START + 50)
    events = [hparams(experiment=experiment), hparams(session_start_info=info), scalar("loss", 1, 1), hparams(session_end_info=end)]
    write(tmp_path / "a", events)
    (run,) = rg.load(tmp_path)
    assert run.config == {
        "lr": 1e-3, "on": True, "name": "<b>", "none": None, "sizes": [1.0, 2.0], "model.depth": 3.0, "model.inner.x": "y",
    }  # fmt: skip
    assert run.search_space == {"lr": Distribution(1e-4, 1e-1), "name": Distribution(choices=("a", 2.0, True))}
    assert [one.key for one in run.metrics] == ["validation/acc"]
    assert (run.group, run.state, run.duration) == ("g", "failed", 55.0)
    assert list(run.history) == ["loss"]


def test_the_experiment_above_the_runs() -> None:
    found = runs(DATA)
    for name, lr in (("run-0", 0.01), ("run-1", 0.05)):
        run = found[name]
        assert (run.config, run.sweep) == ({"lr": lr, "units": 2.0 if name == "run-0" else 4.0}, "tuning")
        assert run.search_space == {"lr": Distribution(1e-3, 1e-1), "units": Distribution(choices=(2.0, 4.0))}
        assert {key.split("/")[0] for key in run.history} == {"train", "validation"}
    assert "tuning" not in found


def test_the_hparams_file_of_lightning(tmp_path: Path) -> None:
    losses(tmp_path / "version_0")
    (tmp_path / "version_0" / "hparams.yaml").write_text("lr: 1e-3\nmodel:\n  depth: 3\n")
    assert runs(tmp_path)["version_0"].config == {"lr": 1e-3, "model.depth": 3}
    (tmp_path / "version_0" / "hparams.yaml").write_text("lr: [")
    (warning,) = runs(tmp_path)["version_0"].warnings
    assert "hparams.yaml" in warning.text


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / NAME).touch()
    write(tmp_path / "nothing", [])
    write(tmp_path / "junk", [b"\xff\xff\xff", scalar("loss", 1, 1), b"\x0a"])
    found = runs(tmp_path)
    assert [one.text for one in found["empty"].warnings] == [f"{NAME} is empty."]
    assert not found["nothing"].history
    assert values(found["junk"]) == [(1, 1.0)]
    assert [one.text for one in found["junk"].warnings] == [f"{NAME}: 2 records could not be decoded."]


def test_values_that_are_not_numbers_keep_their_step_and_place() -> None:
    run = runs(DATA)["tf2"]
    first, second = run.media["images"]
    assert (first.kind, first.step, first.caption, first.about) == ("image", 2, "two digits", {"width": 8, "height": 8, "format": "png"})
    assert first.path == second.path
    assert first.span != second.span
    assert np.allclose(np.diff(run.histograms["weights"][0].edges), np.diff(run.histograms["weights"][0].edges)[0])


def test_what_tells_that_a_run_has_changed(tmp_path: Path) -> None:
    losses(tmp_path / "a" / "train")
    losses(tmp_path / "a" / "val")
    write(tmp_path, [])
    folder = tmp_path / "a"
    expected = {folder, folder / "hparams.yaml", tmp_path / NAME}
    expected |= {path for name in ("train", "val") for path in (folder / name, folder / name / NAME)}
    assert set(tensorboard.parts(folder)) == expected


def test_a_trial_beside_another_is_named_with_the_folder_above_also_when_it_was_read_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    trials = tmp_path / "search"

    def names() -> list[str]:
        now = time.time_ns() - 10**13
        for path in [*trials.rglob("*"), trials]:
            if time.time() - path.stat().st_mtime < 5000:
                os.utime(path, ns=(now, now))
        return [run.name for run in rg.load(trials)]

    write(trials / "1700000000.25", [scalar("loss", 0.5, 0)])
    assert names() == ["1700000000.25"]
    write(trials / "1700000001.5", [scalar("loss", 0.25, 0)])
    assert names() == ["search/1700000000.25", "search/1700000001.5"]
    shutil.rmtree(trials / "1700000000.25")
    assert names() == ["1700000001.5"]


def test_a_file_that_comes_while_folders_are_remembered_is_seen(tmp_path: Path) -> None:
    write(tmp_path / "run", [scalar("loss", 0.5, 0)])
    os.utime(tmp_path / "run", (1.7e9, 1.7e9))
    assert len(event_files(tmp_path / "run")) == 1
    write(tmp_path / "run", [scalar("loss", 0.5, 0)], "events.out.tfevents.1700000001.x")
    assert len(event_files(tmp_path / "run")) == 2
    (tmp_path / "run" / "events.out.tfevents.1700000002.x").symlink_to(tmp_path / "elsewhere")
    os.utime(tmp_path / "run", (1.71e9, 1.71e9))
    assert len(event_files(tmp_path / "run")) == 2
    write(tmp_path, [scalar("loss", 0.5, 0)], "elsewhere")
    assert len(event_files(tmp_path / "run")) == 3
