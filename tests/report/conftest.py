"""Runs, a folder and a report for the tests of reports."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report.samples import KINDS, Build, make_run

from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistakes
from reportgen.model import Runs
from reportgen.report import Document, read_report, render


@pytest.fixture
def runs() -> Runs:
    """Three runs, best last; the last has the name of an attack."""
    return Runs(
        [
            make_run(0, "first_run"),
            make_run(1, "second *run*"),
            make_run(2, "<script>alert(1)</script>", notes="# [x](javascript:1)"),
        ]
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory of a test, with a few files beside the report."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wandb").mkdir()
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "loss.png").write_bytes(b"\x89PNG")
    (tmp_path / "data.csv").write_text("a,b\n", encoding="utf-8")
    (tmp_path / "other.md").write_text("# Other\n\n## Details\n\n```chart\nid: curve\n```\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def build(folder: Path, runs: Runs) -> Build:
    """Renders a text as `report.md`."""

    def built(text: str, **more: Any) -> Document:
        path = Path("report.md")
        path.write_text(text, encoding="utf-8")
        given = more.pop("runs", runs)
        report = read_report(path, more.pop("params", None), more.pop("settings", None))
        style = ChartStyle(run_colours={"r0": "#111111", "r1": "#222222", "r2": "#333333"})
        options: dict[str, Any] = {"kinds": KINDS, "style": style, "site_pages": {Path("other.md"): "other.html"}}
        return render(report, given, **{**options, **more})

    return built


@pytest.fixture
def mistakes(build: Build) -> Callable[..., list[str]]:
    """The messages of all mistakes in a text."""

    def found(text: str, **more: Any) -> list[str]:
        with pytest.raises(Mistakes) as error:
            build(text, **more)
        return str(error.value).split("\n")

    return found
