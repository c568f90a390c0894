"""What `serve` is asked to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Request:
    """What to build: the arguments of `reportgen.site.build.build`."""

    target: Path
    runs: Sequence[str | Path] = ()
    params: Mapping[str, str] | None = None
    theme: str | Path | None = None
    query: Literal["browser"] | None = None
    strict: bool = False
    cache: bool = True
