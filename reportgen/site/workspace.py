"""What a site is made of: the reports of a target, their settings and theme, and all runs, each once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal, Protocol

from reportgen.blocks import KINDS
from reportgen.charts.style import ChartStyle, run_colours
from reportgen.errors import Mistake, Mistakes, Place, SourceError
from reportgen.model import LogWarning, Run, Runs
from reportgen.remembering import Same, logs_seen, remembered
from reportgen.report import Report, read_report
from reportgen.report.highlight import is_language
from reportgen.settings import RunSource, Settings, nearest_file, read_settings
from reportgen.site.swap import MARKER
from reportgen.site.theme import Theme, find_theme

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and how much there is."""

class Guard(Protocol):
    """Is given all runs of a site before anything is made of them, its settings and reports; gives as many runs in the same order."""

    def __call__(self, runs: Sequence[Run], settings: Settings, reports: Sequence[Report]) -> Sequence[Run]:
        """The changed runs."""
        ...


_FENCE = re.compile(r"^(?:`{3}|~{3})([a-z-]+)$", re.MULTILINE)
_NO_REPORTS_IN = frozenset({"wandb", "mlruns", "node_modules", "site-packages", "__pycache__"})
"""Folders of logs and of libraries: the Markdown in them is not ours."""


@dataclass(frozen=True, eq=False)
class Page:
    """A report and where its page will stand.

    Attributes:
        target: A path below the site's root, for example "index.html".
        runs: The runs that it is made from, labelled as it labels them.
        style: Its theme's charts, with the colours that runs have on the whole site.
    """

    report: Report
    target: str
    runs: Runs
    theme: Theme
    style: ChartStyle


@dataclass(frozen=True, eq=False)
class Workspace:
    """All that is known before the first page is made.

    Attributes:
        folder: The folder of the settings; paths are shown relative to it.
        runs: All runs of the site.
        theme, style: Of the pages that are no reports.
        mistakes: Of reports that could not be read at all, and of sources of runs; their reports are not among the pages.
        warnings: Of files that look like reports and are none.
    """

    folder: Path
    settings: Settings
    pages: tuple[Page, ...]
    runs: Runs
    theme: Theme
    style: ChartStyle
    mistakes: tuple[Mistake, ...] = ()
    warnings: tuple[str, ...] = ()

    def asked(self, query: Literal["browser"] | None) -> Workspace:
        """The same with a page for queries, if `query` says where they run and the settings do not."""
        if query is None or self.settings.query is not None:
            return self
        return replace(self, settings=self.settings.model_copy(update={"query": query}))


