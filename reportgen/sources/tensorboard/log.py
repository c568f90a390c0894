"""The event files of one folder, read: numbers by their layouts, everything else record by record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

import reportgen.sources.tensorboard.summaries as summaries
import reportgen.sources.tensorboard.tensors as tensors
from reportgen.model import Histogram, LogWarning, Media, Table
from reportgen.sources.tensorboard.framing import Loss, RecordFile, Records
from reportgen.sources.tensorboard.hparams import PLUGIN, HParams
from reportgen.sources.tensorboard.layouts import SCALARS, Column, decode
from reportgen.sources.tensorboard.schema import message_class
from reportgen.sources.tensorboard.summaries import Where
from reportgen.sources.tensorboard.values import Placed, Values

_RESTART = 1
_SILENT = frozenset({"custom_scalars", "graphs", "graph_run_metadata", "graph_run_metadata_graph", "profile"})
"""Plugins that log no values: how TensorBoard lays out charts, and pictures of the program."""

_MODEL = "graph_keras_model"


class Log:
    """What the event files of a folder hold. `prefix` is put before each tag.

    Raises:
        OSError: A file cannot be read.
    """

    def __init__(self, files: Sequence[Path], prefix: str = "") -> None:
        self.values = Values()
        self.hparams = HParams()
        self.warnings: list[LogWarning] = []
        self.writer = ""
        self.first_time: float | None = None
        self.last_time: float | None = None
        self._prefix = prefix
        self._plugins: dict[str, tuple[str, str]] = {}
        self._unread: Counter[tuple[str, str]] = Counter()
        self._event = message_class("Event").FromString
        self._count = 0
        for path in files:
            self._read(path)
        self.warnings += [_unread(key, plugin, count) for (key, plugin), count in self._unread.items()]

    def _read(self, path: Path) -> None:
        self.values.files.append((self._count, path.name))
        file, before, undecodable = RecordFile(path), self._count, 0
        for records in file:
            decoded = decode(records)
            for column in decoded.columns:
                self.values.add(self._prefix + column.tag, replace(column, record=column.record + self._count))
                self._saw(column.time)
            for i in decoded.others.tolist():
                try:
                    event = self._event(records.payload(i))
                except DecodeError:
                    undecodable += 1
                    continue
                self._add(self._count + i, event, path, records, i)
            self._count += len(records)
        if undecodable:
            self.warnings.append(LogWarning(f"{path.name}: {_records(undecodable)} could not be decoded.", path))
        if file.losses:
            self.warnings.append(LogWarning(f"{path.name}: {_losses(file.losses)}", path))
        elif self._count == before:
            self.warnings.append(LogWarning(f"{path.name} is empty.", path))

    def _add(self, record: int, event: Any, path: Path, records: Records, i: int) -> None:
        self._saw(np.array([event.wall_time]))
        self.writer = event.source_metadata.writer or self.writer
        kind = event.WhichOneof("record_type")
        if kind == "session_log" and event.session_log.status == _RESTART:
            self.values.restarts.append((record, event.step))
        if kind != "summary":
            return
        payload, offset = records.payload(i), records.base + int(records.start[i])
        for value in event.summary.value:
            tag = value.tag or value.node_name
            plugin = value.metadata.plugin_data
            if tag not in self._plugins and value.HasField("metadata"):
                self._plugins[tag] = (plugin.plugin_name, value.metadata.summary_description)
            if plugin.plugin_name == PLUGIN:
                if not self.hparams.add(plugin.content):
                    self._unread[self._prefix + tag, PLUGIN] += 1
                continue
            where = Where(self._prefix + tag, event.step, event.wall_time, path, offset, payload)
            self._add_value(record, where, value, *self._plugins.get(tag, ("", "")))

    def _add_value(self, record: int, where: Where, value: Any, plugin: str, caption: str) -> None:
        """Take in one value of a summary."""
        match value.WhichOneof("record_type"):
            case "simple_value":
                self._number(record, where, value.simple_value)
            case "histo":
                found = summaries.histogram(where, value.histo)
                if found or any(value.histo.bucket):
                    self._object(record, where, found, plugin or "histograms")
            case "image":
                self._object(record, where, summaries.image(where, value.image, caption), plugin)
            case "audio":
                self._object(record, where, summaries.audio(where, value.audio, caption), plugin)
            case "tensor":
                self._tensor(record, where, value.tensor, plugin, caption)

    def _tensor(self, record: int, where: Where, tensor: Any, plugin: str, caption: str) -> None:
        """Take in a tensor, as the plugin that it was written for takes it; without one a number, or a text."""
        if plugin == "histograms":
            found = summaries.tensor_histogram(where, tensor)
            if found or 0 not in tensors.shape(tensor):
                self._object(record, where, found, plugin)
        elif plugin == "images":
            for image in summaries.tensor_images(where, tensor, caption):
                self._object(record, where, image, plugin)
        elif plugin == "audio":
            for sound in summaries.tensor_audio(where, tensor, caption):
                self._object(record, where, sound, plugin)
        elif plugin == "pr_curves":
            self._object(record, where, summaries.pr_curve(where, tensor), plugin)
        elif plugin in _SILENT:
            return
        elif tensor.dtype == tensors.STRING:
            self._object(record, where, summaries.texts(where, tensor, caption, "json" if plugin == _MODEL else "text"), plugin)
        elif (number := tensors.numbers(tensor)) is not None and number.size == 1:
            self._number(record, where, number.item())
        else:
            self._unread[where.key, plugin] += 1

    def _number(self, record: int, where: Where, number: float) -> None:
        column = Column(where.key, np.array([record]), np.array([where.step]), np.array([where.time]), np.array([number], np.float64))
        self.values.add(where.key, column)

    def _object(self, record: int, where: Where, found: Histogram | Media | Table | None, plugin: str) -> None:
        match found:
            case Histogram():
                self.values.histograms.setdefault(where.key, []).append(Placed(record, where.time, found))
            case Media():
                self.values.media.setdefault(where.key, []).append(Placed(record, where.time, found))
            case Table():
                self.values.tables.setdefault(where.key, []).append(Placed(record, where.time, found))
            case None:
                self._unread[where.key, plugin] += 1

    def _saw(self, times: NDArray[np.float64]) -> None:
        """Widen the span of time of the log."""
        times = times[np.isfinite(times) & (times > 0)]
        if len(times):
            first, last = float(times.min()), float(times.max())
            self.first_time = first if self.first_time is None else min(self.first_time, first)
            self.last_time = last if self.last_time is None else max(self.last_time, last)


def _unread(key: str, plugin: str, count: int) -> LogWarning:
    values = "1 value" if count == 1 else f"{count:,} values"
    kind = f", of the plugin '{plugin}'," if plugin and plugin != SCALARS else ""
    return LogWarning(f"{values} of '{key}'{kind} could not be read.", key=key)


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"


def _losses(losses: Sequence[Loss]) -> str:
    """One sentence on what is lost of a file."""
    size, first = sum(loss.end - loss.start for loss in losses), losses[0]
    places = f"from byte {first.start:,} on" if len(losses) == 1 else f"at {len(losses):,} places, the first at byte {first.start:,},"
    return f"{size:,} bytes {places} are left out: {first.reason}. Values may be missing."
