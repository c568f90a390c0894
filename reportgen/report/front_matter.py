"""Front matter: the YAML at the head of a report, checked against its model."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator

from reportgen.blocks.validation import Steps, shown, validate_rest
from reportgen.blocks.yaml import Written, read_yaml, scalar
from reportgen.errors import Mistake, Mistakes, Place, did_you_mean
from reportgen.settings import ALIASES, RunsOption, check_language

Parameter: TypeAlias = str | int | float | bool | list[Any] | None
_VITAL = ("runs", "where", "params", "aliases")
"""Keys without which what the body says of runs and parameters cannot be judged."""
RESERVED = ("runs", "params", "ref", "range", "report")
"""The names that expressions have besides the parameters."""


class FrontMatter(BaseModel):
    """The keys of a report's front matter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = Field(None, description="The title; by default the first heading of level 1, else the file's name.")
    subtitle: str = Field("", description="A second line below the title.")
    authors: list[str] = Field(default_factory=list, description="Who wrote it: a name or a list of names.")
    date: datetime.date | None = Field(None, description="When it was written, for example `2026-11-23`.")
    description: str | None = Field(None, description="For search results and previews; by default the first paragraph.")
    runs: RunsOption = Field(
        None,
        description="The run logs: a path, a glob, a URL, a list, or a mapping of names to these. Relative to the report.",
    )
    where: str | None = Field(None, description="Only these runs: a SQL condition such as `state = 'finished'`.")
    aliases: dict[str, list[str]] = Field(default_factory=dict, description=ALIASES)
    params: dict[str, Parameter] = Field(
        default_factory=dict, description="Names for expressions, with their defaults; `-p name=value` overrides them."
    )
    language: str | None = Field(None, description="BCP 47 tag, for example `ko`; by default the setting `language`.")
    theme: str | None = Field(None, description="A theme by name or path; by default the setting `theme`.")
    redact: bool | None = Field(
        None, description="Whether `reportgen publish` removes personal data of the runs; by default the setting `publish.redact`."
    )
    toc: bool = Field(True, description="Whether the page shows its table of contents.")

    @field_validator("authors", mode="before")
    @classmethod
    def _one_author(cls, value: Any) -> Any:
        return [value] if isinstance(value, str) else value

    @field_validator("language")
    @classmethod
    def _is_language(cls, tag: str | None) -> str | None:
        return tag and check_language(tag)


@dataclass(frozen=True)
class Head:
    """A report's front matter, read.

    Attributes:
        front: What it says.
        body: The text after it, lines separated by \\n.
        body_line: The file's line of the first line of the body.
        mistakes: What is wrong in the front matter and was left out of `front`.
    """

    front: FrontMatter
    body: str
    body_line: int
    file: Path
    written: Written
    mistakes: tuple[Mistake, ...] = ()

    def place(self, steps: Steps) -> Place:
        """The file and line of a key; the first line when it is not written down."""
        written = bool(steps) and (steps[0],) in self.written.lines
        return Place(self.file, 2 + self.written.line(steps) if written else 1)


def read_head(text: str, file: Path) -> Head:
    """Splits a report into front matter and body.

    Raises:
        Mistakes: The front matter is not closed, is not valid YAML, or nothing more can be said for what does not fit in it.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return Head(FrontMatter.model_validate({}), text, 1, file, Written(None, {}))
    end = next((i for i, line in enumerate(lines[1:], start=1) if line.rstrip() in ("---", "...")), None)
    if end is None:
        raise Mistakes([Mistake("the front matter is not closed", Place(file, 1), "end it with a line ---")])
    try:
        written = read_yaml("\n".join(lines[1:end]), file, 2, "front matter: ")
    except Mistake as mistake:
        raise Mistakes([mistake]) from None
    head = Head(FrontMatter.model_validate({}), "\n".join(lines[end + 1 :]), end + 2, file, written)
    front, mistakes = validate_rest(FrontMatter, written.value, head.place, "front matter: ", "key", vital=_VITAL)
    if misnamed := [mistake for name in front.params for mistake in _misnamed(name, head.place(("params", name)))]:
        raise Mistakes([*mistakes, *misnamed])
    return replace(head, front=front, mistakes=tuple(mistakes))


def parameters(head: Head, given: Mapping[str, str]) -> dict[str, Parameter]:
    """The report's parameters, with the values that the command line gives (`-p name=value`).

    Raises:
        Mistakes: A name that the report does not have, or a value of another type than the default.
    """
    values = dict(head.front.params)
    mistakes = []
    for name, text in given.items():
        if name not in values:
            known = ", ".join(values)
            hint = did_you_mean(name, values) or (
                f"there are: {known}" if known else "name it in the front matter, under `params:`"
            )
            mistakes.append(Mistake(f"no parameter '{name}'", head.place(("params",)), hint))
            continue
        value = _like(values[name], text)
        if value is _UNFIT:
            place = head.place(("params", name))
            mistakes.append(Mistake(f"parameter '{name}' expects {_kind(values[name])}, got {shown(text)}", place))
        else:
            values[name] = value
    if mistakes:
        raise Mistakes(mistakes)
    return values


def _misnamed(name: str, place: Place) -> Iterator[Mistake]:
    if name in RESERVED:
        yield Mistake(f"a parameter cannot be named '{name}'", place, "the name has a meaning of its own")
    elif not re.fullmatch(r"[^\W\d]\w*", name):
        yield Mistake(f"a parameter cannot be named '{name}'", place, "use letters, digits and _")


_UNFIT: Any = object()


def _like(default: Parameter, text: str) -> Any:
    """The text as a value of the default's type, or `_UNFIT`."""
    if isinstance(default, str):
        return text
    value = scalar(text)
    if default is None:
        return value
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if isinstance(default, int) and not isinstance(default, bool) and isinstance(value, float):
        return value
    return value if type(value) is type(default) else _UNFIT


def _kind(default: Parameter) -> str:
    match default:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case list():
            return "a list such as [a, b]"
    return "text"
