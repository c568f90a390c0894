"""A report as it is written: its front matter, its parameters and where its runs are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reportgen.errors import Mistake, Mistakes, Place
from reportgen.model import Runs
from reportgen.model.aliases import aliased, check_aliases
from reportgen.report.front_matter import FrontMatter, Head, Parameter, parameters, read_head
from reportgen.report.inserts import clean
from reportgen.settings import RunSource, Settings, nearest_file, run_sources

_FIRST_HEADING = re.compile(r"^# +(.+?)(?: +#+)? *(?:\{#[\w-]+\})? *$")


@dataclass(frozen=True, eq=False)
class Report:
    """A report, read but not yet rendered.

    Attributes:
        path: The Markdown file, as it was given.
        params: The parameters with the values of this build.
        sources: Where its runs are: its own, else those of `reportgen.toml`.
    """

    path: Path
    head: Head
    params: Mapping[str, Parameter]
    sources: tuple[RunSource, ...]
    settings: Settings

    @property
    def front(self) -> FrontMatter:
        """What the front matter says."""
        return self.head.front

    @cached_property
    def title(self) -> str:
        """The title: of the front matter, else the first heading of level 1, else made of the file's name."""
        if self.front.title:
            return self.front.title
        fence = ""
        for line in self.head.body.split("\n"):
            row = re.match(r"\s*(`{3,}|~{3,})", line)
            if row and not fence:
                fence = row[1]
            elif row and row[1].startswith(fence):
                fence = ""
            elif not fence and (heading := _FIRST_HEADING.match(line)):
                return heading[1].replace("*", "").replace("`", "")
        return self.path.stem.replace("-", " ").replace("_", " ").strip().capitalize()

    def choose(self, runs: Runs) -> Runs:
        """The runs under the report's own names for their columns, as far as `where` of the front matter leaves them.

        Raises:
            Mistakes: An alias stands for a column that no run has, or the condition is wrong or fits no run.
        """
        condition = self.front.where
        runs = self._renamed(runs)
        if condition is None or not runs:
            return runs
        place = self.head.place(("where",))
        try:
            chosen = runs.where(condition)
        except Mistake as mistake:
            raise Mistakes([Mistake(f"front matter: {mistake.message}", place, mistake.hint)]) from None
        if not chosen:
            raise Mistakes([Mistake(f"front matter: no run fits '{condition}'", place)])
        return chosen

    def _renamed(self, runs: Runs) -> Runs:
        mistakes = []
        for name, names in self.front.aliases.items() if runs else ():
            try:
                check_aliases(runs, {name: names})
            except Mistake as mistake:
                place = self.head.place(("aliases", name))
                mistakes.append(Mistake(f"front matter: aliases: {name}: {mistake.message}", place, mistake.hint))
        if mistakes:
            raise Mistakes(mistakes)
        return aliased(runs, {**self.settings.aliases, **self.front.aliases})

    @property
    def language(self) -> str:
        """The language of the page, a BCP 47 tag."""
        return self.front.language or self.settings.language

    @property
    def theme(self) -> str:
        """The theme, by name or path."""
        return self.front.theme or self.settings.theme


def read_report(path: Path, params: Mapping[str, str] | None = None, settings: Settings | None = None) -> Report:
    """Reads a report without rendering it.

    Args:
        path: The Markdown file.
        params: Values for the report's parameters, as text (`-p name=value`).
        settings: What all reports of the folder share.

    Raises:
        Mistakes: All that is wrong in the front matter, the parameters and the paths of the runs.
    """
    settings = settings or Settings.model_validate({})
    head = read_head(_text(path), path)
    mistakes: list[Mistake] = []
    values: Mapping[str, Parameter] = {}
    sources: tuple[RunSource, ...] = settings.sources
    try:
        values = parameters(head, params or {})
    except Mistakes as several:
        mistakes += several.mistakes
    if head.front.runs is not None:
        try:
            sources = run_sources(head.front.runs, path.absolute().parent, lambda steps: head.place(("runs", *steps)))
        except Mistakes as several:
            mistakes += several.mistakes
    if mistakes:
        raise Mistakes(mistakes)
    return Report(path, head, values, sources, settings)


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8-sig", errors="strict")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Mistakes([Mistake("this line is not text in UTF-8", Place(path, line), "save the file as UTF-8")]) from None
    except FileNotFoundError:
        raise Mistakes([Mistake(f"no file '{path}'", hint=nearest_file(path.absolute()))]) from None
    except OSError as error:
        raise Mistakes([Mistake(f"'{path}' cannot be read: {error.strerror}")]) from None
    return str(clean(text.replace("\r\n", "\n").replace("\r", "\n")))
