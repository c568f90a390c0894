"""What a site is made from, as far as it can be said without building it: where to look for changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reportgen.errors import ReportgenError
from reportgen.report import read_report
from reportgen.report.front_matter import read_head
from reportgen.settings import Settings, places_of, read_settings
from reportgen.site.theme import find_theme, theme_folders
from reportgen.site.workspace import find_reports

_SUFFIXES = frozenset({".md", ".toml"})
"""Files below the logs whose change is one of the reports, and not one of the logs."""


@dataclass(frozen=True)
class Inputs:
    """The places where changes matter.

    Attributes:
        target: The report or folder that is served.
        logs: Folders and files of run logs; some may not be there yet.
        themes: The folders of themes of the user's own.
        files: Single files elsewhere, such as images that a report shows.
    """

    target: Path
    logs: frozenset[Path] = frozenset()
    themes: frozenset[Path] = frozenset()
    files: frozenset[Path] = frozenset()

    @property
    def folder(self) -> Path:
        """The folder of the settings."""
        return self.target if self.target.is_dir() else self.target.parent

    @property
    def roots(self) -> frozenset[Path]:
        """All places to be watched."""
        return frozenset({self.folder, *self.logs, *self.themes, *(file.parent for file in self.files)})

    def is_log(self, path: Path) -> bool:
        """Whether a change of this file may be one of the runs."""
        return path.suffix not in _SUFFIXES and any(path.is_relative_to(log) for log in self.logs)

    def is_source(self, path: Path) -> bool:
        """Whether a change of this file may be one of the reports, or of what they show."""
        return path.suffix in _SUFFIXES or path in self.files or any(path.is_relative_to(theme) for theme in self.themes)


def inputs_of(target: Path, runs: Sequence[str | Path], theme: str | Path | None, before: Inputs | None = None) -> Inputs:
    """Where changes matter now.

    Args:
        target, runs, theme: As for `build`.
        before: What was known before, which is kept as far as reports or settings cannot be read now.
    """
    target = target.absolute()
    folder = target if target.is_dir() else target.parent
    logs, themes = set[Path](), set[Path]()
    whole = True
    try:
        settings = read_settings(folder)
    except (ReportgenError, OSError):
        settings, whole = Settings.model_validate({}), False
    reports = list(_reports(target, settings))
    for path in reports:
        try:
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            front = read_head(text, path).front
            logs.update(places_of(front.runs, path.parent))
            if front.theme:
                themes.update(_theme(front.theme, path.parent))
            read_report(path, settings=settings)
        except (ReportgenError, OSError):
            whole = False
    if runs:
        logs = {place for one in runs for place in places_of(str(one), Path.cwd())}
    else:
        logs.update(places_of(settings.runs, folder))
        if not reports and settings.runs is None:
            logs.add(folder)
    themes.update(_theme(str(theme), Path.cwd()) if theme else _theme(settings.theme, folder))
    kept = before if before and not whole else None
    return Inputs(
        target,
        frozenset(logs) | (kept.logs if kept else frozenset()),
        frozenset(themes) | (kept.themes if kept else frozenset()),
        before.files if before else frozenset(),
    )


def _reports(target: Path, settings: Settings) -> Iterator[Path]:
    try:
        yield from find_reports(target, settings)
    except OSError:
        return


def _theme(name: str, base: Path) -> Iterator[Path]:
    """The folders of a theme and of those that it inherits from; as it is named, where it cannot be read."""
    try:
        yield from (one.folder for one in find_theme(name, base).chain)
    except (ReportgenError, OSError):
        if not (theme_folders() / name).is_dir():
            yield (base / name).absolute()
