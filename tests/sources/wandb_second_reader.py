"""A second reader of W&B logs, written apart from reportgen's: the SDK's own protobuf classes and a loop for the framing.

It knows no damage and no speed; it says what an intact log holds.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wandb.proto import wandb_internal_pb2 as pb

NON_FINITE = ("NaN", "Infinity", "-Infinity")


def frames(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The end of each record and the record, up to the first chunk that is not whole."""
    assert data[:7] == bytes.fromhex("3a572642e1be00")
    at, record = 7, b""
    while True:
        if 32768 - at % 32768 < 7:
            at += 32768 - at % 32768
        if at + 7 > len(data):
            return
        checksum, length, kind = struct.unpack("<IHB", data[at : at + 7])
        chunk = data[at + 7 : at + 7 + length]
        if len(chunk) < length:
            return
        assert zlib.crc32(bytes([kind]) + chunk) == checksum
        at += 7 + length
        record += chunk
        if kind in (1, 4):
            yield at, record
            record = b""


@dataclass
class Reading:
    config: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)
    values: dict[str, list[tuple[int, float, float]]] = field(default_factory=dict)
    objects: dict[str, list[tuple[int, Any]]] = field(default_factory=dict)
    system: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    console: str = ""
    artifacts: list[Any] = field(default_factory=list)
    run: Any = None
    exit: Any = None


def second_reading(path: Path) -> Reading:
    reading = Reading()
    for _, data in frames(path.read_bytes()):
        record = pb.Record.FromString(data)
        kind = record.WhichOneof("record_type")
        if kind == "run":
            reading.run = record.run
            _update(reading.config, record.run.config)
            _update(reading.summary, record.run.summary)
        elif kind in ("config", "summary"):
            _update(getattr(reading, kind), getattr(record, kind))
        elif kind == "history":
            _history(reading, record.history)
        elif kind == "stats":
            time = record.stats.timestamp.seconds + record.stats.timestamp.nanos / 1e9
            for item in record.stats.item:
                reading.system.setdefault(item.key, []).append((time, json.loads(item.value_json)))
        elif kind == "output_raw":
            reading.console += record.output_raw.line
        elif kind == "artifact":
            reading.artifacts.append(record.artifact)
        elif kind == "exit":
            reading.exit = record.exit
    return reading


def flat(value: dict[str, Any], before: str = "") -> dict[str, Any]:
    """Nested mappings joined with dots, but for W&B's own objects."""
    out: dict[str, Any] = {}
    for key, one in value.items():
        if isinstance(one, dict) and "_type" not in one:
            out |= flat(one, f"{before}{key}.")
        else:
            out[before + key] = one
    return out


def _path(item: Any) -> list[str]:
    return list(item.nested_key) or [item.key]


def _update(tree: dict[str, Any], record: Any) -> None:
    for item in record.update:
        *way, last = _path(item)
        here = tree
        for key in way:
            here = here.setdefault(key, {})
        here[last] = json.loads(item.value_json)
    for item in record.remove:
        *way, last = _path(item)
        here = tree
        for key in way:
            here = here.get(key, {})
        here.pop(last, None)


def _history(reading: Reading, record: Any) -> None:
    row: dict[str, Any] = {}
    for item in record.item:
        *way, last = _path(item)
        here = row
        for key in way:
            here = here.setdefault(key, {})
        here[last] = json.loads(item.value_json)
    step, time = row.pop("_step"), row.pop("_timestamp")
    row.pop("_runtime")
    for key, value in flat(row).items():
        if value in NON_FINITE:
            value = float(value)
        if isinstance(value, int | float):
            reading.values.setdefault(key, []).append((step, time, float(value)))
        elif value is not None:
            reading.objects.setdefault(key, []).append((step, value))
