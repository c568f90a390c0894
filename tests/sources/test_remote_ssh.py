"""Logs on a machine with SSH: a real SSH server (asyncssh's) on loopback, with its SFTP."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncssh
import pytest

import reportgen as rg
from reportgen.errors import SourceError

ROOT = Path(__file__).parents[2]


@dataclass
class Machine:
    """A server: where it is, its key as `known_hosts` has it, and the home of the user who reads from it."""

    port: int
    known: str
    home: Path

    def address(self, path: Path, password: str = "hunter2") -> str:
        return f"sftp://me:{password}@127.0.0.1:{self.port}{path}"

    def trust(self, line: str | None = None) -> None:
        (self.home / ".ssh").mkdir(exist_ok=True)
        (self.home / ".ssh" / "known_hosts").write_text(line or self.known)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[int, str]]:
    """Port and key of the server."""
    command = [sys.executable, str(Path(__file__).parent / "ssh_server.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port, key = process.stdout.readline().split(" ", 1)
        yield int(port), key
        process.kill()


@pytest.fixture
def machine(server: tuple[int, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    port, key = server
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    (tmp_path / "home").mkdir()
    return Machine(port, f"[127.0.0.1]:{port} {key}", tmp_path / "home")


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "tests/data/plain", tmp_path / "there"))


def test_the_same_runs_as_on_the_disk(machine: Machine, logs: Path) -> None:
    machine.trust()
    here, there = rg.load(logs), rg.load(machine.address(logs))
    assert [run.id for run in there] == [run.id for run in here]
    for first, second in zip(here, there, strict=True):
        assert {key: one.value.tobytes() for key, one in first.history.items()} == {
            key: one.value.tobytes() for key, one in second.history.items()
        }


def test_an_unknown_machine_is_not_believed(machine: Machine, logs: Path) -> None:
    with pytest.raises(SourceError, match=r"is not in .*known_hosts; connect once with ssh and accept it") as caught:
        rg.load(machine.address(logs))
    assert "hunter2" not in str(caught.value)
    assert not (machine.home / ".ssh" / "known_hosts").exists()


def test_another_key_than_before_is_not_believed(machine: Machine, logs: Path) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    machine.trust(f"[127.0.0.1]:{machine.port} {other}")
    with pytest.raises(SourceError, match="is not the one in"):
        rg.load(machine.address(logs))


def test_a_wrong_password(machine: Machine, logs: Path) -> None:
    machine.trust()
    with pytest.raises(SourceError, match=r"[Aa]uthentication failed") as caught:
        rg.load(machine.address(logs, "wrong-one"))
    assert "wrong-one" not in str(caught.value)


def test_no_such_folder(machine: Machine, logs: Path) -> None:
    machine.trust()
    with pytest.raises(SourceError, match=r"there is nothing at|cannot be read"):
        rg.load(machine.address(logs / "nothing"))


def test_host_port_and_user_of_the_ssh_config(machine: Machine, logs: Path) -> None:
    machine.trust()
    (machine.home / ".ssh" / "config").write_text(f"Host cluster\n  HostName 127.0.0.1\n  Port {machine.port}\n  User me\n")
    assert len(rg.load(f"ssh://:hunter2@cluster{logs}")) == 4
