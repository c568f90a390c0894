"""The fences of the report language: one file per kind, listed here in the order of the reference page."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from reportgen.blocks.block import Block


def _kinds() -> Mapping[str, Block]:
    found: dict[str, Block] = {}
    for kind in ("chart", "compare", "runs", "importance", "vega-lite"):
        try:
            found[kind] = cast(Block, import_module(f"reportgen.blocks.{kind.replace('-', '_')}"))
        except ModuleNotFoundError as missing:
            if not (missing.name or "").startswith("reportgen."):
                raise
    return found


KINDS: Mapping[str, Block] = _kinds()
