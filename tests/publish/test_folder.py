"""Publishing to a folder and to an archive: only what changed is written, and nothing of anybody else."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from publish.repositories import fingerprint, site

from reportgen.errors import PublishError
from reportgen.publish import folder as module
from reportgen.publish.archive import to_archive
from reportgen.publish.folder import to_folder


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    to_folder(site(index="One", runs__a="A", runs__b="B"), out, "", False)
    (out / "theirs.txt").write_text("theirs")
    (out / "runs" / "note.txt").write_text("theirs")
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.html")}
    changes, _ = to_folder(site(index="Two", runs__b="B"), out, "", False)
    assert (changes.added, changes.changed, changes.removed) == ((), (".reportgen", "index.html"), ("runs/a.html",))
    assert files(out) == {"index.html", "runs/b.html", "runs/note.txt", ".nojekyll", ".reportgen", "theirs.txt"}
    assert (out / "runs" / "b.html").stat().st_mtime_ns == before[out / "runs" / "b.html"]


def test_an_unchanged_site_touches_nothing(tmp_path: Path) -> None:
    to_folder(site(index="One"), tmp_path / "out", "", False)
    before = fingerprint(tmp_path)
    assert not to_folder(site(index="One"), tmp_path / "out", "", False)[0]
    assert to_folder(site(index="Two"), tmp_path / "out", "", True)[0].changed == (".reportgen", "index.html")
    assert fingerprint(tmp_path) == before


def test_a_folder_that_empties_goes_and_the_destination_stays(tmp_path: Path) -> None:
    to_folder(site(index="One", a__b__c="C"), tmp_path, "", False)
    to_folder(site(index="One"), tmp_path, "", False)
    assert not (tmp_path / "a").exists()
    assert files(tmp_path) == {"index.html", ".nojekyll", ".reportgen"}


def test_what_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x.txt").write_text("x")
    (tmp_path / "file").write_text("x")
    before = fingerprint(tmp_path)
    with pytest.raises(PublishError, match="is not empty and holds no site that reportgen published"):
        to_folder(site(index="One"), tmp_path / "full", "", False)
    with pytest.raises(PublishError, match="is a file, and a site is a folder"):
        to_folder(site(index="One"), tmp_path / "file", "", False)
    assert fingerprint(tmp_path) == before
    to_folder(site(index="One"), tmp_path / "full", "reports/a", False)
    assert files(tmp_path / "full") >= {"x.txt", "reports/a/index.html"}


def test_a_file_of_somebody_else_in_a_folder_of_ours(tmp_path: Path) -> None:
    to_folder(site(index="One"), tmp_path, "", False)
    (tmp_path / "runs.html").write_text("theirs")
    before = fingerprint(tmp_path)
    with pytest.raises(PublishError, match=r"runs\.html would be overwritten"):
        to_folder(site(index="Two", runs="R"), tmp_path, "", False)
    assert fingerprint(tmp_path) == before


def test_nothing_is_written_through_links(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.html").write_text("theirs")
    to_folder(site(index="One"), tmp_path / "out", "", False)
    (tmp_path / "out" / "runs").symlink_to(elsewhere)
    with pytest.raises(PublishError, match=r"runs/a\.html would be overwritten"):
        to_folder(site(index="One", runs__a="A"), tmp_path / "out", "", False)
    (tmp_path / "out" / "reports").symlink_to(elsewhere)
    with pytest.raises(PublishError, match="leads out of"):
        to_folder(site(index="One"), tmp_path / "out", "reports/x", False)
    (tmp_path / "out" / "index.html").unlink()
    (tmp_path / "out" / "index.html").symlink_to(elsewhere / "a.html")
    to_folder(site(index="Two"), tmp_path / "out", "", False)
    assert (elsewhere / "a.html").read_text() == "theirs"
    assert not (tmp_path / "out" / "index.html").is_symlink()
    assert os.listdir(elsewhere) == ["a.html"]


@pytest.mark.parametrize("kill_after", range(8))
def test_a_publication_that_was_killed_is_done_again(tmp_path: Path, kill_after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    to_folder(site(index="One", runs__a="A"), tmp_path, "reports/x", False)
    put, count = module._put, iter(range(100))

    def killed(path: Path, content: bytes) -> None:
        if next(count) == kill_after:
            raise KeyboardInterrupt
        put(path, content)

    monkeypatch.setattr(module, "_put", killed)
    with pytest.raises(KeyboardInterrupt):
        to_folder(site(index="Two", runs__b="B", runs__c="C"), tmp_path, "reports/x", False)
    monkeypatch.undo()
    to_folder(site(index="Three", runs__d="D"), tmp_path, "reports/x", False)
    assert files(tmp_path) == {
        "index.html", ".nojekyll", ".reportgen",
        "reports/x/index.html", "reports/x/runs/d.html", "reports/x/.nojekyll", "reports/x/.reportgen",
    }  # fmt: skip


def test_an_archive_has_the_same_bytes_each_time(tmp_path: Path) -> None:
    to_archive(site(index="One", runs__a="A"), tmp_path / "a.zip", "", False)
    to_archive(site(index="One", runs__a="A"), tmp_path / "b.zip", "", False)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [".nojekyll", ".reportgen", "index.html", "runs/a.html"]
        assert archive.read("runs/a.html") == b"<title>A</title>"
    before = fingerprint(tmp_path)
    assert not to_archive(site(index="One", runs__a="A"), tmp_path / "a.zip", "", False)
    assert to_archive(site(index="Two"), tmp_path / "a.zip", "", True).removed == ("runs/a.html",)
    assert fingerprint(tmp_path) == before


def test_an_archive_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "theirs.zip", "w") as archive:
        archive.writestr("x", "y")
    (tmp_path / "broken.zip").write_bytes(b"no archive")
    before = fingerprint(tmp_path)
    for name in ("theirs.zip", "broken.zip"):
        with pytest.raises(PublishError, match="is there and holds no site of reportgen"):
            to_archive(site(index="One"), tmp_path / name, "", False)
    assert fingerprint(tmp_path) == before
