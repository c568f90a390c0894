"""The documentation cannot drift: README's code runs, and every command, option and fence is in it."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from reportgen.blocks import KINDS
from reportgen.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> dict[str, click.Command]:
    assert isinstance(main, click.Group)
    return dict(main.commands)


def test_python_in_the_readme_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    [code] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert capsys.readouterr().out == "sweep-07 0.9644444584846497 0.013\n"
    assert len(names["fast"]) == 5  # type: ignore[arg-type]


def test_the_report_in_the_readme_builds(tmp_path: Path) -> None:
    from reportgen.site.build import build

    [report] = re.findall(r"````markdown\n(.*?)````", README, re.DOTALL)
    source = report.replace("runs: path/to/wandb", f"runs: {ROOT / 'examples' / 'three-runs' / 'wandb'}")
    (tmp_path / "report.md").write_text(source.replace("```importance\ntarget: val/acc\n```", ""), encoding="utf-8")
    built = build(tmp_path / "report.md", out=tmp_path / "site")
    assert "cnn-16ch-lr0.01" in (built.out / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"reportgen {name}" in README


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_has_a_help_text(name: str) -> None:
    for parameter in commands()[name].params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_fence_is_in_the_readme(kind: str) -> None:
    assert f"```{kind} " in README or f"```{kind}\n" in README


def test_links_of_the_documentation_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        prose = re.sub(r"(`+)[^`].*?\1", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", prose):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
