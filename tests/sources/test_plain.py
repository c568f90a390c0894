"""Plain folders: what is a run, and what its files say."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import reportgen as rg
from reportgen.errors import SourceError
from reportgen.model import Run

DATA = Path(__file__).parents[1] / "data"


def write(folder: Path, **files: str | bytes) -> Path:
    """Files by name, with two underscores for the dot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read(folder: Path) -> Run:
    (run,) = rg.load(folder)
    return run


def test_jsonl_sample() -> None:
    runs = rg.load(DATA / "plain")
    assert [run.name for run in runs] == ["run-0", "run-1", "run-2", "run-3"]
    run = runs["run-0"]
    assert dict(run.config) == {"model": "sgd", "optim.alpha": 1.2e-05, "optim.lr": 0.0353, "seed": 0}
    assert list(run.history) == ["val_loss", "val_acc", "train_acc"]
    assert run.history["val_loss"].step.tolist() == list(range(30))
    assert run.history["val_loss"].value[0] == 0.6035725246897012
    assert run.started == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert run.duration == 29


def test_hydra_sample() -> None:
    run = read(DATA / "hydra")
    assert run.name == "2026-11-20/10-11-12"
    assert dict(run.config) == {"optim.lr": 0.1, "optim.alpha": 1e-05, "seed": 3}
    assert run.history["epoch"].value.tolist() == run.history["val_acc"].step.tolist() == list(range(30))


ROWS = "step,loss\n0,1.5\n1,1.25\n"
IS_A_RUN = {
    "config__yaml metrics__csv": True, "config__json train__jsonl": True, "hparams__toml log__txt": True,
    "args__json data__csv": True, "exp7__yaml metrics__csv": True, "exp7__yaml data__csv": False,
    "package__json data__csv": False, "package__json metrics__csv": False, "pyproject__toml results__csv": False,
    "tsconfig__json history__csv": False, "metrics__csv": False, "config__yaml": False, "config__yaml notes__md": False,
}  # fmt: skip


@pytest.mark.parametrize("files", list(IS_A_RUN))
def test_what_is_a_run(tmp_path: Path, files: str) -> None:
    contents = {"yaml": "a: 1", "json": '{"a": 1}', "toml": "a = 1", "csv": ROWS, "txt": ROWS, "md": "# step,loss\n\n"}
    contents["jsonl"] = '{"step": 0, "loss": 1.5}\n'
    write(tmp_path / "run", **{name: contents[name.split("__")[1]] for name in files.split()})
    if IS_A_RUN[files]:
        assert dict(read(tmp_path).config) == {"a": 1}
        assert read(tmp_path).history["loss"].value[0] == 1.5
    else:
        with pytest.raises(SourceError):
            rg.load(tmp_path)


def test_a_table_of_data_beside_a_config_is_no_run(tmp_path: Path) -> None:
    write(tmp_path, config__json='{"a": 1}', data__csv="city,people,time\nBern,140000,12\n")
    with pytest.raises(SourceError):
        rg.load(tmp_path)
    assert list(rg.load(tmp_path / "data.csv")[0].history) == ["people", "time"]


def test_configs(tmp_path: Path) -> None:
    yaml = "lr: 1e-4\nwd: 1.E+2\nname: !!python/object:x.Y {a: 1}\nday: 2024-05-01\nnone: null\nlist: [1, {b: 2}]\nnet:\n  3: x\n"
    run = read(write(tmp_path / "yaml", config__yaml=yaml, metrics__csv=ROWS))
    assert dict(run.config) == {
        "lr": 1e-4, "wd": 100.0, "name.a": 1, "day": "2024-05-01", "none": None, "list": [1, {"b": 2}], "net.3": "x",
    }  # fmt: skip
    toml = "lr = 1e-4\n[net]\nwidth = 3\n"
    assert dict(read(write(tmp_path / "toml", config__toml=toml, metrics__csv=ROWS)).config) == {"lr": 1e-4, "net.width": 3}


@pytest.mark.parametrize(
    "config",
    [
        "a: &a [*a]",
        "a: &a [1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: "
        "&d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e]",
        "a: [",
        "- 1",
        "[" * 10_000,
        b"\xff\xfe\x00",
    ],
    ids=["endless", "bomb", "cut", "list", "deep", "bytes"],
)
def test_a_damaged_config_costs_the_config_and_not_the_run(tmp_path: Path, config: str | bytes) -> None:
    run = read(write(tmp_path, config__yaml=config, metrics__csv=ROWS))
    assert dict(run.config) == {}
    assert run.history["loss"].value.tolist() == [1.5, 1.25]
    assert run.warnings[0].text.startswith("config.yaml: The config could not be read: ")


def test_a_readable_config_comes_before_a_damaged_one(tmp_path: Path) -> None:
    run = read(write(tmp_path, config__yaml="a: [", hparams__yaml="lr: 1", metrics__csv=ROWS))
    assert (dict(run.config), run.warnings) == ({"lr": 1}, ())


