"""The log formats that `tests/sources/test_behaviour.py` holds to the same rules: a module here is a format."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]

ODD_KEYS = ("a/b/c/d", "한국어 🏃", "k" * 200, "with space", "dots.in.it")
"""Keys of metrics that every format must carry (one that a format's own writer refuses may be left out, see `Format.refused`)."""

ODD_VALUES = (0.1, float("nan"), float("inf"), float("-inf"), 5e-324, 1.7976931348623157e308)
"""Values of each of these metrics at the steps 0 to 5."""


@dataclass(frozen=True)
class Format:
    """A log format and what the rules are tried on.

    Attributes:
        name: The reader's name.
        sample: A small log made by the real SDK: a folder that `load` reads.
        damaged: Globs of files in it to be cut and flipped: those that hold values.
        checked: The format has checksums, so that a flipped bit never changes a value.
        odd: Writes a log with `ODD_KEYS` and `ODD_VALUES` into a folder, by the real SDK where it can be had.
        refused: Those of `ODD_KEYS` that the format's own writer refuses or changes.
        single: Whether its values are floats of 32 bits.
        finite: Whether the format's own writer refuses or drops values that are not finite.
        void: Values that a restart made void, as metric, step and text: they were logged, and are back where its note is lost.
        clamped: Whether the format's own writer puts the largest number in place of an infinity, so that both are read as one.
    """

    name: str
    sample: Path
    damaged: tuple[str, ...]
    odd: Callable[[Path], None]
    checked: bool = False
    refused: tuple[str, ...] = ()
    single: bool = False
    finite: bool = False
    clamped: bool = False
    void: frozenset[tuple[str, int, str]] = frozenset()


def all_formats() -> list[Format]:
    """`FORMAT` of each module here."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    return [importlib.import_module(f"sources.formats.{name}").FORMAT for name in names]
