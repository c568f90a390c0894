"""Writes event files with TensorBoard's own classes."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from google_crc32c import value as crc32c
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

NAME = "events.out.tfevents.1700000000.workstation.1.0"
START = 1_700_000_000.0


def scalar(tag: str, value: float, step: int, time: float | None = None) -> Event:
    summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
    return Event(wall_time=START + step if time is None else time, step=step, summary=summary)


def write(folder: Path, events: Iterable[Any], name: str = NAME) -> Path:
    """A file with these events behind that of the version; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("wb") as file:
        writer = RecordWriter(file)
        for event in (Event(wall_time=START, file_version="brain.Event:2"), *events):
            writer.write(event if isinstance(event, bytes) else event.SerializeToString())
    return folder / name


def framed(payload: bytes) -> bytes:
    """A payload as a record, by an own reading of the format."""
    length = struct.pack("<Q", len(payload))
    return length + _masked(length) + payload + _masked(payload)


def _masked(data: bytes) -> bytes:
    checksum = crc32c(data)
    return struct.pack("<I", ((checksum >> 15 | checksum << 17) + 0xA282EAD8) & 0xFFFFFFFF)
