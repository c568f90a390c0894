"""The values that a W&B run logged and that are not numbers, sorted into histograms, tables and media."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reportgen.model import Histogram, LogWarning, Media, Table
from reportgen.sources.values import json_text
from reportgen.sources.wandb.files import RunFiles
from reportgen.sources.wandb.histograms import histogram
from reportgen.sources.wandb.history import Logged
from reportgen.sources.wandb.media import media
from reportgen.sources.wandb.tables import TABLE_TYPES, has_missing_media, table


class Objects:
    """Collects histograms, tables and media by key, and what was wrong with them (`warnings`)."""

    def __init__(self, logged: Iterable[Logged], files: RunFiles) -> None:
        self.histograms: dict[str, list[Histogram]] = {}
        self.tables: dict[str, list[Table]] = {}
        self.media: dict[str, list[Media]] = {}
        self.warnings: list[LogWarning] = []
        self._files = files
        self._warned: set[str] = set()
        for one in logged:
            self.add(one)

    def __contains__(self, key: str) -> bool:
        return key in self.histograms or key in self.tables or key in self.media

    def add(self, logged: Logged) -> None:
        """Sort in one value."""
        key, step, value = logged.key, logged.step, logged.value
        if isinstance(value, str):
            self.media.setdefault(key, []).append(Media(key, step, "text", text=value))
        elif not isinstance(value, dict):
            self.media.setdefault(key, []).append(Media(key, step, "json", text=json_text(value)))
        elif value.get("_type") == "histogram":
            found = histogram(key, step, logged.time, value)
            if found:
                self.histograms.setdefault(key, []).append(found)
            else:
                self._warn(key, f"A histogram of '{key}' at step {step} has bins and counts that do not fit; it is left out.")
        elif value.get("_type") in TABLE_TYPES:
            self._add_table(key, step, value)
        else:
            self.media.setdefault(key, []).extend(media(key, step, value, self._files))

    def _add_table(self, key: str, step: int, value: Mapping[str, Any]) -> None:
        made = table(key, step, value, self._files)
        if made is None:
            self._warn(key, f"The table '{key}' at step {step} could not be read; it is left out.")
            return
        self.tables.setdefault(key, []).append(made)
        if has_missing_media(made):
            self._warn(
                key,
                f"The media in the cells of the table '{key}' are not among the files of the run: "
                "W&B keeps them in the table's artifact, which a log does not hold.",
            )

    def _warn(self, key: str, text: str) -> None:
        """One warning per key: the first one stands for all of its kind."""
        if key not in self._warned:
            self._warned.add(key)
            self.warnings.append(LogWarning(text, self._files.log, key))
