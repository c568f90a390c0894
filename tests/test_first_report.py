"""`reportgen init`: from real logs to a report that builds without a word of complaint."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import reportgen as rg
from reportgen.cli import main
from reportgen.errors import Mistake, SourceError
from reportgen.first_report import write_first_report
from reportgen.site.build import check

EXAMPLES = Path(__file__).parents[1] / "examples"
DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 25)


def written(folder: Path) -> str:
    return write_first_report(folder, today=TODAY).path.read_text(encoding="utf-8")


def test_a_sweep_of_wandb(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "digits" / "wandb", tmp_path / "wandb")
    text = written(tmp_path)
    assert text.startswith("---\ntitle: test-pytorch\ndate: 2026-11-25\nruns: wandb\n---\n")
    assert "```chart\ny: [val/acc, val/loss, train/loss]\n" in text
    assert '```compare\nruns: "top(10, val/acc)"\nsort: val/acc\n```' in text
    assert "```importance\ntarget: val/acc\n```" in text
    assert check(tmp_path / "report.md") == ()


def test_seeds_are_compared(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "seeds" / "runs", tmp_path / "runs")
    text = written(tmp_path)
    assert "group: [config.dataset, config.optimizer]\ncolumns: val/acc\nsort: val/acc\nstatistics: true\n" in text
    assert check(tmp_path / "report.md") == ()


def test_an_empty_folder_gets_an_example(tmp_path: Path) -> None:
    found = write_first_report(tmp_path, today=TODAY)
    assert found.example == tmp_path / "runs"
    assert (found.runs, len(rg.load(tmp_path / "runs"))) == (6, 6)
    assert check(tmp_path / "report.md") == ()


def test_the_command_says_what_it_did_and_overwrites_nothing(tmp_path: Path) -> None:
    run = CliRunner()
    first = run.invoke(main, ["init", str(tmp_path), "-o", "first.md"])
    assert first.output.splitlines() == [
        f"{tmp_path / 'runs'}: an example log, since there was none",
        f"{tmp_path / 'first.md'}: a report about 6 runs",
        f"next: reportgen build {tmp_path / 'first.md'}",
    ]
    before = (tmp_path / "first.md").read_bytes()
    again = run.invoke(main, ["init", str(tmp_path), "-o", "first.md"])
    assert again.exit_code == 1
    assert again.output == f"{tmp_path / 'first.md'} exists; name another file with -o\n"
    assert (tmp_path / "first.md").read_bytes() == before


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing")
    with pytest.raises(SourceError, match="no run found"):
        write_first_report(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(Mistake, match="no folder"):
        write_first_report(tmp_path / "missing")


HOSTILE = ["{{ 1/0 }}", "a`b", 'say "hi": [x]', "yes", "---", "<script>alert(1)</script>", "한국어 지표"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_from_logs_are_data(tmp_path: Path, name: str) -> None:
    for i in range(12):
        folder = tmp_path / "logs" / f"run{i}"
        folder.mkdir(parents=True)
        (folder / "config.json").write_text(json.dumps({name: i % 3, "seed": i}))
        (folder / "metrics.jsonl").write_text("".join(json.dumps({"step": step, f"acc/{name}": step * i}) + "\n" for step in range(3)))
    written(tmp_path)
    assert all("shuffled" in warning or "importance" in warning for warning in check(tmp_path / "report.md"))


def test_one_run(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "seeds" / "runs" / "sgd-wine-0", tmp_path / "sgd-wine-0")
    text = written(tmp_path)
    assert '{{ runs.best("val/acc").link }} ends at' in text
    assert "```compare" not in text
    assert check(tmp_path / "report.md") == ()
