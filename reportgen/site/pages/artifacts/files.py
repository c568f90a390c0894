"""The files of artifacts: which can be downloaded from the site, and what they hold."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from markupsafe import Markup

from reportgen.analysis.column_format import size_text
from reportgen.blocks.readable import readable
from reportgen.blocks.table import MISSING, Cell, Head, TableView, table_html
from reportgen.model import ArtifactFile
from reportgen.report.document import LinkedFile
from reportgen.words import _, count, ngettext

LARGEST, IN_ALL = 20_000_000, 300_000_000
"""Larger files are not copied into the site, nor more bytes than this in all."""
_ROWS = 1000
_ACTIVE = re.compile(r"\.(x?html?|xht|shtml|svgz?|xml|xslt?|mht(ml)?|swf|pdf|hta|js|mjs|wasm|url|webloc|lnk|desktop)$", re.IGNORECASE)
"""What a browser would open, and so could run within the site."""


@dataclass(frozen=True)
class KnownFile:
    """A file of an artifact with what was found out about it.

    Attributes:
        file: As it was logged; with a digest of ours where the log has none and the file is there.
        target: Its copy, a path below the site's root; "" when there is none.
        why_not: Why there is none although the file is there.
    """

    file: ArtifactFile
    target: str = ""
    why_not: str = ""


class CopiedFiles:
    """The files of artifacts that are copied into the site, each content once."""

    def __init__(self) -> None:
        self._room = IN_ALL
        self._targets: set[str] = set()
        self._known: dict[Path, tuple[int, str]] = {}

    def known(self, files: Sequence[ArtifactFile], linked: list[LinkedFile]) -> list[KnownFile]:
        """Looks at files; those that are copied are added to `linked`."""
        return [self._look(one, linked) for one in files]

    def _look(self, file: ArtifactFile, linked: list[LinkedFile]) -> KnownFile:
        local = file.local
        if local is None:
            return KnownFile(file)
        try:
            size, digest = self._content(local)
        except OSError:
            return KnownFile(file, why_not=_("cannot be read"))
        if not digest:
            return KnownFile(file, why_not=_("too large to be copied"))
        file = replace(file, size=size if file.size is None else file.size, digest=file.digest or f"sha256:{digest[:16]}")
        target = f"files/{digest[:16]}/{_safe_name(file.path)}"
        if target not in self._targets:
            if size > self._room:
                return KnownFile(file, why_not=_("no room left for copies"))
            self._room -= size
            self._targets.add(target)
        linked.append(LinkedFile(local, target))
        return KnownFile(file, target)

    def _content(self, path: Path) -> tuple[int, str]:
        """Size and SHA-256 of a file; no digest for one that is too large."""
        if path not in self._known:
            size = path.stat().st_size
            self._known[path] = size, hashlib.sha256(path.read_bytes()).hexdigest() if size <= LARGEST else ""
        return self._known[path]


def _safe_name(path: str) -> str:
    """The last part of a path, so that no browser opens it as a page: files that could run something end in .txt.

    >>> _safe_name("a/model.pt"), _safe_name("note.html"), _safe_name("LICENSE")
    ('model.pt', 'note.html.txt', 'LICENSE.bin')
    """
    name = re.sub(r"[^\w. +=-]", "_", PurePosixPath(path.replace("\\", "/")).name, flags=re.ASCII).strip(". ")[-80:] or "file"
    return f"{name}.txt" if _ACTIVE.search(name) else name if "." in name[1:] else f"{name}.bin"


def files_html(files: Sequence[KnownFile], root: str, name: str) -> Markup:
    """The table of the files, and what is left out of it.

    Args:
        name: The name of the table in the address of a sorted or filtered view.
    """
    if not files:
        return Markup("")
    has_reference = any(one.file.reference for one in files)
    heads = [Head(_("file")), Head(_("size"), number=True), Head(_("digest"))]
    heads += [Head(_("reference"))] if has_reference else []
    rows = tuple(_row(one, root, has_reference) for one in files[:_ROWS])
    table = table_html(TableView(tuple(heads), rows, label=_("Files"), id=name, boxed=True))
    notes = []
    if len(files) > _ROWS:
        notes.append(_("The first {n} of {all} files.").format(n=count(_ROWS), all=count(len(files))))
    if absent := sum(1 for one in files if not one.target and not one.why_not):
        notes.append(
            ngettext(
                "{n} file does not lie beside the log, so it cannot be downloaded here.",
                "{n} files do not lie beside the log, so they cannot be downloaded here.",
                absent,
            ).format(n=count(absent))
        )
    if any(one.target.endswith(".txt") and not one.file.path.endswith(".txt") for one in files):
        notes.append(_("What a browser could run has .txt behind its name in the download."))
    return table + Markup("").join(Markup('<p class="section-note">{}</p>\n').format(note) for note in notes)


def _row(one: KnownFile, root: str, has_reference: bool) -> tuple[Cell, ...]:
    path, digest = readable(one.file.path), readable(one.file.digest)
    shown = Markup('<span class="value">{}</span>').format(path)
    if one.target:
        shown = Markup('<a class="value" href="{}{}" download>{}</a>').format(root, one.target, path)
    elif one.why_not:
        shown += Markup(' <span class="tag">{}</span>').format(one.why_not)
    size = MISSING if one.file.size is None else Cell.of(size_text(one.file.size), str(one.file.size))
    cells = [Cell(shown, path, title=path), size, Cell.of(digest[:19], digest) if digest else MISSING]
    if has_reference:
        cells.append(Cell.of(readable(one.file.reference)[:80], readable(one.file.reference)) if one.file.reference else MISSING)
    return tuple(cells)
