"""The watch: with events and without."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path

import pytest
from serve_process import until

from reportgen.serve.inputs import inputs_of
from reportgen.serve.watching import Watch


@pytest.mark.parametrize("events", [True, False])
def test_changes_are_told(tmp_path: Path, events: bool) -> None:
    told: set[str] = set()

    def changed(paths: Collection[Path]) -> None:
        told.update(path.relative_to(tmp_path).as_posix() for path in paths)

    root, later = tmp_path / "root", tmp_path / "later"
    (root / "below").mkdir(parents=True)
    (root / "a.md").write_text("a", encoding="utf-8")
    watch = Watch(changed)
    if events:
        watch.start()
    else:
        watch._looking.start()
    try:
        watch.watch([root, later])
        (root / "a.md").write_text("changed", encoding="utf-8")
        until(lambda: told == {"root/a.md"}, "a change")
        (root / "below" / "b.csv").write_text("b", encoding="utf-8")
        (root / ".hidden").write_text("", encoding="utf-8")
        (root / "a.md~").write_text("", encoding="utf-8")
        until(lambda: told == {"root/a.md", "root/below/b.csv"}, "a new file")
        told.clear()
        shutil.rmtree(root)
        until(lambda: told == {"root/a.md", "root/below/b.csv"}, "a folder that is gone")
        told.clear()
        root.mkdir()
        (root / "c.md").write_text("c", encoding="utf-8")
        until(lambda: told == {"root/c.md"}, "a folder that is back")
        told.clear()
        (root / "c.md").write_text("once more", encoding="utf-8")
        until(lambda: told == {"root/c.md"}, "a change in it")
        told.clear()
        later.mkdir()
        (later / "d.csv").write_text("d", encoding="utf-8")
        until(lambda: told == {"later/d.csv"}, "a folder that was not there")
        told.clear()
        (root / "c.md").read_text(encoding="utf-8")
        watch.look()
        assert not told
    finally:
        watch.stop()


def test_what_a_report_is_made_from(tmp_path: Path) -> None:
    report = tmp_path / "report.md"
    report.write_text("---\ntitle: x\nruns: [logs/*/run, elsewhere, 's3://bucket/a']\ntheme: own\n---\n", encoding="utf-8")
    found = inputs_of(report, (), None)
    assert found.logs == {tmp_path / "logs", tmp_path / "elsewhere"}
    assert tmp_path / "own" in found.themes
    assert found.is_log(tmp_path / "logs" / "a" / "metrics.csv")
    assert not found.is_log(tmp_path / "logs" / "readme.md")
    assert not found.is_source(tmp_path / "output.txt")
    report.write_text("---\ntitle: [\n---\n", encoding="utf-8")
    assert inputs_of(report, (), None, found).logs == found.logs
    assert inputs_of(tmp_path, ["other"], None).logs == {Path.cwd() / "other"}
