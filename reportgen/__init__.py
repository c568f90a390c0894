"""reportgen: turn the run logs you already have into a report site that you can share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reportgen.errors import Mistake, Mistakes, ReportgenError

if TYPE_CHECKING:
    from reportgen.model import Run, Runs
    from reportgen.notebook import importance
    from reportgen.site.build import build
    from reportgen.sources import load

__version__ = "0.1.0"
__all__ = ["Mistake", "Mistakes", "ReportgenError", "Run", "Runs", "build", "importance", "load"]

_LATE = {
    "Run": "reportgen.model",
    "Runs": "reportgen.model",
    "load": "reportgen.sources",
    "importance": "reportgen.notebook",
    "build": "reportgen.site.build",
}


def __getattr__(name: str) -> Any:
    """The functions that need heavy libraries are imported when they are first used."""
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'reportgen' has no attribute '{name}'")
