"""A folder as a destination: only what changed is written, and each file appears whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from reportgen.errors import PublishError
from reportgen.publish.common_index import common_index
from reportgen.publish.plan import Changes, Content, below, listed, plan, read
from reportgen.site.swap import MARKER

_NOT_OURS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers leave in any folder."""


def to_folder(site: Mapping[str, Content], out: Path, prefix: str, dry_run: bool) -> tuple[Changes, str]:
    """Brings a site into a folder.

    Args:
        site: Path → content.
        prefix: The folder below `out` that the site goes to, "" for `out` itself.

    Returns:
        The changes, and why no list of reports was written, "" where there is nothing to say.

    Raises:
        PublishError: The folder is not ours, or cannot be written.
    """
    out = out.resolve()
    home = out / prefix
    _check(out, home)
    try:
        there = set(_paths(out if _is_ours(out) else home, out))
        if out.is_dir():
            there |= {path.name for path in out.iterdir() if path.is_file() or path.is_symlink()}
        new = {below(prefix, path): content for path, content in site.items()}
        index = common_index(there, lambda path: (out / path).read_bytes(), prefix, new)
        new |= index.files
        marker = below(prefix, MARKER)
        ours = index.ours | (listed((out / marker).read_bytes(), prefix) if marker in there else set())
        changes = plan(there, ours, new, lambda path: not (out / path).is_symlink() and (out / path).read_bytes() == read(new[path]))
        if changes and not dry_run:
            _write(out, new, changes)
    except OSError as error:
        raise PublishError(f"{out} cannot be written: {error.strerror or error}", hint="give another folder with --to") from None
    return changes, index.why_not


def _check(out: Path, home: Path) -> None:
    for folder in {out, home}:
        if folder.exists() and not folder.is_dir():
            raise PublishError(f"{folder} is a file, and a site is a folder", hint="give another name with --to")
    if not home.resolve().is_relative_to(out):
        raise PublishError(f"{home} leads out of {out}", hint="give another folder with --path")
    if home.is_dir() and not _is_ours(home):
        raise PublishError(
            f"{home} is not empty and holds no site that reportgen published", hint="give another folder, or one below it with --path"
        )


def _is_ours(folder: Path) -> bool:
    """Whether a folder is not there, empty, or one that a publication or a build wrote."""
    return not folder.is_dir() or (folder / MARKER).is_file() or all(path.name in _NOT_OURS for path in folder.iterdir())


def _paths(folder: Path, out: Path) -> Iterator[str]:
    """All files below a folder, relative to `out`; a link to a folder counts as a file, since nothing is written through it."""
    for root, folders, files in os.walk(folder):
        here = Path(root)
        links = [name for name in folders if (here / name).is_symlink()]
        yield from ((here / name).relative_to(out).as_posix() for name in (*files, *links))


def _write(out: Path, new: Mapping[str, Content], changes: Changes) -> None:
    """Writes and removes. The list of files comes first and names both sides: a publication that was killed can be done again."""
    markers = [path for path in new if path.rpartition("/")[2] == MARKER]
    for marker in markers:
        before = (out / marker).read_bytes() if (out / marker).is_file() else b""
        _put(out / marker, before + b"".join(line for line in read(new[marker]).splitlines(True) if line not in before))
    wanted = [path for path in (*changes.added, *changes.changed) if path not in markers]
    for path in sorted(wanted, key=lambda path: path.endswith(".html")):
        _put(out / path, read(new[path]))
    for path in changes.removed:
        (out / path).unlink()
        for parent in (out / path).parents:
            if parent == out:
                break
            with suppress(OSError):
                parent.rmdir()
    for marker in markers:
        _put(out / marker, read(new[marker]))


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".reportgen-{secrets.token_hex(4)}")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
