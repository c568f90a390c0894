"""What Vega-Lite remarks on specifications: properties that do not fit each other, which it drops while it draws."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

_MARK = "<next specification>"
_PREFIX = "WARN "
_PROGRAM = f"""
import json, sys, vl_convert
for spec in json.load(sys.stdin):
    print({_MARK!r}, file=sys.stderr, flush=True)
    try:
        vl_convert.vegalite_to_vega(spec, show_warnings=True)
    except ValueError:
        pass
"""


def remarks(specs: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """The remarks on each specification; none on one that cannot be drawn at all.

    vl-convert prints remarks on the error stream of the process and gives none back: so they are read from that of a
    process of their own, one for all specifications.
    """
    return list(_read(json.dumps(list(specs), sort_keys=True)))


@lru_cache(maxsize=64)
def _read(specs: str) -> tuple[tuple[str, ...], ...]:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], input=specs, capture_output=True, text=True, encoding="utf-8", check=False)
    found: list[dict[str, None]] = []
    for line in done.stderr.splitlines():
        if line == _MARK:
            found.append({})
        elif line.startswith(_PREFIX) and found:
            found[-1][line.removeprefix(_PREFIX)] = None
    return tuple(tuple(one) for one in found)
