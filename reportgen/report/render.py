"""Reports into documents, in two steps: `read_report` says where the runs are, `render` draws the report from them.

Between the two the site loads the runs of all reports, so that a run has one colour and one page on the whole site.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from reportgen.blocks import KINDS
from reportgen.blocks.block import Block
from reportgen.blocks.fence import Surroundings
from reportgen.blocks.links import workspace_pages
from reportgen.charts.style import ChartStyle
from reportgen.errors import Mistake, Mistakes, Place
from reportgen.model import Runs
from reportgen.remembering import Same, remembered
from reportgen.report.body import Body, shortened
from reportgen.report.document import Document, LinkedFile, PlacedBlock
from reportgen.report.expressions import evaluate
from reportgen.report.figures import WITHOUT_RUNS, Figures
from reportgen.report.inserts import Inserts
from reportgen.report.links import Links
from reportgen.report.reading import Report, read_report
from reportgen.report.template import prepare
from reportgen.report.views import Desk, RunsView

__all__ = ["Report", "read_report", "render"]

NO_RUNS = "this report names no runs"


def render(
    report: Report,
    runs: Runs,
    *,
    target: str = "index.html",
    root: str = "",
    style: ChartStyle | None = None,
    site_pages: Mapping[Path, str] | None = None,
    source_root: Path | None = None,
    site_runs: Runs | None = None,
    kinds: Mapping[str, Block] = KINDS,
) -> Document:
    """Renders a report.

    Args:
        runs: The runs of this report; `where` of its front matter is applied here.
        target: The page, a path below the site's root.
        root: The way from the page to the site's root, "" or "../".
        style: How charts look, with the colours of the runs.
        site_pages: The Markdown files of all reports of the site and their pages, for links between reports.
        source_root: The folder that is built; files from outside of it are not copied. By default the report's own.
        site_runs: All runs of the site; by default those of the report.
        kinds: The fences.

    Raises:
        Mistakes: Everything that is wrong in the report.
    """
    rendering = _Rendering(report, runs, kinds, site_runs)
    return rendering.document(target, root, style or ChartStyle(), site_pages or {}, source_root or report.path.absolute().parent)


def _files(pieces: Sequence[str | PlacedBlock]) -> Iterator[LinkedFile]:
    """What the blocks of a report need beside its page."""
    for piece in pieces:
        if isinstance(piece, PlacedBlock):
            yield from piece.fragment.files


class _Rendering:
    """One report on its way, with the mistakes found so far."""

    def __init__(self, report: Report, runs: Runs, kinds: Mapping[str, Block], site_runs: Runs | None) -> None:
        self.report, self.kinds, self.site_runs = report, kinds, site_runs
        self.mistakes: dict[str, Mistake] = {str(one): one for one in report.head.mistakes}
        self.warnings: dict[str, None] = {}
        self.named_runs = bool(report.sources) or len(runs) > 0
        self.runs = self._narrowed(runs)

    def document(self, target: str, root: str, style: ChartStyle, site_pages: Mapping[Path, str], source_root: Path) -> Document:
        """The report as a document.

        Raises:
            Mistakes: Everything that is wrong.
        """
        report, head = self.report, self.report.head
        inserts = Inserts()
        desk = Desk(self.runs, root, style, inserts, self._complain_without_runs)
        names = {**report.params, "params": dict(report.params), "runs": RunsView(self.runs, desk)}
        template = prepare(head.body, head.body_line, self.kinds)
        evaluated = evaluate(template, report.path, head.body_line, names, inserts, self.note, report.language)

        def place(line: int) -> Place:
            lines: Sequence[int] = evaluated.lines
            return Place(report.path, lines[min(line, len(lines) - 1)])

        links = Links(
            report.path, source_root, root, site_pages, workspace_pages(self.site_runs or self.runs),
            lambda mistake, line: self.note(mistake.at(place(line))),
            lambda text, line: self.warn(f"{place(line)}: {text}"),
        )  # fmt: skip
        around = Surroundings(self.runs, root, style, self.warn, self.site_runs)
        figures = Figures(self.kinds, around, inserts, place, self.note, self._has_runs)
        body = Body(evaluated.text, place, inserts, links, figures, self.note, self.warn)
        pieces = body.render(report.front.title)
        if self.mistakes:
            raise Mistakes(self.mistakes.values())
        return Document(
            path=report.path,
            target=target,
            title=report.front.title or body.title or report.title,
            subtitle=report.front.subtitle,
            authors=tuple(report.front.authors),
            date=report.front.date,
            description=shortened(report.front.description or body.description),
            pieces=pieces,
            contents=tuple(heading for heading in body.headings if heading.level in (2, 3)) if report.front.toc else (),
            runs=self.runs,
            files=(*links.files.values(), *_files(pieces)),
            warnings=tuple(self.warnings),
        )

    def note(self, mistake: Mistake) -> None:
        """Notes a mistake once, however often the line is repeated."""
        if mistake.message.endswith(NO_RUNS) and any(one.message.endswith(NO_RUNS) for one in self.mistakes.values()):
            return
        self.mistakes.setdefault(str(mistake), mistake)

    def warn(self, text: str) -> None:
        """Notes a warning once."""
        self.warnings.setdefault(text)

    def _narrowed(self, runs: Runs) -> Runs:
        try:
            front, settings = self.report.front, self.report.settings
            return remembered(
                lambda: ("chosen", Same(runs), front.where, repr(front.aliases), repr(settings.aliases)),
                lambda: self.report.choose(runs),
            )
        except Mistakes as several:
            for mistake in several.mistakes:
                self.note(mistake)
        return runs

    def _complain_without_runs(self) -> None:
        if not self.named_runs:
            raise _no_runs()

    def _has_runs(self, place: Place, kind: str) -> bool:
        if not self.named_runs and kind not in WITHOUT_RUNS:
            complaint = _no_runs()
            self.note(Mistake(f"{kind}: {complaint.message}", place, complaint.hint))
        return self.named_runs


def _no_runs() -> Mistake:
    return Mistake(NO_RUNS, hint="name them in the front matter, as in `runs: path/to/wandb`, or with --runs")
