"""Copies the files of a place into a folder of this machine: several at once, and only what is new or has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from pathlib import Path
from typing import Any

from reportgen.sources.remote.place import Place, RemoteFile
from reportgen.sources.values import parse_json
from reportgen.store import temporary_in

Copied = Callable[[int, int], None]
"""Is told how many files were copied, of how many."""

_STATE = ".reportgen-remote.json"
_NOTED_EVERY = 5.0
"""Seconds after which what was copied is written down: a copy that is killed goes on from there."""


def copy(place: Place, files: Sequence[RemoteFile], here: Path, copied: Copied | None = None) -> None:
    """Copies what is new or has changed, and removes what is there no more.

    Raises:
        Exception: What the place raises for the first file that cannot be copied. What was copied until then stays and is known.
    """
    here.mkdir(parents=True, exist_ok=True)
    known = _known(here)
    is_here = {file.name: file.state is not None and known.get(file.name) == file.state and (here / file.name).is_file() for file in files}
    done = {file.name: file.state or "" for file in files if is_here[file.name]}
    noted = time.monotonic()
    try:
        with ThreadPoolExecutor(place.threads) as threads:
            copies = {threads.submit(_copy_one, place, here, file): file for file in files if not is_here[file.name]}
            try:
                for one in as_completed(copies):
                    one.result()
                    done[copies[one].name] = copies[one].state or ""
                    if copied:
                        copied(len(done), len(files))
                    if time.monotonic() - noted > _NOTED_EVERY:
                        _remember(here, {**known, **done})
                        noted = time.monotonic()
            except BaseException:
                threads.shutdown(cancel_futures=True)
                ended = [one for one in copies if not one.cancelled() and not one.exception()]
                done |= {copies[one].name: copies[one].state or "" for one in ended}
                raise
    finally:
        # What was known stays known until it is replaced: a copy that broke off goes on from there.
        _remember(here, done if len(done) == len(files) else {**known, **done})
    for name in known.keys() - done.keys():
        # What a damaged note names may lie outside of the copy.
        if (here / name).resolve().is_relative_to(here.resolve()):
            with suppress(OSError):
                (here / name).unlink()


def _copy_one(place: Place, here: Path, file: RemoteFile) -> None:
    target = here / file.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with temporary_in(target.parent) as temporary:
        place.copy(file, temporary)
        if file.changed is not None:
            os.utime(temporary, (file.changed, file.changed))
        temporary.replace(target)


def _known(here: Path) -> dict[str, str]:
    """What was copied before."""
    try:
        content: Any = parse_json((here.parent / _STATE).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in content.items()} if isinstance(content, dict) else {}


def _remember(here: Path, states: dict[str, str]) -> None:
    import orjson

    with temporary_in(here.parent) as temporary:
        temporary.write_bytes(orjson.dumps(states))
        temporary.replace(here.parent / _STATE)
