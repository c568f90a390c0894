"""YAML as training configs use it, safe to read from a stranger."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

_MAX_VALUES = 200_000
_MAX_DEPTH = 100


class _ConfigLoader(yaml.SafeLoader):
    """`SafeLoader` with two things that configs need: `1e-5` is a number (as in YAML 1.2), and an unknown tag is passed over."""


_ConfigLoader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9][0-9_]*(?:\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
)


def _untagged(loader: _ConfigLoader, tag: str, node: yaml.Node) -> Any:
    """What stands behind a tag of somebody's own (`!!python/object:…`), as if the tag were not there."""
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)  # type: ignore[arg-type]


_ConfigLoader.add_multi_constructor("", _untagged)


def parse_yaml(text: bytes) -> Any:
    """The value of a YAML text.

    Raises:
        ValueError: It is not YAML, or its aliases make it endless or larger than any config is.
    """
    if _brackets(text) > _MAX_DEPTH:
        raise ValueError(f"brackets are nested more than {_MAX_DEPTH} deep")
    try:
        value = yaml.load(text, _ConfigLoader)
    except (yaml.YAMLError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"not YAML: {str(error).splitlines()[0]}") from None
    count, waiting = 0, [value]
    while waiting:
        one = waiting.pop()
        count += 1
        if count > _MAX_VALUES:
            raise ValueError(f"more than {_MAX_VALUES:,} values, or aliases without end")
        if isinstance(one, Mapping):
            waiting.extend(one.values())
        elif isinstance(one, list | tuple | set):
            waiting.extend(one)
    return value


def _brackets(text: bytes) -> int:
    """How deep brackets are nested at most: for thousands of them PyYAML takes minutes before it gives up."""
    depth = deepest = 0
    for bracket in re.findall(rb"[\[\]{}]", text):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
