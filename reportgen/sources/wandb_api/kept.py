"""What was fetched from a server, kept in the cache folder as JSON: one file is written at once or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from reportgen.store import temporary_in

VERSION = 1


def kept(path: Path) -> dict[str, Any]:
    """The content of a file, {} when there is none, or it is damaged or from another version."""
    try:
        content = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return content if isinstance(content, dict) and content.get("version") == VERSION else {}


def keep(path: Path, content: dict[str, Any]) -> None:
    """Write a file. What cannot be kept will be fetched again."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary_in(path.parent) as temporary:
            temporary.write_bytes(orjson.dumps({"version": VERSION, **content}))
            temporary.replace(path)


def texts(value: Any) -> list[str]:
    """The texts of a list."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def mappings(value: Any) -> list[dict[str, Any]]:
    """The mappings of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
