"""Writing a folder so that its readers see the old one whole or the new one whole, whenever the writer dies.

The new site is written to a hidden sibling (`.site.reportgen-…`) and changes place with the old one in one system call
(Linux: `renameat2` with RENAME_EXCHANGE; macOS: `renamex_np` with RENAME_SWAP). Where neither the system nor the file
system offers that, two renames do it, and the next build mends what a kill between the two leaves behind.

A writer holds a lock (`flock`) on the folder it writes; the system lets go of it when the writer dies. So a later build
knows which siblings are left over, and needs no lock file.

`.reportgen` in the site lists every file with its SHA-256, in the form that `sha256sum -c` checks. It says that the
folder is ours: one without it, or with files that it does not list, is never overwritten.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import os
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from reportgen.errors import SiteError

MARKER = ".reportgen"
_HEAD = "# Written by reportgen; the next build replaces everything in this folder. Check it with: sha256sum -c .reportgen\n"
_NOT_OURS = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What file managers leave in any folder."""


class Swap:
    """A folder that is being written and will take the place of `out`."""

    def __init__(self, out: Path, folder: Path) -> None:
        self.out = out
        self.folder = folder
        self._hashes: dict[str, str] = {}

    def write(self, path: str, content: bytes) -> None:
        """Writes a file of the new site (`path` is relative, with slashes)."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        self._hashes[path] = hashlib.sha256(content).hexdigest()

    def commit(self) -> None:
        """Puts the new site in the place of the old one and deletes the old one.

        Raises:
            SiteError: In the meantime somebody has put other files there, or the system does not allow it.
        """
        lines = [f"{self._hashes[path]}  {path}\n" for path in sorted(self._hashes)]
        (self.folder / MARKER).write_text(_HEAD + "".join(lines), encoding="utf-8")
        try:
            with _locked(self.out.parent):
                check(self.out)
                _put(self.folder, self.out)
        except OSError as error:
            raise SiteError(f"{self.out} cannot be written: {error.strerror or error}") from None
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def swap(out: Path) -> Iterator[Swap]:
    """A new folder to write the site into; it replaces `out` only when `commit` is called.

    Raises:
        SiteError: `out` is not ours to overwrite or cannot be written.
    """
    out = out.resolve()
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _locked(out.parent):
            _mend(out)
        check(out)
        _remove_leftovers(out)
        folder, lock = _new_sibling(out)
    except OSError as error:
        raise SiteError(f"{out} cannot be written: {error.strerror or error}", hint="give another folder with -o") from None
    try:
        yield Swap(out, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def check(out: Path, keep: Iterable[Path] = ()) -> None:
    """Makes sure that a folder may be overwritten: it is not there, empty, or a site without other files.

    Args:
        keep: Files that must not be in it, because the site is made from them.

    Raises:
        SiteError: It may not.
    """
    out = out.resolve()
    for path in keep:
        if path.resolve().is_relative_to(out):
            raise SiteError(f"{out} holds {path.name}, which the site is made from", hint="give another folder with -o")
    if not out.exists():
        return
    if not out.is_dir():
        raise SiteError(f"{out} is a file, and a site is a folder", hint="give another name with -o")
    there = {str(path.relative_to(out)) for path in _files(out)}
    if not there:
        return
    if MARKER not in there:
        raise SiteError(f"{out} is not empty and was not made by reportgen", hint="give another folder with -o, or move it away")
    listed = {line[66:].rstrip("\n") for line in (out / MARKER).read_text(encoding="utf-8").splitlines() if line[64:66] == "  "}
    if strange := sorted(there - listed - {MARKER}):
        what = strange[0] if len(strange) == 1 else f"{strange[0]} and {len(strange) - 1} more"
        raise SiteError(f"{out} holds files that reportgen did not write: {what}", hint="move them away; a build would delete them")


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.name not in _NOT_OURS and (path.is_symlink() or not path.is_dir()):
            yield path


def _prefix(out: Path) -> str:
    return f".{out.name}.reportgen-"


def _old_name(out: Path) -> Path:
    """Where the old site stands between the two renames."""
    return out.with_name(f"{_prefix(out)}old")


def _new_sibling(out: Path) -> tuple[Path, int]:
    while True:
        folder = out.with_name(f"{_prefix(out)}{secrets.token_hex(4)}")
        folder.mkdir()
        lock = _try_lock(folder)
        if lock is not None:
            return folder, lock


def _remove_leftovers(out: Path) -> None:
    """Deletes what builds that were killed have left, and nothing that a running build writes."""
    for folder in out.parent.glob(f"{_prefix(out).replace('[', '[[]')}*"):
        if folder == _old_name(out) and not out.exists():
            continue
        lock = _try_lock(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _try_lock(folder: Path) -> int | None:
    """Locks a folder without waiting: None when somebody else has it, or has taken it away."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(handle), folder.stat()):
            return handle
    except OSError:
        pass
    os.close(handle)
    return None


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Waits for the lock of the folder in which sites change place. File systems without locks do without."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _put(new: Path, out: Path) -> None:
    """Moves `new` to `out`; what was at `out` is afterwards at `new`, or gone."""
    if not out.exists():
        new.rename(out)
        return
    if _exchange(new, out):
        return
    old = _old_name(out)
    out.rename(old)
    new.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def _mend(out: Path) -> None:
    """After a kill between the two renames: puts the old site back."""
    old = _old_name(out)
    if old.exists() and not out.exists():
        old.rename(out)


def _exchange(one: Path, other: Path) -> bool:
    """Lets two folders change place at once; False where that cannot be done."""
    libc = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "darwin":
        call, flags = getattr(libc, "renamex_np", None), (ctypes.c_uint(2),)
        paths: tuple[object, ...] = (os.fsencode(one), os.fsencode(other))
    else:
        here = ctypes.c_int(-100)  # AT_FDCWD
        call, flags = getattr(libc, "renameat2", None), (ctypes.c_uint(2),)
        paths = (here, os.fsencode(one), here, os.fsencode(other))
    if call is None:
        return False
    if call(*paths, *flags) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM):
        return False
    raise OSError(code, os.strerror(code))
