"""`reportgen.toml`: what all reports of a folder share.

It is read from the folder that is built (or that holds the one report that is built), never from a folder above it:
the same folder gives the same site wherever it lies.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, field_validator

from reportgen.blocks.toml import read_toml
from reportgen.blocks.validation import Steps, validate
from reportgen.errors import Mistake, Mistakes, Place, did_you_mean

FILE_NAME = "reportgen.toml"
RunsOption = str | list[str] | dict[str, str | list[str]] | None
ALIASES = (
    "One name for columns that different logs call differently, for example `{lr: [config.optimizer.lr, params.learning_rate]}`; "
    "of several that a run has, the first one gets the name."
)
_URL = re.compile(r"^[a-z][a-z0-9+.-]+://", re.IGNORECASE)


@dataclass(frozen=True)
class RunSource:
    """Where runs are read from.

    Attributes:
        location: A path, absolute, or a URL.
        label: The name that the front matter or `reportgen.toml` gives to it, "" when it gives none.
        place: Where it is written down.
    """

    location: Path | str
    label: str
    place: Place


class NavigationItem(BaseModel):
    """A report in the navigation under a title of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: str = Field(description="The report, relative to the folder.")
    title: str | None = Field(None, description="What the link says; by default the report's title.")


class BrowserQuery(BaseModel):
    """Queries in the browser with a DuckDB that lies on this machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    browser: str = Field(description="The folder of the unpacked npm package `@duckdb/duckdb-wasm`.")


class Publishing(BaseModel):
    """Where `reportgen publish` brings the site, and what it removes before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str = Field("", description="Where to, as `--to`: a folder, a `.zip`, `gh-pages`, `remote#branch` or `URL#branch`.")
    path: str = Field("", description="A folder below that, as `--path`: `reports/name`.")
    redact: bool = Field(True, description="Whether personal data of the runs are removed.")
    keep: list[Literal["user", "host", "home", "e-mail", "remote"]] = Field(
        default_factory=list, description="Kinds of personal data that stay."
    )
    allow: list[str] = Field(
        default_factory=list,
        description="Where something looks like a secret and is none: globs of keys of runs (`config.name`) and of files of the site.",
    )


