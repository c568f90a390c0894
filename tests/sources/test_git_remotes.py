"""Keys that people wrote into the address of a repository never become part of a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources.wandb_log_writer import history, run, write
from wandb.proto import wandb_internal_pb2 as pb

import reportgen as rg
from reportgen.site.build import build
from reportgen.sources.git_remotes import without_credentials

SECRET = "ghp_planted0123456789"


@pytest.mark.parametrize(
    ("logged", "kept"),
    [
        (f"https://kimin:{SECRET}@github.com/kimin/digits.git", "https://github.com/kimin/digits.git"),
        (f"https://{SECRET}@github.com/kimin/digits.git", "https://github.com/kimin/digits.git"),
        (f"ssh://git:{SECRET}@example.org/kimin/digits.git", "ssh://git@example.org/kimin/digits.git"),
        ("git@github.com:kimin/digits.git", "git@github.com:kimin/digits.git"),
        ("ssh://git@example.org:22/digits.git", "ssh://git@example.org:22/digits.git"),
        ("https://github.com/kimin/a@b.git", "https://github.com/kimin/a@b.git"),
        ("", ""),
    ],
)
def test_only_the_keys_go(logged: str, kept: str) -> None:
    assert without_credentials(logged) == kept


def test_no_page_has_the_key(tmp_path: Path) -> None:
    git = pb.GitRepoRecord(remote_url=f"https://kimin:{SECRET}@github.com/kimin/digits.git", commit="0123abc" * 5)
    write(tmp_path / "wandb" / "run-20261124_000000-abc12345", run({"lr": 0.1}, git=git), history(0, {"loss": 1.0}))
    [found] = rg.load(tmp_path / "wandb")
    assert found.git_remote == "https://github.com/kimin/digits.git"
    build(tmp_path / "wandb", out=tmp_path / "site")
    pages = [path for path in (tmp_path / "site").rglob("*") if path.is_file() and path.suffix in (".html", ".js")]
    assert any("github.com/kimin/digits" in path.read_text(encoding="utf-8") for path in pages)
    assert [path.name for path in pages if SECRET in path.read_text(encoding="utf-8")] == []
