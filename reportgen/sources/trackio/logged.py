"""The values of `trackio.log`, sorted into numbers, histograms, tables and media."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.model import Histogram, LogWarning, Media, MediaKind, Table
from reportgen.sources.scalars import Scalars
from reportgen.sources.values import NON_FINITE, flatten, json_text
from reportgen.sources.wandb.files import RunFiles
from reportgen.sources.wandb.histograms import histogram

_PREFIX = "trackio."
_KINDS: dict[str, MediaKind] = {
    "trackio.image": "image", "trackio.video": "video", "trackio.audio": "audio", "trackio.html": "html", "trackio.object3d": "object3d",
}  # fmt: skip


class Logged:
    """Collects what one run logged. The files of media are looked for in the folder `media` beside the database."""

    def __init__(self, files: RunFiles) -> None:
        self.scalars = Scalars()
        self.histograms: dict[str, list[Histogram]] = {}
        self.tables: dict[str, list[Table]] = {}
        self.media: dict[str, list[Media]] = {}
        self._files = files
        self._warnings: dict[str, LogWarning] = {}

    @staticmethod
    def number(value: Any) -> float | None:
        """A value as a number, None for what is none; JSON has no NaN, so trackio writes it as text."""
        if isinstance(value, str):
            return NON_FINITE.get(value)
        return value if isinstance(value, int | float) else None

    def add(self, step: int, time: float, content: Mapping[str, Any]) -> None:
        """Take in one call of `trackio.log`."""
        for key, value in flatten(content):
            number = self.number(value)
            if number is not None:
                self.scalars.add(key, step, time, number)
            elif value is not None:
                self._add_object(key, step, time, value)

    def add_json(self, key: str, step: int, text: str) -> None:
        """Take in something that is shown as its JSON."""
        self.media.setdefault(key, []).append(Media(key, step, "json", text=text))

    def warnings(self) -> list[LogWarning]:
        """What could not be read and which files were not found."""
        return [*self._warnings.values(), *self._files.warnings()]

    def _add_object(self, key: str, step: int, time: float, value: Any) -> None:
        kind = value.get("_type") if isinstance(value, dict) else None
        if isinstance(value, str) or kind == "trackio.markdown":
            text = value if isinstance(value, str) else str(value.get("_value", ""))
            self.media.setdefault(key, []).append(Media(key, step, "text", text=text))
        elif kind == "trackio.histogram":
            found = histogram(key, step, time, value)
            if found:
                self.histograms.setdefault(key, []).append(found)
            else:
                self._warn(key, f"A histogram of '{key}' at step {step} is empty or its bins and counts do not fit; it is left out.")
        elif kind in ("trackio.table", "trackio.dataframe"):
            self._add_table(key, step, value.get("_value"))
        elif isinstance(kind, str) and kind.startswith(_PREFIX) and "file_path" in value:
            self.media.setdefault(key, []).append(self._medium(key, step, value))
        elif isinstance(value, list) and value and all(_is_medium(one) for one in value):
            self.media.setdefault(key, []).extend(self._medium(key, step, one) for one in value)
        else:
            self.add_json(key, step, json_text(value))

    def _add_table(self, key: str, step: int, value: Any) -> None:
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self._warn(key, f"The table '{key}' at step {step} could not be read; it is left out.")
            return
        columns = tuple(dict.fromkeys(str(name) for row in value for name in row))
        made = tuple(tuple(self._cell(f"{key}.{name}", step, row.get(name)) for name in columns) for row in value)
        self.tables.setdefault(key, []).append(Table(key, step, columns, made))

    def _cell(self, key: str, step: int, value: Any) -> Any:
        if isinstance(value, str):
            return NON_FINITE.get(value, value)
        if _is_medium(value):
            return self._medium(key, step, value)
        if isinstance(value, list) and value and all(_is_medium(one) for one in value):
            return [self._medium(key, step, one) for one in value]
        return json_text(value) if isinstance(value, dict) else value

    def _medium(self, key: str, step: int, value: Mapping[str, Any]) -> Media:
        path = self._files.find(value.get("file_path"))
        about = {name: one for name, one in value.items() if name not in ("_type", "file_path", "caption") and one is not None}
        if path is None:
            about["missing"] = str(value.get("file_path"))
        return Media(key, step, _KINDS.get(str(value.get("_type")), "file"), path, str(value.get("caption") or ""), about=about)

    def _warn(self, key: str, text: str) -> None:
        """One warning for each key: the first one stands for all of its kind."""
        self._warnings.setdefault(key, LogWarning(text, self._files.log, key))


def _is_medium(value: Any) -> bool:
    return isinstance(value, dict) and str(value.get("_type", "")).startswith(_PREFIX) and "file_path" in value
