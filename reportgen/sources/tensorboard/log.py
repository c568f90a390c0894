"""The event files of one folder, as one log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from reportgen.model import LogWarning
from reportgen.sources.tensorboard.file import EventFile, Plugins
from reportgen.sources.tensorboard.framing import Loss
from reportgen.sources.tensorboard.hparams import HParams
from reportgen.sources.tensorboard.layouts import SCALARS
from reportgen.sources.tensorboard.values import Values
from reportgen.store import Continued

_MOST_RECORDS = 1 << 40
"""More records than a file has: so many numbers lie between the first ones of files, whether they grow or not."""


class Log:
    """What the event files of a folder hold. `prefix` is put before each tag.

    Args:
        continued: Where it is kept how far files were read that may have grown.

    Raises:
        OSError: A file cannot be read.
    """

    def __init__(self, files: Sequence[Path], prefix: str = "", continued: Continued | None = None) -> None:
        self.values = Values()
        self.hparams = HParams()
        self.warnings: list[LogWarning] = []
        self.writer = ""
        self.first_time: float | None = None
        self.last_time: float | None = None
        plugins: Plugins = {}
        unread: Counter[tuple[str, str]] = Counter()
        for i, path in enumerate(files):
            file = EventFile(path, i * _MOST_RECORDS, prefix, plugins, continued)
            self._join(file)
            unread.update(file.unread)
        self.warnings += [_unread(key, plugin, count) for (key, plugin), count in unread.items()]

    def _join(self, file: EventFile) -> None:
        self.values.join(file.values)
        for content in file.hparams:
            self.hparams.add(content)
        self.writer = file.writer or self.writer
        self.first_time = _outermost(min, self.first_time, file.first_time)
        self.last_time = _outermost(max, self.last_time, file.last_time)
        path = file.path
        if file.undecodable:
            self.warnings.append(LogWarning(f"{path.name}: {_records(file.undecodable)} could not be decoded.", path))
        if file.losses:
            self.warnings.append(LogWarning(f"{path.name}: {_losses(file.losses)}", path))
        elif not file.count:
            self.warnings.append(LogWarning(f"{path.name} is empty.", path))


def _outermost(of: Callable[[list[float]], float], *moments: float | None) -> float | None:
    known = [moment for moment in moments if moment is not None]
    return of(known) if known else None


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
