"""Git repositories for the tests of publishing: remotes, clones, and what is in them to the last byte."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Mapping
from pathlib import Path

from reportgen.publish.plan import Content, list_of
from reportgen.site.swap import MARKER


def git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, input=given, capture_output=True, check=False)
    assert done.returncode == 0, (arguments, done.stderr.decode())
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def bare(folder: Path) -> Path:
    """An empty repository for others to push to."""
    git(folder.parent, "init", "--quiet", "--bare", "-b", "main", str(folder))
    return folder


def project(folder: Path, origin: Path | None = None) -> Path:
    """A work tree with a commit."""
    git(folder.parent, "init", "--quiet", "-b", "main", str(folder))
    (folder / "train.py").write_text("x = 1\n")
    git(folder, "add", "train.py")
    git(folder, "commit", "--quiet", "-m", "first")
    if origin:
        git(folder, "remote", "add", "origin", str(origin))
        git(folder, "push", "--quiet", "origin", "main")
    return folder


def site(**pages: str) -> dict[str, Content]:
    """A site of these pages, as a build writes it: with the list of its files."""
    files = {f"{name.replace('__', '/')}.html": f"<title>{text}</title>".encode() for name, text in pages.items()}
    return {**files, ".nojekyll": b"", MARKER: list_of({**files, ".nojekyll": b""}, "# test\n")}


def somebody_pushes(remote: Path, files: Mapping[str, str], branch: str = "gh-pages") -> None:
    """A commit of another person on top of a branch."""
    work = remote.parent / f"other-{len(list(remote.parent.iterdir()))}"
    if git(remote, "for-each-ref", f"refs/heads/{branch}"):
        git(remote.parent, "clone", "--quiet", "-b", branch, str(remote), str(work))
    else:
        git(remote.parent, "init", "--quiet", "-b", branch, str(work))
    for path, text in files.items():
        (work / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).write_text(text)
    git(work, "add", "-A")
    git(work, "commit", "--quiet", "-m", "somebody else")
    git(work, "push", "--quiet", str(remote), f"HEAD:{branch}")


def content(remote: Path, branch: str = "gh-pages") -> dict[str, bytes]:
    """The files of a branch."""
    paths = git(remote, "ls-tree", "-r", "--name-only", "-z", branch).split("\0")
    return {
        path: subprocess.run(["git", "cat-file", "blob", f"{branch}:{path}"], cwd=remote, capture_output=True, check=True).stdout
        for path in paths
        if path
    }


def messages(remote: Path, branch: str = "gh-pages") -> list[str]:
    """The subjects of a branch, newest first."""
    return git(remote, "log", "--format=%s", branch).splitlines()


def fingerprint(folder: Path) -> str:
    """A hash over all files below a folder, `.git` included: their paths, modes, times of change and bytes."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        body = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        whole.update(repr((path.relative_to(folder).as_posix(), state.st_mode, state.st_mtime_ns, body)).encode())
    return whole.hexdigest()
