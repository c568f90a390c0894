"""Publishing to real git remotes on this machine: nothing of anybody else is ever lost, and nothing of the user is touched."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from publish.repositories import bare, content, fingerprint, git, messages, project, site, somebody_pushes

from reportgen.errors import PublishError
from reportgen.publish import branch as module
from reportgen.publish.branch import Pushed, to_branch
from reportgen.publish.plan import Content


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return bare(tmp_path / "remote.git")


@pytest.fixture
def work(tmp_path: Path, remote: Path) -> Path:
    return project(tmp_path / "work", remote)


def push(
    files: dict[str, Content], near: Path, to: str = "origin", prefix: str = "", dry_run: bool = False, branch: str = "gh-pages"
) -> Pushed:
    return to_branch(files, to, branch, prefix, "Publish a test\n", near, near, dry_run)


def test_a_new_branch_has_only_the_site(work: Path, remote: Path) -> None:
    done = push(site(index="One", runs__a="A"), work)
    assert set(content(remote)) == {"index.html", "runs/a.html", ".nojekyll", ".reportgen"}
    assert messages(remote) == ["Publish a test"]
    assert git(remote, "log", "--format=%P|%an <%ae>|%cn", "gh-pages") == "|Kim <kim@example.org>|Kim"
    assert done.commit == git(remote, "rev-parse", "gh-pages")
    assert (len(done.changes.added), done.changes.changed, done.changes.removed) == (4, (), ())
    assert done.address == f"gh-pages of {remote}"


def test_an_unchanged_site_makes_no_commit(work: Path, remote: Path) -> None:
    push(site(index="One"), work)
    before = fingerprint(remote)
    done = push(site(index="One"), work)
    assert (done.commit, bool(done.changes), done.changes.unchanged) == ("", False, 3)
    assert fingerprint(remote) == before


def test_history_is_kept_and_only_our_files_change(work: Path, remote: Path) -> None:
    somebody_pushes(remote, {"CNAME": "reports.example.org\n", "other/page.html": "theirs", "README": "x"})
    push(site(index="One", runs__a="A", runs__b="B"), work)
    somebody_pushes(remote, {"other/page.html": "theirs, new", "runs/note.txt": "theirs, too"})
    done = push(site(index="Two", runs__b="B"), work)
    assert (done.changes.added, done.changes.changed, done.changes.removed) == ((), (".reportgen", "index.html"), ("runs/a.html",))
    assert done.address == "https://reports.example.org/"
    files = content(remote)
    assert files["CNAME"] == b"reports.example.org\n"
    assert files["other/page.html"] == b"theirs, new"
    assert files["runs/note.txt"] == b"theirs, too"
    assert "runs/a.html" not in files
    assert messages(remote) == ["Publish a test", "somebody else", "Publish a test", "somebody else"]


def test_a_file_of_somebody_else_is_not_overwritten(work: Path, remote: Path) -> None:
    somebody_pushes(remote, {"index.html": "theirs"})
    before = fingerprint(remote)
    with pytest.raises(PublishError, match=r"index\.html would be overwritten, and reportgen did not write it; .*--path"):
        push(site(index="One"), work)
    somebody_pushes(remote, {"runs": "a file where a folder would be"}, "elsewhere")
    with pytest.raises(PublishError, match=r"runs/a\.html would be overwritten"):
        push(site(index="One", runs__a="A"), work, branch="elsewhere")
    somebody_pushes(remote, {"index.html/x": "a folder where a file would be"}, "third")
    with pytest.raises(PublishError, match=r"index\.html would be overwritten"):
        push(site(index="One"), work, branch="third")
    assert git(remote, "log", "--format=%s", "gh-pages", "elsewhere", "third").splitlines() == ["somebody else"] * 3
    assert before != ""


def test_a_remote_that_moved_ahead_meanwhile(work: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    push(site(index="One"), work)
    _before_each_push(monkeypatch, lambda number: somebody_pushes(remote, {"theirs.txt": "x"}) if number == 1 else None)
    done = push(site(index="Two"), work)
    assert done.notes == ("somebody else pushed meanwhile: the commit was made again on top of theirs",)
    assert messages(remote) == ["Publish a test", "somebody else", "Publish a test"]
    assert content(remote)["theirs.txt"] == b"x"
    assert b"Two" in content(remote)["index.html"]


def test_a_remote_that_moves_ahead_twice(work: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    push(site(index="One"), work)
    _before_each_push(monkeypatch, lambda number: somebody_pushes(remote, {"theirs.txt": str(number)}))
    with pytest.raises(PublishError, match="moved twice meanwhile; publish again"):
        push(site(index="Two"), work)
    assert messages(remote) == ["somebody else", "somebody else", "Publish a test"]


def test_a_branch_that_somebody_makes_meanwhile(work: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _before_each_push(monkeypatch, lambda number: somebody_pushes(remote, {"theirs.txt": "x"}) if number == 1 else None)
    push(site(index="One"), work)
    assert messages(remote) == ["Publish a test", "somebody else"]


def test_a_remote_that_refuses(work: Path, remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'only on Mondays' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(PublishError, match=r"refused gh-pages: \[remote rejected\] \(pre-receive hook declined\): only on Mondays"):
        push(site(index="One"), work)
    assert git(remote, "for-each-ref", "refs/heads/gh-pages") == ""


def test_no_remote(tmp_path: Path, remote: Path) -> None:
    lonely = project(tmp_path / "lonely")
    with pytest.raises(PublishError, match=r"has no remote 'origin'; git remote add origin URL, or --to URL#gh-pages"):
        push(site(index="One"), lonely)
    git(lonely, "remote", "add", "upstream", str(remote))
    with pytest.raises(PublishError, match=r"has no remote 'origin'; there are: upstream"):
        push(site(index="One"), lonely)
    push(site(index="One"), lonely, "upstream")
    (tmp_path / "nowhere").mkdir()
    with pytest.raises(PublishError, match="is in no git repository, so there is no remote 'origin'"):
        push(site(index="One"), tmp_path / "nowhere")
    push(site(index="One"), tmp_path / "nowhere", str(remote), branch="by-path")
    with pytest.raises(PublishError, match=r"gone\.git cannot be reached: .*; nothing was published"):
        push(site(index="One"), lonely, str(tmp_path / "gone.git"))


def test_an_address_relative_to_the_work_tree(work: Path, remote: Path) -> None:
    git(work, "remote", "set-url", "origin", "../remote.git")
    (work / "deep" / "er").mkdir(parents=True)
    push(site(index="One"), work / "deep" / "er")
    assert messages(remote) == ["Publish a test"]


def _dirty(work: Path) -> None:
    """Whatever a work tree can have that is not committed."""
    (work / "stashed.py").write_text("s\n")
    git(work, "add", "stashed.py")
    git(work, "stash", "--quiet")
    (work / "train.py").write_text("x = 2\n")
    (work / "staged.py").write_text("y\n")
    git(work, "add", "staged.py")
    (work / "staged.py").write_text("y, again\n")
    (work / "untracked.txt").write_text("u\n")


def _detached(work: Path) -> None:
    git(work, "checkout", "--quiet", "--detach")


def _rebasing(work: Path) -> None:
    (work / ".git" / "MERGE_HEAD").write_text(git(work, "rev-parse", "HEAD") + "\n")


@pytest.mark.parametrize("state", [_dirty, _detached, _rebasing], ids=["uncommitted changes", "detached HEAD", "in a merge"])
def test_the_users_repository_is_not_touched(work: Path, remote: Path, state: Callable[[Path], None]) -> None:
    state(work)
    before = fingerprint(work)
    push(site(index="One"), work)
    push(site(index="Two"), work, prefix="reports/a", dry_run=True)
    assert fingerprint(work) == before
    assert messages(remote) == ["Publish a test"]


def test_a_shallow_clone(tmp_path: Path, work: Path, remote: Path) -> None:
    for number in range(3):
        git(work, "commit", "--quiet", "--allow-empty", "-m", str(number))
    git(work, "push", "--quiet", "origin", "main")
    push(site(index="One"), work)
    push(site(index="Two"), work)
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{remote}", str(shallow))
    before = fingerprint(shallow)
    push(site(index="Three"), shallow)
    assert fingerprint(shallow) == before
    assert messages(remote) == ["Publish a test"] * 3
    git(remote, "fsck", "--strict")


def test_a_dry_run_does_nothing(work: Path, remote: Path) -> None:
    push(site(index="One", runs__a="A"), work)
    before = fingerprint(work.parent)
    done = push(site(index="Two", runs__b="B"), work, dry_run=True)
    assert (done.changes.added, done.changes.removed, done.commit) == (("runs/b.html",), ("runs/a.html",), "")
    assert fingerprint(work.parent) == before


def test_hooks_filters_and_variables_of_the_user_do_not_count(work: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hooks = work / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-push", "pre-commit", "reference-transaction"):
        (hooks / name).write_text("#!/bin/sh\nexit 1\n")
        (hooks / name).chmod(0o755)
    git(work, "config", "core.autocrlf", "true")
    git(work, "config", "core.hooksPath", str(hooks))
    (work / ".gitattributes").write_text("*.html text eol=crlf ident\n")
    monkeypatch.setenv("GIT_DIR", str(work / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(work / ".git" / "index"))
    push(site(index="One\r\n$Id$\n"), work)
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert content(remote)["index.html"] == b"<title>One\r\n$Id$\n</title>"


def test_settings_of_the_users_repository_reach_the_remote(work: Path, remote: Path) -> None:
    git(work, "config", f"url.{remote}.insteadOf", "hosting:reports")
    git(work, "config", "user.email", "local@example.org")
    git(work, "remote", "add", "short", "hosting:reports")
    push(site(index="One"), work, "short")
    assert git(remote, "log", "--format=%ae", "gh-pages") == "local@example.org"


def test_nobody_commits(work: Path, remote: Path) -> None:
    Path(os.environ["GIT_CONFIG_GLOBAL"]).write_text("[user]\n\tuseConfigOnly = true\n")
    push(site(index="One"), work)
    assert git(remote, "log", "--format=%an <%ae>", "gh-pages") == "reportgen <reportgen@localhost>"


def test_a_list_that_leads_out_of_the_branch_is_not_followed(work: Path, remote: Path) -> None:
    hostile = "".join(f"{'0' * 64}  {path}\n" for path in ("../main.txt", "/etc/passwd", "a/../../x", ".git/config", "old.html"))
    somebody_pushes(remote, {".reportgen": hostile, "old.html": "o"})
    assert push(site(index="One"), work).changes.removed == ("old.html",)


def test_a_name_that_no_branch_can_have(work: Path) -> None:
    with pytest.raises(PublishError, match=r"'a\.\.b' cannot be the name of a branch"):
        push(site(index="One"), work, branch="a..b")


def _before_each_push(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], None]) -> None:
    pushed = module._Pushing._pushed
    count = iter(range(1, 10))

    def slower(self: module._Pushing, commit: str, is_last: bool) -> bool:
        act(next(count))
        return pushed(self, commit, is_last)

    monkeypatch.setattr(module._Pushing, "_pushed", slower)
