from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from reportgen.errors import SiteError
from reportgen.site import swap as swapping
from reportgen.site.swap import MARKER, check, swap


def write_site(out: Path, text: str) -> None:
    with swap(out) as new:
        new.write("index.html", text.encode())
        new.write("data/a.js", text.encode() * 3)
        new.commit()


def whole(out: Path) -> bool:
    lines = (out / MARKER).read_text().splitlines()[1:]
    listed = {line[66:]: line[:64] for line in lines}
    found = {str(path.relative_to(out)): path for path in out.rglob("*") if path.is_file() and path.name != MARKER}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()} == listed


def test_a_new_site_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "site"
    write_site(out, "old")
    write_site(out, "new")
    assert (out / "index.html").read_text() == "new"
    assert whole(out)
    assert os.listdir(out.parent) == ["site"]


def test_a_build_that_fails_leaves_the_old_site(tmp_path: Path) -> None:
    out = tmp_path / "site"
    write_site(out, "old")
    with pytest.raises(TypeError), swap(out) as new:
        new.write("index.html", None)  # type: ignore[arg-type]
    assert (out / "index.html").read_text() == "old"
    assert os.listdir(tmp_path) == ["site"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["thesis.tex"], "is not empty and was not made by reportgen"),
        ([MARKER, "CNAME", "thesis.tex"], "holds files that reportgen did not write: CNAME and 1 more"),
    ],
)
def test_a_folder_of_somebody_else_is_never_overwritten(tmp_path: Path, files: list[str], message: str) -> None:
    out = tmp_path / "mine"
    out.mkdir()
    for name in files:
        (out / name).write_text("precious")
    with pytest.raises(SiteError, match=message), swap(out):
        pytest.fail("must not come here")
    assert sorted(os.listdir(out)) == sorted(files)


def test_a_file_in_the_place_of_the_site(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("precious")
    with pytest.raises(SiteError, match="is a file, and a site is a folder; give another name with -o"), swap(tmp_path / "site"):
        pytest.fail("must not come here")


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    write_site(tmp_path / "site", "new")
    assert whole(tmp_path / "site")


def test_what_the_site_is_made_from_cannot_lie_in_it(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"holds report\.md, which the site is made from"):
        check(tmp_path, [tmp_path / "report.md"])


def test_leftovers_go_and_running_builds_stay(tmp_path: Path) -> None:
    dead = tmp_path / ".site.reportgen-dead"
    (dead / "data").mkdir(parents=True)
    with swap(tmp_path / "site") as running:
        running.write("index.html", b"first")
        write_site(tmp_path / "site", "second")
        assert running.folder.is_dir()
        assert not dead.exists()
        running.commit()
    assert (tmp_path / "site" / "index.html").read_text() == "first"
    assert os.listdir(tmp_path) == ["site"]


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "site").symlink_to("real")
    write_site(tmp_path / "site", "new")
    assert (tmp_path / "site").is_symlink()
    assert whole(tmp_path / "real")


def test_without_an_exchange_two_renames_do_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "site"
    monkeypatch.setattr(swapping, "_exchange", lambda one, other: False)
    write_site(out, "old")
    write_site(out, "new")
    assert (out / "index.html").read_text() == "new"
    assert os.listdir(tmp_path) == ["site"]


def test_a_kill_between_two_renames_is_mended(tmp_path: Path) -> None:
    out = tmp_path / "site"
    write_site(out, "old")
    out.rename(tmp_path / ".site.reportgen-old")
    with swap(out):
        assert (out / "index.html").read_text() == "old"
    assert os.listdir(tmp_path) == ["site"]