class Settings(BaseModel):
    """The keys of `reportgen.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field("", description="The title of the site, before each page's own.")
    description: str = Field("", description="One sentence about the site, for its first page and for search results.")
    runs: RunsOption = Field(None, description="Runs of the reports that name none of their own: as `runs` in front matter.")
    aliases: dict[str, list[str]] = Field(default_factory=dict, description=ALIASES)
    theme: str = Field("default", description="A theme by name, or the path of its folder.")
    language: str = Field("en", description="The language of the reports as a BCP 47 tag, for example `ko`.")
    base_url: str = Field("", description="Where the site will be published, for links that must be absolute, as in feeds.")
    navigation: list[str | NavigationItem] = Field(
        default_factory=list,
        description="The reports in the order of the navigation: files, or tables with `file` and `title`. Others follow.",
    )

    query: Literal["browser"] | BrowserQuery | None = Field(
        None,
        description="`browser` adds a page where readers ask in SQL, without a server: 10 MB, the library DuckDB-Wasm, which `npm` fetches "
        "once. `{browser = \"path\"}` takes it from the folder of the unpacked package instead.",
    )
    publish: Publishing = Field(
        default_factory=lambda: Publishing.model_validate({}), description="What `reportgen publish` does with the site."
    )

    _folder: Path = PrivateAttr(default_factory=Path)
    _sources: tuple[RunSource, ...] = PrivateAttr(default=())
    _place: Callable[[Steps], Place] = PrivateAttr(default_factory=lambda: lambda _: Place(Path(FILE_NAME)))

    @field_validator("language")
    @classmethod
    def _is_language(cls, tag: str) -> str:
        return check_language(tag)

    @field_validator("base_url")
    @classmethod
    def _is_address(cls, address: str) -> str:
        if address and not re.match(r"^https?://[^\s/]+", address):
            raise ValueError(f"expected an address such as https://example.org/reports/, got '{address}'")
        return address and address.rstrip("/") + "/"

    @property
    def folder(self) -> Path:
        """The folder that the settings are for, absolute."""
        return self._folder

    @property
    def sources(self) -> tuple[RunSource, ...]:
        """The runs that reports without runs of their own take, found on the disk."""
        return self._sources

    def place(self, *steps: str | int) -> Place:
        """Where a setting is written down; the file is named as relative as the folder was given."""
        return self._place(steps)

    @property
    def pages(self) -> tuple[NavigationItem, ...]:
        """The navigation with all its entries in the long form."""
        return tuple(NavigationItem(file=item, title=None) if isinstance(item, str) else item for item in self.navigation)


def read_settings(folder: Path) -> Settings:
    """The settings of a folder: its `reportgen.toml`, or the defaults when it has none.

    Raises:
        Mistakes: The file is not valid TOML, or has keys, values or files that do not fit.
    """
    path = folder / FILE_NAME
    settings = Settings.model_validate({})
    if path.is_file():
        written = read_toml(path)
        settings = validate(Settings, written.value, written.place, "", "setting")
        settings._place = written.place
        mistakes = list(_missing_pages(settings, folder, written.place))
        try:
            settings._sources = run_sources(settings.runs, folder, lambda steps: written.place(("runs", *steps)))
        except Mistakes as several:
            mistakes += several.mistakes
        if mistakes:
            raise Mistakes(mistakes)
    else:
        settings._place = lambda _: Place(path)
    settings._folder = folder.absolute()
    return settings


def run_sources(runs: RunsOption, folder: Path, place: Any) -> tuple[RunSource, ...]:
    """The sources that a `runs` option names, with globs resolved, in its order.

    Args:
        folder: Relative paths start here.
        place: A function that gives the place of a path of keys below the option.

    Raises:
        Mistakes: A path that is not there, or a glob that fits nothing.
    """
    mistakes: list[Mistake] = []
    found: list[RunSource] = []
    for text, label, steps in _named(runs):
        where: Place = place(steps)
        try:
            found += [RunSource(location, label, where) for location in _locations(text, folder)]
        except Mistake as mistake:
            mistakes.append(mistake.at(where))
    if mistakes:
        raise Mistakes(mistakes)
    return tuple(found)


def places_of(runs: RunsOption, folder: Path) -> Iterator[Path]:
    """Where the logs of a `runs` option are or would be on this machine, absolute: of a glob, what stands before its first sign."""
    for text, _label, _steps in _named(runs):
        if _URL.match(text) or not text.strip():
            continue
        path = (folder / Path(text).expanduser()).absolute()
        while any(sign in part for part in path.parts for sign in "*?["):
            path = path.parent
        yield path.resolve()


def nearest_file(path: Path) -> str | None:
    """The hint that names the file next to a missing one whose name is most like it."""
    parent = path.parent
    while not parent.is_dir() and parent != parent.parent:
        path, parent = parent, parent.parent
    try:
        names = sorted(entry.name for entry in parent.iterdir() if not entry.name.startswith("."))
    except OSError:
        return None
    return did_you_mean(path.name, names)


def check_language(tag: str) -> str:
    """The tag itself.

    Raises:
        ValueError: It has not the form of a BCP 47 language tag.
    """
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", tag):
        raise ValueError(f"expected a language tag such as en or pt-BR, got '{tag}'")
    return tag


def _named(runs: RunsOption) -> Iterator[tuple[str, str, Steps]]:
    """Each location with its label and the keys that lead to it."""
    if isinstance(runs, str):
        yield runs, "", ()
    elif isinstance(runs, list):
        yield from ((one, "", (index,)) for index, one in enumerate(runs))
    elif isinstance(runs, Mapping):
        for label, places in runs.items():
            for index, one in enumerate([places] if isinstance(places, str) else places):
                yield one, label, (label,) if isinstance(places, str) else (label, index)


def _locations(text: str, folder: Path) -> list[Path | str]:
    if _URL.match(text):
        return [text]
    if not text.strip():
        raise Mistake("the path of the runs is empty")
    path = folder / Path(text).expanduser()
    if path.exists():
        return [path.resolve()]
    if any(sign in text for sign in "*?["):
        found = sorted(Path(name).resolve() for name in glob(str(path), recursive=True))
        if not found:
            raise Mistake(f"no file or folder fits '{text}'")
        return list(found)
    raise Mistake(f"no file or folder '{text}'", hint=nearest_file(path))


def _missing_pages(settings: Settings, folder: Path, place: Any) -> Iterator[Mistake]:
    for index, page in enumerate(settings.pages):
        if not (folder / page.file).is_file():
            yield Mistake(
                f"navigation: no file '{page.file}'", place(("navigation", index, "file")), nearest_file(folder / page.file)
            )
