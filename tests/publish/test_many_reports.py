"""Many reports at one place, under `--path`, and the first page that lists them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from publish.repositories import bare, content, messages, project, site, somebody_pushes

from reportgen.errors import PublishError
from reportgen.publish.branch import Pushed, to_branch
from reportgen.publish.folder import to_folder

Publish = Callable[..., Pushed]


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return bare(tmp_path / "remote.git")


@pytest.fixture
def push(tmp_path: Path, remote: Path) -> Publish:
    work = project(tmp_path / "work", remote)
    return lambda files, prefix="": to_branch(files, "origin", "gh-pages", prefix, "m\n", work, work, False)


def test_the_first_page_lists_all(push: Publish, remote: Path) -> None:
    somebody_pushes(remote, {"CNAME": "kim.example.org"})
    push(site(index="Rates &amp; sizes", runs="R"), "reports/rates")
    done = push(site(index="<b>Seeds</b>"), "reports/seeds")
    files = content(remote)
    page = files["index.html"].decode()
    assert '<a href="reports/rates/index.html">Rates &amp; sizes</a>' in page
    assert '<a href="reports/seeds/index.html">&lt;b&gt;Seeds&lt;/b&gt;</a>' in page
    assert {".nojekyll", ".reportgen", "CNAME", "reports/rates/runs.html"} <= set(files)
    assert done.address == "https://kim.example.org/reports/seeds/"
    assert not push(site(index="<b>Seeds</b>"), "reports/seeds").commit
    assert len(messages(remote)) == 3


def test_one_report_changes_and_the_other_stays(push: Publish, remote: Path) -> None:
    push(site(index="A", runs="R"), "a")
    push(site(index="B"), "b")
    before = content(remote)
    push(site(index="A, new"), "a")
    after = content(remote)
    assert set(before) - set(after) == {"a/runs.html"}
    assert {path: text for path, text in before.items() if path.startswith("b/")} == {
        path: text for path, text in after.items() if path.startswith("b/")
    }
    assert b"A, new" in after["index.html"]


def test_a_first_page_of_somebody_else_stays(push: Publish, remote: Path) -> None:
    somebody_pushes(remote, {"index.html": "theirs", "_config.yml": "theme: x"})
    done = push(site(index="A"), "a")
    assert done.notes == ("no list of reports was written: the first page is somebody else's",)
    assert content(remote)["index.html"] == b"theirs"
    assert ".nojekyll" not in content(remote)


def test_a_site_at_the_root_keeps_its_first_page(push: Publish, remote: Path) -> None:
    push(site(index="Root"))
    done = push(site(index="A"), "a")
    assert done.notes == ("no list of reports was written: the first page belongs to a site that was published without --path",)
    assert content(remote)["index.html"] == b"<title>Root</title>"
    push(site(index="Root, new"))
    assert content(remote)["a/index.html"] == b"<title>A</title>"


def test_a_site_at_the_root_takes_the_place_of_the_list(push: Publish, remote: Path) -> None:
    push(site(index="A"), "a")
    push(site(index="Root"))
    assert content(remote)["index.html"] == b"<title>Root</title>"
    assert content(remote)["a/index.html"] == b"<title>A</title>"


def test_one_site_does_not_stand_in_another(push: Publish) -> None:
    push(site(index="Root", runs__index="R"))
    with pytest.raises(PublishError, match=r"runs/index\.html would be overwritten"):
        push(site(index="A"), "runs")


def test_a_jekyll_site_stays_one(push: Publish, remote: Path) -> None:
    somebody_pushes(remote, {"_config.yml": "theme: x"})
    push(site(index="A"), "a")
    assert ".nojekyll" not in content(remote)
    assert "index.html" in content(remote)


def test_a_folder_has_the_same_list(tmp_path: Path, push: Publish, remote: Path) -> None:
    for prefix in ("reports/a", "reports/b"):
        push(site(index=prefix), prefix)
        to_folder(site(index=prefix), tmp_path / "out", prefix, False)
    out = {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert out == content(remote)
