"""The names of the classes of boxes and masks, which W&B keeps in its own part of the config."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from reportgen.model import Media
from reportgen.sources.values import parse_json
from reportgen.sources.wandb.schema import message_class

_BETWEEN = "_wandb_delimeter_"
_KINDS = {"mask/class_labels": "masks", "bounding_box/class_labels": "boxes"}
Labels = Mapping[str, str]


class ClassLabels:
    """Collects the names from config records; later ones complete the earlier."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str], Labels] = {}

    def add(self, data: bytes) -> None:
        """Take in a config record, given as its bytes.

        Raises:
            DecodeError: It is none.
        """
        if b"class_labels" not in data:
            return
        for item in message_class("Update").FromString(data).update:
            path = list(item.nested_key) or [item.key]
            if path[0] == "_wandb":
                self._take(_nested(path[1:], item.value_json))

    def _take(self, own: Any) -> None:
        for name, kind in _KINDS.items():
            several = own.get(name) if isinstance(own, Mapping) else None
            for key, one in several.items() if isinstance(several, Mapping) else ():
                labels = one.get("value") if isinstance(one, Mapping) else None
                logged, between, overlay = str(key).partition(_BETWEEN)
                if between and isinstance(labels, Mapping):
                    self._found[kind, logged, overlay] = {str(id_): str(label) for id_, label in labels.items()}

    def named(self, several: Iterable[Media]) -> Iterator[Media]:
        """The media with the names of classes at the masks and boxes that have none."""
        for one in several:
            overlays = {kind: one.about[kind] for kind in _KINDS.values() if isinstance(one.about.get(kind), Mapping)}
            if self._found and overlays:
                about = {
                    kind: {name: self._labelled(kind, one.key, name, value) for name, value in found.items()}
                    for kind, found in overlays.items()
                }
                yield replace(one, about={**one.about, **about})
            else:
                yield one

    def _labelled(self, kind: str, key: str, name: str, value: Any) -> Any:
        labels = self._found.get((kind, key, name))
        if labels is None or not isinstance(value, Mapping) or value.get("class_labels"):
            return value
        return {**value, "class_labels": labels}


def _nested(path: list[str], text: str) -> Any:
    """The value at a path of keys, as a tree."""
    try:
        value = parse_json(text)
    except ValueError:
        return None
    for name in reversed(path):
        value = {name: value}
    return value
