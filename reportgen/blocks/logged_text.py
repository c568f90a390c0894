"""Texts that runs left beside their logs: uncommitted changes, sources, requirements."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from reportgen.analysis.what_changed import REQUIREMENTS
from reportgen.model import LoggedFile, Run

LARGEST = 200_000
"""A text of up to so many bytes is read."""
_SOURCES = frozenset(
    {
        ".py", ".pyx", ".ipynb", ".sh", ".bash", ".r", ".jl", ".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".cu", ".cuh", ".rs", ".go",
        ".java", ".js", ".ts", ".lua", ".m", ".scala", ".sql", ".f90", ".patch", ".diff",
    }
)  # fmt: skip
_FOLDER = "code/"
"""Where W&B puts the sources of a run."""


def is_patch(one: LoggedFile) -> bool:
    """Whether a file is what was changed and not committed."""
    return one.path in ("diff.patch", "upstream_diff.patch") or bool(re.fullmatch(r"(?:upstream_)?diff[\w-]*\.patch", one.path))


def read_text(one: LoggedFile) -> str | None:
    """The text of a file; None when it is too large, not here, or no text."""
    if one.local is None or one.size > LARGEST:
        return None
    try:
        return one.local.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def compared_texts(run: Run) -> dict[str, str]:
    """The texts of a run by which it is compared with another: patches, sources and the list of packages, by their names."""
    wanted = (one for one in run.files if one.path == REQUIREMENTS or one.path.startswith(_FOLDER) or _ending(one) in _SOURCES)
    found = ((one.path, read_text(one)) for one in wanted)
    return {name: text for name, text in found if text is not None and text.strip()}


def _ending(one: LoggedFile) -> str:
    return PurePosixPath(one.path).suffix.lower()
