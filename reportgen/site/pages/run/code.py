"""Which code a run ran, how to run it again, and the files that it left beside its log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from markupsafe import Markup

from reportgen.analysis.column_format import size_text
from reportgen.blocks.commits import commit_address
from reportgen.blocks.logged_media.files import SiteFiles
from reportgen.blocks.logged_text import LARGEST, is_patch, read_text
from reportgen.blocks.readable import readable
from reportgen.blocks.table import Cell, Head, TableView, table_html
from reportgen.model import LoggedFile, Run
from reportgen.report.highlight import highlight
from reportgen.words import _, count, ngettext

_LISTED = 200
_LANGUAGES = {".py": "python", ".sh": "bash", ".yaml": "yaml", ".yml": "yaml", ".json": "json", ".toml": "toml", ".md": "", ".txt": "",
              ".cfg": "ini", ".ini": "ini", ".patch": "diff", ".diff": "diff"}  # fmt: skip
_SHOWN = 12
"""So many texts are shown in the page; of others there is a copy."""
_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def command_of(run: Run) -> str:
    """How to run it again: the commit and the command, in one line; "" when the log does not say."""
    command = " ".join(readable(run.command).split())
    if not command:
        return ""
    program = command.split(" ", 1)[0]
    if program.endswith(".py"):
        command = f"python {command}"
    return f"git checkout {run.git_commit} && {command}" if _COMMIT.fullmatch(run.git_commit) else command


def code_html(run: Run, files: SiteFiles, root: str) -> Markup:
    """The code's version, what was not committed, and the other files; empty when the log says nothing of it."""
    parts = [_version(run), *_texts(run.files), _listed(run.files, files, root)]
    return Markup("\n").join(part for part in parts if part)


def _version(run: Run) -> Markup:
    """“Commit 0123abc of github.com/k/d, with uncommitted changes of 12 lines.”"""
    remote = readable(run.git_remote)
    if not run.git_commit:
        return (
            Markup('<p class="section-note">{}</p>').format(_("The log names no commit; its repository is {remote}.").format(remote=remote))
            if remote
            else Markup()
        )
    address = commit_address(run.git_remote, run.git_commit)
    commit = Markup('<code title="{}">{}</code>').format(readable(run.git_commit), readable(run.git_commit)[:12])
    if address:
        commit = Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, commit)
    said = Markup(_("Commit {commit} of {remote}.") if remote else _("Commit {commit}.")).format(commit=commit, remote=remote)
    patch = next((one for one in run.files if is_patch(one)), None)
    changed = _changed_lines(patch) if patch else None
    if changed is not None:
        said += " " + ngettext(
            "Beside it, {n} line was changed and not committed.", "Beside it, {n} lines were changed and not committed.", changed
        ).format(n=count(changed))
    elif run.source.format == "wandb":
        said += " " + _("No uncommitted changes were logged.")
    return Markup("<p>{}</p>").format(said)


def _changed_lines(one: LoggedFile) -> int | None:
    text = read_text(one)
    if text is None:
        return None
    lines = text.splitlines()
    return sum(line[:1] in ("+", "-") and line[:3] not in ("+++", "---") for line in lines)


def _texts(several: Sequence[LoggedFile]) -> Iterator[Markup]:
    """Patches first, then requirements and code: each folded."""
    in_order = sorted((one for one in several if _ending(one) in _LANGUAGES), key=lambda one: (not is_patch(one), one.path))
    for one in in_order[:_SHOWN]:
        text = read_text(one)
        if text is not None and text.strip():
            title = _("Uncommitted changes") if is_patch(one) else readable(one.path)
            lines = ngettext("{n} line", "{n} lines", len(text.splitlines())).format(n=count(len(text.splitlines())))
            body = highlight(readable(text), _LANGUAGES[_ending(one)])
            head = Markup('<summary>{} <span class="count">{}</span></summary>').format(title, lines)
            text_html = Markup('<pre class="highlight" tabindex="0" role="region" aria-label="{}">{}</pre>').format(title, body)
            yield Markup('<details class="logged-text">{}{}</details>').format(head, text_html)


def _ending(one: LoggedFile) -> str:
    return PurePosixPath(one.path).suffix.lower()


def _listed(several: Sequence[LoggedFile], files: SiteFiles, root: str) -> Markup:
    if not several:
        return Markup()
    heads = (Head(_("file")), Head(_("size"), number=True))
    rows = tuple((_name(one, files, root), Cell(size_text(one.size), str(one.size))) for one in several[:_LISTED])
    table = table_html(TableView(heads, rows, label=_("Files"), boxed=len(rows) > 12))
    more = len(several) - _LISTED
    said = _("{n} more files are not listed.").format(n=count(more)) if more > 0 else ""
    return table + (Markup('<p class="section-note">{}</p>').format(said) if said else Markup())


def _name(one: LoggedFile, files: SiteFiles, root: str) -> Cell:
    """The name, as a link to a copy where the file is a small text."""
    name = readable(one.path)
    if one.local is None or _ending(one) not in _LANGUAGES or one.size > LARGEST:
        return Cell(name)
    target = files.copy(one.local, None, ".txt")
    return Cell(Markup('<span class="value"><a href="{}{}">{}</a></span>').format(root, target, name), name) if target else Cell(name)