def read_workspace(
    target: Path,
    *,
    runs: Sequence[str | Path] = (),
    params: Mapping[str, str] | None = None,
    theme: str | Path | None = None,
    cache: bool = True,
    progress: Progress | None = None,
    guard: Guard | None = None,
) -> Workspace:
    """Reads the reports of a target and all runs that they name.

    Args:
        target: A report, a folder of reports, or a folder of runs.
        runs: Run logs instead of those that the reports name.
        params: Values for the reports' parameters.
        theme: A theme instead of the one that settings and reports name.
        cache: Whether logs that have not changed come from the store (see `reportgen.sources.load`).
        guard: Changes the runs before anything is made of them.

    Raises:
        Mistakes: Everything that is wrong with the settings, or with all of the reports or all of the runs.
    """
    if not target.exists():
        raise Mistake(f"no file or folder '{target}'", hint=nearest_file(target.absolute()))
    folder = (target if target.is_dir() else target.parent).absolute()
    # As relative as the target is: so mistakes name the settings and themes as they name the reports.
    settings = read_settings(target if target.is_dir() else target.parent)
    reports, mistakes = _read_reports(list(find_reports(target, settings)), dict(params or {}), settings)
    if mistakes and not reports:
        raise Mistakes(mistakes)
    given = tuple(RunSource(Path(os.path.abspath(one)) if _is_path(one) else str(one), "", Place(Path(str(one)))) for one in runs)
    sources = {report.path: given or report.sources for report in reports}
    if not reports:
        sources[folder] = given or settings.sources or (RunSource(folder, "", Place(target)),)
    wanted = list(dict.fromkeys(source for several in sources.values() for source in several))
    if guard:
        every, of_source, unread = _load(wanted, folder, cache, progress, partial(guard, settings=settings, reports=reports))
    else:
        every, of_source, unread = remembered(
            lambda: ("runs", tuple(wanted), folder, cache, logs_seen()), lambda: _load(wanted, folder, cache, progress)
        )
    reports = [report for report in reports if all(source.location in of_source for source in sources[report.path])]
    if unread and not reports:
        raise Mistakes([*mistakes, *unread])
    main, styles = _themes(reports, settings, theme)

    def style(own: Theme) -> ChartStyle:
        def coloured() -> ChartStyle:
            return replace(own.chart_style(), run_colours=run_colours(every, main.chart_style().categories))

        return remembered(lambda: ("style", Same(own), Same(main), Same(every)), coloured)

    def labelled(report: Report) -> Runs:
        labels = tuple((source.location, source.label) for source in sources[report.path])
        return remembered(
            lambda: ("labelled", Same(every), report.path, labels), lambda: Runs(_labelled(sources[report.path], of_source))
        )

    pages = tuple(
        Page(report, _target(report.path, folder, alone=target.is_file()), labelled(report), own, style(own))
        for report, own in zip(reports, styles, strict=True)
    )
    return Workspace(folder, settings, pages, every, main, style(main), (*mistakes, *unread), tuple(left_out(target, settings)))


def find_reports(target: Path, settings: Settings) -> Iterator[Path]:
    """The reports of a target: the file itself; or, in a folder, each Markdown file with front matter, and those in the navigation."""
    if target.is_file():
        yield target
        return
    named = {(settings.folder / page.file).resolve() for page in settings.pages}
    yield from (path for path in _markdown(target) if _has_front_matter(path) or path.resolve() in named)


def left_out(target: Path, settings: Settings) -> Iterator[str]:
    """A sentence for each Markdown file in a folder that looks like a report and is none."""
    reports = set(find_reports(target, settings))
    for path in _markdown(target) if target.is_dir() else ():
        kind = next((one for one in _FENCE.findall(path.read_text(encoding="utf-8", errors="replace")) if one in KINDS), None)
        if kind and not is_language(kind) and path not in reports:
            yield f"{path}: it has a fence '{kind}' but no front matter, so it is left out; begin it with ---"


def _markdown(folder: Path) -> Iterator[Path]:
    """The Markdown files of a folder, but README.md and those in folders of logs, libraries and sites."""
    for root, folders, files in os.walk(folder):
        here = Path(root)
        folders[:] = sorted(name for name in folders if not _is_skipped(here / name))
        yield from (here / name for name in sorted(files) if name.endswith(".md") and name.lower() != "readme.md")


def _is_skipped(folder: Path) -> bool:
    return folder.name.startswith((".", "_")) or folder.name in _NO_REPORTS_IN or (folder / MARKER).exists()


