"""The fences of the report language: one file per kind, listed here in the order of the reference page."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import cast

from reportgen.blocks.block import Block

_MODULES = {
    "chart": "reportgen.blocks.chart",
    "compare": "reportgen.blocks.compare",
    "diff": "reportgen.blocks.diff",
    "profile": "reportgen.blocks.profile",
    "runs": "reportgen.blocks.runs",
    "importance": "reportgen.blocks.importance",
    "marginal": "reportgen.blocks.marginal",
    "interaction": "reportgen.blocks.interaction",
    "sweep": "reportgen.blocks.sweep",
    "histogram": "reportgen.blocks.histogram",
    "media": "reportgen.blocks.media",
    "console": "reportgen.blocks.console",
    "table": "reportgen.blocks.logged_table",
    "sql": "reportgen.blocks.sql",
    "artifacts": "reportgen.blocks.artifacts",
    "vega-lite": "reportgen.blocks.vega_lite",
}

KINDS: Mapping[str, Block] = {kind: cast(Block, import_module(name)) for kind, name in _MODULES.items()}
"""Fence kind → its module."""
