from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import reportgen
from reportgen.cli import main

HEAVY = ("pandas", "numpy", "altair", "sklearn", "vl_convert", "duckdb", "pyarrow", "rich", "jinja2", "pydantic")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with two plain runs in `logs`."""
    monkeypatch.chdir(tmp_path)
    for name, rate in (("fast", 0.1), ("slow", 0.001)):
        run = tmp_path / "logs" / name
        run.mkdir(parents=True)
        (run / "config.json").write_text(json.dumps({"lr": rate}))
        (run / "metrics.csv").write_text("step,val/acc\n" + "".join(f"{i},{rate * i}\n" for i in range(5)))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_help_imports_nothing_heavy() -> None:
    code = f"import sys, reportgen.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


def test_every_command_has_help() -> None:
    assert set(main.commands) == {"build", "check", "diff", "export", "importance", "init", "publish", "runs", "serve"}
    for name, command in main.commands.items():
        result = run(name, "--help")
        assert result.exit_code == 0
        assert command.help
        assert all(option.help for option in command.params if option.param_type_name == "option")


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").output.strip().endswith(reportgen.__version__)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["buidl"], "Did you mean 'build'?"),
        (["build", "--strcit"], "Did you mean '--strict'?"),
        (["build", "-p", "metric"], "'metric' is not of the form name=value"),
        (["runs"], "Missing argument 'SRC...'"),
        (["importance", "logs", "--target", "x", "--goal", "up"], "'up' is not one of"),
        (["runs", "logs", "--json", "--csv"], "--json and --csv exclude each other"),
        (["runs", "logs", "--csv", "--json"], "--json and --csv exclude each other"),
    ],
)
def test_wrong_usage_exits_with_2(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["runs", "lgos"], "there is no 'lgos'"),
        (["runs", "logs", "--where", "lrr > 1"], "did you mean"),
        (["importance", "logs", "--target", "val/ac"], "no column 'val/ac'; did you mean 'val/acc'?"),
        (["build", "nothing.md"], "no file or folder 'nothing.md'"),
        (["build", "logs", "--theme", "defautl"], "no theme 'defautl'; did you mean 'default'?"),
        (["build", "logs", "-o", "."], "holds logs, which the site is made from"),
        (["export", "logs", "-o", "logs"], "is not empty and was not made by reportgen"),
    ],
)
def test_mistakes_exit_with_1_and_are_no_tracebacks(folder: Path, arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


def test_debug_shows_the_traceback(folder: Path) -> None:
    result = run("--debug", "runs", "lgos")
    assert result.exit_code == 1
    assert "Traceback" in result.stderr
    assert "SourceError" in result.stderr


def test_mistakes_come_together_one_per_line(folder: Path) -> None:
    (folder / "report.md").write_text("---\ntitle: x\nruns: logs\nparms: {}\n---\n")
    (folder / "second.md").write_text("---\nruns: lgos\n---\n")
    (folder / "third.md").write_text("---\nruns: logs\n---\n\n```chart\ny: val/ac\n```\n")
    (folder / "empty").mkdir()
    (folder / "fourth.md").write_text("---\nruns: empty\n---\n")
    result = run("check", ".")
    assert result.exit_code == 1
    assert [line.split(": ", 1)[0] for line in result.stderr.splitlines()] == ["fourth.md:2", "report.md:4", "second.md:2", "third.md:6"]


def test_the_navigation_makes_a_report_of_a_file_without_front_matter(folder: Path) -> None:
    (folder / "reportgen.toml").write_text('runs = "logs"\nnavigation = ["story.md"]\n')
    (folder / "story.md").write_text("# A story\n\nOf {{ runs | length }} runs.\n")
    (folder / "notes.md").write_text("# Notes\n")
    result = run("build", ".")
    assert result.exit_code == 0, result.stderr
    assert "Of 2 runs." in (folder / "site/story.html").read_text()
    assert not (folder / "site/notes.html").exists()


def test_a_file_with_fences_that_is_no_report_is_named(folder: Path) -> None:
    (folder / "report.md").write_text("---\nruns: logs\n---\n")
    (folder / "story.md").write_text("# A story\n\n```chart\ny: val/acc\n```\n")
    result = run("check", ".")
    assert result.exit_code == 0
    assert "story.md: it has a fence 'chart' but no front matter, so it is left out; begin it with ---" in result.stderr


def test_runs_as_table_json_and_csv(folder: Path) -> None:
    assert "2 runs" in run("runs", "logs").stdout
    rows = json.loads(run("runs", "logs", "--json", "--where", "config.lr > 0.01").stdout)
    assert [row["name"] for row in rows] == ["fast"]
    assert run("runs", "logs", "--csv").stdout.splitlines()[0].startswith("id,name,")


def test_importance_as_table_and_json(folder: Path) -> None:
    for i in range(4):
        run_ = folder / "logs" / f"more-{i}"
        run_.mkdir()
        (run_ / "config.json").write_text(json.dumps({"lr": 0.01 * (i + 1)}))
        (run_ / "metrics.csv").write_text(f"step,val/acc\n0,{i}\n")
    assert "6 runs are too few" in run("importance", "logs", "--target", "val/acc").stdout
    found = json.loads(run("importance", "logs", "--target", "val/acc", "--json").stdout)
    assert found["target"] == "val/acc"
    assert [one["name"] for one in found["parameters"]] == ["lr"]


def test_diff_as_text_and_json(folder: Path) -> None:
    names = [run_["name"] for run_ in json.loads(run("runs", "logs", "--json").stdout)]
    shown = run("diff", "logs", *names[:2])
    assert shown.exit_code == 0, shown.stderr
    assert f"{names[1]} reached " in shown.stdout
    assert "setting" in shown.stdout
    found = json.loads(run("diff", "logs", *names[:2], "--target", "val/acc", "--json").stdout)
    assert found["results"][0]["metric"] == "val/acc"
    assert found["answer"][0].startswith(f"{names[1]} reached ")
    mistake = run("diff", "logs", "nme", names[1])
    assert mistake.exit_code == 1
    assert mistake.stderr.startswith("no run 'nme'")


def test_export_writes_files(folder: Path) -> None:
    result = run("export", "logs", "-o", "tables")
    assert result.exit_code == 0, result.stderr
    assert (folder / "tables" / "runs.parquet").is_file()
