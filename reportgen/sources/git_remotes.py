"""Addresses of git repositories as logs have them: trackers copy them as they are, with the keys that people put into them."""

from __future__ import annotations

import re
from dataclasses import replace

from reportgen.model import Run

_WEB = re.compile(r"^(https?://)[^/@\s]*@", re.IGNORECASE)
_OTHER = re.compile(r"^(\w+://[^/@:\s]*):[^/@\s]*@")


def without_credentials(remote: str) -> str:
    """The address without user and password; the user of an ssh address stays, since it is no secret.

    >>> without_credentials("https://kimin:secret@github.com/kimin/digits.git")
    'https://github.com/kimin/digits.git'
    """
    return _OTHER.sub(r"\1@", _WEB.sub(r"\1", remote))


def cleaned(run: Run) -> Run:
    """The run without keys in the address of its repository."""
    if "@" not in run.git_remote:
        return run
    clean = without_credentials(run.git_remote)
    return run if clean == run.git_remote else replace(run, git_remote=clean)
