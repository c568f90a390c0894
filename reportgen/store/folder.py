"""Where on this machine everything is kept that can be made again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """`$REPORTGEN_CACHE`, else `reportgen` in the user's cache folder."""
    if chosen := os.environ.get("REPORTGEN_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "reportgen"
