"""Building a site: the order of the work."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reportgen.blocks.logged_media.content import bytes_of
from reportgen.errors import Mistake, Mistakes, SiteError
from reportgen.remembering import Same, remembered
from reportgen.report import Document, LinkedFile
from reportgen.site import swap as swapping
from reportgen.site.assets import vega_script
from reportgen.site.compose import compose, render_documents
from reportgen.site.figures import Charts
from reportgen.site.site import ComposedPage, Site
from reportgen.site.workspace import Guard, Progress, Workspace, read_workspace, warnings_of
from reportgen.store.cache import Cache
from reportgen.words import using_language


@dataclass(frozen=True)
class Built:
    """A site that was built.

    Attributes:
        out: Its folder.
        pages: How many pages it has.
        seconds: How long it took.
        warnings: What could not be read or should be known, one sentence each.
    """

    out: Path
    pages: int
    seconds: float
    warnings: tuple[str, ...]


def build(
    target: str | Path | None = None,
    *,
    out: str | Path = "site",
    runs: Sequence[str | Path] = (),
    params: Mapping[str, str] | None = None,
    theme: str | Path | None = None,
    query: Literal["browser"] | None = None,
    strict: bool = False,
    cache: bool = True,
    progress: Progress | None = None,
    guard: Guard | None = None,
) -> Built:
    """Builds the site of a report, of a folder of reports, or of a folder of runs.

    Args:
        target: The report or folder; by default the working directory.
        out: The folder of the site. It is replaced as a whole, at the end, and only if reportgen made it.
        runs: Run logs instead of those that the reports name.
        params: Values for the reports' parameters.
        theme: A theme (name or path) instead of the one that the reports name.
        query: Where readers may ask in SQL, if the settings do not say it.
        strict: Warnings are mistakes.
        cache: Whether logs that have not changed since they were last read come from the user's cache folder.
        progress: Is told what is being done.
        guard: Changes the runs before anything is made of them.

    Raises:
        Mistakes: Everything that is wrong with the input; the last good site stays.
        SiteError: `out` is not ours to overwrite.
    """
    started = time.monotonic()
    target, out = Path(target or "."), Path(out)
    _check_out(out, target)
    workspace, documents = prepare(target, runs, params, theme, cache, progress, guard)
    workspace = workspace.asked(query)
    swapping.check(out, [page.report.path for page in workspace.pages])
    warnings = warnings_in(workspace, documents)
    if strict and warnings:
        raise Mistakes(Mistake(warning) for warning in warnings)
    count = _write(workspace, documents, out, progress)
    return Built(out, count, time.monotonic() - started, warnings)


def check(
    target: str | Path | None = None,
    *,
    runs: Sequence[str | Path] = (),
    params: Mapping[str, str] | None = None,
    theme: str | Path | None = None,
    strict: bool = False,
    cache: bool = True,
    progress: Progress | None = None,
) -> tuple[str, ...]:
    """Does all that can find a mistake, and writes nothing.

    Returns:
        The warnings.

    Raises:
        Mistakes: Everything that is wrong with the input.
    """
    workspace, documents = prepare(Path(target or "."), runs, params, theme, cache, progress)
    site = Site(workspace, documents, progress)
    composed = compose(site)
    site.charts.draw(Cache())
    for _ in _filled(site, composed, ""):
        pass
    warnings = warnings_in(workspace, documents)
    if strict and warnings:
        raise Mistakes(Mistake(warning) for warning in warnings)
    return warnings


def _check_out(out: Path, target: Path) -> None:
    """Complains before the work begins where its result could not be put."""
    swapping.check(out, [target])
    if (out / swapping.MARKER).is_file() and not (out / "index.html").is_file():
        raise SiteError(f"{out} is an export and not a site", hint="give another folder with -o")


def prepare(
    target: Path,
    runs: Sequence[str | Path],
    params: Mapping[str, str] | None,
    theme: str | Path | None,
    cache: bool,
    progress: Progress | None,
    guard: Guard | None = None,
) -> tuple[Workspace, list[Document]]:
    """What the site is made of, and its reports, rendered.

    Raises:
        Mistakes: Everything that is wrong with the input.
    """
    workspace = read_workspace(target, runs=runs, params=params, theme=theme, cache=cache, progress=progress, guard=guard)
    return workspace, render_documents(workspace)


def warnings_in(workspace: Workspace, documents: Sequence[Document]) -> tuple[str, ...]:
    """What could not be read or should be known, one sentence each."""
    of_runs = (f"{run.name}: {warning.text}" for run, warning in warnings_of(workspace.runs))
    of_reports = (warning for document in documents for warning in document.warnings)
    return tuple(dict.fromkeys([*workspace.warnings, *of_reports, *of_runs]))


def _write(workspace: Workspace, documents: list[Document], out: Path, progress: Progress | None) -> int:
    """Composes, draws and writes all pages; the number of pages."""
    pages = 0
    with swapping.swap(out) as folder:
        folder.write(".nojekyll", b"")
        for path, content in contents(workspace, documents, progress):
            pages += isinstance(content, str)
            folder.write(path, content_of(content))
        folder.commit()
    Cache().trim()
    return pages


def contents(
    workspace: Workspace, documents: Sequence[Document], progress: Progress | None = None
) -> Iterator[tuple[str, bytes | LinkedFile | str]]:
    """The files of a site by their paths, the pages (texts) last.

    Raises:
        Mistakes: What is wrong in the theme's templates, after the last page.
        Mistake: A chart cannot be drawn.
    """
    site = Site(workspace, documents, progress)
    composed = compose(site)
    scripts, vega = _draw(site.charts, Cache(), progress)
    yield from {**site.assets(), **site.scripts, **scripts}.items()
    yield from {file.target: file for page in composed for file in page.files}.items()
    yield from _filled(site, composed, vega)


def content_of(content: bytes | LinkedFile | str) -> bytes:
    """What is written for one of `contents`."""
    if isinstance(content, LinkedFile):
        return bytes_of(content.source, content.span) if content.content is None else content.content
    return content.encode("utf-8", "replace") if isinstance(content, str) else content


def _filled(site: Site, composed: Sequence[ComposedPage], vega: str) -> Iterator[tuple[str, str]]:
    """The path and the HTML of each page.

    Args:
        vega: The path of the script of Vega.

    Raises:
        Mistakes: What is wrong in the theme's templates, each mistake once, after the last page.
    """
    mistakes: dict[str, Mistake] = {}
    for i, page in enumerate(composed):
        site.tell("Writing pages", i, len(composed))
        environment = page.theme.environment
        try:
            html = remembered(lambda page=page: ("page", Same(page)), lambda page=page: _rendered(page))  # type: ignore[misc]
            html = site.charts.fill(html, environment.get_template("figure.html"), page.root, vega, site.font(page.theme))
        except Mistakes as several:
            mistakes |= {str(mistake): mistake for mistake in several.mistakes}
            continue
        yield page.target, html
    if mistakes:
        raise Mistakes(mistakes.values())


def _rendered(page: ComposedPage) -> str:
    with using_language(page.context.language):
        return page.theme.environment.get_template(page.template).render(page=page.context)


def _draw(charts: Charts, cache: Cache, progress: Progress | None) -> tuple[dict[str, bytes], str]:
    """The scripts of the charts and of Vega, and the path of the latter; none when there is no chart."""
    if not len(charts):
        return {}, ""

    def drawn(count: int) -> None:
        if progress:
            progress("Drawing charts", count, len(charts))

    path, script = vega_script(cache)
    return {path: script, **{name: text.encode() for name, text in charts.draw(cache, drawn).items()}}, path
