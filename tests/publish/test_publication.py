"""`reportgen publish` from end to end: the command, the examples on a bare repository, and a site that has not changed."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from publish import wandb_runs
from publish.repositories import bare, content, fingerprint, git, messages, project

from reportgen.cli import main
from reportgen.errors import PublishError
from reportgen.publish import publication
from reportgen.publish.publication import publish
from reportgen.site.build import Built, build

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    return bare(tmp_path / "remote.git")


@pytest.fixture
def work(tmp_path: Path, remote: Path) -> Path:
    """A work tree with a report about two runs, nothing of it committed."""
    work = project(tmp_path / "work", remote)
    for name in ("one", "two"):
        wandb_runs.write(work / "wandb" / f"offline-run-20261123_000000-{name}00000", {}, f"{name}00000", "kimin")
    (work / "report.md").write_text("---\ntitle: Rates & sizes\nruns: wandb\n---\n\nBy {{ runs[0].user }}.\n\n```chart\ny: loss\n```\n")
    return work


def test_the_examples_file_by_file(tmp_path: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def kept(*arguments: Any, **options: Any) -> Built:
        built = build(*arguments, **options)
        shutil.copytree(built.out, tmp_path / "site")
        return built

    monkeypatch.setattr(publication, "build", kept)
    done = publish(EXAMPLES, to=f"{remote}#gh-pages", redact=False)
    site, there = tmp_path / "site", content(remote)
    assert {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()} == there
    assert 100 < done.pages <= sum(path.endswith(".html") for path in there)  # Media of runs are HTML, too.
    for line in there[".reportgen"].decode().splitlines()[1:]:
        digest, path = line.split("  ", 1)
        assert hashlib.sha256(there[path]).hexdigest() == digest
    told = [note for note in done.notes if note.startswith(("user in", "host in", "home in", "e-mail in", "remote in"))]
    assert all(note.startswith(("host in", "home in")) for note in told), told


def test_the_command(work: Path, remote: Path) -> None:
    before = fingerprint(work)
    look = run("publish", str(work / "report.md"), "--to", "gh-pages", "--dry-run")
    assert look.exit_code == 0, look.output
    assert "+ index.html" in look.output.splitlines()
    assert "would be " in look.output
    assert git(remote, "for-each-ref", "refs/heads/gh-pages") == ""
    first = run("publish", str(work / "report.md"), "--to", "gh-pages", "--path", "reports/rates")
    assert first.exit_code == 0, first.output
    assert first.output.splitlines()[-1] == f"gh-pages of {remote}, reports/rates/"
    assert "removed from the runs: user (1 value, " in first.output
    again = run("publish", str(work / "report.md"), "--to", "gh-pages", "--path", "reports/rates")
    assert again.output.splitlines()[-2].endswith(": unchanged")
    assert messages(remote) == ["Publish reports/rates: Rates & sizes"]
    files = content(remote)
    assert b"By [user]." in files["reports/rates/index.html"]
    assert not any(b"kimin" in one for one in files.values())
    assert "Rates &amp; sizes" in files["index.html"].decode()
    assert "kimin" not in git(remote, "log", "--format=%B", "gh-pages")
    assert fingerprint(work) == before


def test_a_folder_and_an_archive(work: Path, tmp_path: Path) -> None:
    for to in ("out", "out.zip"):
        done = run("publish", str(work / "report.md"), "--to", str(tmp_path / to))
        assert done.exit_code == 0, done.output
    there = {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == there
    before = fingerprint(tmp_path / "out")
    assert "unchanged" in run("publish", str(work / "report.md"), "--to", str(tmp_path / "out")).output
    assert fingerprint(tmp_path / "out") == before


def test_the_settings_say_where_to(work: Path) -> None:
    with pytest.raises(PublishError, match="nothing says where to publish to; give --to"):
        publish(work)
    (work / "reportgen.toml").write_text('[publish]\nto = "../out"\npath = "reports/a"\n')
    done = publish(work)
    assert Path(done.address).resolve() == (work.parent / "out" / "reports" / "a" / "index.html").resolve()
    assert (work.parent / "out" / "index.html").is_file()


def test_what_is_wrong_with_the_report_is_told_and_nothing_goes(work: Path, remote: Path) -> None:
    (work / "report.md").write_text("---\nruns: wandb\n---\n\n```chart\ny: lss\n```\n")
    done = run("publish", str(work / "report.md"), "--to", "gh-pages")
    assert done.exit_code == 1
    assert "did you mean 'loss'?" in done.stderr
    assert git(remote, "for-each-ref", "refs/heads/gh-pages") == ""


def test_without_git(work: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PublishError, match=r"there is no program git; install it, or publish to a folder or a \.zip"):
        publish(work / "report.md", to="gh-pages")
    with pytest.raises(FileNotFoundError):
        subprocess.run(["git"], check=False)
