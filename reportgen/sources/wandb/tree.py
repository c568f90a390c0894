"""Config and summary of a W&B run: a tree of values that the log updates piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from reportgen.sources.values import parse_json
from reportgen.sources.wandb.items import simple_items
from reportgen.sources.wandb.layout import Layout, Layouts
from reportgen.sources.wandb.schema import message_class

_TEXT = rb"[^\n]{1,127}"
_Tree = dict[str, Any]
"""Values by key. A value that is still JSON text is held as the tuple `(text,)`: most are replaced before anybody asks."""


class ValueTree:
    """A nested mapping that is built from update records. `unreadable` names the keys whose value was not JSON."""

    def __init__(self) -> None:
        self._root: _Tree = {}
        self._names: dict[bytes, str] = {}
        self._from_bytes = message_class("Update").FromString
        self._layouts = Layouts(_TEXT)
        self._waiting: dict[Layout, tuple[bytes, ...]] = {}
        self.unreadable: list[str] = []

    def apply(self, data: bytes) -> None:
        """Carry out the updates and then the removals of a config or summary record, given as its bytes.

        Raises:
            DecodeError, UnicodeDecodeError: They are none.
        """
        if found := self._layouts.match(data):
            # Only the last of the records that update the same keys counts.
            layout, texts = found
            self._waiting.pop(layout, None)
            self._waiting[layout] = texts
            return
        self._settle()
        items, end = simple_items(data)
        for name, value in items:
            if name not in self._names:
                self._names[name] = name.decode()
            self._root[self._names[name]] = (value,)
        if end == len(data):
            self._layouts.learn([name for name, _ in items])
            return
        record = self._from_bytes(data[end:])
        for item in record.update:
            path = item.nested_key
            if len(path) < 2:
                self._root[path[0] if path else item.key] = (item.value_json,)
            else:
                self._branch(path[:-1])[path[-1]] = (item.value_json,)
        for item in record.remove:
            self._remove(list(item.nested_key) or [item.key])
        if record.remove:
            self._layouts = Layouts(_TEXT)  # what comes back goes behind what is there, in the order of its first record

    def values(self) -> dict[str, Any]:
        """The whole tree with its JSON parsed."""
        self._settle()
        for tree, key in list(self._unparsed()):
            tree[key] = self._parse(key, tree[key][0])
        return self._root

    def kept(self) -> Any:
        """The state as JSON can say it, for `restore`: JSON text that nobody asked for as a list of it alone."""
        self._settle()
        return [self.unreadable, _written(self._root)]

    def restore(self, kept: Any) -> None:
        """Goes on from the state of `kept`."""
        self.unreadable, root = kept
        self._root = _read(root)

    def _settle(self) -> None:
        """Carry out what was put off."""
        for layout, texts in self._waiting.items():
            for name, text in zip(layout.names, texts, strict=True):
                self._root[self._names[name]] = (text,)
        self._waiting.clear()

    def _branch(self, path: Any) -> _Tree:
        """The mapping at a path. What stands in its way and is no mapping is replaced."""
        tree = self._root
        for key in path:
            below = self._opened(tree, key)
            if not isinstance(below, dict):
                below = tree[key] = {}
            tree = below
        return tree

    def _remove(self, path: list[str]) -> None:
        tree = self._root
        for key in path[:-1]:
            tree = self._opened(tree, key)
            if not isinstance(tree, dict):
                return
        tree.pop(path[-1], None)

    def _opened(self, tree: _Tree, key: str) -> Any:
        """The value at a key, parsed."""
        value = tree.get(key)
        if isinstance(value, tuple):
            value = tree[key] = self._parse(key, value[0])
        return value

    def _parse(self, key: str, text: str | bytes) -> Any:
        try:
            return parse_json(text)
        except ValueError:
            self.unreadable.append(key)
            return text if isinstance(text, str) else text.decode("utf-8", "replace")

    def _unparsed(self) -> Iterator[tuple[_Tree, str]]:
        """Where JSON text stands. Branches are only as deep as the paths of updates, and JSON text is not looked into."""
        stack = [self._root]
        while stack:
            tree = stack.pop()
            for key, value in tree.items():
                if isinstance(value, tuple):
                    yield tree, key
                elif isinstance(value, dict):
                    stack.append(value)


def _written(tree: Any) -> Any:
    """A tree as pairs of key and what stands there: text (t), a value (v) or a tree (d)."""
    made = []
    for key, value in tree.items():
        if isinstance(value, tuple):
            text = value[0]
            made.append([key, "t", text if isinstance(text, str) else text.decode("utf-8", "replace")])
        elif isinstance(value, dict):
            made.append([key, "d", _written(value)])
        else:
            made.append([key, "v", value])
    return made


def _read(written: Any) -> _Tree:
    read: dict[str, Callable[[Any], Any]] = {"t": lambda text: (text,), "d": _read, "v": lambda value: value}
    return {key: read[kind](value) for key, kind, value in written}
