"""One W&B log read from start to end: its records sorted by what they tell, its damage noted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError

from reportgen.model import Artifact, LogWarning
from reportgen.sources.values import parse_json
from reportgen.sources.wandb.artifacts import made_artifact, used_artifact
from reportgen.sources.wandb.class_labels import ClassLabels
from reportgen.sources.wandb.console import Console
from reportgen.sources.wandb.continued import kept, restore
from reportgen.sources.wandb.definitions import Definitions
from reportgen.sources.wandb.environment import Environment
from reportgen.sources.wandb.files import RunFiles
from reportgen.sources.wandb.framing import FILE_HEADER, Frames, Loss
from reportgen.sources.wandb.history import History
from reportgen.sources.wandb.schema import message_class
from reportgen.sources.wandb.system import SystemMetrics
from reportgen.sources.wandb.tree import ValueTree
from reportgen.store import Arrays, Continuation, Continued, checksum

_BULK = frozenset({"history", "summary", "stats", "output", "output_raw"})


class Log:
    """What the records of a `.wandb` file hold. Reading never fails for what is in the file; see `warnings`.

    Args:
        continued: Where it is kept how far the log of a run that goes on was read; it is then read from there.

    Attributes:
        apart: Where the records lie that are neither rows nor summaries, measurements or output: few in any log.
        end: Where the last whole record ends.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, path: Path, continued: Continued | None = None) -> None:
        self.path = path
        data = path.read_bytes()
        self.size = len(data)
        before = continued.get(path) if continued else None
        self._begin()
        if before and not self._restore(data, before):
            before = None
            self._begin()
        self._read(Frames(data, before.end if before else len(FILE_HEADER)))
        if continued:
            self._keep(data, continued, before)

    def _begin(self) -> None:
        path = self.path
        self.files = RunFiles(path)
        self.run: Any = None
        self.exit: Any = None
        self.start: float | None = None
        self.last_time: float | None = None
        self.config, self.summary = ValueTree(), ValueTree()
        self.history, self.system = History(), SystemMetrics()
        self.definitions, self.environment, self.console = Definitions(), Environment(), Console()
        self.class_labels = ClassLabels()
        self.artifacts: list[Artifact] = []
        self.records = 0
        self.lost_numbers = 0
        self.last_number: int | None = None
        self.apart: list[int] = []
        self._take = {
            "history": self.history.add, "summary": self.summary.apply, "config": self._add_config, "stats": self._add_stats,
            "artifact": lambda record: self.artifacts.append(made_artifact(record, self.files)),
            "use_artifact": lambda record: self.artifacts.append(used_artifact(record)),
            "metric": self.definitions.add, "output": self._print, "output_raw": self._print, "run": self._add_run,
            "exit": self._add_exit, "environment": self.environment.add_record,
        }  # fmt: skip

    def _restore(self, data: bytes, before: Continuation) -> bool:
        """Goes on from what is kept; False when it is not of this log."""
        try:
            if before.begins(data):
                restore(self, data, before)
                return True
        except (ValueError, TypeError, LookupError, StopIteration, DecodeError):
            return False
        return False

    def _keep(self, data: bytes, continued: Continued, before: Continuation | None) -> None:
        """Keeps how far the log was read, unless the run has ended or something is lost before the end."""
        if self.exit is not None or any(loss.start < self.end for loss in self.losses):
            if self.path in continued:
                continued.drop(self.path)
        elif continued.wants(self.path, self.end, before):
            arrays = Arrays()
            read = checksum(data, before.end, self.end, before.checksum) if before else checksum(data, 0, self.end)
            continued.put(self.path, self.end, read, kept(self, arrays), arrays)

    def replay(self, data: bytes, offsets: Sequence[int]) -> None:
        """Takes in records again that were `apart`."""
        parse = message_class("Record").FromString
        for offset in offsets:
            record = parse(next(iter(Frames(data, offset)))[1])
            kind = record.WhichOneof("record_type")
            self._take[kind](getattr(record, kind))
        self.apart = list(offsets)

    def _read(self, frames: Frames) -> None:
        take, parse = self._take, message_class("Record").FromString
        undecodable: list[Loss] = []
        for offset, frame in frames:
            try:
                record = parse(frame)
                kind = record.WhichOneof("record_type")
                if kind in take:
                    take[kind](getattr(record, kind))
                    if kind not in _BULK:
                        self.apart.append(offset)
            except (DecodeError, UnicodeDecodeError):
                undecodable.append(Loss(offset, offset + len(frame), "a record cannot be decoded"))
                continue
            self.records += 1
            self._count(record.num)
        self.losses, self.end = [*frames.losses, *undecodable], frames.end

    def _count(self, number: int) -> None:
        """Records are numbered from 1 on: a gap tells how many were lost in a damaged stretch."""
        if number and self.last_number is not None and number > self.last_number + 1:
            self.lost_numbers += number - self.last_number - 1
        self.last_number = number or self.last_number

    def _add_run(self, record: Any) -> None:
        """Take in a run record. A later one updates the name, notes and tags of the first."""
        if self.run is None:
            self.run = record
        else:
            self.run.MergeFrom(type(record)(display_name=record.display_name, notes=record.notes, run_group=record.run_group))
            if record.tags:
                del self.run.tags[:]
                self.run.tags.extend(record.tags)
        self._add_config(record.config)
        self.summary.apply(record.summary)
        self.environment.add_run(record)
        if record.HasField("start_time") and self.start is None:
            self.start = self.history.start = seconds(record.start_time)

    def _add_config(self, data: bytes) -> None:
        self.config.apply(data)
        self.class_labels.add(data)

    def _add_exit(self, record: Any) -> None:
        self.exit = record

    def _add_stats(self, record: Any) -> None:
        time = self._seen(record.timestamp)
        self.system.add(record, time)

    def _print(self, record: Any) -> None:
        time = self._seen(record.timestamp) if record.HasField("timestamp") else None
        self.console.write(record.line, "stdout" if record.output_type == 1 else "stderr", time)

    def _seen(self, timestamp: Any) -> float:
        time = seconds(timestamp)
        if self.last_time is None or time > self.last_time:
            self.last_time = time
        return time

    def metadata(self) -> Any:
        """The content of `wandb-metadata.json`, None when there is none."""
        path = self.files.optional("wandb-metadata.json")
        try:
            return parse_json(path.read_bytes()) if path else None
        except (OSError, ValueError):
            return None

    def warnings(self) -> list[LogWarning]:
        """What could not be read."""
        told = [_sentence(loss, self.size) for loss in self.losses[:5]]
        if len(self.losses) > 5:
            told.append(f"The log is damaged in {len(self.losses) - 5} more places.")
        if self.losses and self.lost_numbers:
            told.append(f"By their numbers, {self.lost_numbers} records of the log are missing.")
        if not self.size:
            told = ["The log is empty (0 bytes): the run was killed before it wrote anything."]
        elif not self.records and not self.losses:
            told = ["The log holds no record but its header: the run was killed before it logged anything."]
        elif self.run is None:
            told.append("The log does not tell the name, the project or the start of its run.")
        for key in [*self.config.unreadable, *self.summary.unreadable, *self.history.unreadable]:
            told.append(f"A value of '{key}' is not JSON and is left out.")
        return [LogWarning(text, self.path) for text in told]


def seconds(timestamp: Any) -> float:
    """A protobuf timestamp as epoch seconds."""
    return float(timestamp.seconds) + float(timestamp.nanos) / 1e9


def _sentence(loss: Loss, size: int) -> str:
    lost = loss.end - loss.start
    amount = f"{lost:,} byte{'' if lost == 1 else 's'}"
    if loss.end >= size and loss.reason.startswith("the log ends"):
        return (
            f"The log ends in the middle of a record ({amount} from byte {loss.start:,} on are not a whole one): "
            "the run was killed or its disk was full, and its last values may be missing."
        )
    return f"The log is damaged at byte {loss.start:,}: {amount} cannot be read ({loss.reason}), and values may be missing."
