"""Writes W&B logs for tests: the SDK's protobuf classes in LevelDB frames."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from wandb.proto import wandb_internal_pb2 as pb

HEADER = bytes.fromhex("3a572642e1be00")
START = 1_700_000_000


def framed(records: Iterable[bytes]) -> bytes:
    """Records in blocks of 32 KiB."""
    out = bytearray(HEADER)
    for record in records:
        rest, is_first = record, True
        while is_first or rest:
            room = 32768 - len(out) % 32768
            if room < 7:
                out += bytes(room)
                room = 32768
            piece, rest = rest[: room - 7], rest[room - 7 :]
            kind = (1 if not rest else 2) if is_first else (4 if not rest else 3)
            out += struct.pack("<IHB", zlib.crc32(bytes([kind]) + piece), len(piece), kind) + piece
            is_first = False
    return bytes(out)


def write(folder: Path, *records: pb.Record, name: str = "abc12345") -> Path:
    """A run's directory with a log of these records; they get their numbers here."""
    (folder / "files").mkdir(parents=True, exist_ok=True)
    path = folder / f"run-{name}.wandb"
    for i, record in enumerate(records):
        record.num = i + 1
    path.write_bytes(framed(record.SerializeToString() for record in records))
    return path


def run(config: dict[str, Any] | None = None, **fields: Any) -> pb.Record:
    record = pb.Record(run=pb.RunRecord(run_id="abc12345", display_name="a run", **fields))
    record.run.start_time.seconds = START
    for key, value in (config or {}).items():
        record.run.config.update.add(key=key, value_json=json.dumps(value))
    return record


def history(step: int, values: dict[Any, Any], **raw: str) -> pb.Record:
    """A row; a key that is a tuple is a nested key, and `raw` values are JSON text."""
    record = pb.Record()
    record.history.step.num = step
    rows = {**{key: json.dumps(value) for key, value in values.items()}, **raw}
    rows |= {"_step": str(step), "_timestamp": str(START + step / 2), "_runtime": str(step / 2)}
    for key, text in rows.items():
        record.history.item.add(nested_key=key if isinstance(key, tuple) else (key,), value_json=text)
    return record


def update(kind: str, updates: dict[Any, Any] | None = None, removals: Iterable[Any] = ()) -> pb.Record:
    """A config or summary record."""
    record = pb.Record()
    part = getattr(record, kind)
    part.SetInParent()
    for key, value in (updates or {}).items():
        part.update.add(**_key(key), value_json=json.dumps(value))
    for key in removals:
        part.remove.add(**_key(key))
    return record


def output(text: str, stream: int = 1, seconds: int = 0) -> pb.Record:
    record = pb.Record()
    record.output_raw.line = text
    record.output_raw.output_type = stream
    record.output_raw.timestamp.seconds = START + seconds
    return record


def finish(code: int = 0, runtime: int = 0) -> pb.Record:
    record = pb.Record(exit=pb.RunExitRecord(exit_code=code, runtime=runtime))
    record.exit.SetInParent()
    return record


def _key(key: Any) -> dict[str, Any]:
    return {"nested_key": key} if isinstance(key, tuple) else {"key": key}
