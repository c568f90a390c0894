"""JSON values as run logs write them, and nested mappings made flat. Shared by the readers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from reportgen.model import Value

NON_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
"""How trackers spell in a JSON string the numbers that JSON does not have."""


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text, in which the bare words NaN, Infinity and -Infinity may stand as numbers.

    Whole numbers of any size stay exact, and half a surrogate pair becomes a question mark, so that every
    text that comes back can be written as UTF-8.

    Raises:
        ValueError: It is not JSON, or it is nested deeper than Python can follow.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    try:
        value = json.loads(text)
        return _without_surrogates(value) if "\\ud" in text or "\\uD" in text else value
    except RecursionError:
        raise ValueError("JSON is nested too deeply") from None


def parse_big_json(text: str | bytes) -> Any:
    """As `parse_json` and faster on long texts; whole numbers beyond 64 bits come back as floats.

    Raises:
        ValueError: As `parse_json`.
    """
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return parse_json(text)


def flatten(mapping: Mapping[Any, Any], prefix: str = "", separator: str = ".") -> Iterator[tuple[str, Any]]:
    """The leaves of a nested mapping in their order, their keys joined with dots or another separator.

    Lists are leaves; empty mappings vanish.

    A mapping with a `_type` is a tracker's own object and comes back whole.
    """
    stack: list[Iterator[tuple[str, Any]]] = [((prefix + str(key), value) for key, value in mapping.items())]
    while stack:
        key, value = next(stack[-1], (None, None))
        if key is None:
            stack.pop()
        elif isinstance(value, Mapping) and "_type" not in value:
            stack.append(iter([(f"{key}{separator}{inner}", one) for inner, one in value.items()]))
        else:
            yield key, value


def plain_leaf(value: Any) -> Value:
    """A leaf as `Run.config` may hold it: a scalar or a list; anything else (a date, a set) as text."""
    if value is None or isinstance(value, str | bool | int | float | list):
        return value
    if isinstance(value, tuple):
        return list(value)
    return json_text(value) if isinstance(value, Mapping) else str(value)


def json_text(value: Any) -> str:
    """A value as JSON text for people and for later readers ("null" when it is nested too deeply to be written)."""
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "null"


def utc(seconds: float | None) -> datetime | None:
    """The moment so many seconds after the epoch, or None for what no calendar has."""
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _without_surrogates(value: Any) -> Any:
    """The value with every text made writable as UTF-8; pairs of surrogates have been joined by the parser already."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_without_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(one) for key, one in value.items()}
    return value
