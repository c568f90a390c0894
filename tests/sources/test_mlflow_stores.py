"""Stores of files and databases that were moved, damaged, written on, or made by somebody who means harm."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

import reportgen as rg
from reportgen.errors import SourceError
from reportgen.model import Run
from reportgen.sources.mlflow import database as mlflow_database

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    shutil.copytree(DATA / "mlflow-files", tmp_path / "files")
    return tmp_path / "files"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    shutil.copytree(DATA / "mlflow-sqlite", tmp_path / "sqlite")
    return tmp_path / "sqlite" / "mlflow.db"


def named(path: Path | str, name: str = "parent") -> Run:
    return next(run for run in rg.load(path, cache=False) if run.name == name)


def change(database: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(database)
    connection.execute(statement, values)
    connection.commit()
    connection.close()


def test_an_unfinished_line(files: Path) -> None:
    (file,) = files.glob("mlruns/*/*/metrics/train/loss")
    file.write_bytes(file.read_bytes() + b"1795579235400 0.1")
    run = named(files)
    assert len(run.history["train/loss"]) == 7
    told = [(one.key, one.text) for one in run.warnings]
    assert told == [("train/loss", "The last line of the metric 'train/loss' is cut off and left out: the run was killed while it wrote.")]


def test_lines_of_other_forms(files: Path) -> None:
    (file,) = files.glob("mlruns/*/*/metrics/train/loss")
    file.write_text("1000 0.5\n2000 0.25 3 digits 1a2b\nx y z\n\n3000 inf 4\n4000 1 99999999999999999999\n5000 0.125 5\n")
    series = named(files).history["train/loss"]
    assert series.step.tolist() == [0, 3, 4, 5]
    assert series.value.tolist() == [0.5, 0.25, float("inf"), 0.125]
    assert [one.text for one in named(files).warnings] == ["The metric 'train/loss' has 3 lines that are damaged and left out."]


def test_a_run_without_its_meta(files: Path) -> None:
    (folder,) = (run.source.path for run in rg.load(files) if run.name == "parent")
    meta = folder / "meta.yaml"
    content = meta.read_bytes()
    for damaged in (b"", b"\xff\xfe\0", content[:-25]):
        meta.write_bytes(damaged)
        run = next(run for run in rg.load(files, cache=False) if run.id == folder.name)
        assert (run.name, len(run.history)) == ("parent", 3)
        assert [one.text for one in run.warnings] == ["meta.yaml is damaged: some of the run's name, state and times are not known."]


def test_a_run_without_metrics(files: Path) -> None:
    """Version control keeps no empty folders."""
    (folder,) = (run.source.path for run in rg.load(files) if run.name == "parent")
    for part in ("metrics", "tags"):
        shutil.rmtree(folder / part)
    run = named(files)
    assert (len(run.config), len(run.history)) == (13, 0)


def test_a_deleted_run_or_experiment_is_left_out(files: Path) -> None:
    (folder,) = (run.source.path for run in rg.load(files) if run.name == "killed")
    for meta in (folder / "meta.yaml", folder.parent / "meta.yaml"):
        meta.write_text(meta.read_text().replace("lifecycle_stage: active", "lifecycle_stage: deleted"))
        assert "killed" not in {run.name for run in rg.load(files, cache=False)}
    assert len(rg.load(files, cache=False)) == 0


def test_links_and_parents_that_lead_out(files: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    (folder,) = (run.source.path for run in rg.load(files) if run.name == "parent")
    (folder / "artifacts" / "link.png").symlink_to(tmp_path / "secret.png")
    (folder / "params" / "link").symlink_to(tmp_path / "secret.png")
    (folder / "tags" / "mlflow.parentRunId").write_text("../../../..")
    for meta in folder.glob("inputs/*/meta.yaml"):
        meta.write_text("source_type: DATASET\nsource_id: ../../../secret\n")
    run = named(files)
    assert "link.png" not in run.media
    assert "link" not in run.config
    assert run.group == ""
    assert [one.text for one in run.warnings] == ["A dataset that this run used is missing from the store."]


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("s3://key:secret@bucket/1/x/artifacts", "they lie at s3://bucket/1/x/artifacts, which is not read."),
        ("{0}", "they lie at {0}, which is outside of the store's directory."),
        ("file://{0}", "they lie at file://{0}, which is outside of the store's directory."),
        ("/nowhere/at/all", "they lie at /nowhere/at/all, where there is nothing."),
        ("../../outside", "they lie at ../../outside, where there is nothing."),
    ],
)
def test_artifacts_elsewhere(database: Path, tmp_path: Path, location: str, why: str) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.png").write_bytes(b"secret")
    change(database, "update runs set artifact_uri = ? where name = 'parent'", location.format(outside))
    run = named(database)
    assert "secret.png" not in run.media
    assert [one.text for one in run.warnings] == [f"The artifacts of this run are not shown: {why.format(outside)}"]


INSIDE = ("{0}", "file://{0}", "./mlruns/1/{1}/artifacts", "mlflow-artifacts:/1/{1}/artifacts", r"C:\x\mlruns\1\{1}\artifacts")


@pytest.mark.parametrize("form", INSIDE)
def test_artifacts_inside(database: Path, form: str) -> None:
    run = named(database)
    directory = database.parent / "mlruns" / "1" / run.id / "artifacts"
    change(database, "update runs set artifact_uri = ? where name = 'parent'", form.format(directory, run.id))
    assert list(named(database).media) == ["dogs/small ones", "plot.png"]
    assert not named(database).warnings


@pytest.mark.parametrize("address", ["sqlite:///{0}", "sqlite+pysqlite:///{0}"])
@pytest.mark.parametrize("form", ["{0}", "file://{0}"])
def test_artifacts_on_this_machine_of_a_database_that_is_named_by_its_address(
    database: Path, tmp_path: Path, address: str, form: str
) -> None:
    run = named(database)
    elsewhere = tmp_path / "elsewhere" / run.id / "artifacts"
    elsewhere.parent.parent.mkdir()
    (database.parent / "mlruns" / "1" / run.id).rename(elsewhere.parent)
    (elsewhere / "link.png").symlink_to("/etc/hostname")
    change(database, "update runs set artifact_uri = ? where name = 'parent'", form.format(elsewhere))
    assert not named(database).media  # a file that was found is not trusted to name paths
    moved = named(address.format(database))
    assert {key: len(media) for key, media in moved.media.items()} == {key: len(media) for key, media in run.media.items()}
    assert all(one.path and one.path.is_relative_to(elsewhere) for media in moved.media.values() for one in media)
    assert moved.tables.keys() == run.tables.keys()
    assert moved.tables
    assert not moved.warnings


@pytest.mark.parametrize("location", ["{0}/{1}", "{0}/../outside/artifacts", "{0}/{2}/artifacts", "{0}/link/{1}/artifacts"])
def test_only_a_runs_own_folder_is_read_where_a_database_says(database: Path, tmp_path: Path, location: str) -> None:
    """Who writes to a database must not choose which folders of the reader's machine are shown."""
    outside, run, other = tmp_path / "outside", named(database).id, "0" * 32
    for folder in (outside, outside / run, outside / other / "artifacts", outside / "artifacts"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "secret.png").write_bytes(b"secret")
    (outside / "link" / run).mkdir(parents=True)
    (outside / "link" / run / "artifacts").symlink_to(outside)
    change(database, "update runs set artifact_uri = ? where name = 'parent'", location.format(outside, run, other))
    found = named(f"sqlite+pysqlite:///{database}")
    assert not found.media
    (told,) = found.warnings
    assert told.text.endswith(", which is not the run's own folder on this machine.")


