"""What Vega-Lite remarks on specifications: properties that do not fit each other, which it drops while it draws."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from threading import Lock
from typing import Any

_MARK = "<end of the specification>"
_PREFIX = "WARN "
_PROGRAM = f"""
import sys, vl_convert
for spec in sys.stdin:
    try:
        vl_convert.vegalite_to_vega(spec, show_warnings=True)
    except ValueError:
        pass
    print({_MARK!r}, file=sys.stderr, flush=True)
"""


def remarks(specs: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """The remarks on each specification; none on one that cannot be drawn at all."""
    return [_read(json.dumps(spec, sort_keys=True)) for spec in specs]


class _Listener:
    """A process that hears what vl-convert says.

    vl-convert prints remarks on the error stream of the process and gives none back: so they are read from that of a process
    of their own. It takes half a second to start and milliseconds for a specification, and lives as long as this process.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()

    def hear(self, spec: str) -> tuple[str, ...]:
        """The remarks on one specification, a line of JSON; each once."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._process = self._started()
            assert self._process.stdin is not None
            assert self._process.stderr is not None
            said: dict[str, None] = {}
            try:
                self._process.stdin.write(f"{spec}\n")
                self._process.stdin.flush()
            except BrokenPipeError:
                return ()
            for line in iter(self._process.stderr.readline, ""):
                if line.rstrip("\n") == _MARK:
                    break
                if line.startswith(_PREFIX):
                    said[line.removeprefix(_PREFIX).rstrip("\n")] = None
            return tuple(said)

    def _started(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            encoding="utf-8", errors="replace",
        )  # fmt: skip
        atexit.register(_end, process)
        return process


def _end(process: subprocess.Popen[str]) -> None:
    """The process ends with its input."""
    process.communicate()


_LISTENER = _Listener()


@lru_cache(maxsize=64)
def _read(spec: str) -> tuple[str, ...]:
    return _LISTENER.hear(spec)
