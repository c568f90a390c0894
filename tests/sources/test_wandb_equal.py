"""Every value of every sample log equals, to the last bit, what the SDK's own schema gives."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sources.wandb_second_reader import Reading, flat, second_reading

import reportgen as rg
from reportgen.model import Media, Run

ROOT = Path(__file__).parents[2]
LOGS = sorted(path for place in ("examples", "tests/data/wandb-0.13") for path in (ROOT / place).rglob("*.wandb"))
TORN = {"k0ld1abc"}


@pytest.fixture(scope="module", params=LOGS, ids=lambda path: path.stem)
def both(request: pytest.FixtureRequest) -> tuple[Run, Reading, Path]:
    path: Path = request.param
    return rg.load(path)[0], second_reading(path), path.parent / "files"


def bits(numbers: Any) -> bytes:
    return struct.pack(f"<{len(numbers)}d", *numbers)


def test_all_samples_are_here() -> None:
    assert len(LOGS) == 24 + 3 + 2


def test_config_and_summary(both: tuple[Run, Reading, Path]) -> None:
    run, reading, _ = both
    expected = flat({key: value for key, value in reading.config.items() if key != "_wandb"})
    assert {key: (type(value), value) for key, value in run.config.items()} == {k: (type(v), v) for k, v in expected.items()}
    own = ("_step", "_runtime", "_timestamp", "_wandb")
    summary = flat({key: value for key, value in reading.summary.items() if key not in own})
    scalars = {key: value for key, value in summary.items() if not isinstance(value, dict)}
    assert {key: (type(value), value) for key, value in run.summary.items()} == {k: (type(v), v) for k, v in scalars.items()}


def test_history(both: tuple[Run, Reading, Path]) -> None:
    run, reading, _ = both
    assert set(run.history) == set(reading.values)
    assert reading.values
    for key, expected in reading.values.items():
        series = run.history[key]
        assert series.step.tolist() == [step for step, _, _ in expected]
        assert series.time.tobytes() == bits([time for _, time, _ in expected])
        assert series.value.tobytes() == bits([value for _, _, value in expected])


def test_system(both: tuple[Run, Reading, Path]) -> None:
    run, reading, _ = both
    expected = {key: (bits([time for time, _ in rows]), bits([value for _, value in rows])) for key, rows in reading.system.items()}
    assert {key: (one.time.tobytes(), one.value.tobytes()) for key, one in run.system.items()} == expected


def test_histograms(both: tuple[Run, Reading, Path]) -> None:
    run, reading, _ = both
    expected: dict[str, list[tuple[int, bytes, bytes]]] = {}
    for key, rows in reading.objects.items():
        for step, value in rows:
            if isinstance(value, dict) and value["_type"] == "histogram":
                packed = value.get("packedBins")
                count = len(value["values"])
                edges = [packed["min"] + i * packed["size"] for i in range(count + 1)] if packed else value["bins"]
                expected.setdefault(key, []).append((step, bits(edges), bits(value["values"])))
    assert {
        key: [(one.step, one.edges.tobytes(), one.counts.tobytes()) for one in many] for key, many in run.histograms.items()
    } == expected


def test_tables(both: tuple[Run, Reading, Path]) -> None:
    run, reading, files = both
    expected = {
        key: [(step, json.loads((files / value["path"]).read_text())) for step, value in rows]
        for key, rows in reading.objects.items()
        if rows[0][1]["_type"] == "table-file"
    }
    assert set(run.tables) == set(expected)
    for key, tables in run.tables.items():
        for table, (step, content) in zip(tables, expected[key], strict=True):
            assert (table.step, list(table.columns)) == (step, content["columns"])
            cells = [["Image" if isinstance(cell, Media) else cell for cell in row] for row in table.rows]
            assert json.dumps(cells) == json.dumps(content["data"])


def test_media(both: tuple[Run, Reading, Path]) -> None:
    run, reading, files = both
    expected = []
    for key, rows in reading.objects.items():
        for step, value in rows:
            if value["_type"] == "images/separated":
                expected += [(key, step, files / name, text) for name, text in zip(value["filenames"], value["captions"], strict=True)]
            elif value["_type"] == "html-file":
                expected.append((key, step, files / value["path"], ""))
    found = [(one.key, one.step, one.path, one.caption) for many in run.media.values() for one in many]
    assert sorted(found) == sorted(expected)
    assert all(path.is_file() for _, _, path, _ in expected)


def test_artifacts(both: tuple[Run, Reading, Path]) -> None:
    run, reading, _ = both
    assert len(run.artifacts) == len(reading.artifacts)
    for made, record in zip(run.artifacts, reading.artifacts, strict=True):
        assert (made.name, made.type, made.digest) == (record.name, record.type, record.digest)
        assert (made.role, made.aliases, made.description) == ("output", tuple(record.aliases), record.description)
        assert made.metadata == json.loads(record.metadata or "{}")
        assert [(file.path, file.size, file.digest) for file in made.files] == [
            (entry.path, entry.size, entry.digest) for entry in record.manifest.contents
        ]
        assert made.size == sum(entry.size for entry in record.manifest.contents)


def test_console_is_what_the_sdk_saved(both: tuple[Run, Reading, Path]) -> None:
    run, _, files = both
    saved = files / "output.log"
    if saved.is_file():
        assert [line.text for line in run.console] == saved.read_text().splitlines()
    else:
        assert run.console
        assert not any(sign in line.text for line in run.console for sign in "\r\n")


def test_the_rest(both: tuple[Run, Reading, Path]) -> None:
    run, reading, _ = both
    record = reading.run
    assert (run.id, run.name, run.project) == (record.run_id, record.display_name, record.project)
    assert (run.group, run.job_type, run.tags, run.notes) == (record.run_group, record.job_type, tuple(record.tags), record.notes)
    assert (run.host, run.git_commit, run.git_remote) == (record.host, record.git.commit, record.git.remote_url)
    assert run.started is not None
    assert run.started.timestamp() == pytest.approx(record.start_time.seconds + record.start_time.nanos / 1e9, abs=1e-6)
    assert run.ended is not None
    assert run.ended.timestamp() >= max(series.time[-1] for series in run.history.values()) - 1e-6
    assert run.state == ("crashed" if run.id in TORN else "finished")
    assert any("middle of a record" in warning.text for warning in run.warnings) == (run.id in TORN)
    assert all(np.diff(series.step).min(initial=1) > 0 for series in run.history.values())
