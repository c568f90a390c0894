"""Buckets of S3, Google Cloud Storage and Azure, by obstore. It finds keys where these services' own tools do: in the environment and,
for S3, in the profile of `~/.aws`."""

from __future__ import annotations

import os
from configparser import ConfigParser, Error
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.sources.remote.place import RemoteFile

_RETRIES = {"max_retries": 4}
SCHEMES = frozenset({"s3", "s3a", "gs", "gcs", "az", "azure", "abfs", "abfss", "adl"})
_KEYS = {
    "aws_access_key_id": "access_key_id",
    "aws_secret_access_key": "secret_access_key",
    "aws_session_token": "session_token",
    "region": "region",
}
"""What a profile holds, and what obstore calls it."""


class Bucket:
    """The files of a bucket whose names begin with a path."""

    threads = 16

    def __init__(self, address: str) -> None:
        from obstore.store import from_url

        scheme, _, rest = address.partition("://")
        scheme = {"gcs": "gs"}.get(scheme.lower(), scheme.lower())
        options: Any = _aws() if scheme in ("s3", "s3a") else {}
        self._root = rest.partition("/")[2].strip("/")
        made: Any = from_url  # Its types know the stores apart, which only the address does.
        self._store = made(f"{scheme}://{rest.partition('/')[0]}", retry_config=_RETRIES, **options)

    def files(self) -> list[RemoteFile]:
        """All files below the path, or the one that it names: a question for each thousand."""
        import obstore

        found = []
        for several in obstore.list(self._store, prefix=self._root or None, chunk_size=1000):
            found += [_file(about, about["path"].removeprefix(self._root).strip("/")) for about in several]
        if not found and self._root:
            # A store lists what is below a path; the path itself may be the file.
            found = [_file(obstore.head(self._store, self._root), PurePosixPath(self._root).name)]
        return sorted(found, key=lambda one: one.path)

    def copy(self, file: RemoteFile, target: Path) -> None:
        """Writes the content of a file into one of this machine, piece by piece."""
        import obstore

        with target.open("wb") as out:
            for piece in obstore.get(self._store, file.path):
                out.write(piece)

    def close(self) -> None:
        """Nothing: each request has its own connection."""


def _file(about: Any, name: str) -> RemoteFile:
    changed = about["last_modified"].timestamp()
    return RemoteFile(name, about["path"], about["size"], f"{about['size']}:{about['e_tag'] or changed}", changed)


def _aws() -> dict[str, Any]:
    """What obstore does not look for itself: a profile of `~/.aws`, and that a server on plain http may be asked."""
    options: dict[str, Any] = {}
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT", "")
    if endpoint:
        options |= {"endpoint": endpoint, "client_options": {"allow_http": endpoint.startswith("http://")}}
    if "AWS_ACCESS_KEY_ID" not in os.environ:
        options |= _profile(os.environ.get("AWS_PROFILE", "default"))
    if "region" not in options and (region := os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")):
        options["region"] = region
    return options


def _profile(name: str) -> dict[str, str]:
    """Keys and region of a profile."""
    home = Path.home() / ".aws"
    found: dict[str, str] = {}
    keys = os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or home / "credentials"
    config = os.environ.get("AWS_CONFIG_FILE") or home / "config"
    for path, section in ((keys, name), (config, name if name == "default" else f"profile {name}")):
        parser = ConfigParser(interpolation=None)
        try:
            parser.read(path, encoding="utf-8")
        except (Error, OSError, UnicodeDecodeError):
            continue
        if parser.has_section(section):
            found |= {ours: value for theirs, ours in _KEYS.items() if (value := parser.get(section, theirs, fallback=""))}
    return found
