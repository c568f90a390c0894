"""JSON files beside each other, of which any may be missing or damaged."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reportgen.model import ConsoleLine, LogWarning, Value
from reportgen.sources.values import flatten, parse_big_json, plain_leaf

_HEAD = 64 * 1024
_MAX_TEXT = 16 * 1024 * 1024


def object_in(path: Path, warnings: list[LogWarning]) -> dict[str, Any]:
    """The JSON object of a file; empty where there is none, with a warning where it cannot be read."""
    try:
        value = parse_big_json(path.read_bytes())
        if isinstance(value, dict):
            return value
        told = "it is no JSON object"
    except FileNotFoundError:
        return {}
    except OSError as error:
        told = str(error.strerror or error)
    except ValueError:
        told = "it is damaged"
    warnings.append(LogWarning(f"{path.name} could not be read: {told}.", path))
    return {}


def names(path: Path, *words: bytes) -> bool:
    """Whether a file is there and its beginning holds one of these words."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return False
    return any(word in head for word in words)


def flat(mapping: Mapping[str, Any]) -> dict[str, Value]:
    """Nested values by their names joined with dots."""
    return {key: plain_leaf(value) for key, value in flatten(mapping)}


def console_in(path: Path, stream: str = "stdout") -> tuple[ConsoleLine, ...]:
    """The lines of a text file, none where there is none; of a very long one the first 16 MB."""
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_TEXT).decode("utf-8", "replace")
    except OSError:
        return ()
    return tuple(ConsoleLine(line, stream) for line in text.splitlines())


def text_of(value: Any) -> str:
    """A value that should be text, "" where it is none."""
    return value if isinstance(value, str) else ""
