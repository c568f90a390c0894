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
from reportgen.sources.remote.machine import Machine as Machine_
from reportgen.sources.remote.machine import way_through
from reportgen.sources.remote.place import RemoteFile

ROOT = Path(__file__).parents[2]
RELAY = """
import pathlib, socket, sys, threading
pathlib.Path(__file__).with_name("relayed").touch()
there = socket.create_connection((sys.argv[1], int(sys.argv[2])))

def inward():
    while data := there.recv(65536):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()

threading.Thread(target=inward, daemon=True).start()
while data := sys.stdin.buffer.raw.read(65536):
    there.sendall(data)
"""
"""What `ssh -W` or `nc` would do: standard input and output are the connection."""


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


def test_the_command_of_the_ssh_config_that_is_the_way_there(machine: Machine, logs: Path, tmp_path: Path) -> None:
    machine.trust()
    relay = tmp_path / "relay.py"
    relay.write_text(RELAY)
    way = f"{sys.executable} {relay} 127.0.0.1 {machine.port}"
    (machine.home / ".ssh" / "config").write_text(f"Host cluster\n  HostName 127.0.0.1\n  Port {machine.port}\n  ProxyCommand {way}\n")
    assert len(rg.load(f"sftp://me:hunter2@cluster{logs}")) == 4
    assert (tmp_path / "relayed").exists()


def test_links_are_followed_once(machine: Machine, logs: Path) -> None:
    """`latest-run` leads to a run that is there already, one link leads around in a circle, and one leads nowhere."""
    machine.trust()
    elsewhere = logs.parent / "elsewhere"
    (logs / "run-3").rename(elsewhere)
    for name, to in (("run-9", elsewhere), ("a-latest-run", logs / "run-0"), ("circle", logs), ("nowhere", logs / "nothing")):
        (logs / name).symlink_to(to)
    (logs / "run-0" / "notes.txt").symlink_to(logs / "run-1" / "metrics.jsonl")
    assert [run.name for run in rg.load(machine.address(logs))] == ["run-0", "run-1", "run-2", "run-9"]


def test_only_what_changed_is_copied_again(machine: Machine, logs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.trust()
    rg.load(machine.address(logs))
    fetched: list[str] = []
    original = Machine_.copy

    def noting(self: Machine_, file: RemoteFile, target: Path) -> None:
        fetched.append(file.name)
        original(self, file, target)

    monkeypatch.setattr(Machine_, "copy", noting)
    with (logs / "run-0" / "metrics.jsonl").open("a") as file:
        file.write('{"step": 99, "val_loss": 0.5}\n')
    runs = rg.load(machine.address(logs))
    assert fetched == ["run-0/metrics.jsonl"]
    assert runs["run-0"].history["val_loss"].step[-1] == 99


def test_the_password_is_written_nowhere(machine: Machine, logs: Path, tmp_path: Path) -> None:
    machine.trust()
    rg.load(machine.address(logs))
    assert not any(b"hunter2" in file.read_bytes() for file in (tmp_path / "cache").rglob("*") if file.is_file())
    (logs.parent / "empty").mkdir()
    (logs.parent / "empty" / "notes.txt").write_text("")
    with pytest.raises(SourceError, match="no run found in") as caught:
        rg.load(machine.address(logs.parent / "empty"))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("config", "command"),
    [
        ({}, ""),
        ({"proxyjump": "none"}, ""),
        ({"proxyjump": "me@gate"}, "ssh -o BatchMode=yes -W node:22 -- me@gate"),
        ({"proxyjump": "first,gate:2222"}, "ssh -o BatchMode=yes -J first -p 2222 -W node:22 -- gate"),
        ({"proxycommand": "nc node 22", "proxyjump": "gate"}, "nc node 22"),
    ],
)
def test_the_way_through_other_machines(config: dict[str, str], command: str) -> None:
    assert way_through(config, "node", 22) == command
