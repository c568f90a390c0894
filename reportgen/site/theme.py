"""Themes: where they are found, and what they inherit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import reportgen
from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistake, Mistakes, Place, did_you_mean
from reportgen.remembering import remembered_while
from reportgen.site.css import variables
from reportgen.site.template_check import template_mistakes
from reportgen.site.templates import TemplateFolder, ThemeEnvironment
from reportgen.site.theme_options import ThemeOptions, changed_style, read_theme_options, wrong_variables
from reportgen.store import files_of
from reportgen.store.fingerprint import states_of

_PARTS = ("theme.toml", "templates", "styles", "browser")
"""A folder with one of these is a theme."""


@dataclass(frozen=True)
class Theme:
    """A theme and, by `parent`, all that it inherits.

    Attributes:
        folder: Where it is, absolute.
        shown: The same as mistakes name it: as relative as it was given.
    """

    name: str
    folder: Path
    shown: Path
    options: ThemeOptions
    parent: Theme | None

    @property
    def chain(self) -> tuple[Theme, ...]:
        """This theme, the one that it inherits from, and so on."""
        return (self, *(self.parent.chain if self.parent else ()))

    @cached_property
    def environment(self) -> ThemeEnvironment:
        """The templates. `{% extends "default/report.html" %}` reaches the one that a theme replaces."""
        ours = theme_folders().resolve()
        return ThemeEnvironment(
            [
                TemplateFolder(one.name, one.folder / "templates", one.shown / "templates", one.folder.is_relative_to(ours))
                for one in self.chain
            ]
        )

    def files(self, folder: str, suffix: str) -> dict[str, Path]:
        """The files of a kind by name, in the order of their names; a theme's own come before inherited ones of the same name."""
        found: dict[str, Path] = {}
        for theme in reversed(self.chain):
            found.update((path.name, path) for path in (theme.folder / folder).glob(f"*{suffix}"))
        return dict(sorted(found.items()))

    def place(self, file: Path, line: int = 0) -> Place:
        """Where a file of the theme is, for a mistake in it."""
        own = next((one for one in self.chain if file.is_relative_to(one.folder)), None)
        return Place(own.shown / file.relative_to(own.folder) if own else file, line)

    def chart_style(self) -> ChartStyle:
        """How charts look."""
        return changed_style(self.parent.chart_style() if self.parent else ChartStyle(), self.options.charts)

    def variables(self) -> dict[str, str]:
        """The CSS variables that `theme.toml` may set, with their values in the style sheets."""
        return variables(self.files("styles", ".css").values())

    def tokens(self) -> str:
        """The CSS of the variables that `theme.toml` sets."""
        light, dark = _declarations(self.options.light), _declarations(self.options.dark)
        css = f":root {{ {light} }}\n" if light else ""
        if dark:
            css += f"@media (prefers-color-scheme: dark) {{ :root:not([data-theme='light']) {{ {dark} }} }}\n"
            css += f":root[data-theme='dark'] {{ {dark} }}\n"
        return css


def theme_folders() -> Path:
    """Where the themes of reportgen itself are: in the package, or beside it in a checkout."""
    package = Path(reportgen.__file__).parent
    inside = package / "themes"
    return inside if inside.is_dir() else package.parent / "themes"


def find_theme(name: str | None = None, base: Path | None = None, place: Place | None = None) -> Theme:
    """A theme by its name, or by the path of its folder.

    Args:
        base: What a relative path is relative to.
        place: Where the name is written, for the message.

    Raises:
        Mistakes: There is none, or all that is wrong with its `theme.toml` and its templates.
    """
    return remembered_while(("theme", name, base, place), _state, lambda: _find(name or "default", base or Path(), place, ()))


def _find(name: str, base: Path, place: Place | None, below: tuple[Path, ...]) -> Theme:
    known = sorted(path.name for path in theme_folders().iterdir() if _is_theme(path))
    folder = theme_folders() / name if name in known else Path(os.path.normpath(base / name))
    if not _is_theme(folder):
        what = f"the folder {name} is no theme: it has none of {', '.join(_PARTS)}" if folder.is_dir() else f"no theme '{name}'"
        raise Mistakes([Mistake(what, place, did_you_mean(name, known) or f"reportgen has {' and '.join(known)}; a path names a folder")])
    if folder.resolve() in below:
        raise Mistakes([Mistake(f"the theme '{name}' inherits from itself", place)])
    options, written = read_theme_options(folder / "theme.toml")
    inherits = None if folder.name == "default" and name in known else options.inherits
    above = (*below, folder.resolve())
    parent = _find(inherits, folder, written.place(("inherits",)), above) if inherits else None
    theme = Theme(folder.name, folder.resolve(), folder, options, parent)
    mistakes = [*wrong_variables(options, written, theme.variables()), *([] if below else template_mistakes(theme.environment))]
    if mistakes:
        raise Mistakes(mistakes)
    return theme


def _state(theme: Theme) -> tuple[str, ...]:
    """The state of all files of a theme and of those that it inherits from."""
    return tuple(states_of([str(file) for file in files_of(one.folder)]) for one in theme.chain)


def _is_theme(folder: Path) -> bool:
    return any((folder / part).exists() for part in _PARTS)


def _declarations(variables: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in variables.items())