@pytest.mark.parametrize(
    ("csv", "values", "said"),
    [
        ('step,loss\n0,"1,5"\n1,"0,25"\n', [1.5, 0.25], "The column 'loss' has decimal commas; they are read as points."),
        ("step;loss\n0;1,5\n1;1\n2;\n3;-2,5e-3\n", [1.5, 1, -2.5e-3], "decimal commas"),
        ('step,loss\n0,"1,500"\n1,"2,500"\n', None, "numbers such as 1,500: a decimal comma or thousands? They are kept as text."),
    ],
)
def test_decimal_commas(tmp_path: Path, csv: str, values: list[float] | None, said: str) -> None:
    run = read(write(tmp_path, config__yaml="a: 1", metrics__csv=csv))
    assert (run.history["loss"].value.tolist() if "loss" in run.history else None) == values
    assert said in run.warnings[0].text


def test_csv_cells(tmp_path: Path) -> None:
    csv = 'global_step;Loss;ok;note\n10;1e-3;True;"a;b"\n20;nan;false;\n;-inf;;1_000\n40;;x;\n'
    run = read(write(tmp_path, config__yaml="a: 1", metrics__csv=csv))
    loss = run.history["Loss"]
    np.testing.assert_array_equal(loss.value, [1e-3, math.nan, -math.inf])
    assert loss.step.tolist() == [10, 20, 20]
    assert np.isnan(loss.time).all()
    assert run.history["ok"].value.tolist() == [1, 0]
    assert [(one.text, one.step) for one in run.media["note"]] == [("a;b", 10), ("1_000", 20)]
    assert run.media["ok"][0].text == "x"
    assert (run.started, run.state, run.warnings) == (None, "unknown", ())


@pytest.mark.parametrize(
    ("head", "row", "step", "time"),
    [
        ("step,timestamp,loss", "7,1700000000.5,1", 7, 1_700_000_000.5),
        ("Step,time,loss", "7,1700000000500,1", 7, 1_700_000_000.5),
        ("iteration,date,loss", "7,2023-11-14T22:13:20Z,1", 7, 1_700_000_000.0),
        ("epoch,datetime,loss", "7,2023-11-14 22:13:20,1", 7, 1_700_000_000.0),
        ("trainer/global_step,time,loss", "7,12.5,1", 7, math.nan),
        ("time,loss", "3,1", 0, math.nan),
        ("step,loss", "0.5,1", 0, math.nan),
    ],
)
def test_steps_and_times(tmp_path: Path, head: str, row: str, step: int, time: float) -> None:
    loss = read(write(tmp_path, config__yaml="a: 1", metrics__csv=f"{head}\n{row}\n")).history["loss"]
    assert loss.step.tolist() == [step]
    np.testing.assert_array_equal(loss.time, [time])


def test_several_metrics_files(tmp_path: Path) -> None:
    files = {"train__csv": "step,loss\n0,1\n", "val__csv": "step,loss\n0,2\n"}
    run = read(write(tmp_path / "same", config__yaml="a: 1", **files))
    assert {key: series.value.tolist() for key, series in run.history.items()} == {"train/loss": [1], "val/loss": [2]}
    files["val__csv"] = "step,acc\n0,2\n"
    assert list(read(write(tmp_path / "different", config__yaml="a: 1", **files)).history) == ["loss", "acc"]


def test_jsonl_values(tmp_path: Path) -> None:
    lines = '{"step": 1, "m": {"a": 1, "b": [1]}, "c": "NaN", "d": null}\n\n{"step": 2, "m": {"a": Infinity}, "e": "x"}\n'
    run = read(write(tmp_path, config__yaml="a: 1", metrics__jsonl=lines))
    assert run.history["m.a"].value.tolist() == [1, math.inf]
    assert np.isnan(run.history["c"].value).all()
    assert (run.media["m.b"][0].text, run.media["e"][0].text) == ("[1]", "x")


@pytest.mark.parametrize(
    ("metrics", "values", "warning"),
    [
        ("step,loss,acc\n0,1,2\n1,2,3\n2,3", [1, 2], "The last line is cut off and left out: the run was killed while it wrote."),
        ("step,loss\n0,1\n1,2.2", [1, 2.2], "The last line does not end: its last value may be cut off."),
        ("step,loss\n0,1\nstep,loss\n1,2\n", [1, 2], ""),
        ("step,loss\n0,1\n1\n2,3\n", [1, 3], "1 line has another number of cells than the head."),
        (
            '{"loss": 1}\n{"loss": 2}\n{"lo',
            [1, 2],
            "The last line (line 3) is cut off and left out: the run was killed while it wrote.",
        ),
        ('{"loss": 1}\n{"loss": 2}', [1, 2], ""),
        ('{"loss": 1}\n{oh}\n[3]\n{"loss": 2}\n', [1, 2], "2 lines are no JSON object and left out."),
        ("\ufeffstep,loss\r\n0,1\r\n", [1], ""),
        (
            f'step,loss\n0,1\n1,"{"x" * 200_000}"\n',
            [1],
            "Line 3 and all after it cannot be read: field larger than field limit (131072).",
        ),
    ],
)
def test_damaged_metrics(tmp_path: Path, metrics: str, values: list[float], warning: str) -> None:
    run = read(write(tmp_path, config__yaml="a: 1", metrics__log=metrics))
    assert run.history["loss"].value.tolist() == values
    assert [one.text for one in run.warnings] == ([f"metrics.log: {warning}"] if warning else [])


