"""trackio's databases: every value as `sqlite3` and `json` read it, media, tables, artifacts, old schemas, damage."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sources.formats.trackio import FIRST_SCHEMA, odd

import reportgen as rg
from reportgen.model import ConsoleLine, Media, Runs

DATA = Path(__file__).parents[1] / "data" / "trackio"
WORDS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


@pytest.fixture(scope="module")
def runs() -> Runs:
    return rg.load(DATA)


def test_every_value(runs: Runs) -> None:
    connection = sqlite3.connect(f"file:{DATA / 'digitsstudy.db'}?mode=ro", uri=True)
    rows = connection.execute("select run_id, step, timestamp, metrics from metrics order by id").fetchall()
    configs = dict(connection.execute("select run_id, config from configs"))
    connection.close()
    expected = []
    for run, step, timestamp, text in rows:
        content = {**(row := json.loads(text)), **{f"{key}.{name}": one for key in ("val",) for name, one in row.pop(key, {}).items()}}
        moment = datetime.fromisoformat(timestamp).timestamp()
        expected += [
            (run, key, step, moment, repr(float(WORDS.get(value, value) if isinstance(value, str) else value)))
            for key, value in content.items()
            if key not in ("note", "digit", "weights", "text", "preds", "val")
        ]
    read = [
        (run.id, key, int(step), float(time), repr(float(value)))
        for run in runs
        for key, series in run.history.items()
        for step, time, value in zip(series.step, series.time, series.value, strict=True)
    ]
    assert sorted(read) == sorted(expected)
    assert len(read) == 2 * 20
    for run in runs:
        config = json.loads(configs[run.id])
        assert dict(run.config) == {"lr": config["lr"], "net.width": config["net"]["width"], "net.act": "relu", "seed": None}
        assert run.started == datetime.fromisoformat(config["_Created"])


def test_about_a_run(runs: Runs) -> None:
    run = runs["fit-1"]
    assert (run.project, run.group, run.state, run.user, run.warnings) == ("digitsstudy", "sgd", "unknown", "", ())
    assert run.system["gpu/util"].value.tolist() == [51.5, 60.25]
    assert run.system["gpu/util"].step.tolist() == [0, 1]
    assert run.console == (ConsoleLine("[warn] loss high: it is <b>high</b>", "stderr", datetime(2026, 11, 25, 3, 46, 4, 785418, UTC)),)


def test_what_is_no_number(runs: Runs) -> None:
    run = runs["fit-0"]
    (digit,) = run.media["digit"]
    assert (digit.kind, digit.caption, digit.step) == ("image", "a digit <b>", 7)
    assert digit.path
    assert digit.path.read_bytes().startswith(b"\x89PNG")
    assert [(one.kind, one.text) for one in run.media["note"]] == [("text", "start"), ("text", "ok"), ("text", "ok"), ("text", "ok")]
    assert run.media["text"] == (Media("text", 7, "text", text="# *done*"),)
    (weights,) = run.histograms["weights"]
    assert (weights.edges.tolist(), weights.counts.tolist()) == ([0, 4.75, 9.5, 14.25, 19], [5, 5, 5, 5])
    (table,) = run.tables["preds"]
    assert (table.columns, table.step) == (("y", "p", "s", "img"), 40)
    assert repr([row[:3] for row in table.rows]) == "[(1, 0.5, 'a'), (2, nan, '<i>')]"
    assert all(row[3].path.is_file() for row in table.rows)


def test_artifacts(runs: Runs) -> None:
    (made,) = runs["fit-0"].artifacts
    own, used = runs["fit-1"].artifacts
    assert (made.name, made.type, made.role, made.version, made.size, made.aliases) == ("model", "model", "output", "v0", 10, ())
    assert (made.description, made.metadata, used.digest, used.role) == ("the weights", {"k": [1]}, made.digest, "input")
    assert (own.version, own.aliases) == ("v1", ("latest",))
    (file,) = made.files
    assert (file.path, file.size) == ("model-0.txt", 10)
    assert file.local
    assert file.local.read_bytes() == b"w" * 10


def written(path: Path, *rows: object) -> Path:
    connection = sqlite3.connect(path)
    connection.execute(FIRST_SCHEMA)
    for row in rows:
        text = row if isinstance(row, str) else json.dumps(row)
        connection.execute("insert into metrics values (null, '2025-07-01T10:00:00', 'a run', 0, ?)", (text,))
    connection.commit()
    connection.close()
    return path


def test_the_first_schema(tmp_path: Path) -> None:
    odd(tmp_path)
    (run,) = rg.load(tmp_path)
    assert (run.name, run.project, dict(run.config)) == ("a run", "odd", {})
    assert run.id.startswith("a-run-")
    assert run.started == run.ended == datetime(2025, 7, 1, tzinfo=UTC)


def test_rows_that_are_none(tmp_path: Path) -> None:
    (run,) = rg.load(
        written(tmp_path / "p.db", {"a": 1}, "[1]", '{"a": ', {"a": 2, "b": [1, {"c": 2}], "d": {"_type": "trackio.histogram"}, "e": None})
    )
    assert run.history["a"].value.tolist() == [1, 2]
    assert [warning.text for warning in run.warnings] == [
        "A histogram of 'd' at step 0 is empty or its bins and counts do not fit; it is left out.",
        "2 rows are no JSON objects and left out.",
    ]
    assert run.media["b"][0].text == '[1, {"c": 2}]'


def test_a_path_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"x")
    (tmp_path / "logs" / "media").mkdir(parents=True)
    values = {
        name: {"_type": "trackio.image", "file_path": path}
        for name, path in {"a": "../../secret.png", "b": str(tmp_path / "secret.png"), "c": "no.png"}.items()
    }
    (run,) = rg.load(written(tmp_path / "logs" / "p.db", values))
    assert [run.media[name][0].path for name in "abc"] == [None, None, None]
    assert len(run.warnings) == 2


def test_other_databases_are_none(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("create table metrics (key text, value float, step integer, timestamp integer)")
    connection.close()
    with pytest.raises(rg.ReportgenError):
        rg.load(tmp_path)
