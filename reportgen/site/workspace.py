"""What a site is made of: the reports of a target, their settings and theme, and all runs, each once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reportgen.charts.style import ChartStyle, run_colours
from reportgen.errors import Mistake, Mistakes, Place, SourceError
from reportgen.model import LogWarning, Run, Runs
from reportgen.report import Report, read_report
from reportgen.settings import RunSource, Settings, nearest_file, read_settings
from reportgen.site.swap import MARKER
from reportgen.site.theme import Theme, find_theme

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how much of it is done, and how much there is."""

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
    """

    folder: Path
    settings: Settings
    pages: tuple[Page, ...]
    runs: Runs
    theme: Theme
    style: ChartStyle


def read_workspace(
    target: Path,
    *,
    runs: Sequence[str | Path] = (),
    params: Mapping[str, str] | None = None,
    theme: str | Path | None = None,
    cache: bool = True,
    progress: Progress | None = None,
) -> Workspace:
    """Reads the reports of a target and all runs that they name.

    Args:
        target: A report, a folder of reports, or a folder of runs.
        runs: Run logs instead of those that the reports name.
        params: Values for the reports' parameters.
        theme: A theme instead of the one that settings and reports name.
        cache: Whether logs that have not changed come from the store (see `reportgen.sources.load`).

    Raises:
        Mistakes: Everything that is wrong with settings, reports and runs.
    """
    if not target.exists():
        raise Mistake(f"no file or folder '{target}'", hint=nearest_file(target.absolute()))
    folder = (target if target.is_dir() else target.parent).absolute()
    settings = read_settings(folder)
    reports = _read_reports(list(find_reports(target)), dict(params or {}), settings)
    given = tuple(RunSource(Path(os.path.abspath(one)) if _is_path(one) else str(one), "", Place(Path(str(one)))) for one in runs)
    sources = {report.path: given or report.sources for report in reports}
    if not reports:
        sources[folder] = given or settings.sources or (RunSource(folder, "", Place(target)),)
    every, of_source = _load([source for several in sources.values() for source in several], folder, cache, progress)
    main, styles = _themes(reports, settings, theme)
    colours = run_colours(every, main.chart_style().categories)
    pages = tuple(
        Page(
            report,
            _target(report.path, folder, alone=target.is_file()),
            Runs(_labelled(sources[report.path], of_source)),
            own,
            replace(own.chart_style(), run_colours=colours),
        )
        for report, own in zip(reports, styles, strict=True)
    )
    return Workspace(folder, settings, pages, every, main, replace(main.chart_style(), run_colours=colours))


def find_reports(target: Path) -> Iterator[Path]:
    """The reports of a target: the file itself, or every Markdown file with front matter in a folder, but README.md."""
    if target.is_file():
        yield target
        return
    for root, folders, files in os.walk(target):
        here = Path(root)
        folders[:] = sorted(name for name in folders if not _is_skipped(here / name))
        for name in sorted(files):
            if name.endswith(".md") and name.lower() != "readme.md" and _has_front_matter(here / name):
                yield here / name


def _is_skipped(folder: Path) -> bool:
    return folder.name.startswith((".", "_")) or folder.name in _NO_REPORTS_IN or (folder / MARKER).exists()


def _has_front_matter(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(6).removeprefix(b"\xef\xbb\xbf").startswith((b"---\n", b"---\r"))


def _is_path(source: str | Path) -> bool:
    return isinstance(source, Path) or "://" not in source


def _read_reports(paths: Sequence[Path], params: Mapping[str, str], settings: Settings) -> list[Report]:
    """The reports. Of several, each takes the parameters that it has; the only one, or the first, complains of an unknown one."""
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
        read_report(reports[0].path, params={name: params[name] for name in sorted(unclaimed)}, settings=settings)
    if mistakes:
        raise Mistakes(mistakes)
    return reports


def _themes(reports: Sequence[Report], settings: Settings, given: str | Path | None) -> tuple[Theme, list[Theme]]:
    """The theme of the site, and the one of each report."""
    if given is not None:
        name = str(given)
        main = find_theme(name, Path())
        return main, [main for _ in reports]
    main = find_theme(settings.theme, settings.folder, Place(settings.folder / "reportgen.toml"))
    own = [
        find_theme(report.front.theme, report.path.parent, report.head.place(("theme",))) if report.front.theme else main
        for report in reports
    ]
    return (own[0] if len(own) == 1 else main), own


def _load(
    sources: Sequence[RunSource], folder: Path, cache: bool, progress: Progress | None
) -> tuple[Runs, dict[Path | str, list[Run]]]:
    """All runs, each once and with an id of its own, and which of them each source has."""
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
    if mistakes:
        raise Mistakes(mistakes.values())
    located = {id(run): _without_machine(run, location, folder) for location, several in loaded.items() for run in several}
    every = Runs(located.values())
    # `Runs` makes ids unique by copying a run; its history stays the same object, and tells who became who.
    final = {id(run.history): run for run in every}
    return every, {location: [final[id(run.history)] for run in several] for location, several in loaded.items()}


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
