"""A config file of a plain folder."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from reportgen.sources.values import parse_json
from reportgen.sources.yaml import parse_yaml

_MAX_BYTES = 4 * 1024 * 1024


def parse_config(path: Path) -> dict[str, Any]:
    """The mapping in a YAML, JSON or TOML file; which of them it is, the content tells.

    Raises:
        OSError: The file cannot be read.
        ValueError: It holds no mapping.
    """
    if path.stat().st_size > _MAX_BYTES:
        raise ValueError("too large for a config")
    content = path.read_bytes()
    for parse in (_toml, parse_json, parse_yaml) if path.suffix.lower() == ".toml" else (parse_json, parse_yaml, _toml):
        try:
            value = parse(content)
        except ValueError:
            continue
        if isinstance(value, dict):
            return {str(key): one for key, one in value.items()}
    raise ValueError("it holds no mapping in YAML, JSON or TOML")


def _toml(content: bytes) -> dict[str, Any]:
    return tomllib.loads(content.decode("utf-8"))
