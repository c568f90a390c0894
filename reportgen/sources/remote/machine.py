"""Machines with SSH: their files by SFTP, as `~/.ssh/config` says how to reach them."""

from __future__ import annotations

import logging
import os
import shlex
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import Any
from urllib.parse import unquote, urlsplit

from reportgen.sources.remote.place import RemoteFile

SSH = frozenset({"sftp", "ssh"})
_SECONDS = 30
_OF_ALL_USERS = Path("/etc/ssh/ssh_known_hosts")


class Machine:
    """The files below a path of a machine.

    Whoever is asked for runs must be who the user thinks: a key that is not in `known_hosts`, or another one, is an error, not a question.
    """

    threads = 4
    """A server allows so many channels in one connection, by default ten."""

    def __init__(self, address: str) -> None:
        self._closing = ExitStack()
        self._client = _connected(address, self._closing)
        self._channels = threading.local()
        path = "/" + unquote(address.partition("://")[2].partition("/")[2]).rstrip("/")
        # Below the home folder, as in the addresses of other programs.
        self._root = path[3:] or "." if f"{path}/".startswith("/~/") else path

    def files(self) -> list[RemoteFile]:
        """All files below the path, or the one that it names. Links are followed, each folder is visited once."""
        sftp = self._channel()
        about = sftp.stat(self._root)
        if not S_ISDIR(about.st_mode):
            return [_file(PurePosixPath(self._root).name, self._root, about)]
        return sorted(self._below(sftp), key=lambda one: one.path)

    def copy(self, file: RemoteFile, target: Path) -> None:
        """Writes the content of a file into one of this machine."""
        self._channel().get(file.path, str(target))

    def close(self) -> None:
        """Ends the connection."""
        self._closing.close()

    def _channel(self) -> Any:
        """A channel of this thread."""
        if not hasattr(self._channels, "sftp"):
            self._channels.sftp = self._client.open_sftp()
        return self._channels.sftp

    def _below(self, sftp: Any) -> Iterator[RemoteFile]:
        folders, linked, seen = [self._root], list[str](), set[str]()
        while folders or linked:
            # Links last: `latest-run` must not come before the run that it leads to.
            folder = folders.pop() if folders else linked.pop()
            try:
                real = sftp.normalize(folder)
                entries = [] if real in seen else sftp.listdir_attr(folder)
            except OSError:  # As on the disk: what may not be looked into is passed over, if it is not what was asked for.
                if folder == self._root:
                    raise
                continue
            seen.add(real)
            for entry in entries:
                path = f"{folder.rstrip('/')}/{entry.filename}"
                is_link = S_ISLNK(entry.st_mode)
                try:
                    about = sftp.stat(path) if is_link else entry
                except OSError:  # A link that leads nowhere.
                    continue
                if S_ISDIR(about.st_mode):
                    (linked if is_link else folders).append(path)
                elif S_ISREG(about.st_mode):
                    yield _file(path[len(self._root) :].strip("/"), path, about)


def _file(name: str, path: str, about: Any) -> RemoteFile:
    return RemoteFile(name, path, about.st_size, f"{about.st_size}:{about.st_mtime}", about.st_mtime)


def _connected(address: str, closing: ExitStack) -> Any:
    """A connection to the machine of an address; what ends it is added to `closing`."""
    import paramiko

    parts = urlsplit(address)
    name = parts.hostname or ""
    path = Path("~/.ssh/config").expanduser()
    config: Mapping[str, Any] = paramiko.SSHConfig.from_path(str(path)).lookup(name) if path.is_file() else {}
    host, port = config.get("hostname", name), parts.port or int(config.get("port", 22))
    logging.getLogger("paramiko").addHandler(logging.NullHandler())  # Its errors are told by us, not on standard error.
    with ExitStack() as failing:
        through = way_through(config, host, port)
        sock = failing.enter_context(_by_command(through)) if through else None
        client = failing.enter_context(paramiko.SSHClient())
        for known in known_hosts():
            if known.is_file():
                client.load_system_host_keys(str(known))
        client.set_missing_host_key_policy(_refusal())
        try:
            client.connect(
                host,
                port,
                username=unquote(parts.username) if parts.username else config.get("user"),
                password=unquote(parts.password) if parts.password else None,
                key_filename=[os.path.expanduser(key) for key in config.get("identityfile", ())] or None,
                sock=sock,
                timeout=_SECONDS,
                banner_timeout=_SECONDS,
                auth_timeout=_SECONDS,
            )
        except paramiko.BadHostKeyException:
            raise _changed(host) from None
        closing.push(failing.pop_all())
    return client


@contextmanager
def _by_command(command: str) -> Iterator[socket.socket]:
    """A connection that is the input and output of a command; what it complains of goes where ours goes."""
    ours, its = socket.socketpair()
    with ours, subprocess.Popen(shlex.split(command), stdin=its.fileno(), stdout=its.fileno()) as process:
        its.close()
        try:
            yield ours
        finally:
            process.terminate()


def known_hosts() -> tuple[Path, Path]:
    """The files with the keys of machines, of the user and of all users."""
    return Path("~/.ssh/known_hosts").expanduser(), _OF_ALL_USERS


def way_through(config: Mapping[str, Any], host: str, port: int) -> str:
    """The command whose input and output is the connection, where the user's configuration has one; else ""."""
    if command := str(config.get("proxycommand", "")):
        return "" if command == "none" else command
    jump = str(config.get("proxyjump", ""))
    if not jump or jump == "none":
        return ""
    *before, last = jump.split(",")
    by = ["-J", ",".join(before)] if before else []
    user_and_host, _, jump_port = last.partition(":")
    on = ["-p", jump_port] if jump_port else []
    return shlex.join(["ssh", "-o", "BatchMode=yes", *by, *on, "-W", f"{host}:{port}", "--", user_and_host])


def _changed(host: str) -> Exception:
    import paramiko

    text = f"the key of {host} is not the one in {known_hosts()[0]}; if that is right, remove the old one"
    error: Exception = paramiko.SSHException(text)
    return error


def _refusal() -> Any:
    """What is done with a machine that has no key in `known_hosts` of the kind that it shows."""
    import paramiko

    class Refusal(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
        def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:
            for path in known_hosts():
                if path.is_file() and paramiko.HostKeys(str(path)).lookup(hostname):
                    raise _changed(hostname)
            raise paramiko.SSHException(f"the key of {hostname} is not in {known_hosts()[0]}; connect once with ssh and accept it")

    return Refusal()
