"""Values of a run as labelled, safe HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from markupsafe import Markup, escape

from reportgen.analysis.column_format import exact, plain_text
from reportgen.analysis.sweeps import Sweep
from reportgen.blocks.commits import commit_address
from reportgen.blocks.links import sweep_link
from reportgen.blocks.machine import is_size, machine_names, machine_text
from reportgen.blocks.readable import readable
from reportgen.blocks.table import split_name
from reportgen.model import Run
from reportgen.site.contexts import Fact
from reportgen.words import _, count, day

_LONGEST = 1000


def facts(run: Run, sweep: Sweep | None = None, root: str = "") -> tuple[Fact, ...]:
    """When, where and how the run was made; what the log does not say is left out.

    Args:
        sweep: The sweep that it is one of, None when there is none.
        root: The way from the page to the site's root.
    """
    found: dict[str, str | Markup | None] = {
        _("started"): _time(run.started),
        _("host"): readable(run.host),
        _("user"): readable(run.user),
        _("project"): readable(run.project),
        _("group"): readable(run.group),
        _("sweep"): _sweep(run, sweep, root),
        _("job type"): readable(run.job_type),
        _("tags"): Markup(" ").join(Markup('<span class="tag">{}</span>').format(readable(tag)) for tag in run.tags),
        _("commit"): _commit(run),
        _("id"): Markup("<code>{}</code>").format(readable(run.id)) if run.id != run.name else None,
    }
    return tuple(Fact(label, escape(value)) for label, value in found.items() if value)


def _sweep(run: Run, sweep: Sweep | None, root: str) -> str | Markup:
    if sweep is None:
        return readable(run.sweep) if run.sweep != run.project else ""
    return sweep_link(sweep, root)


def key_facts(values: Mapping[str, object]) -> tuple[Fact, ...]:
    """A flat config or summary in the order in which it was logged; the part of a key before its last dot is muted."""
    return tuple(Fact(key_label(key), value_html(value)) for key, value in values.items())


def environment_facts(values: Mapping[str, object]) -> tuple[Fact, ...]:
    """Where a run ran: sizes of memory in a unit that can be read, their exact numbers of bytes in the title."""

    def shown(key: str, value: object) -> Markup:
        if isinstance(value, int) and is_size(key, value):
            return Markup('<span title="{}">{}</span>').format(_("{n} bytes").format(n=count(value)), machine_text(key, value))
        return value_html(value)

    names = machine_names()
    return tuple(Fact(escape(names[key]) if key in names else key_label(key), shown(key, value)) for key, value in values.items())


def key_label(key: str) -> Markup:
    """A key with the part before its last dot muted."""
    prefix, leaf = split_name(readable(key))
    return Markup('<span class="prefix">{}</span>{}').format(prefix, leaf) if prefix else escape(leaf)


def value_html(value: object) -> Markup:
    """The value in short, with its exact form in the title where that differs."""
    if isinstance(value, bool) or value is None:
        return Markup("<code>{}</code>").format(json.dumps(value))
    whole = readable(exact(value))
    shown = whole if isinstance(value, str) else readable(plain_text(value))
    if isinstance(value, str) and not value.strip():
        return Markup('<code>"{}"</code>').format(value)
    shown = shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"
    return Markup('<span title="{}">{}</span>').format(whole[:_LONGEST], shown) if shown != whole else escape(shown)


def _time(when: datetime | None) -> Markup | None:
    if when is None:
        return None
    when = when.astimezone(UTC)
    shown = _("{day}, {time} UTC").format(day=day(when), time=f"{when:%H:%M}")
    return Markup('<time datetime="{}">{}</time>').format(when.isoformat(), shown)


def _commit(run: Run) -> Markup | None:
    remote = readable(run.git_remote)
    if not run.git_commit:
        return escape(remote) or None
    short = Markup("<code>{}</code>").format(readable(run.git_commit)[:10])
    address = commit_address(run.git_remote, run.git_commit)
    if not address:
        return Markup("{} {}").format(short, remote) if remote else short
    return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(address, short)