def _has_front_matter(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(6).removeprefix(b"\xef\xbb\xbf").startswith((b"---\n", b"---\r"))


def _is_path(source: str | Path) -> bool:
    return isinstance(source, Path) or "://" not in source


def _read_reports(paths: Sequence[Path], params: Mapping[str, str], settings: Settings) -> tuple[list[Report], list[Mistake]]:
    """The reports, and the mistakes of those that cannot be read.

    Of several, each takes the parameters that it has; the only one, or the first, complains of an unknown one.
    """
    reports = []
    mistakes: list[Mistake] = []
    unclaimed = set(params)
    for path in paths:
        try:
            report = read_report(path, settings=settings)
            known = {name: value for name, value in params.items() if name in report.front.params}
            unclaimed -= set(known)
            reports.append(read_report(path, params=known, settings=settings) if known else report)
        except Mistakes as several:
            mistakes += several.mistakes
    if unclaimed and reports and not mistakes:
        try:
            read_report(reports[0].path, params={name: params[name] for name in sorted(unclaimed)}, settings=settings)
        except Mistakes as several:
            mistakes += several.mistakes
    return reports, mistakes


def _themes(reports: Sequence[Report], settings: Settings, given: str | Path | None) -> tuple[Theme, list[Theme]]:
    """The theme of the site, and the one of each report."""
    if given is not None:
        name = str(given)
        main = find_theme(name, Path())
        return main, [main for _ in reports]
    place = settings.place("theme")
    main = find_theme(settings.theme, place.file.parent, place)
    own = [
        find_theme(report.front.theme, report.path.parent, report.head.place(("theme",))) if report.front.theme else main
        for report in reports
    ]
    return (own[0] if len(own) == 1 else main), own


def _load(
    sources: Sequence[RunSource],
    folder: Path,
    cache: bool,
    progress: Progress | None,
    guarded: Callable[[Sequence[Run]], Sequence[Run]] = tuple,
) -> tuple[Runs, dict[Path | str, list[Run]], list[Mistake]]:
    """All runs, each once and with an id of its own, which of them each source has, and what is wrong with the others."""
    from reportgen.sources import load

    loaded: dict[Path | str, list[Run]] = {}
    once: dict[tuple[Path, str], Run] = {}
    mistakes: dict[str, Mistake] = {}

    def told(done: int, total: int, _: Path) -> None:
        if progress:
            progress("Reading runs", done, total)

    for source in sources:
        if source.location in loaded:
            continue
        try:
            found = load(source.location, cache=cache, progress=told)
        except SourceError as mistake:
            placed = mistake.at(source.place)
            mistakes.setdefault(str(placed), placed)
            continue
        loaded[source.location] = [once.setdefault((run.source.path, run.id), run) for run in found]
    located = {id(run): _without_machine(run, location, folder) for location, several in loaded.items() for run in several}
    located = dict(zip(located, guarded(list(located.values())), strict=True))
    every = Runs(located.values())
    # `Runs` makes ids unique by copying a run; its history stays the same object, and tells who became who.
    final = {id(run.history): run for run in every}
    of_source = {location: [final[id(located[id(run)].history)] for run in several] for location, several in loaded.items()}
    return every, of_source, list(mistakes.values())


def _without_machine(run: Run, location: Path | str, folder: Path) -> Run:
    """The run with its files named relative to the folder, or to the source's own parent when it lies elsewhere."""
    bases = (folder.resolve(), Path(location).resolve().parent)

    def relative(path: Path) -> Path:
        return next((path.relative_to(base) for base in bases if path.is_relative_to(base)), Path(path.name))

    warnings = tuple(replace(one, path=relative(one.path) if one.path else None) for one in run.warnings)
    return replace(run, source=replace(run.source, path=relative(run.source.path)), warnings=warnings)


def _labelled(sources: Sequence[RunSource], of_source: Mapping[Path | str, Sequence[Run]]) -> list[Run]:
    """The runs of some sources with the labels of those; a run of several sources has the first one's."""
    found: dict[str, Run] = {}
    for source in sources:
        for run in of_source[source.location]:
            found.setdefault(run.id, replace(run, source=replace(run.source, label=source.label)) if source.label else run)
    return list(found.values())


def _target(path: Path, folder: Path, *, alone: bool) -> str:
    if alone:
        return "index.html"
    target = path.absolute().relative_to(folder).with_suffix(".html").as_posix()
    if target == "runs.html" or target.startswith("runs/"):
        raise Mistake("a report cannot stand here: the pages of the runs do", Place(path), "rename the file or its folder")
    return target


def warnings_of(runs: Runs) -> Iterator[tuple[Run, LogWarning]]:
    """What could not be read, run by run."""
    for run in runs:
        for warning in run.warnings:
            yield run, warning
