"""The Parquet files hold what the runs hold."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import reportgen as rg
from reportgen.errors import SiteError
from reportgen.export import export
from reportgen.model import Media, Run, Runs, Source, Table

CNN = Path(__file__).parents[1] / "examples/three-runs/wandb"


@pytest.fixture(scope="module")
def cnn() -> Runs:
    return rg.load(CNN)


@pytest.fixture(scope="module")
def out(cnn: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export") / "out"
    export(cnn, out)
    return out


def read(out: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(out / f"{name}.parquet")


def test_runs(cnn: Runs, out: Path) -> None:
    frame = read(out, "runs")
    assert list(frame.columns) == list(cnn.columns)
    assert frame["id"].tolist() == [run.id for run in cnn]
    assert frame["config.optimizer.lr"].tolist() == [run.config["optimizer.lr"] for run in cnn]
    assert frame["config.channels"].dtype == np.int64
    assert frame["started"].tolist() == [run.started for run in cnn]
    assert frame["tags"][0].tolist() == ["tutorial", "cnn"]


@pytest.mark.parametrize("name", ["history", "system"])
def test_series(cnn: Runs, out: Path, name: str) -> None:
    frame = read(out, name)
    assert len(frame) == sum(len(one) for run in cnn for one in getattr(run, name).values())
    for run in cnn:
        for key, series in getattr(run, name).items():
            rows = frame[(frame["run"] == run.id) & (frame["key"] == key)]
            for column in ("step", "time", "value"):
                assert rows[column].to_numpy().tobytes() == getattr(series, column).tobytes()


def test_histograms_and_the_rest(cnn: Runs, out: Path) -> None:
    histograms = [one for run in cnn for many in run.histograms.values() for one in many]
    frame = read(out, "histograms")
    assert [edges.tobytes() for edges in frame["edges"]] == [one.edges.tobytes() for one in histograms]
    assert [counts.tobytes() for counts in frame["counts"]] == [one.counts.tobytes() for one in histograms]
    assert read(out, "console")["text"].tolist() == [line.text for run in cnn for line in run.console]
    assert read(out, "warnings")["key"].tolist() == [one.key for run in cnn for one in run.warnings]
    media = read(out, "media")
    assert media["path"].map(lambda path: Path(path).is_file()).all()
    assert set(media["kind"]) == {"image", "html"}
    artifacts = read(out, "artifacts")
    assert artifacts["size"].tolist() == [one.size for run in cnn for one in run.artifacts]
    assert artifacts["files"][0][0]["path"] == "digits.npz"
    assert json.loads(artifacts["metadata"][0]) == {"rows": 1347}


def test_tables(cnn: Runs, out: Path) -> None:
    index = read(out, "tables")
    assert len(index) == sum(len(many) for run in cnn for many in run.tables.values())
    for row in index.itertuples():
        (table,) = [one for one in cnn[str(row.run)].tables[str(row.key)] if one.step == row.step]
        frame = pd.read_parquet(out / str(row.file))
        assert tuple(frame.columns) == table.columns
        cells = [[cell.kind if isinstance(cell, Media) else cell for cell in line] for line in table.rows]
        assert frame.to_numpy().tolist() == cells


def test_the_same_bytes_again(cnn: Runs, out: Path, tmp_path: Path) -> None:
    files = export(cnn, tmp_path / "again")
    for file in files:
        assert (tmp_path / "again" / file).read_bytes() == (out / file).read_bytes()


def test_odd_values(tmp_path: Path) -> None:
    table = Table("t/ä", 0, ("a", "a", "b"), ((1, "x", [1]), (2.5, None, Media("c", 0, "text", text="t")), (True, "y", {"k": 1})))
    config = {"mixed": 1, "big": 2**80, "flag": True, "list": [1, "a"], "none": None}
    one = Run("A", "one", Source("x", Path("/x")), config=config, tables={"t/ä": (table, table)}, summary={"s": float("nan")})
    two = replace(one, id="a", config={"mixed": "text", "flag": None, "number": 1, "none": None}, tables={})
    export(Runs([one, two]), tmp_path / "out")
    frame = read(tmp_path / "out", "runs").astype(object)
    assert frame["config.mixed"].tolist() == ["1", "text"]
    assert frame["config.big"][0] == str(2**80)
    assert frame["config.list"][0] == '[1, "a"]'
    files = read(tmp_path / "out", "tables")["file"]
    assert len(set(files)) == 2
    cells = pd.read_parquet(tmp_path / "out" / files[0])
    assert list(cells.columns) == ["a", "a (2)", "b"]
    assert cells["b"].tolist() == ["[1]", "t", '{"k": 1}']


def test_no_runs(tmp_path: Path) -> None:
    assert Path("runs.parquet") in export(Runs(), tmp_path / "out")
    assert len(read(tmp_path / "out", "history")) == 0


def test_what_is_not_ours_is_not_overwritten(cnn: Runs, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(SiteError, match="was not made by reportgen"):
        export(cnn, tmp_path)
    site = tmp_path / "site"
    site.mkdir()
    (site / ".reportgen").write_text("")
    with pytest.raises(SiteError, match="is a site and not an export"):
        export(cnn, site)
    export(Runs(), tmp_path / "new")
    export(cnn, tmp_path / "new")
    assert len(read(tmp_path / "new", "runs")) == 3
