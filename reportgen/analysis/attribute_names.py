"""What the attributes that every run has are called in tables, in the reader's language."""

from __future__ import annotations

from markupsafe import Markup, escape

from reportgen.words import _


def attribute_name(column: str) -> str:
    """The name of an attribute; any other column is called what the log calls it."""
    names = {
        "id": _("id"), "name": _("name"), "project": _("project"), "group": _("group"), "sweep": _("sweep"), "job_type": _("job_type"),
        "state": _("state"), "started": _("started"), "ended": _("ended"), "duration": _("duration"), "user": _("user"),
        "host": _("host"), "command": _("command"), "git_commit": _("git_commit"), "git_remote": _("git_remote"), "tags": _("tags"),
        "notes": _("notes"), "source": _("source"), "format": _("format"), "path": _("path"),
    }  # fmt: skip
    return names.get(column, column)


def attribute_label(column: str) -> Markup | None:
    """What the head of a column shows instead of the column's name, None for all that is no attribute."""
    name = attribute_name(column)
    return None if name == column else escape(name)
