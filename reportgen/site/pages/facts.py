"""Values of a run as labelled, safe HTML."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime

from markupsafe import Markup, escape

from reportgen.model import Run
from reportgen.site.contexts import Fact

_WEB = re.compile(r"^https?://[\w.-]+(?::\d+)?/[\w./~%+-]*$")
_SSH = re.compile(r"^(?:ssh://)?git@([\w.-]+)[:/]([\w./~-]+?)(?:\.git)?$")


def facts(run: Run) -> tuple[Fact, ...]:
    """When, where and how the run was made; what the log does not say is left out."""
    found = {
        "state": Markup('<span class="state state-{0}">{0}</span>').format(run.state),
        "started": _time(run.started),
        "duration": duration(run.duration) if run.duration is not None else None,
        "project": run.project,
        "group": run.group,
        "job type": run.job_type,
        "user": run.user,
        "host": run.host,
        "tags": Markup(" ").join(Markup('<span class="tag">{}</span>').format(tag) for tag in run.tags),
        "commit": _commit(run),
        "command": Markup("<code>{}</code>").format(run.command) if run.command else None,
        "id": Markup("<code>{}</code>").format(run.id),
    }
    return tuple(Fact(label, escape(value)) for label, value in found.items() if value)


def config_facts(run: Run) -> tuple[Fact, ...]:
    """The config, in the order in which it was logged."""
    return tuple(Fact(key, _value(value)) for key, value in run.config.items())


def summary_facts(run: Run) -> tuple[Fact, ...]:
    """The tracker's summary, in the order in which it was logged."""
    return tuple(Fact(key, _value(value)) for key, value in run.summary.items())


def number(value: float) -> str:
    """A number for a sentence: four significant digits, integers whole."""
    if not math.isfinite(value):
        return str(value)
    return f"{value:,.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:.4g}"


def duration(seconds: float) -> str:
    """A duration in its two largest units."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min"
    return f"{hours // 24} d {hours % 24} h"


def _value(value: object) -> Markup:
    """The value with its exact form in the title where that differs."""
    if isinstance(value, float):
        shown = number(value)
        return Markup('<span title="{}">{}</span>').format(repr(value), shown) if shown != repr(value) else escape(shown)
    if isinstance(value, bool) or value is None:
        return Markup("<code>{}</code>").format(json.dumps(value))
    if isinstance(value, list | dict):
        return Markup("<code>{}</code>").format(json.dumps(value, ensure_ascii=False, default=str)[:2000])
    return escape(value)


def _time(when: datetime | None) -> Markup | None:
    if when is None:
        return None
    shown = f"{when.day} {when.strftime('%b %Y, %H:%M')} UTC"
    return Markup('<time datetime="{}">{}</time>').format(when.isoformat(), shown)


def _commit(run: Run) -> Markup | None:
    if not run.git_commit:
        return Markup("<code>{}</code>").format(run.git_remote) if run.git_remote else None
    short = Markup("<code>{}</code>").format(run.git_commit[:10])
    ssh = _SSH.match(run.git_remote)
    web = f"https://{ssh[1]}/{ssh[2]}" if ssh else run.git_remote.removesuffix(".git")
    if not _WEB.match(web) or not re.fullmatch(r"[0-9a-f]{7,64}", run.git_commit):
        return Markup("{} {}").format(short, run.git_remote)
    return Markup('<a href="{}/commit/{}" rel="noopener noreferrer">{}</a>').format(web, run.git_commit, short)