def test_a_database_of_another_form(database: Path) -> None:
    """Tables and columns that a version has not are none; unknown statuses and keys survive."""
    connection = sqlite3.connect(database)
    connection.execute("pragma foreign_keys = off")
    for table in ("inputs", "experiment_tags", "logged_models", "latest_metrics"):
        connection.execute(f"drop table {table}")
    connection.execute("alter table runs drop column deleted_time")
    connection.execute("pragma ignore_check_constraints = on")
    connection.execute("update runs set status = 'PAUSED' where name = 'parent'")
    connection.execute("create table m as select key, value, timestamp, run_uuid from metrics")
    connection.execute("drop table metrics")
    connection.execute("alter table m rename to metrics")
    connection.commit()
    connection.close()
    run = named(database)
    assert (run.state, run.config["lr"], [one.type for one in run.artifacts]) == ("unknown", 0.0353, ["files"])
    assert run.history["train/loss"].value.tolist() == [1 / (step + 1) for step in range(7)]
    assert set(run.history["train/loss"].step.tolist()) == {0}


def test_values_that_are_none(database: Path) -> None:
    change(database, "insert into metrics (key, value, timestamp, run_uuid, step, is_nan) select 'odd', 'x', 1, run_uuid, 99, 0 from runs")
    run = named(database)
    assert len(run.history["odd"]) == 7
    assert [one.text for one in run.warnings] == ["5 values of metrics are no number and left out."]


def test_a_damaged_database_gives_what_is_left(database: Path) -> None:
    whole = {(run.id, key): len(series) for run in rg.load(database, cache=False) for key, series in run.history.items()}
    connection = sqlite3.connect(database)
    (page,) = connection.execute("select rootpage from sqlite_master where name = 'sqlite_autoindex_metrics_1'").fetchone()
    (size,) = connection.execute("pragma page_size").fetchone()
    connection.close()
    content = bytearray(database.read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    database.write_bytes(content)
    runs = rg.load(database, cache=False)
    assert {(run.id, key): len(series) for run in runs for key, series in run.history.items()} == whole


def test_the_same_order_without_the_index(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = named(database).history

    def damaged(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(mlflow_database, "sorted_in", damaged)
    slow = named(database).history
    assert fast.keys() == slow.keys()
    for key, series in fast.items():
        for name in ("step", "time", "value"):
            assert repr(getattr(series, name).tolist()) == repr(getattr(slow[key], name).tolist())


def test_artifacts_of_a_database_are_no_runs(database: Path) -> None:
    """A config beside metrics among the artifacts of a run is not found as a plain folder."""
    artifacts = next(database.parent.glob("mlruns/1/*/artifacts"))
    (artifacts / "config.yaml").write_text("lr: 1\n")
    (artifacts / "metrics.csv").write_text("step,loss\n0,1\n1,2\n")
    assert {run.source.format for run in rg.load(database.parent)} == {"mlflow"}
    assert len(rg.load(database.parent)) == 5


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("postgresql://kim:s3cret@127.0.0.1:9/mlflow", "'postgresql://127.0.0.1:9/mlflow' "),
        ("sqlite:////nowhere/mlflow.db", "there is no '/nowhere/mlflow.db'; it is named by sqlite:////nowhere/mlflow.db"),
        ("mysql+nosuchdriver://kim:s3cret@127.0.0.1/x", "'mysql+nosuchdriver://127.0.0.1/x' "),
    ],
)
def test_databases_that_cannot_be_read(address: str, message: str) -> None:
    with pytest.raises(SourceError) as raised:
        rg.load(address)
    assert str(raised.value).startswith(message)
    assert "s3cret" not in str(raised.value)
