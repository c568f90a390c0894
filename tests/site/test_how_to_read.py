"""The page that explains the numbers: there where a page links to it, with the parts that are linked to."""

from __future__ import annotations

from pathlib import Path

import pytest
from table_runs import run

from reportgen.model import Run
from reportgen.site.build import build

FENCES = {
    "importance": "```importance\ntarget: val/acc\n```",
    "comparison": "```compare\ngroup: config.model\ncolumns: val/acc\nstatistics: true\n```",
}


def logs(folder: Path) -> None:
    runs: list[Run] = [run(f"r{i}", {"model": "ab"[i % 2], "lr": 0.1 + i, "seed": i}, {"val/acc": i % 7}) for i in range(12)]
    for one in runs:
        (folder / "runs" / one.name).mkdir(parents=True)
        (folder / "runs" / one.name / "config.yaml").write_text("".join(f"{key}: {value}\n" for key, value in one.config.items()))
        (folder / "runs" / one.name / "metrics.csv").write_text(f"step,val/acc\n0,{one.summary['val/acc']}\n")


@pytest.mark.parametrize("fences", [("importance",), ("comparison",), ("importance", "comparison")])
def test_it_explains_what_is_linked_to(tmp_path: Path, fences: tuple[str, ...]) -> None:
    logs(tmp_path)
    body = "\n\n".join(FENCES[name] for name in fences)
    (tmp_path / "report.md").write_text(f"---\ntitle: A\nruns: runs\n---\n\n{body}\n")
    build(tmp_path / "report.md", out=tmp_path / "site")
    report, page = ((tmp_path / "site" / name).read_text() for name in ("index.html", "how-to-read.html"))
    for name in fences:
        assert f'<a href="how-to-read.html#{name}">How to read this</a>' in report
        assert f'<h2 id="{name}">' in page
    # The runs are a sweep, whose page explains its importance.
    assert ('<h2 id="comparison">' in page) == ("comparison" in fences)


def test_without_statistics_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "runs" / "a").mkdir(parents=True)
    (tmp_path / "runs" / "a" / "config.yaml").write_text("lr: 1\n")
    (tmp_path / "runs" / "a" / "metrics.csv").write_text("step,val/acc\n0,1\n")
    (tmp_path / "report.md").write_text("---\ntitle: A\nruns: runs\n---\n\n```compare\ncolumns: val/acc\n```\n")
    build(tmp_path / "report.md", out=tmp_path / "site")
    assert not (tmp_path / "site" / "how-to-read.html").exists()
