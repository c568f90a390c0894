"""Addresses of runs that are not in files: what may be shown of them, and where they stand in a `Source`."""

from __future__ import annotations

import re
from pathlib import Path


def without_password(address: str) -> str:
    """The address without user and password, as it may be printed and written."""
    return re.sub(r"(?<=://)[^/?#]*@", "", address)


def as_shown(address: str) -> str:
    """The address as it may be printed: without user and password, and without its query, which may hold a signature."""
    return re.sub(r"\?[^#]*", "?…", without_password(address))


def as_path(address: str) -> Path:
    """The address as the path of a `Source`: without user, password, query and fragment (`http:/host:5000`)."""
    return Path(re.split(r"[?#]", without_password(address))[0].rstrip("/"))
