"""A zip archive as a destination: the same site gives the same bytes."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

from reportgen.errors import PublishError
from reportgen.publish.plan import Changes, Content, below, read
from reportgen.site.swap import MARKER

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that the format knows: when a site was packed says nothing about it."""
_STORED = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".woff2", ".mp4", ".mp3", ".webm", ".ogg", ".gz", ".zip"})


def to_archive(site: Mapping[str, Content], out: Path, prefix: str, dry_run: bool) -> Changes:
    """Writes a site as a zip archive.

    Raises:
        PublishError: There is an archive that holds no site, or it cannot be written.
    """
    new = {below(prefix, path): content for path, content in site.items()}
    old = _read(out)
    same = {path for path, content in new.items() if path in old and old[path] == read(content)}
    changes = Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(path for path in new.keys() & old.keys() if path not in same)),
        removed=tuple(sorted(old.keys() - new.keys())),
        unchanged=len(same),
    )
    if changes and not dry_run:
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            beside = out.with_name(f".{out.name}.reportgen-{os.getpid()}")
            try:
                beside.write_bytes(_packed(new))
                os.replace(beside, out)
            finally:
                beside.unlink(missing_ok=True)
        except OSError as error:
            raise PublishError(f"{out} cannot be written: {error.strerror or error}", hint="give another name with --to") from None
    return changes


def _read(out: Path) -> dict[str, bytes]:
    if not out.exists():
        return {}
    try:
        with zipfile.ZipFile(out) as archive:
            found = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError):
        found = {}
    if not any(name == MARKER or name.endswith(f"/{MARKER}") for name in found):
        raise PublishError(f"{out} is there and holds no site of reportgen", hint="give another name with --to")
    return found


def _packed(files: Mapping[str, Content]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, _TIME)
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3  # Unix, on all systems
            entry.compress_type = zipfile.ZIP_STORED if Path(path).suffix in _STORED else zipfile.ZIP_DEFLATED
            archive.writestr(entry, read(files[path]))
    return packed.getvalue()
