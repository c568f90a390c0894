"""CSV and JSONL files that grew are read from where they ended, and the runs are those of a reading from the start."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from sources.shown import shown

from reportgen.sources import plain
from reportgen.sources.frameworks import hydra, lightning
from reportgen.sources.plain import file as metrics_file
from reportgen.store import Arrays, Continued, checksum

CSV = {
    "numbers": ["step,loss,acc", *(f"{i},{1 / (i + 1)},{i / 7}" for i in range(8))],
    "gaps and words": ["step,loss,note,ok", "0,1.5,,true", "1,,a b,false", "1,nan,ü日,", "3,inf,x,none", ",2,,"],
    "a second head": ["epoch,loss", "0,1", "1,0.5", "epoch,loss", "1,0.6", "2,0.4"],
    "too few and too many cells": ["step,a,b", "0,1", "1,2,3,4", "2,3,4"],
    "moments": ["step,timestamp,a", "0,2024-01-01T00:00:00,1", "1,2024-01-01T00:00:05,2", "2,2024-01-01T00:00:09,3"],
    "moments that are none later": ["step,time,a", "0,1700000000,1", "1,1700000001,2", "2,later,3", "3,1700000003,4"],
    "steps that are none later": ["step,a", "0,1", "1,2", "1.5,3", "2,4"],
    "no steps": ["a,b", "1,2", "3,4", "5,6"],
    "decimal commas": ["step;a;b", "0;1,5;x", "1;2,25;y", "2;3,125;1,5"],
    "decimal commas later": ["step;a", "0;1", "1;2", "2;3,5", "3;4,75"],
    "cells of several lines": ["step,a,note", '0,1,"one', 'two"', '1,2,"x ""y"" z"', '2,3,"', "", '4"', "3,4,5"],
    "a quote in a cell": ["step,a,note", '0,1,5" pipe', "1,2,x", "2,3,y"],
    "empty lines": ["", "step,a", "", "0,1", "", "1,2", ""],
}
JSONL = {
    "numbers": [{"step": i, "loss": 1 / (i + 1)} for i in range(8)],
    "nested": [{"step": 0, "a": {"b": 1, "c": [1, 2]}}, {"step": 1, "a": {"b": "NaN", "c": {"_type": "x"}}}, {"step": 2, "d": "text"}],
    "a finer step later": [{"epoch": 0, "loss": 1.0}, {"epoch": 1, "loss": 2.0}, {"epoch": 1, "step": 7, "loss": 3.0}],
    "large and odd": [{"step": 2**70, "a": True}, {"step": 1, "a": 2**63}, {"step": 2, "a": None, "b": "ü\u2028日"}],
    "no objects": [{"step": 0, "a": 1}, 3, [1], {"step": 1, "a": 2}],
}


@pytest.fixture
def kept(tmp_path: Path) -> Continued:
    return Continued(tmp_path / "kept", least=0)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from their start from now on."""
    names: list[str] = []
    original = metrics_file.MetricsFile._read

    def noted(self: metrics_file.MetricsFile) -> None:
        names.append(self.path.name)
        original(self)

    monkeypatch.setattr(metrics_file.MetricsFile, "_read", noted)
    return names


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "config.json").write_text('{"lr": 0.1}')
    return tmp_path / "run"


def reading(folder: Path, continued: Continued | None, reader: Any = plain) -> list[Any]:
    return [shown(run) for run in reader.read_on(folder, continued)]


def same(folder: Path, kept: Continued, reader: Any = plain) -> bool:
    return reading(folder, kept, reader) == reading(folder, None, reader)


