"""Buckets of S3, Google Cloud Storage and Azure, by obstore. It finds keys where these services' own tools do: in the environment and,
for S3, in the profile of `~/.aws`."""

from __future__ import annotations

import os
from configparser import ConfigParser, Error
from pathlib import Path, PurePosixPath
from typing import Any

from reportgen.sources.remote.place import RemoteFile

SCHEMES = frozenset({"s3", "s3a", "gs", "gcs", "az", "azure", "abfs", "abfss", "adl"})
_RETRIES = {"max_retries": 4}
_KEYS = {
    "aws_access_key_id": "access_key_id",
    "aws_secret_access_key": "secret_access_key",
    "aws_session_token": "session_token",
    "region": "region",
}
"""What a profile holds, and what obstore calls it."""
_SIGNS = {
    "s3": ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS", "AWS_SKIP_SIGNATURE"),
    "gs": ("GOOGLE_SERVICE_ACCOUNT", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_BEARER_TOKEN", "GOOGLE_SKIP_SIGNATURE"),
    "az": ("AZURE_",),
}
"""How the variables begin that say with which key, or that with none."""


class Bucket:
    """The files of a bucket whose names begin with a path."""

    threads = 16

    def __init__(self, address: str) -> None:
        scheme, _, rest = address.partition("://")
        self._kind = {"s3a": "s3", "gcs": "gs"}.get(scheme.lower(), scheme.lower())
        self._bucket, _, path = rest.partition("/")
        self._root = path.strip("/")
        options = _options(self._kind)
        self._store = self._opened(options)
        self._public = None if _has_key(self._kind, options) else self._opened({**options, "skip_signature": True})

    def files(self) -> list[RemoteFile]:
        """All files below the path, or the one that it names: a question for each thousand.

        Without any key it is asked as anybody may, and only then as the machine that this runs on, whose keys its provider knows.
        """
        if self._public is None:
            return self._files()
        signed, self._store = self._store, self._public
        try:
            return self._files()
        except Exception as refused:
            self._store = signed
            try:
                return self._files()
            except Exception:  # That this machine has no keys either is not what is wrong.
                raise refused from None

    def copy(self, file: RemoteFile, target: Path) -> None:
        """Writes the content of a file into one of this machine, piece by piece."""
        import obstore

        with target.open("wb") as out:
            for piece in obstore.get(self._store, file.path):
                out.write(piece)

    def close(self) -> None:
        """Nothing: each request has its own connection."""

    def _opened(self, options: dict[str, Any]) -> Any:
        from obstore.store import from_url

        made: Any = from_url  # Its types know the stores apart, which only the address does.
        return made(f"{self._kind}://{self._bucket}", retry_config=_RETRIES, **options)

    def _files(self) -> list[RemoteFile]:
        import obstore

        listed = [about for several in obstore.list(self._store, prefix=self._root or None, chunk_size=1000) for about in several]
        folders = {str(parent) for about in listed for parent in PurePosixPath(about["path"]).parents}
        # What has others below it is a folder, which the services' own pages make as an empty object.
        found = [_file(about, self._root) for about in listed if about["size"] or about["path"] not in folders | {self._root}]
        if not listed and self._root:
            # A store lists what is below a path; the path itself may be the file.
            about = obstore.head(self._store, self._root)
            found = [_file(about, str(PurePosixPath(self._root).parent))]
        return sorted(found, key=lambda one: one.path)


def _file(about: Any, folder: str) -> RemoteFile:
    changed = about["last_modified"].timestamp()
    name = about["path"].removeprefix("" if folder == "." else folder).strip("/")
    return RemoteFile(name, about["path"], about["size"], f"{about['size']}:{about['e_tag'] or changed}", changed)


def _options(kind: str) -> dict[str, Any]:
    """What obstore does not look for itself: a profile of `~/.aws`, and that a server on plain http may be asked."""
    options: dict[str, Any] = {}
    if kind == "gs":
        endpoint = os.environ.get("GOOGLE_BASE_URL", "")
    elif kind == "s3":
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL") or os.environ.get("AWS_ENDPOINT", "")
        options = _aws() | ({"endpoint": endpoint} if endpoint else {})
    else:
        endpoint = os.environ.get("AZURE_STORAGE_ENDPOINT") or os.environ.get("AZURE_ENDPOINT", "")
    if endpoint.startswith("http://"):
        options["client_options"] = {"allow_http": True}
    return options


def _has_key(kind: str, options: dict[str, Any]) -> bool:
    """Whether the environment, a profile or a login says with which key to ask, or to ask with none."""
    if "access_key_id" in options:
        return True
    if kind == "gs" and Path("~/.config/gcloud/application_default_credentials.json").expanduser().is_file():
        return True
    return any(name.upper().startswith(_SIGNS.get(kind, _SIGNS["az"])) for name in os.environ)


def _aws() -> dict[str, Any]:
    options: dict[str, Any] = {} if "AWS_ACCESS_KEY_ID" in os.environ else dict(_profile(os.environ.get("AWS_PROFILE", "default")))
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return {**options, "region": region} if region else options


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
