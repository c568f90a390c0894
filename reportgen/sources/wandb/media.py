"""W&B's media objects: one file, or several in one value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.model import Media, MediaKind
from reportgen.sources.values import json_text
from reportgen.sources.wandb.files import RunFiles

_KINDS: dict[str, MediaKind] = {
    "image-file": "image", "images": "image", "images/separated": "image",
    "audio-file": "audio", "audio": "audio",
    "video-file": "video", "videos": "video",
    "html-file": "html", "html": "html",
    "plotly-file": "plotly", "plotly": "plotly",
    "object3D-file": "object3d", "object3D": "object3d",
    "molecule-file": "molecule", "molecule": "molecule",
}  # fmt: skip
"""The kind for each `_type`; any other that names a file is a "file", and one that does not is "json"."""

_LISTS = ("audio", "videos", "html", "plotly", "objects", "molecules", "images")
"""Where a value of several media keeps its members, for those that do not list `filenames`."""

_CELL_WORDS: dict[str, MediaKind] = {
    "Image": "image", "Audio": "audio", "Video": "video", "Html": "html", "Plotly": "plotly",
    "Object3D": "object3d", "Molecule": "molecule",
}  # fmt: skip
"""What stands in a table's cell where the medium itself is kept in the table's artifact only."""


def media(key: str, step: int, value: Mapping[str, Any], files: RunFiles) -> list[Media]:
    """The media of an object with `_type`, one or several."""
    members = list(_members(value))
    if members:
        return [_one(key, step, member, files) for member in members]
    return [_one(key, step, value, files)]


def missing_cell(key: str, step: int, word: str) -> Media | None:
    """The medium that a cell such as "Image" stands for; its file is not known."""
    kind = _CELL_WORDS.get(word)
    return Media(key, step, kind, about={"in_artifact": True}) if kind else None


def _one(key: str, step: int, value: Mapping[str, Any], files: RunFiles) -> Media:
    named = value.get("path")
    kind = _KINDS.get(str(value.get("_type")), "file" if named else "json")
    if kind == "json":
        return Media(key, step, "json", text=json_text(value))
    about = {name: one for name, one in value.items() if name not in ("_type", "caption", "path") and one is not None}
    for overlay in ("boxes", "masks"):
        if isinstance(about.get(overlay), Mapping):
            about[overlay] = {str(name): _overlay(overlay, one, files) for name, one in about[overlay].items()}
    caption = value.get("caption")
    path = files.find(named)
    if path is None and named:
        about["missing"] = str(named)
    return Media(key, step, kind, path, caption if isinstance(caption, str) else "", about=about)


def _overlay(kind: str, value: Any, files: RunFiles) -> Any:
    """Boxes as their own content (`box_data`, `class_labels`); a mask with its file under `path`, None when missing."""
    if not isinstance(value, Mapping) or "path" not in value:
        return value
    if kind == "boxes":
        return files.json(value["path"])
    return {**value, "path": files.find(value["path"])}


def _members(value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each member of a value of several media, written as a value of one."""
    shared = {name: value[name] for name in ("_type", "width", "height", "format") if name in value}
    captions = _listed(value, "captions")
    if isinstance(names := value.get("filenames"), list):
        boxes, masks = _listed(value, "all_boxes"), _listed(value, "all_masks")
        for i, name in enumerate(names):
            yield {**shared, "path": name, "caption": _at(captions, i), "boxes": _at(boxes, i), "masks": _at(masks, i)}
        return
    for name in _LISTS:
        if isinstance(members := value.get(name), list):
            for i, member in enumerate(members):
                if isinstance(member, Mapping):
                    yield {**shared, "caption": _at(captions, i), **member}
            return


def _listed(value: Mapping[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return found if isinstance(found, list) else []


def _at(values: list[Any], i: int) -> Any:
    return values[i] if i < len(values) else None
