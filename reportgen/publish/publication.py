"""Publishing: build, look for what must not leave the machine, hand over."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import reportgen
from reportgen.errors import Mistake, Mistakes, PublishError
from reportgen.model import Run
from reportgen.publish.address import Destination, checked_path, destination
from reportgen.publish.archive import to_archive
from reportgen.publish.branch import to_branch
from reportgen.publish.findings import HINT, listed, message, several
from reportgen.publish.folder import to_folder
from reportgen.publish.personal import Personal
from reportgen.publish.plan import Changes, Content, below
from reportgen.publish.redaction import RedactedFiles, redacted
from reportgen.publish.scan import RunSecrets, files_of, not_looked_into, personal_left, scan_site
from reportgen.report import Report
from reportgen.settings import Publishing, Settings, read_settings
from reportgen.site.build import build


@dataclass(frozen=True)
class Published:
    """A site that was handed over.

    Attributes:
        address: Where it can be seen: a path, an address, or a remote and its branch.
        pages: How many pages it has.
        commit: The commit that was pushed, "" where none was needed or it went elsewhere.
        removed: The personal data that were taken out, one sentence, "" for none.
        notes: What should be known, one sentence each.
    """

    address: str
    changes: Changes
    pages: int
    commit: str = ""
    removed: str = ""
    notes: tuple[str, ...] = ()


def publish(
    target: str | Path | None = None,
    *,
    to: str = "",
    path: str | None = None,
    redact: bool | None = None,
    dry_run: bool = False,
    **options: Any,
) -> Published:
    """Builds a site and brings it to a folder, an archive or a branch of a git remote.

    Args:
        target: The report or folder; by default the working directory.
        to: Where to; by default what the settings say.
        path: A folder below that.
        redact: Whether personal data of the runs are removed; by default what the settings and the reports say.
        dry_run: Say what would be done, and do nothing.
        options: Of `reportgen.build`.

    Raises:
        Mistakes: Everything that is wrong with the input.
        PublishError: It holds secrets, or the place does not take it.
    """
    target = Path(target or ".")
    folder = target if target.is_dir() else target.parent
    settings = read_settings(folder).publish
    if not (to or settings.to):
        raise PublishError("nothing says where to publish to", hint="give --to: a folder, a .zip, gh-pages, or URL#branch")
    where, prefix = destination(to or settings.to), checked_path(settings.path if path is None else path)
    with TemporaryDirectory(prefix="reportgen-publish-") as scratch:
        guard = _Guard(Path(scratch) / "files", redact)
        try:
            built = build(target, out=Path(scratch) / "site", guard=guard, **options)
        except Mistakes as several_mistakes:
            raise Mistakes([*several_mistakes.mistakes, *guard.doubts()]) from None
        notes = [*built.warnings, *guard.look(built.out)]
        site = {file.relative_to(built.out).as_posix(): file for file in files_of(built.out)}
        base = folder if not to else Path()
        handed = _hand_over(site, where, prefix, base, folder, dry_run)
        return Published(handed.address, handed.changes, built.pages, handed.commit, guard.removed, (*notes, *handed.notes))


@dataclass(frozen=True)
class _Handed:
    changes: Changes
    address: str
    commit: str = ""
    notes: tuple[str, ...] = ()


def _hand_over(site: Mapping[str, Content], where: Destination, prefix: str, base: Path, near: Path, dry_run: bool) -> _Handed:
    """Brings a site to its destination.

    Args:
        base: Relative paths of the destination start here.
        near: A folder in the user's repository.
    """
    if where.kind == "git":
        title = _title(site)
        about = f"Publish {below(prefix, '').rstrip('/')}: {title}" if prefix else f"Publish {title}"
        text = f"{about}\n\nBuilt by reportgen {reportgen.__version__}.\n"
        pushed = to_branch(site, where.place, where.branch, prefix, text, near.absolute(), base.absolute(), dry_run)
        return _Handed(pushed.changes, pushed.address, pushed.commit, pushed.notes)
    out = base / Path(where.place).expanduser()
    if where.kind == "zip":
        return _Handed(to_archive(site, out, prefix, dry_run), str(out))
    changes, why_not = to_folder(site, out, prefix, dry_run)
    notes = (f"no list of reports was written: {why_not}",) if why_not else ()
    return _Handed(changes, str(out / prefix / "index.html"), "", notes)


@dataclass
class _Guard:
    """Sees the runs before a site is made of them, and the site when it is made.

    Attributes:
        files: A folder for files of runs that had to be changed.
        asked: What the caller says about redaction; None for what the settings and reports say.
        removed: What was removed, as a sentence.
    """

    files: Path
    asked: bool | None
    removed: str = ""
    _settings: Publishing | None = None
    _secrets: RunSecrets = field(default_factory=lambda: RunSecrets(()))
    _personal: Personal | None = None
    _redacts: bool = False
    _left_out: Sequence[Path] = ()

    def __call__(self, runs: Sequence[Run], settings: Settings, reports: Sequence[Report]) -> Sequence[Run]:
        """The runs as the site may show them; secrets are looked for in what the logs have."""
        self._settings = settings.publish
        self._secrets = RunSecrets(runs, settings.publish.allow)
        self._personal = Personal(runs, settings.publish.keep)
        self._redacts = self._choice(settings, reports)
        if not self._redacts:
            return runs
        files = RedactedFiles(self._personal, self.files)
        clean = redacted(runs, self._personal, files)
        self._left_out = files.left_out
        self.removed = _removed(self._personal)
        return clean

    def doubts(self) -> list[Mistake]:
        """What may be behind mistakes that a build does not have: the report asks for a name that was taken out."""
        hint = "if a build finds no mistake, the report names what was taken out: --no-redact, or publish.keep in reportgen.toml"
        return [Mistake(self.removed, hint=hint)] if self.removed else []

    def look(self, site: Path) -> list[str]:
        """What should be known of the site.

        Raises:
            PublishError: There are secrets in it, or in its runs.
        """
        assert self._settings is not None
        assert self._personal is not None
        if found := scan_site(site, self._secrets, self._settings.allow).findings():
            raise PublishError(message(found), hint=HINT)
        whose = "the report's own words and files are not changed" if self._redacts else "nothing was removed"
        notes = [
            f"{kind} in {listed(f'{name} ({count})' if count > 1 else name for name, count in sorted(files.items()))}: {whose}"
            for kind, files in sorted(personal_left(site, self._personal).items())
        ]
        if self._left_out:
            names = listed(self._personal.text(path.name) for path in self._left_out)
            notes.append(f"left out, since they hold personal data and are no text: {names}")
        if packed := not_looked_into(site):
            notes.append(f"not looked into: {listed(packed)}")
        return notes

    def _choice(self, settings: Settings, reports: Sequence[Report]) -> bool:
        """Whether personal data are removed: one report of a site that wants it is enough."""
        if self.asked is not None:
            return self.asked
        said = [report.front.redact for report in reports if report.front.redact is not None]
        return any(said) if said and len(said) == len(reports) else settings.publish.redact or any(said)


def _removed(personal: Personal) -> str:
    """What was replaced, without saying what it was: the output of a build may be public, too."""
    parts = [
        f"{kind} ({several(len(seen), 'value', 'values')}, {several(sum(seen.values()), 'place', 'places')})"
        for kind, seen in sorted(personal.seen.items())
    ]
    return f"removed from the runs: {', '.join(parts)}" if parts else ""


def _title(site: Mapping[str, Content]) -> str:
    first = site.get("index.html")
    found = re.search(r"<title>(.*?)</title>", first.read_text(encoding="utf-8"), re.DOTALL) if isinstance(first, Path) else None
    return " ".join(html.unescape(found[1]).split()) if found else "a site"
