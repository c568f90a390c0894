"""Building a site: the order of the work."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reportgen.blocks.logged_media.content import bytes_of
from reportgen.errors import Mistake, Mistakes, SiteError
from reportgen.report import Document
from reportgen.site import swap as swapping
from reportgen.site.assets import vega_script
from reportgen.site.compose import compose, render_documents
from reportgen.site.figures import Charts
from reportgen.site.site import ComposedPage, Site
from reportgen.site.workspace import Prepare, Progress, Workspace, read_workspace, warnings_of
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
    prepare: Prepare | None = None,
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
        prepare: Changes the runs before anything is made of them.

    Raises:
        Mistakes: Everything that is wrong with the input; the last good site stays.
        SiteError: `out` is not ours to overwrite.
    """
    started = time.monotonic()
    target, out = Path(target or "."), Path(out)
    _check_out(out, target)
    workspace, documents = _prepare(target, runs, params, theme, cache, progress, prepare)
    workspace = workspace.asked(query)
    swapping.check(out, [page.report.path for page in workspace.pages])
    warnings = _warnings(workspace, documents)
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
    workspace, documents = _prepare(Path(target or "."), runs, params, theme, cache, progress)
    site = Site(workspace, documents, progress)
    composed = compose(site)
    site.charts.draw(Cache())
    for _ in _filled(site, composed, ""):
        pass
    warnings = _warnings(workspace, documents)
    if strict and warnings:
        raise Mistakes(Mistake(warning) for warning in warnings)
    return warnings


def _check_out(out: Path, target: Path) -> None:
    """Complains before the work begins where its result could not be put."""
    swapping.check(out, [target])
    if (out / swapping.MARKER).is_file() and not (out / "index.html").is_file():
        raise SiteError(f"{out} is an export and not a site", hint="give another folder with -o")


def _prepare(
    target: Path,
    runs: Sequence[str | Path],
    params: Mapping[str, str] | None,
    theme: str | Path | None,
    cache: bool,
    progress: Progress | None,
    prepare: Prepare | None = None,
) -> tuple[Workspace, list[Document]]:
    workspace = read_workspace(target, runs=runs, params=params, theme=theme, cache=cache, progress=progress, prepare=prepare)
    return workspace, render_documents(workspace)


def _warnings(workspace: Workspace, documents: Sequence[Document]) -> tuple[str, ...]:
    of_runs = (f"{run.name}: {warning.text}" for run, warning in warnings_of(workspace.runs))
    of_reports = (warning for document in documents for warning in document.warnings)
    return tuple(dict.fromkeys([*workspace.warnings, *of_reports, *of_runs]))


def _write(workspace: Workspace, documents: list[Document], out: Path, progress: Progress | None) -> int:
    """Composes, draws and writes all pages; the number of pages."""
    site = Site(workspace, documents, progress)
    composed = compose(site)
    cache = Cache()
    scripts, vega = _draw(site.charts, cache, progress)
    with swapping.swap(out) as folder:
        folder.write(".nojekyll", b"")
        for path, content in {**site.assets(), **site.scripts, **scripts}.items():
            folder.write(path, content)
        for target, file in {file.target: file for page in composed for file in page.files}.items():
            folder.write(target, bytes_of(file.source, file.span) if file.content is None else file.content)
        for target, html in _filled(site, composed, vega):
            folder.write(target, html.encode("utf-8", "replace"))
        folder.commit()
    cache.trim()
    return len(composed)


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
            with using_language(page.context.language):
                html = environment.get_template(page.template).render(page=page.context)
            html = site.charts.fill(html, environment.get_template("figure.html"), page.root, vega, site.font(page.theme))
        except Mistakes as several:
            mistakes |= {str(mistake): mistake for mistake in several.mistakes}
            continue
        yield page.target, html
    if mistakes:
        raise Mistakes(mistakes.values())


def _draw(charts: Charts, cache: Cache, progress: Progress | None) -> tuple[dict[str, bytes], str]:
    """The scripts of the charts and of Vega, and the path of the latter; none when there is no chart."""
    if not len(charts):
        return {}, ""

    def drawn(count: int) -> None:
        if progress:
            progress("Drawing charts", count, len(charts))

    path, script = vega_script(cache)
    return {path: script, **{name: text.encode() for name, text in charts.draw(cache, drawn).items()}}, path