def test_no_truncation_raises(tmp_path: Path) -> None:
    for content in ('{"step": 0, "a": {"b": 1.5}}\n{"step": 1, "a": {"b": "x"}}\n', 'step,a\n0,"x, y"\n1,2.5\n'):
        for length in range(len(content)):
            write(tmp_path, config__yaml="a: 1", metrics__log=content[:length])
            try:
                run = read(tmp_path)
            except SourceError:
                continue
            assert set(run.history) <= {"a", "a.b"}


def test_the_id_stays_while_the_run_goes_on(tmp_path: Path) -> None:
    before = read(write(tmp_path / "run", config__yaml="a: 1", metrics__csv=ROWS)).id
    write(tmp_path / "run", metrics__csv=ROWS + "2,0.5\n")
    assert read(tmp_path).id == before
    write(tmp_path / "run", config__yaml="a: 2")
    assert read(tmp_path).id != before


@pytest.mark.parametrize("named", ["metrics.parquet", "metrics.log"])
def test_parquet(tmp_path: Path, named: str) -> None:
    """Every value as pandas reads it; a NaN stays, where nothing was logged there is nothing."""
    moments = [datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC) for second in range(4)]
    columns = {
        "step": [0, 10, 20, 30], "time": moments, "loss": [0.1, math.nan, -math.inf, None], "ok": [True, None, False, True],
        "note": ["a", None, "<b>", ""], "nested": [{"acc": 5e-324}, {"acc": 2.0}, None, {"acc": None}],
    }  # fmt: skip
    pq.write_table(pa.table(columns), write(tmp_path, config__yaml="a: 1") / named)
    run = read(tmp_path)
    theirs = pd.read_parquet(tmp_path / named)
    assert repr(run.history["loss"].value.tolist()) == repr(theirs["loss"].tolist()[:3]) == "[0.1, nan, -inf]"
    assert run.history["nested.acc"].value.tolist() == [one["acc"] for one in theirs["nested"][:2]]
    assert run.history["ok"].value.tolist() == [1, 0, 1]
    assert run.history["ok"].step.tolist() == [0, 20, 30]
    assert run.history["loss"].time.tolist() == [moment.timestamp() for moment in theirs["time"][:3]]
    assert [one.text for one in run.media["note"]] == ["a", "<b>", ""]
    assert (run.started, run.duration) == (moments[0], 3)


def test_the_index_that_pandas_writes_is_no_metric(tmp_path: Path) -> None:
    frame = pd.DataFrame({"step": [1, 2], "loss": [0.5, 0.25]}, index=[5, 7])
    frame.to_parquet(write(tmp_path, config__yaml="a: 1") / "metrics.parquet")
    run = read(tmp_path)
    assert {key: series.value.tolist() for key, series in run.history.items()} == {"loss": frame["loss"].tolist()}


def test_damaged_parquet(tmp_path: Path) -> None:
    path = write(tmp_path, config__yaml="a: 1") / "metrics.parquet"
    pq.write_table(pa.table({"step": list(range(1000)), "loss": [i / 7 for i in range(1000)]}), path)
    content = path.read_bytes()
    for place in range(0, len(content), 53):
        path.write_bytes(content[:place] + b"\xff\xff" + content[place + 2 :])
        try:
            read(tmp_path)
        except SourceError:
            continue
    path.write_bytes(content[:-9])
    with pytest.raises(SourceError):
        read(tmp_path)


def test_keras_csv_logger() -> None:
    """Beside a config it is found, alone it is read where the user names it; `NA` stands where a metric was not computed."""
    run, frame = read(DATA / "keras" / "fit"), pd.read_csv(DATA / "keras" / "fit" / "training.log")
    assert dict(run.config) == {"lr": 0.01, "hidden": 4}
    assert {key: series.value.tolist() for key, series in run.history.items()} == {key: frame[key].tolist() for key in frame.columns}
    assert run.history["loss"].step.tolist() == [0, 1, 2, 3, 4]
    (alone,) = rg.load(DATA / "keras" / "alone.csv")
    frame = pd.read_csv(DATA / "keras" / "alone.csv", sep=";")
    assert alone.name == "alone"
    assert {key: series.value.tolist() for key, series in alone.history.items()} == {
        key: frame[key].tolist() for key in ("epoch", "accuracy", "loss")
    }  # fmt: skip
    assert not alone.media
