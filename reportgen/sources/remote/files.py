"""Files behind any other address that fsspec knows: web servers, machines with SSH, and more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.sources.remote.place import RemoteFile

_TAGS = ("ETag", "etag", "Content-MD5", "md5Hash", "checksum")
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "modified")
SSH = frozenset({"sftp", "ssh"})


class Files:
    """The files below an address."""

    threads = 1

    def __init__(self, address: str) -> None:
        from fsspec.core import url_to_fs

        self._system: Any
        self._root: str
        is_ssh = address.partition("://")[0].lower() in SSH
        self._system, self._root = _ssh(address) if is_ssh else url_to_fs(address)

    def files(self) -> list[RemoteFile]:
        """All files below the address, or the one that it names."""
        found: dict[str, dict[str, Any]] = self._system.find(self._root, detail=True)
        return [self._file(path, about) for path, about in sorted(found.items())]

    def copy(self, file: RemoteFile, target: Path) -> None:
        """Writes the content of a file into one of this machine."""
        self._system.get_file(file.path, str(target))

    def close(self) -> None:
        """Ends the connection to a machine with SSH."""
        if hasattr(self._system, "client"):
            self._system.client.close()

    def _file(self, path: str, about: dict[str, Any]) -> RemoteFile:
        name = path[len(self._root) :].strip("/") or PurePosixPath(path).name
        if about.get("size") is None:  # A web server's list of files has only names.
            about = self._system.info(path)
        size, changed = int(about.get("size") or 0), _moment(about)
        told = next((about[tag] for tag in _TAGS if about.get(tag)), changed)
        return RemoteFile(name, path, size, None if told is None else f"{size}:{told}", changed)


def _ssh(address: str) -> tuple[Any, str]:
    """A connection to a machine with SSH, and the path there: as `~/.ssh/config` says, and only if its key is in `known_hosts`.

    Whoever is asked for runs must be who the user thinks: a key that is unknown or has changed is an error, not a question.
    """
    import paramiko
    from fsspec.implementations.sftp import SFTPFileSystem
    from fsspec.utils import infer_storage_options

    asked = infer_storage_options(address)
    config = Path("~/.ssh/config").expanduser()
    known: dict[str, Any] = dict(paramiko.SSHConfig.from_path(str(config)).lookup(asked["host"])) if config.is_file() else {}
    options = {name: value for name, value in asked.items() if name in ("port", "username", "password") and value}
    if "port" not in options and "port" in known:
        options["port"] = int(known["port"])
    if "username" not in options and "user" in known:
        options["username"] = known["user"]
    if "identityfile" in known:
        options["key_filename"] = known["identityfile"]
    host = known.get("hostname", asked["host"])
    return SFTPFileSystem(host=host, host_key_policy=_known_hosts(), skip_instance_cache=True, timeout=30, **options), asked["path"]


def _known_hosts() -> Any:
    """Accepts no key but those in `~/.ssh/known_hosts`."""
    import paramiko

    class KnownHosts(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
        def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:
            known, path = paramiko.HostKeys(), Path("~/.ssh/known_hosts").expanduser()
            if path.is_file():
                known.load(str(path))
            if known.check(hostname, key):
                return
            if (known.lookup(hostname) or {}).get(key.get_name()):
                raise paramiko.SSHException(f"the key of {hostname} is not the one in {path}; if that is right, remove the old one")
            raise paramiko.SSHException(f"the key of {hostname} is not in {path}; connect once with ssh and accept it")

    return KnownHosts()


def _moment(about: dict[str, Any]) -> float | None:
    """When a file was changed, epoch seconds, by whatever name the file system has for it."""
    for value in _candidates(about):
        if isinstance(value, datetime):
            return value.timestamp()
        if isinstance(value, int | float) and value > 0:
            return float(value)
    return None


def _candidates(about: dict[str, Any]) -> Iterator[Any]:
    yield from (about.get(name) for name in _TIMES)
