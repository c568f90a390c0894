"""One event file, read: numbers by their layouts, everything else record by record."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

import reportgen.sources.tensorboard.summaries as summaries
import reportgen.sources.tensorboard.tensors as tensors
from reportgen.model import Histogram, Media, Table
from reportgen.sources.tensorboard.continued import kept, restore
from reportgen.sources.tensorboard.framing import Loss, RecordFile, Records
from reportgen.sources.tensorboard.hparams import PLUGIN, HParams
from reportgen.sources.tensorboard.layouts import SCALARS, Column, decode
from reportgen.sources.tensorboard.schema import message_class
from reportgen.sources.tensorboard.summaries import Where
from reportgen.sources.tensorboard.values import Placed, Values
from reportgen.store import Arrays, CannotBeStored, Continuation, Continued

_RESTART = 1
_SILENT = frozenset({"custom_scalars", "graphs", "graph_run_metadata", "graph_run_metadata_graph", "profile"})
"""Plugins that log no values: how TensorBoard lays out charts, and pictures of the program."""

_MODEL = "graph_keras_model"

Plugins = dict[str, tuple[str, str]]
"""The plugin that a tag is for, and its description: what its first value says. Scalars are not told apart from other numbers."""


class EventFile:
    """What one event file holds.

    Args:
        number: That of its first record.
        prefix: What is put before each tag.
        plugins: What the files before it say of tags; what this one says is added.
        continued: Where it is kept how far files were read that may have grown.

    Attributes:
        hparams: The contents of the summaries of the HParams plugin.
        unread: How many values of a key, and of a plugin, could not be read.
        count: How many records there are.
        undecodable: How many of them could not be decoded.

    Raises:
        OSError: The file cannot be read.
    """

    def __init__(self, path: Path, number: int, prefix: str, plugins: Plugins, continued: Continued | None = None) -> None:
        self.path, self.number, self.prefix = path, number, prefix
        self.given = dict(plugins)
        self._event = message_class("Event").FromString
        before = continued.get(path) if continued else None
        self._begin()
        if before and not self._restore(before):
            before = None
            self._begin()
        file = RecordFile(path, begin=before.end if before else 0, read=(before.checksum if before else 0) if continued else None)
        self._read(file)
        if continued:
            self._keep(file, continued, before)
        plugins |= self.plugins

    def _begin(self) -> None:
        self.plugins = dict(self.given)
        self.values = Values(files=[(self.number, self.path.name)])
        self.hparams: list[bytes] = []
        self.unread: Counter[tuple[str, str]] = Counter()
        self.losses: list[Loss] = []
        self.writer = ""
        self.first_time: float | None = None
        self.last_time: float | None = None
        self.count = self.undecodable = 0

    def _restore(self, before: Continuation) -> bool:
        """Goes on from what is kept; False when it is not of this file, or not of one behind the same others."""
        try:
            with self.path.open("rb") as file:
                return before.begins_file(file) and restore(self, before)
        except (ValueError, TypeError, LookupError):
            return False

    def _keep(self, file: RecordFile, continued: Continued, before: Continuation | None) -> None:
        """Keeps how far the file was read, unless something is lost before the end."""
        is_whole = not any(loss.start < file.end for loss in file.losses)
        if file.checksum is not None and is_whole and continued.wants(self.path, file.end, before):
            arrays = Arrays()
            try:
                continued.put(self.path, file.end, file.checksum, kept(self, arrays), arrays)
            except CannotBeStored:
                return

    def _read(self, file: RecordFile) -> None:
        for records in file:
            begin = self.number + self.count
            decoded = decode(records)
            for column in decoded.columns:
                self.values.add(self.prefix + column.tag, replace(column, record=column.record + begin))
                self._saw(column.time)
            for i in decoded.others.tolist():
                try:
                    event = self._event(records.payload(i))
                except DecodeError:
                    self.undecodable += 1
                    continue
                self._add(begin + i, event, records, i)
            self.count += len(records)
        self.losses = file.losses

    def _add(self, record: int, event: Any, records: Records, i: int) -> None:
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
            if tag not in self.plugins and value.HasField("metadata") and plugin.plugin_name != SCALARS:
                self.plugins[tag] = (plugin.plugin_name, value.metadata.summary_description)
            if plugin.plugin_name == PLUGIN:
                if HParams().add(plugin.content):
                    self.hparams.append(plugin.content)
                else:
                    self.unread[self.prefix + tag, PLUGIN] += 1
                continue
            where = Where(self.prefix + tag, event.step, event.wall_time, self.path, offset, payload)
            self._add_value(record, where, value, *self.plugins.get(tag, ("", "")))

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
            self.unread[where.key, plugin] += 1

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
                self.unread[where.key, plugin] += 1

    def _saw(self, times: NDArray[np.float64]) -> None:
        """Widen the span of time of the log."""
        times = times[np.isfinite(times) & (times > 0)]
        if len(times):
            first, last = float(times.min()), float(times.max())
            self.first_time = first if self.first_time is None else min(self.first_time, first)
            self.last_time = last if self.last_time is None else max(self.last_time, last)
