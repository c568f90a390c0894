"""Answers that are kept: the same ones, or none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from sources import wandb_log_writer as log

from reportgen import terminal
from reportgen.cli import main
from reportgen.store import Answers, answers, code

LONG_AGO = 1_600_000_000


def test_an_answer_is_kept_by_its_question(tmp_path: Path) -> None:
    kept = Answers(tmp_path / "a")
    assert kept.get("what?") is None
    kept.put("what?", b"that\n\x00")
    kept.put("who?", b"")
    assert kept.get("what?") == b"that\n\x00"
    assert kept.get("who?") == b""
    assert kept.get("what") is None


def test_a_damaged_answer_is_none(tmp_path: Path) -> None:
    kept = Answers(tmp_path)
    kept.put("what?", b"that")
    (file,) = tmp_path.iterdir()
    sound = file.read_bytes()
    for i in range(len(sound)):
        file.write_bytes(sound[:i] + bytes([sound[i] ^ 1]) + sound[i + 1 :])
        assert kept.get("what?") in (None, b"that"), f"byte {i}"
        file.write_bytes(sound[:i])
        assert kept.get("what?") is None, f"cut at byte {i}"


def test_other_code_gives_other_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Answers(tmp_path)
    kept.put("what?", b"that")
    monkeypatch.setattr(answers, "code_version", lambda: "another")
    assert kept.get("what?") is None


def test_the_code_is_all_of_the_package() -> None:
    assert code.code_version() != code.code_version("model") != code.code_version("sources")
    assert {"cli.py", "terminal.py"} <= {state.split(":")[0] for state in code._code(str(Path(code.__file__).parents[1]), "")}


def test_only_the_last_answers_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_MOST", 2)
    kept = Answers(tmp_path)
    for i, question in enumerate("abc"):
        kept.put(question, question.encode())
        os.utime(kept._path(question), (i, i))
    kept.put("d", b"d")
    assert [kept.get(question) for question in "abcd"] == [None, None, b"c", b"d"]


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept = Answers(tmp_path / "file")
    kept.put("what?", b"that")
    assert kept.get("what?") is None


def test_the_table_of_runs_is_drawn_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    logs, drawn = tmp_path / "wandb", []
    original = terminal.runs_table
    monkeypatch.setattr(terminal, "runs_table", lambda *arguments: drawn.append(1) or original(*arguments))

    def add(name: str, *, is_old: bool = True) -> None:
        log.write(logs / f"run-{name}", log.run(), log.history(0, {("loss",): 1.0}), name=name)
        for path in [logs, *logs.rglob("*")] if is_old else []:
            os.utime(path, (LONG_AGO, LONG_AGO))

    def table(*options: str) -> tuple[str, int]:
        before = len(drawn)
        result = CliRunner().invoke(main, ["runs", *options, str(logs)])
        assert result.exit_code == 0, result.output
        return result.output, len(drawn) - before

    add("aaa")
    first, _ = table()
    second, times = table()
    third, last = table()
    assert first == second == third
    assert "1 run" in first
    assert (times, last) == (1, 0)
    assert table("--no-cache") == (first, 1)
    assert table("--where", "loss > 5")[0] != first
    add("bbb", is_old=False)
    assert "2 runs" in table()[0]
    add("ccc")
    assert "3 runs" in table()[0]
    assert table()[1] == 1
    assert "3 runs" in table()[0]
