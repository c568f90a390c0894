"""The `meta.yaml` files of MLflow's file store."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from reportgen.sources.yaml import parse_yaml

_LINE = re.compile(rb"([a-z_]+):(?: (.*))?")
_PLAIN = re.compile(rb"[A-Za-z/][A-Za-z0-9_./-]*(?::/[A-Za-z0-9_./-]*)?")
_INTEGER = re.compile(rb"-?(?:0|[1-9][0-9]*)")
_ID = re.compile(rb"[0-9a-f]{32}")
_OTHERS: dict[bytes, Any] = {b"": None, b"null": None, b"''": "", b"[]": []}
_WORDS = frozenset({b"y", b"n", b"yes", b"no", b"on", b"off", b"true", b"false", b"null"})
_MAX = 1024 * 1024


class Damaged(ValueError):
    """A `meta.yaml` that is cut or no YAML; `found` is what can be read of it."""

    def __init__(self, found: dict[str, Any]) -> None:
        self.found = found
        super().__init__("the file is damaged")


def read_meta(path: Path) -> dict[str, Any]:
    """The mapping of a `meta.yaml`.

    Raises:
        OSError: It cannot be read.
        Damaged: It does not end, or holds no mapping. A line that is cut is not among what was found.
    """
    with path.open("rb") as file:
        content = file.read(_MAX)
    if content.endswith(b"\n") and (simple := _simple(content)) is not None:
        return simple
    whole, newline, _ = content.rpartition(b"\n")
    found = _parsed(whole + newline)
    if found is None or not content.endswith(b"\n"):
        raise Damaged(found or {})
    return found


def _parsed(content: bytes) -> dict[str, Any] | None:
    try:
        value = parse_yaml(content)
    except ValueError:
        return None
    return {str(key): one for key, one in value.items()} if isinstance(value, dict) else None


def _simple(content: bytes) -> dict[str, Any] | None:
    """The same for lines of names and plain values, as nearly all are: reading thousands of runs must not wait for a YAML parser."""
    found: dict[str, Any] = {}
    for line in content.splitlines():
        matched = _LINE.fullmatch(line)
        if matched is None:
            return None
        name, value = matched[1].decode(), matched[2] or b""
        if _INTEGER.fullmatch(value) and len(value) < 19:
            found[name] = int(value)
        elif value in _OTHERS:
            found[name] = _OTHERS[value]
        elif _ID.fullmatch(value) or (_PLAIN.fullmatch(value) and value.lower() not in _WORDS):
            found[name] = value.decode()
        elif re.fullmatch(rb"'[A-Za-z0-9_./ -]*'", value):
            found[name] = value[1:-1].decode()
        else:
            return None
    return found
