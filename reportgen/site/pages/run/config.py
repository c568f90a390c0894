"""A flat config as a tree: keys with a common beginning stand in a group that can be folded."""

from __future__ import annotations

from collections.abc import Mapping

from reportgen.blocks.readable import readable
from reportgen.site.contexts import Fact
from reportgen.site.pages.facts import value_html
from reportgen.site.run_contexts import ConfigGroup

_DEEPEST = 6


def config_tree(values: Mapping[str, object]) -> ConfigGroup:
    """The keys of a config by their parts between dots, in the order in which they were logged.

    A group of one key is none: `a.b.c` alone stands as such.
    """
    return _group("", "", list(values.items()), 0)


def _group(name: str, path: str, items: list[tuple[str, object]], depth: int) -> ConfigGroup:
    """The group of keys that begin with a path ("" or "optimizer.")."""
    branches: dict[str, list[tuple[str, object]]] = {}
    for key, value in items:
        head, dot, _rest = key[len(path) :].partition(".")
        branches.setdefault(head + dot, []).append((key, value))
    facts: list[Fact | ConfigGroup] = []
    for head, several in branches.items():
        if head.endswith(".") and len(head) > 1 and len(several) > 1 and depth < _DEEPEST:
            facts.append(_group(readable(head[:-1]), path + head, several, depth + 1))
        else:
            facts += [Fact(readable(key[len(path) :]), value_html(value), readable(key)) for key, value in several]
    return ConfigGroup(name, tuple(facts), len(items))
