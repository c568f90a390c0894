"""Single values of summaries that are no numbers: histograms, images, audio, texts and curves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import reportgen.sources.tensorboard.tensors as tensors
from reportgen.model import Histogram, Media, MediaKind, Table

_PR_ROWS = ("true positives", "false positives", "true negatives", "false negatives", "precision", "recall")
_MAGIC = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif", b"BM": "bmp", b"RIFF": "wav"}


@dataclass(frozen=True)
class Where:
    """Where and when a value was logged: its key, step and time, and the bytes of its record with their place in a file."""

    key: str
    step: int
    time: float
    path: Path
    offset: int
    payload: bytes

    def media(self, kind: MediaKind, content: bytes, caption: str, **about: Any) -> Media:
        """A medium whose bytes stay in the log."""
        ending = next((ending for magic, ending in _MAGIC.items() if content.startswith(magic)), "")
        facts = {name: one for name, one in (*about.items(), ("format", ending)) if one}
        span = (self.offset + self.payload.find(content), len(content))
        return Media(self.key, self.step, kind, self.path, caption, about=facts, span=span)


def histogram(where: Where, proto: Any) -> Histogram | None:
    """The histogram of an old summary: right ends and counts of its buckets; None when it does not add up or is empty.

    As TensorBoard does, empty buckets at both ends are left out, and the smallest and largest value are the outer edges.
    """
    counts, limits = np.array(proto.bucket, np.float64), np.array(proto.bucket_limit, np.float64)
    if len(counts) != len(limits) or not (filled := np.flatnonzero(counts > 0)).size:
        return None
    first, last = int(filled[0]), int(filled[-1])
    inner = limits[first:last]
    edges = np.concatenate([[proto.min], inner, [proto.max]])
    if len(inner):
        # Some writers round the ends of their buckets: a value may lie a little beyond the first or the last inner edge.
        edges[0], edges[-1] = min(edges[0], inner[0]), max(edges[-1], inner[-1])
    return _histogram(where, edges, counts[first : last + 1])


def tensor_histogram(where: Where, tensor: Any) -> Histogram | None:
    """The histogram of a tensor of rows (left edge, right edge, count); None when it does not add up or is empty.

    Between buckets that do not touch an empty one is put.
    """
    rows = tensors.numbers(tensor)
    if rows is None or rows.ndim != 2 or rows.shape[1] != 3 or not len(rows):
        return None
    left, right, counts = rows.T
    gaps = np.flatnonzero(left[1:] > right[:-1]) + 1
    if (left[1:] < right[:-1]).any():
        return None
    edges = np.concatenate([np.insert(left, gaps, right[gaps - 1]), right[-1:]])
    return _histogram(where, edges, np.insert(counts, gaps, 0.0))


def _histogram(where: Where, edges: NDArray[np.float64], counts: NDArray[np.float64]) -> Histogram | None:
    if not np.isfinite(edges).all() or not np.isfinite(counts).all() or (np.diff(edges) < 0).any():
        return None
    return Histogram(where.key, where.step, where.time, edges, counts)


def image(where: Where, proto: Any, caption: str) -> Media:
    """The image of an old summary."""
    return where.media("image", proto.encoded_image_string, caption, width=proto.width, height=proto.height)


def tensor_images(where: Where, tensor: Any, caption: str) -> list[Media]:
    """The images of a tensor of strings: width, height, and one file each."""
    width, height, *files = [*tensors.strings(tensor), b"", b""][: max(2, len(tensor.string_val))]
    size = {name: int(one) for name, one in (("width", width), ("height", height)) if one.isdigit()}
    return [where.media("image", one, caption, **size) for one in files]


def audio(where: Where, proto: Any, caption: str) -> Media:
    """The sound of an old summary."""
    about = {"sample_rate": proto.sample_rate, "channels": proto.num_channels, "type": proto.content_type}
    return where.media("audio", proto.encoded_audio_string, caption, **about)


def tensor_audio(where: Where, tensor: Any, caption: str) -> list[Media]:
    """The sounds of a tensor of strings: one file each, with or without a label beside it."""
    several = tensors.strings(tensor)
    size = tensors.shape(tensor)
    if len(size) == 2 and size[1] == 2:
        pairs = zip(several[::2], several[1::2], strict=False)
        return [where.media("audio", content, _text(label) or caption) for content, label in pairs]
    return [where.media("audio", content, caption) for content in several]


def texts(where: Where, tensor: Any, caption: str, kind: MediaKind = "text") -> Media | Table:
    """A text, or the table that a tensor of several texts is shown as (one column for each of its last dimension)."""
    several = [_text(one) for one in tensors.strings(tensor)]
    if len(several) < 2:
        return Media(where.key, where.step, kind, caption=caption, text=several[0] if several else "")
    size = tensors.shape(tensor)
    width = size[-1] if len(size) > 1 and size[-1] > 0 and len(several) % size[-1] == 0 else 1
    columns = tuple(str(i + 1) for i in range(width)) if width > 1 else ("text",)
    return Table(where.key, where.step, columns, _rows(several, width))


def pr_curve(where: Where, tensor: Any) -> Table | None:
    """A precision-recall curve: a row for each threshold, evenly spread from 0 to 1; None when the tensor is none."""
    values = tensors.numbers(tensor)
    if values is None or values.ndim != 2 or values.shape[0] != len(_PR_ROWS):
        return None
    thresholds = np.arange(values.shape[1]) / max(1, values.shape[1] - 1)
    rows = tuple(tuple(row) for row in np.vstack([thresholds, values]).T.tolist())
    return Table(where.key, where.step, ("threshold", *_PR_ROWS), rows)


def _rows(cells: Sequence[str], width: int) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cells[i : i + width]) for i in range(0, len(cells), width))


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
