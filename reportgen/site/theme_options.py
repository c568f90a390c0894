"""What a `theme.toml` may say, and whether what it says fits the style sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from reportgen.blocks.toml import WrittenTable, read_toml
from reportgen.blocks.validation import shown, validate
from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistake, Mistakes, did_you_mean
from reportgen.site.css import complaint, kind_of


class ChartOptions(BaseModel):
    """The table `[charts]`: each is a field of `ChartStyle`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ink: str | None = Field(None, description="The colour of text; by default the variable of its name, as of the next ones.")
    muted: str | None = Field(None, description="The colour of axes and legends.")
    hairline: str | None = Field(None, description="The colour of grids.")
    paper: str | None = Field(None, description="The colour behind a chart.")
    accent: str | None = Field(None, description="The colour of what is chosen.")
    font: str | None = Field(None, description="The font family.")
    axis_size: int | None = Field(None, ge=6, le=40, description="Size of the text of axes and legends, in pixels.")
    line_width: float | None = Field(None, gt=0, le=20, description="Width of lines, in pixels.")
    raw_opacity: float | None = Field(None, ge=0, le=1, description="Opacity of the line behind a smoothed one.")
    band_opacity: float | None = Field(None, ge=0, le=1, description="Opacity of the band around a mean.")
    categories: list[str] | None = Field(None, min_length=1, description="Colours of runs and categories, in their order.")
    sequence: list[str] | None = Field(None, min_length=2, description="Colours of ordered values, lowest first, as `#rrggbb`.")


class ThemeOptions(BaseModel):
    """What `theme.toml` may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    inherits: str | None = Field(
        "default", description="The theme that has all that this one leaves out, by name or path relative to this one's folder."
    )
    description: str = Field("", description="What the theme is good for, in a sentence.")
    light: dict[str, str] = Field(default_factory=dict, description='CSS variables by name without dashes: `accent = "#3451c6"`.')
    dark: dict[str, str] = Field(default_factory=dict, description="The same where the reader has chosen dark.")
    charts: ChartOptions = Field(ChartOptions.model_validate({}), description="How charts look.")


def read_theme_options(file: Path) -> tuple[ThemeOptions, WrittenTable]:
    """The options of a theme, the defaults when it has no `theme.toml`, and where each stands.

    Raises:
        Mistakes: Each with its line.
    """
    written = read_toml(file) if file.is_file() else WrittenTable({}, file, {})
    options = validate(ThemeOptions, written.value, written.place, "", "setting")
    if mistakes := list(_wrong_chart_colours(options.charts, written)):
        raise Mistakes(mistakes)
    return options, written


def wrong_variables(options: ThemeOptions, written: WrittenTable, known: Mapping[str, str]) -> Iterator[Mistake]:
    """What is wrong with the variables of a theme.

    Args:
        known: The variables of the style sheets with their values there, which tell what each is for.
    """
    for table, values in (("light", options.light), ("dark", options.dark)):
        for name, value in values.items():
            place = written.place((table, name))
            if name not in known:
                hint = did_you_mean(name.removeprefix("--"), known) or f"there are: {', '.join(known)}"
                yield Mistake(f"no variable '{name}'", place, hint)
            elif wrong := complaint(value, kind_of(known[name])):
                yield Mistake(f"variable '{name}' expects {wrong[0]}, got {shown(value)}", place, wrong[1])


def changed_style(style: ChartStyle, charts: ChartOptions) -> ChartStyle:
    """A style of charts with what a theme changes of it."""
    given = charts.model_dump(exclude_none=True)
    changed: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
    return replace(style, **changed)


def _wrong_chart_colours(charts: ChartOptions, written: WrittenTable) -> Iterator[Mistake]:
    for name, value in charts.model_dump(exclude_none=True).items():
        several = [(("charts", name, i), one) for i, one in enumerate(value)] if isinstance(value, list) else [(("charts", name), value)]
        for steps, one in several:
            wrong = complaint(one, "text" if name == "font" else "a colour") if isinstance(one, str) else None
            if wrong is None and name == "sequence" and not re.fullmatch(r"#[0-9a-fA-F]{6}", one):
                wrong = "a colour as #rrggbb", "the colours between them are computed"
            if wrong:
                yield Mistake(f"setting 'charts.{name}' expects {wrong[0]}, got {shown(one)}", written.place(steps), wrong[1])