def contents() -> list[tuple[str, bytes]]:
    made = [(f"csv-{name}", "\n".join([*lines, ""]).encode()) for name, lines in CSV.items()]
    for name, rows in JSONL.items():
        made.append((f"jsonl-{name}", "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows).encode()))
    made += [(f"{name}-{how}", change(content)) for name, content in made[:2] for how, change in CHANGES.items()]
    return made


CHANGES = {
    "with a mark": lambda content: b"\xef\xbb\xbf" + content,
    "of Windows": lambda content: content.replace(b"\n", b"\r\n"),
    "of an old Mac": lambda content: content.replace(b"\n", b"\r"),
    "in UTF-16": lambda content: content.decode().encode("utf-16"),
    "no UTF-8": lambda content: content + b"9,\xff\xfe,1\n9,\xe2\x82,2\n",
    "with a zero": lambda content: content + b"9,\x001,1\n10,2,2\n",
    "with a cell that is too long": lambda content: content + b'9,"' + b"x" * 140_000 + b'",1\n10,2,2\n',
}


@pytest.mark.parametrize(("name", "data"), contents(), ids=[name for name, _ in contents()])
def test_places_all_over_a_file(name: str, data: bytes, folder: Path, kept: Continued) -> None:
    path = folder / f"metrics.{name.split('-')[0]}"
    path.write_bytes(data)
    whole = reading(folder, None)
    for cut in [*range(0, min(len(data), 300), 3), *range(300, len(data), 30_011)]:
        path.write_bytes(data[:cut])
        assert same(folder, kept), cut
        path.write_bytes(data)
        assert reading(folder, kept) == whole, cut
        kept.drop(path)


@pytest.mark.parametrize(("name", "data"), contents(), ids=[name for name, _ in contents()])
def test_a_file_that_grows_in_many_steps(name: str, data: bytes, folder: Path, kept: Continued) -> None:
    path = folder / f"metrics.{name.split('-')[0]}"
    for cut in [*range(0, min(len(data), 300), 11), *range(300, len(data), 30_011)]:
        path.write_bytes(data[:cut])
        assert same(folder, kept), cut


def test_what_is_read_on(folder: Path, kept: Continued, read: list[str]) -> None:
    for name in ("numbers", "gaps and words", "a second head", "cells of several lines"):
        path = folder / "metrics.csv"
        lines = CSV[name]
        path.write_text("\n".join([*lines[:3], ""]))
        reading(folder, kept)
        read.clear()
        for i in range(5, len(lines) + 1):
            path.write_text("\n".join([*lines[:i], ""]))
            reading(folder, kept)
        assert not read, name
        kept.drop(path)


def test_two_files_that_come_to_log_the_same_metric(folder: Path, kept: Continued, read: list[str]) -> None:
    train, val = folder / "train.jsonl", folder / "val.jsonl"
    train.write_text('{"epoch": 0, "loss": 1}\n{"epoch": 1, "loss": 2}\n')
    val.write_text('{"epoch": 0, "acc": 1}\n')
    assert same(folder, kept)
    read.clear()
    for path, line in ((train, '{"epoch": 2, "loss": 3}\n'), (val, '{"epoch": 1, "acc": 2}\n')):
        with path.open("a") as file:
            file.write(line)
        reading(folder, kept)
        assert not read
        assert same(folder, kept)
        read.clear()
    with val.open("a") as file:
        file.write('{"epoch": 2, "loss": 3}\n')
    assert same(folder, kept)
    assert same(folder, kept)


def test_random_files(folder: Path, kept: Continued) -> None:
    chosen = random.Random(0)
    cells = ["1", "2.5", "-3e-4", "nan", "", "text", "true", '"a,b"', '"a\nb"', "1,5", "2024-01-01", "1700000000", "_", "0x1"]
    for seed in range(60):
        names = chosen.sample(["step", "epoch", "time", "loss", "a", "b"], 4)
        delimiter = chosen.choice(",;\t")
        lines = [delimiter.join(names)]
        lines += [delimiter.join(chosen.choices(cells, k=chosen.choice([4, 4, 4, 4, 3, 5]))) for _ in range(12)]
        data = "\n".join([*lines, ""]).encode()
        path = folder / "metrics.csv"
        for cut in sorted({chosen.randrange(len(data)) for _ in range(8)}):
            path.write_bytes(data[:cut])
            assert same(folder, kept), (seed, cut, data)
        kept.drop(path)


def test_what_was_changed_or_replaced_is_read_from_the_start(folder: Path, kept: Continued, read: list[str]) -> None:
    path = folder / "metrics.csv"
    data = "\n".join([*CSV["numbers"], ""]).encode()
    for content in (data.replace(b"loss", b"lass"), data[:30], data.replace(b"0,1.0", b"0,2.0"), b"step,x\n0,1\n", b"", b'{"a": 1}\n'):
        path.write_bytes(data[:60])
        reading(folder, kept)
        read.clear()
        path.write_bytes(content)
        assert same(folder, kept)
        assert len(read) in (0, 2)  # a folder with nothing in it is no log


def test_a_state_of_another_form_is_a_miss(folder: Path, kept: Continued) -> None:
    path = folder / "metrics.csv"
    data = "\n".join([*CSV["numbers"], ""]).encode()
    path.write_bytes(data)
    end = data.index(b"\n", 50) + 1
    lines = {"is_json": False, "names": ["step", "loss", "acc"], "rows": 2}
    for state in ({}, None, {"lines": {"x": 1}}, {"lines": lines}, {"lines": lines, "names": ["step"], "placing": [1]}):
        kept.put(path, end, checksum(data, 0, end), state, Arrays())
        assert same(folder, kept)


def test_the_loggers_of_frameworks(tmp_path: Path, kept: Continued, read: list[str]) -> None:
    job, version = tmp_path / "job", tmp_path / "version_0"
    (job / ".hydra").mkdir(parents=True)
    (job / ".hydra" / "config.yaml").write_text("lr: 0.1\n")
    version.mkdir()
    for folder, reader in ((job, hydra), (version, lightning)):
        path = folder / "metrics.csv"
        path.write_text("\n".join([*CSV["numbers"][:4], ""]))
        reading(folder, kept, reader)
        path.write_text("\n".join([*CSV["numbers"], ""]))
        read.clear()
        found = reading(folder, kept, reader)
        assert not read
        assert found == reading(folder, None, reader)
