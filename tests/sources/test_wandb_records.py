"""What becomes of each kind of W&B record, on logs written by the test."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sources import wandb_log_writer as log
from wandb.proto import wandb_internal_pb2 as pb

import reportgen as rg
from reportgen.model import MetricDefinition, Run


def read(path: Path) -> Run:
    (run,) = rg.load(path)
    return run


def warnings(run: Run) -> list[str]:
    return [warning.text for warning in run.warnings]


def test_config_updates_and_removals(tmp_path: Path) -> None:
    path = log.write(
        tmp_path,
        log.run({"lr": 0.1, "optimizer": {"name": "sgd", "betas": [0.9, 0.99]}, "gone": 1, "_wandb": {"cli_version": "1"}}),
        log.update("config", {"lr": 0.01, ("optimizer", "momentum"): 0.9, ("new", "deep", "er"): None, "old": {"desc": None, "value": 3}}),
        log.update(
            "config",
            {("_wandb", "visualize", "x"): {"a": 1}, ("lr", "base"): 1},
            removals=["gone", ("optimizer", "name"), ("no", "such")],
        ),
        log.update("config", {"big": 2**70, "flag": True, "text": "NaN", "empty": {}}),
    )
    assert dict(read(path).config) == {
        "lr.base": 1, "optimizer.betas": [0.9, 0.99], "optimizer.momentum": 0.9, "new.deep.er": None, "old": 3,
        "big": 2**70, "flag": True, "text": "NaN",
    }  # fmt: skip


def test_config_of_an_old_file_when_the_log_has_none(tmp_path: Path) -> None:
    path = log.write(tmp_path)
    (tmp_path / "files" / "config.yaml").write_text(
        "wandb_version: 1\n_wandb:\n  desc: null\n  value: {}\nlr:\n  desc: null\n  value: 1e-4\nnet:\n  value:\n    width: 3\n"
    )
    (tmp_path / "files" / "wandb-summary.json").write_text('{"acc": 0.5, "_step": 3, "worst": NaN}')
    run = read(path)
    assert dict(run.config) == {"lr": 1e-4, "net.width": 3}
    assert run.summary["acc"] == 0.5
    assert math.isnan(run.summary["worst"])  # type: ignore[arg-type]
    assert (run.id, run.state) == ("abc12345", "unknown")
    assert warnings(run) == ["The log holds no record but its header: the run was killed before it logged anything."]


def test_summary(tmp_path: Path) -> None:
    picture = {"_type": "image-file", "path": "media/images/a.png"}
    path = log.write(
        tmp_path,
        log.run(),
        log.update("summary", {"acc": 0.1, ("val", "max"): 3, "gone": 1, ("loss", "min"): "NaN", "_step": 4, ("_wandb", "runtime"): 3}),
        log.update("summary", {"acc": 0.2, ("loss", "max"): "Infinity", "picture": picture}, removals=["gone"]),
    )
    run = read(path)
    assert list(run.summary) == ["acc", "val.max", "loss.min", "loss.max"]
    assert run.summary["loss.max"] == math.inf
    assert math.isnan(run.summary["loss.min"])  # type: ignore[arg-type]
    assert run.media["picture"][0].kind == "image"


def test_history_values_of_every_kind(tmp_path: Path) -> None:
    path = log.write(
        tmp_path,
        log.run(),
        log.history(0, {"loss": 0.1, "done": False, "words": "a\nb", "list": [1, "x"], "none": None, "net": {"a": 1, "b": {"c": 2}}}),
        log.history(3, {"loss": "NaN", "done": True, ("net", "a"): 5, "huge": 10**400}),
        log.history(4, {"loss": "-Infinity"}, bare="NaN", other="-Infinity", bad="{"),
        log.history(2**40, {"loss": 7}),
    )
    run = read(path)
    np.testing.assert_array_equal(run.history["loss"].value, [0.1, math.nan, -math.inf, 7])
    assert run.history["loss"].step.tolist() == [0, 3, 4, 2**40]
    assert run.history["loss"].time[1] == log.START + 1.5
    assert run.history["done"].value.tolist() == [0, 1]
    assert run.history["net.a"].value.tolist() == [1, 5]
    assert run.history["net.b.c"].value.tolist() == [2]
    assert run.history["huge"].value.tolist() == [math.inf]
    assert np.isnan(run.history["bare"].value).all()
    assert run.history["other"].value.tolist() == [-math.inf]
    assert set(run.history) == {"loss", "done", "net.a", "net.b.c", "huge", "bare", "other"}
    assert (run.media["words"][0].kind, run.media["words"][0].text) == ("text", "a\nb")
    assert (run.media["list"][0].kind, run.media["list"][0].text) == ("json", '[1, "x"]')
    assert warnings(run) == ["A value of 'bad' is not JSON and is left out."]


def test_a_row_of_an_old_log_has_its_step_and_time_among_its_values(tmp_path: Path) -> None:
    record = pb.Record()
    for key, value in (("loss", "1.5"), ("_step", "12"), ("_runtime", "2.5")):
        record.history.item.add(key=key, value_json=value)
    without = pb.Record()
    without.history.item.add(key="loss", value_json="1.25")
    run = read(log.write(tmp_path, log.run(), record, without))
    assert run.history["loss"].step.tolist() == [12, 13]
    assert run.history["loss"].time[0] == log.START + 2.5
    assert np.isnan(run.history["loss"].time[1])


def test_histograms(tmp_path: Path) -> None:
    packed = {"_type": "histogram", "values": [1, 2, 3], "packedBins": {"min": -0.1, "size": 0.3, "count": 3}}
    path = log.write(
        tmp_path,
        log.run(),
        log.history(1, {"h": packed, "layers": {"fc": packed}}),
        log.history(2, {("h", "_type"): "histogram", ("h", "values"): [4, 5], ("h", "bins"): [0, 0.5, 2]}),
        log.history(3, {"h": {**packed, "packedBins": {"min": 0, "size": 1, "count": 10**12}}, "k": {**packed, "values": "oh"}}),
        log.history(4, {"h": {"_type": "histogram", "values": [1, 1], "bins": [0, 2, 1]}}),
    )
    run = read(path)
    first, second = run.histograms["h"]
    assert first.edges.tolist() == [-0.1 + 0.3 * i for i in range(4)]
    assert first.counts.tolist() == [1, 2, 3]
    assert (second.step, second.edges.tolist(), second.counts.tolist()) == (2, [0, 0.5, 2], [4, 5])
    assert "layers.fc" in run.histograms
    assert [(warning.key, "step 3" in warning.text) for warning in run.warnings] == [("h", True), ("k", True)]


def test_definitions(tmp_path: Path) -> None:
    records = [pb.Record(metric=pb.MetricRecord(name="epoch")), pb.Record(metric=pb.MetricRecord(glob_name="val/*"))]
    records[1].metric.step_metric_index = 1
    records[1].metric.options.hidden = True
    records.append(pb.Record(metric=pb.MetricRecord(name="val/acc", step_metric="epoch", goal=2)))
    records[2].metric.summary.max = records[2].metric.summary.last = True
    assert read(log.write(tmp_path, log.run(), *records)).metrics == (
        MetricDefinition("epoch"),
        MetricDefinition("val/*", "epoch", hidden=True),
        MetricDefinition("val/acc", "epoch", ("max", "last"), "max"),
    )


@pytest.mark.parametrize(("code", "state"), [(0, "finished"), (1, "failed"), (255, "failed"), (None, "crashed")])
def test_state_and_end(tmp_path: Path, code: int | None, state: str) -> None:
    ends = [] if code is None else [log.finish(code, runtime=90)]
    run = read(log.write(tmp_path, log.run(), log.history(6, {"a": 1}), *ends))
    assert run.state == state
    assert run.started == datetime.fromtimestamp(log.START, UTC)
    assert run.duration == (3 if code is None else 90)


def test_environment_from_the_log_and_from_metadata(tmp_path: Path) -> None:
    machine = pb.EnvironmentRecord(os="Linux", python="3.12", args=["--lr", "a b"], program="train.py", username="ann", gpu_count=2)
    machine.git.commit = "c0ffee"
    machine.gpu_nvidia.add(name="H100", memory_total=80 * 2**30)
    environment = read(log.write(tmp_path / "new", log.run(), pb.Record(environment=machine)))
    assert (environment.command, environment.user, environment.git_commit) == ("train.py --lr 'a b'", "ann", "c0ffee")
    assert environment.environment == {
        "os": "Linux", "python": "3.12", "gpu": "H100", "gpu_count": 2, "gpu_memory": 80 * 2**30,
    }  # fmt: skip
    path = log.write(tmp_path / "old", log.run(entity="team"))
    metadata = {
        "os": "Linux-5", "python": "3.7", "program": "old.py", "args": ["x"], "host": "h", "gpu": "V100", "gpucount": 1,
        "root": "/home/ann", "email": "ann@example.org", "git": {"commit": "abc", "remote": "git@x:y"}, "cpu_count": [1],
    }  # fmt: skip
    (path.parent / "files" / "wandb-metadata.json").write_text(json.dumps(metadata))
    old = read(path)
    assert (old.command, old.host, old.git_commit, old.git_remote, old.user) == ("old.py x", "h", "abc", "git@x:y", "team")
    assert old.environment == {"os": "Linux-5", "python": "3.7", "gpu": "V100", "gpu_count": 1}


def test_console(tmp_path: Path) -> None:
    pieces = ["epoch 0", " loss 1\nepoch 1\n", "\r 10%", "\r 50%", "\r100%\n", "é\r\n", "a\nb\n\x1b[2AA\n\x1b[1Bz"]
    records = [log.output(piece, seconds=i) for i, piece in enumerate(pieces)]
    run = read(log.write(tmp_path, log.run(), records[0], log.output("warn", 0), *records[1:], log.output("ing\n", 0)))
    assert [line.text for line in run.console if line.stream == "stdout"] == [
        "epoch 0 loss 1", "epoch 1", "100%", "é", "A", "b\x1b[1Bz",
    ]  # fmt: skip
    assert [(line.text, line.stream) for line in run.console][1] == ("warning", "stderr")
    assert run.console[0].time == datetime.fromtimestamp(log.START, UTC)


def test_console_from_the_saved_file(tmp_path: Path) -> None:
    path = log.write(tmp_path, log.run())
    (tmp_path / "files" / "output.log").write_bytes(b"one\r\ntwo\xff\n")
    assert [line.text for line in read(path).console] == ["one", "two�"]


def test_artifacts(tmp_path: Path) -> None:
    made = pb.Record(artifact=pb.ArtifactRecord(name="net", type="model", digest="d", metadata='{"a": NaN}', aliases=["best"]))
    made.artifact.manifest.contents.add(path="w.pt", digest="x", size=10, local_path="/etc/passwd")
    made.artifact.manifest.contents.add(path="s3", ref="s3://b/k", size=5)
    made.artifact.manifest.contents.add(path="n.txt", size=1, local_path=str(tmp_path / "files" / "n.txt"))
    taken = pb.Record(artifact=pb.ArtifactRecord(name="data", type="dataset", use_after_commit=True))
    used = [pb.Record(use_artifact=pb.UseArtifactRecord(id="i", type="dataset", name=name)) for name in ("digits:v3", "digits:best", "d")]
    path = log.write(tmp_path, log.run(), made, taken, *used)
    (tmp_path / "files" / "n.txt").write_text("n")
    net, data, *inputs = read(path).artifacts
    assert (net.role, net.size, net.aliases, [file.local for file in net.files]) == (
        "output", 16, ("best",), [None, None, tmp_path / "files" / "n.txt"],
    )  # fmt: skip
    assert net.files[1].reference == "s3://b/k"
    assert math.isnan(net.metadata["a"])
    assert (data.role, data.size) == ("input", None)
    assert [(one.name, one.version, one.aliases) for one in inputs] == [
        ("digits", "v3", ()),
        ("digits", "", ("best",)),
        ("d", "", ()),
    ]
    assert {one.role for one in inputs} == {"input"}


MEDIA: list[tuple[dict[str, Any], list[tuple[str, str | None, str]]]] = [
    ({"_type": "image-file", "path": "media/a.png", "caption": "c", "width": 3}, [("image", "media/a.png", "c")]),
    ({"_type": "images/separated", "filenames": ["media/a.png", "media/b.png"], "captions": ["x", None]},
     [("image", "media/a.png", "x"), ("image", "media/b.png", "")]),
    ({"_type": "images/separated", "filenames": ["media\\a.png"], "captions": False}, [("image", "media/a.png", "")]),
    ({"_type": "audio", "audio": [{"_type": "audio-file", "path": "media/a.wav", "caption": "y"}]},
     [("audio", "media/a.wav", "y")]),
    ({"_type": "videos", "videos": [{"_type": "video-file", "path": "media/a.mp4"}], "captions": ["z"]},
     [("video", "media/a.mp4", "z")]),
    ({"_type": "html-file", "path": "media/a.html"}, [("html", "media/a.html", "")]),
    ({"_type": "plotly-file", "path": "media/a.json"}, [("plotly", "media/a.json", "")]),
    ({"_type": "object3D", "filenames": ["media/a.glb"]}, [("object3d", "media/a.glb", "")]),
    ({"_type": "molecule-file", "path": "media/a.pdb"}, [("molecule", "media/a.pdb", "")]),
    ({"_type": "bokeh-file", "path": "media/a.json"}, [("file", "media/a.json", "")]),
    ({"_type": "wb_trace_tree", "root": 1}, [("json", None, "")]),
    ({"_type": "image-file", "path": "media/gone.png"}, [("image", None, "")]),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), MEDIA, ids=lambda one: one.get("_type") if isinstance(one, dict) else "")
def test_media(tmp_path: Path, value: dict[str, Any], expected: list[tuple[str, str | None, str]]) -> None:
    path = log.write(tmp_path, log.run(), log.history(2, {"m": value}))
    for name in ("a.png", "b.png", "a.wav", "a.mp4", "a.html", "a.json", "a.glb", "a.pdb"):
        (tmp_path / "files" / "media").mkdir(exist_ok=True)
        (tmp_path / "files" / "media" / name).write_bytes(b"x")
    run = read(path)
    found = [(one.kind, one.path and one.path.relative_to(tmp_path / "files").as_posix(), one.caption) for one in run.media["m"]]
    assert found == expected
    gone = "media/gone.png" in value.values()
    assert warnings(run) == (['1 file of this run is missing from its directory: "media/gone.png"'] if gone else [])


def test_boxes_and_masks(tmp_path: Path) -> None:
    value = {
        "_type": "images/separated", "filenames": ["a.png", "a.png"],
        "all_boxes": [{"truth": {"_type": "boxes2D", "path": "boxes.json"}}, None],
        "all_masks": [None, {"pred": {"_type": "mask", "path": "mask.png"}, "evil": {"_type": "mask", "path": "/etc/passwd"}}],
    }  # fmt: skip
    path = log.write(tmp_path, log.run(), log.history(0, {"m": value}))
    for name in ("a.png", "mask.png"):
        (tmp_path / "files" / name).write_bytes(b"x")
    (tmp_path / "files" / "boxes.json").write_text('{"box_data": []}')
    first, second = read(path).media["m"]
    assert first.about["boxes"] == {"truth": {"box_data": []}}
    assert second.about["masks"]["pred"]["path"] == tmp_path / "files" / "mask.png"
    assert second.about["masks"]["evil"]["path"] is None


@pytest.mark.parametrize("name", ["../../secret", "/etc/passwd", "a/../../secret", "C:\\secret", "..\\..\\secret", "link/secret", "a\0b"])
def test_a_path_does_not_lead_out_of_the_run(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("secret")
    path = log.write(
        tmp_path / "run",
        log.run(),
        log.history(0, {"m": {"_type": "html-file", "path": name}, "t": {"_type": "table-file", "path": name}}),
    )
    (tmp_path / "run" / "files" / "link").symlink_to(tmp_path)
    run = read(path)
    assert run.media["m"][0].path is None
    assert not run.tables
    assert any("leads out of its directory" in text for text in warnings(run))


def test_tables(tmp_path: Path) -> None:
    content = {
        "columns": ["n", "n", "pic"],
        "data": [[1, "Image", {"_type": "image-file", "path": "a.png"}], [2, "text"], "no row"],
    }
    value = {"_type": "table-file", "path": "t.json"}
    path = log.write(
        tmp_path,
        log.run(),
        log.history(0, {"t": value, "gone": {**value, "path": "u.json"}, "bad": {**value, "path": "v.json"}}),
        log.history(1, {"t": {"_type": "table", "columns": ["a"], "data": [["Image"], [None]]}, "odd": {"_type": "table", "columns": 3}}),
    )
    (tmp_path / "files" / "t.json").write_text(json.dumps(content))
    (tmp_path / "files" / "v.json").write_text("{")
    (tmp_path / "files" / "a.png").write_text("")
    run = read(path)
    first, second = run.tables["t"]
    assert first.columns == ("n", "n", "pic")
    assert first.rows[0][2].path == tmp_path / "files" / "a.png"
    assert (first.rows[0][:2], first.rows[1]) == ((1, "Image"), (2, "text", None))
    assert (second.rows[0][0].kind, second.rows[0][0].path, second.rows[1][0]) == ("image", None, None)
    assert {warning.key for warning in run.warnings} == {"t", "gone", "bad", "odd", ""}


def test_hostile_values_do_no_harm(tmp_path: Path) -> None:
    deep = "[" * 5000 + "]" * 5000
    nested = '{"a":' * 900 + "1" + "}" * 900
    path = log.write(
        tmp_path,
        log.history(-5, {"": 1, "\x1b[2J": 2}, deep=deep, nested=nested, surrogate='"\\ud800"', long=json.dumps("x" * 100_000)),
        log.history(2**63 - 1, {("a",) * 50: 1}),
        pb.Record(run=pb.RunRecord(run_id="../../x", start_time={"seconds": 2**62})),
        log.output("\x1b[999999999A" * 10 + "x"),
    )
    run = read(path)
    assert run.started is None
    assert run.slug.count("/") == 0
    assert run.media["surrogate"][0].text == "?"
    assert {"deep"} == {text.split("'")[1] for text in warnings(run) if "not JSON" in text}
    str(run.media).encode()
