"""Themes: where they are found, what they inherit, and what their `theme.toml` may say."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, Field, ValidationError

import reportgen
from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistake, Place, did_you_mean

_PARTS = ("theme.toml", "templates", "styles", "browser")
"""A folder with one of these is a theme."""


class ThemeOptions(BaseModel):
    """What `theme.toml` may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    inherits: str | None = Field("default", description="The theme that has all that this one leaves out; of the default theme: none.")
    description: str = Field("", description="What the theme is good for, in a sentence.")
    light: dict[str, str] = Field(default_factory=dict, description='CSS variables by name without dashes: `accent = "#3451c6"`.')
    dark: dict[str, str] = Field(default_factory=dict, description="The same where the reader has chosen dark.")
    charts: dict[str, Any] = Field(default_factory=dict, description="Settings of charts: `line_width`, `categories`, `axis_size`, …")


@dataclass(frozen=True)
class Theme:
    """A theme and, by `parent`, all that it inherits."""

    name: str
    folder: Path
    options: ThemeOptions
    parent: Theme | None

    @property
    def chain(self) -> tuple[Theme, ...]:
        """This theme, the one that it inherits from, and so on."""
        return (self, *(self.parent.chain if self.parent else ()))

    @cached_property
    def environment(self) -> Environment:
        """The templates. `{% extends "default/report.html" %}` reaches the one that a theme replaces."""
        own = [FileSystemLoader(theme.folder / "templates") for theme in self.chain]
        by_name = {theme.name: loader for theme, loader in reversed(list(zip(self.chain, own, strict=True)))}
        return Environment(
            loader=ChoiceLoader([*own, PrefixLoader(by_name)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def files(self, folder: str, suffix: str) -> dict[str, Path]:
        """The files of a kind by name, in the order of their names; a theme's own come before inherited ones of the same name."""
        found: dict[str, Path] = {}
        for theme in reversed(self.chain):
            found.update((path.name, path) for path in (theme.folder / folder).glob(f"*{suffix}"))
        return dict(sorted(found.items()))

    def chart_style(self) -> ChartStyle:
        """How charts look.

        Raises:
            Mistake: `theme.toml` has a setting that charts do not know, or of the wrong type.
        """
        style = self.parent.chart_style() if self.parent else ChartStyle()
        kinds = {field.name: type(getattr(style, field.name)) for field in fields(style) if field.name != "run_colours"}
        place = Place(self.folder / "theme.toml")
        for key, value in self.options.charts.items():
            if key not in kinds:
                raise Mistake(f"charts: no setting '{key}'", place, did_you_mean(key, kinds))
            value = tuple(value) if isinstance(value, list) else float(value) if isinstance(value, int) and kinds[key] is float else value
            if not isinstance(value, kinds[key]):
                raise Mistake(f"charts: {key} must be a {kinds[key].__name__}, not {value!r}", place)
            style = replace(style, **{key: value})
        return style

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
        Mistake: There is none, or its `theme.toml` is wrong.
    """
    return _find(name or "default", base or Path(), place, ())


def _find(name: str, base: Path, place: Place | None, below: tuple[str, ...]) -> Theme:
    known = sorted(path.name for path in theme_folders().iterdir() if _is_theme(path))
    folder = theme_folders() / name if name in known else base / name
    if not _is_theme(folder):
        what = f"the folder {name} is no theme: it has none of {', '.join(_PARTS)}" if folder.is_dir() else f"no theme '{name}'"
        raise Mistake(what, place, did_you_mean(name, known) or f"reportgen has {' and '.join(known)}; a path names a folder")
    options = _options(folder / "theme.toml")
    if name in below:
        raise Mistake(f"the theme '{name}' inherits from itself", Place(folder / "theme.toml"))
    inherits = None if folder.name == "default" and name in known else options.inherits
    parent = _find(inherits, folder, Place(folder / "theme.toml"), (*below, name)) if inherits else None
    return Theme(folder.name, folder.resolve(), options, parent)


def _is_theme(folder: Path) -> bool:
    return any((folder / part).exists() for part in _PARTS)


def _options(file: Path) -> ThemeOptions:
    if not file.is_file():
        return ThemeOptions.model_validate({})
    try:
        given: Mapping[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        return ThemeOptions.model_validate(given)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Mistake(f"not valid TOML: {error}", Place(file)) from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise Mistake(f"no setting '{key}'", Place(file), did_you_mean(key, ThemeOptions.model_fields)) from None
        raise Mistake(f"{key}: {first['msg']}", Place(file)) from None


def _declarations(variables: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in variables.items())
