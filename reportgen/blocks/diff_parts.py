"""What changed beside the settings, on a page: code, environment and data, each folded when it is long."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from functools import partial

from markupsafe import Markup, escape

from reportgen.analysis.artifacts import Version
from reportgen.analysis.what_changed import DataChange, Fact, TextChange, WhatChanged
from reportgen.blocks.commits import commit_address, difference_address
from reportgen.blocks.diff_view import LISTED, side_heads, value_cells
from reportgen.blocks.links import version_href
from reportgen.blocks.machine import machine_names, machine_text
from reportgen.blocks.readable import readable
from reportgen.blocks.table import MISSING, Cell, Head, TableView, table_html
from reportgen.blocks.version_changes import changes_html
from reportgen.charts.style import ChartStyle
from reportgen.words import _, count, ngettext

_MOST_LINES = 400
"""So many lines of a difference are shown in the page."""
_SHORT = 30
"""A difference of up to so many lines is not folded."""
_CLASSES = {"+": "gi", "-": "gd", "@": "gu"}


def code_html(found: WhatChanged, root: str, style: ChartStyle) -> Markup:
    """Commit, script and command line; then the sources and patches line by line."""
    code = found.code
    rows = tuple(_code_row(fact, found) for fact in code.facts)
    body = [_table(found, rows, style, _("code"))] if rows else []
    before, after = code.commits
    if before and after and before[1] == after[1] and (address := difference_address(before[1], before[0], after[0])):
        body.append(
            Markup('<p class="section-note"><a href="{}" rel="noopener noreferrer">{}</a></p>').format(
                address, _("What changed between the commits")
            )
        )
    body += [_text_html(one, found) for one in code.texts]
    notes = []
    if code.mixed:
        notes.append(_("Not compared line by line, since one side has several versions: {files}.").format(files=", ".join(code.mixed)))
    if code.equal:
        notes.append(ngettext("{n} file is equal.", "{n} files are equal.", code.equal).format(n=count(code.equal)))
    return _part(_("Code"), len(code.facts) + len(code.texts) + len(code.mixed), body, " ".join(notes))


def environment_html(found: WhatChanged, root: str, style: ChartStyle) -> Markup:
    """Facts of the machine, and packages that were added, removed or changed."""
    changes, names = found.environment, machine_names()
    facts = (
        (Cell(readable(names.get(one.name, one.name))), *value_cells(one.before, one.after, partial(machine_text, one.name)))
        for one in changes.facts
    )
    packages = (
        (Cell(Markup("<code>{}</code>").format(one.name), one.name), _version_cell(one.before), _version_cell(one.after))
        for one in changes.packages
    )
    rows = (*facts, *packages)
    body = [_table(found, rows, style, _("environment"))] if rows else []
    equal = ngettext("{n} fact or package is equal.", "{n} facts or packages are equal.", changes.equal)
    return _part(_("Environment"), len(rows), body, equal.format(n=count(changes.equal)) if changes.equal else "")


def data_html(found: WhatChanged, root: str, style: ChartStyle) -> Markup:
    """The versions of datasets and other artifacts that were used, and what changed between them."""
    data = found.data
    rows = tuple(
        (
            Cell(Markup('{} <span class="prefix">{}</span>').format(one.name, one.type), one.name),
            *(_versions(versions, root) for versions in (one.before, one.after)),
        )
        for one in data.changed
    )
    body = [_table(found, rows, style, _("data"))] if rows else []
    body += [_content(one) for one in data.changed if one.changes]
    notes = []
    if any(one.is_guessed for one in data.changed):
        notes.append(_("Where a log names only an alias, the version that it then stood at was taken."))
    if data.equal:
        notes.append(ngettext("{n} artifact is equal.", "{n} artifacts are equal.", data.equal).format(n=count(data.equal)))
    return _part(_("Data"), len(rows), body, " ".join(notes))


def _part(title: str, n: int, body: Sequence[Markup], note: str) -> Markup:
    """A part under its title, folded when it is long; one line where nothing that both sides logged differs."""
    said = Markup('<p class="section-note">{}</p>').format(note) if note else Markup()
    if not n:
        nothing = _("nothing that both sides logged differs")
        line = Markup('<p class="diff-part"><strong>{}</strong> <span class="count">{}. {}</span></p>')
        return line.format(title, nothing, note)
    differences = ngettext("{n} difference", "{n} differences", n).format(n=count(n))
    head = Markup('<summary><strong>{}</strong> <span class="count">{}</span></summary>').format(title, differences)
    opened = Markup(' open=""') if n <= LISTED else Markup()
    html = Markup('<details class="diff-part"{}>{}\n{}{}</details>').format(opened, head, Markup("\n").join(body), said)
    return Markup(readable(html))


def _table(found: WhatChanged, rows: tuple[tuple[Cell, ...], ...], style: ChartStyle, label: str) -> Markup:
    heads = (Head("thing", label=Markup('<span class="said">{}</span>').format(label)), *side_heads(found, style))
    return table_html(TableView(heads, rows, label=label, boxed=len(rows) > LISTED))


# Code ----------------------------------------------------------------------------------------------------


def _code_row(fact: Fact, found: WhatChanged) -> tuple[Cell, ...]:
    names = {
        "commit": _("commit"), "repository": _("repository"), "branch": _("branch"), "script": _("script"), "command": _("command"),
    }  # fmt: skip
    head = Cell(names[fact.name])
    if fact.name == "commit":
        remotes = [one[1] if one else "" for one in found.code.commits]
        return head, *(_commits(values, remote) for values, remote in zip((fact.before, fact.after), remotes, strict=True))
    if fact.name == "command" and len(fact.before) == len(fact.after) == 1:
        return head, *_commands(str(fact.before[0]), str(fact.after[0]))
    return head, *value_cells(fact.before, fact.after, str)


def _commits(commits: Sequence[object], remote: str) -> Cell:
    if not commits:
        return MISSING
    shown = []
    for commit in map(str, commits):
        code = Markup('<code title="{}">{}</code>').format(commit, commit[:10])
        address = commit_address(remote, commit)
        shown.append(Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, code) if address else code)
    return Cell(Markup(", ").join(shown), ", ".join(map(str, commits)))


def _commands(before: str, after: str) -> tuple[Cell, Cell]:
    """Two command lines, the words in which they differ marked."""
    a, b = before.split(), after.split()
    sides: tuple[list[Markup], list[Markup]] = ([], [])
    for kind, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        for side, words, tag in ((sides[0], a[i:j], "del"), (sides[1], b[k:m], "ins")):
            text = escape(" ".join(words))
            if words:
                side.append(text if kind == "equal" else Markup(f"<{tag}>{text}</{tag}>"))
    first, second = (
        Cell(Markup('<span class="value"><code class="diff-command">{}</code></span>').format(Markup(" ").join(side)), whole)
        for side, whole in zip(sides, (before, after), strict=True)
    )
    return first, second


def _text_html(one: TextChange, found: WhatChanged) -> Markup:
    """A source or a patch line by line; of one that only one side has, all of it."""
    only = _("only in {run}").format(run=(found.before if one.kind == "removed" else found.after).name)
    added, removed = (sum(line.startswith(sign) for line in one.lines) for sign in "+-")
    said = _("{added} lines added, {removed} removed").format(added=count(added), removed=count(removed)) if one.kind == "changed" else only
    shown, left = one.lines[:_MOST_LINES], len(one.lines) - _MOST_LINES
    lines = Markup("\n").join(_line(line) if one.kind == "changed" or one.name.endswith(".patch") else escape(line) for line in shown)
    title = _("Uncommitted changes") if one.name.endswith(".patch") else readable(one.name)
    more = Markup('<p class="section-note">{}</p>').format(_("And {n} more lines.").format(n=count(left))) if left > 0 else Markup()
    opened = Markup(' open=""') if len(one.lines) <= _SHORT else Markup()
    return Markup(
        '<details class="logged-text"{}><summary>{} <span class="count">{}</span></summary>'
        '<pre class="highlight" tabindex="0" role="region" aria-label="{}">{}</pre>{}</details>'
    ).format(opened, title, said, title, lines, more)


def _line(line: str) -> Markup:
    name = _CLASSES.get(line[:1])
    return Markup('<span class="{}">{}</span>').format(name, line) if name else escape(line)


# Environment and data ------------------------------------------------------------------------------------


def _version_cell(versions: tuple[str, ...]) -> Cell:
    if not versions:
        return MISSING
    return Cell.of(", ".join(version or _("version unknown") for version in versions))


def _versions(versions: Sequence[Version], root: str) -> Cell:
    if not versions:
        return MISSING
    links = [
        Markup('<a href="{}">{}</a>').format(version_href(one.artifact, one.name, root), one.name)
        for one in versions
    ]
    return Cell(Markup('<span class="value">{}</span>').format(Markup(", ").join(links)), ", ".join(one.name for one in versions))


def _content(one: DataChange) -> Markup:
    """What changed in the files and the metadata from one version to the other."""
    assert one.changes is not None
    return Markup("<p><strong>{}</strong></p>{}").format(one.name, changes_html(one.changes))
