"""Boxes and masks over an image, as W&B logs them: classes with names and colours, places in pixels of the image."""

from __future__ import annotations

import math
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from reportgen.blocks.readable import readable
from reportgen.model import number
from reportgen.words import _

_LARGEST = 1024
"""A mask is at most so many pixels wide and high; a larger one has every second, third … of its pixels."""
_BOXES = 500


def overlays(about: Mapping[str, Any], width: int, height: int) -> list[dict[str, Any]]:
    """The overlays of an image, masks first, by name (W&B writes them in no fixed order), each with `kind`, `name`, `classes` (id → name).

    A mask has `width`, `height` and `ids`, the class of each pixel as bytes, deflated, in base64. Boxes are lists of class, left, top,
    right, bottom (in pixels of the image), what is written at it, and its score or None. What cannot be read has `broken`.

    Args:
        about: What the log says of the image.
        width, height: Its size in pixels.
    """
    found = [_mask(name, one) for name, one in _items(about, "masks")]
    return [*found, *(_boxes(name, one, width, height) for name, one in _items(about, "boxes"))]


def _items(about: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Any]]:
    several = about.get(kind)
    if isinstance(several, Mapping):
        yield from ((readable(str(name)), one) for name, one in sorted(several.items(), key=lambda item: str(item[0])))


def _classes(value: Any, ids: Any) -> dict[str, str]:
    """The names of the classes that occur; "class 7" for one without a name."""
    labels = value.get("class_labels")
    labels = labels if isinstance(labels, Mapping) else {}
    return {str(one): readable(str(labels.get(str(one), labels.get(one, _("class {n}").format(n=one))))) for one in ids}


def _mask(name: str, value: Any) -> dict[str, Any]:
    broken = {"kind": "mask", "name": name, "broken": True, "classes": {}}
    path = value.get("path") if isinstance(value, Mapping) else None
    if not isinstance(path, Path):
        return broken
    read = _pixels(path)
    if read is None:
        return broken
    width, height, ids = read
    packed = b64encode(zlib.compress(ids, 9)).decode()
    return {"kind": "mask", "name": name, "width": width, "height": height, "ids": packed, "classes": _classes(value, sorted(set(ids)))}


def _pixels(path: Path) -> tuple[int, int, bytes] | None:
    """Width, height and the class of each pixel of a mask; None when its file is no image."""
    from PIL import Image

    try:
        with Image.open(BytesIO(path.read_bytes())) as image:
            # The value itself is the class: of a palette, the place in it.
            ids = image if image.mode in ("L", "P") else image.convert("L")
            shrink = -(-max(image.size) // _LARGEST)
            if shrink > 1:
                ids = ids.resize((max(1, ids.width // shrink), max(1, ids.height // shrink)), Image.Resampling.NEAREST)
            return ids.width, ids.height, ids.tobytes()
    # Whatever a decoder of hostile files raises, the page says that this one is broken.
    except Exception:
        return None


def _boxes(name: str, value: Any, width: int, height: int) -> dict[str, Any]:
    data = value.get("box_data") if isinstance(value, Mapping) else None
    if not isinstance(data, list):
        return {"kind": "boxes", "name": name, "broken": True, "classes": {}}
    made = [box for one in data if (box := _box(one, width, height)) is not None]
    ids = dict.fromkeys(box[0] for box in made)
    found: dict[str, Any] = {"kind": "boxes", "name": name, "boxes": made[:_BOXES], "classes": _classes(value, ids)}
    if lost := len(data) - len(made[:_BOXES]):
        found["lost"] = lost
    return found


def _box(value: Any, width: int, height: int) -> list[Any] | None:
    """Class, left, top, right, bottom in pixels, words, score."""
    if not isinstance(value, Mapping) or not isinstance(position := value.get("position"), Mapping):
        return None
    across, down = (1.0, 1.0) if value.get("domain") == "pixel" else (float(width), float(height))
    edges = _edges(position)
    if edges is None:
        return None
    left, right, top, bottom = edges
    scores = value.get("scores")
    known = map(number, scores.values()) if isinstance(scores, Mapping) else ()
    score = next((one for one in known if one is not None and math.isfinite(one)), None)
    words = readable(str(value.get("box_caption") or ""))[:200]
    id_ = value.get("class_id")
    places = [round(edge, 3) for edge in (left * across, top * down, right * across, bottom * down)]
    return [str(id_) if isinstance(id_, int) else "", *places, words, score]


def _edges(position: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    """Left, right, top, bottom, from the two edges or from the middle and the size."""
    named = [number(position.get(name)) for name in ("minX", "maxX", "minY", "maxY")]
    if all(one is not None and math.isfinite(one) for one in named):
        left, right, top, bottom = (float(one or 0) for one in named)
        return left, right, top, bottom
    middle, wide, high = position.get("middle"), number(position.get("width")), number(position.get("height"))
    if not isinstance(middle, list) or len(middle) != 2 or wide is None or high is None:
        return None
    x, y = number(middle[0]), number(middle[1])
    if x is None or y is None or not all(map(math.isfinite, (x, y, wide, high))):
        return None
    return x - wide / 2, x + wide / 2, y - high / 2, y + high / 2
