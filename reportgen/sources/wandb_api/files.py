"""The files of a run on a server: all are listed, those that a report shows or that tell of the run are fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any
from urllib.parse import urljoin

from reportgen.sources.wandb_api.client import Client
from reportgen.sources.wandb_api.queries import FILES
from reportgen.sources.wandb_api.record import Record, text_of, whole

_MOST_BYTES, _MOST_FILES, _MOST_LISTED = 16 * 1024 * 1024, 200, 10_000
_PAGE = 100
_TOLD = ("wandb-metadata.json", "output.log")
"""Files that tell of the run itself."""


def add_files(client: Client, record: Record, before: list[dict[str, Any]]) -> bool:
    """List the files of a run and fetch those that are shown: of up to 16 MB, 200 of a run. `before` is what was listed the last time.

    Addresses are forgotten: those of W&B's storage open a file to anybody. Returns whether there is nothing to try again.

    Raises:
        SourceError: The server does not come back, or refuses.
    """
    root = record.folder / "files"
    digests = {one.get("name"): one.get("md5") for one in before}
    fetched, left, lost = 0, 0, 0
    large: list[str] = []
    for one in _listed(client, record):
        name, size = text_of(one.get("name")), whole(one.get("sizeBytes"))
        record.files.append({"name": name, "sizeBytes": size, "md5": one.get("md5")})
        if not (name.startswith("media/") or name in _TOLD) or not is_inside(name):
            continue
        if fetched >= _MOST_FILES and name not in _TOLD:
            left += 1
            continue
        fetched += 1
        target = root / name
        if _is_here(target, size) and digests.get(name, one.get("md5")) == one.get("md5"):
            continue
        if (size or 0) > _MOST_BYTES:
            large.append(name)
        elif not _fetched(client, one, target):
            lost += 1
    if lost:
        record.lost.append(f"{_counted(lost)} of the run could not be fetched.")
    if large:
        record.lost.append(f"{_counted(len(large))} of more than 16 MB {_are(len(large))} not fetched: {large[0]}.")
    if left:
        record.lost.append(f"The run has more than {_MOST_FILES} files of media; {_counted(left)} {_are(left)} not fetched.")
    return lost == 0


def is_inside(name: str) -> bool:
    """Whether a file's name, which comes from the server, stays inside the folder that it is put into."""
    path = PurePosixPath(name)
    strange = "\\" in name or "\0" in name or path.is_absolute() or PureWindowsPath(name).drive != ""
    return not strange and ".." not in path.parts and all(len(part.encode()) < 200 for part in path.parts) and len(name) < 1000


def _listed(client: Client, record: Record) -> Iterator[dict[str, Any]]:
    pages = client.pages(FILES, record.place.variables(record.id), ("project", "run", "files"), _PAGE)
    for count, one in enumerate(pages):
        if count >= _MOST_LISTED:
            record.lost.append(f"The run has more than {_MOST_LISTED:,} files; the others are not listed.")
            return
        if one.get("name"):
            yield one


def _fetched(client: Client, one: dict[str, Any], target: Path) -> bool:
    """Fetch a file, from where it is stored, else through the server."""
    addresses = [urljoin(f"{client.address}/", text_of(one.get(name))) for name in ("directUrl", "url") if text_of(one.get(name))]
    try:
        return any(client.download(address, target, _MOST_BYTES) for address in addresses)
    except OSError:
        return False


def _is_here(path: Path, size: int | None) -> bool:
    try:
        return path.is_file() and path.stat().st_size == size
    except (OSError, ValueError):
        return False


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _counted(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"
