"""Runs made by hand, and the contexts that blocks are drawn in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.blocks.block import Block, Context, Fragment
from reportgen.charts.style import ChartStyle, run_colours
from reportgen.errors import Place
from reportgen.model import Run, Runs, Series, Source

BEGIN = datetime(2026, 11, 23, 21, 33, tzinfo=UTC)


def series(key: str, values: Sequence[float]) -> Series:
    steps = np.arange(len(values), dtype=np.int64)
    return Series(key, steps, steps.astype(np.float64), np.array(values, dtype=np.float64))


def run(
    name: str,
    config: Mapping[str, Any] | None = None,
    summary: Mapping[str, Any] | None = None,
    history: Mapping[str, Sequence[float]] | None = None,
    **fields: Any,
) -> Run:
    found = {key: series(key, values) for key, values in (history or {}).items()}
    known = {"id": name, "name": name, "source": Source("hand", Path("logs") / "hand"), "state": "finished", **fields}
    return Run(**known, config=config or {}, summary=summary or {}, history=found)


def at(minute: int, seconds: float = 60) -> dict[str, datetime]:
    start = BEGIN + timedelta(minutes=minute)
    return {"started": start, "ended": start + timedelta(seconds=seconds)}


def draw(block: Block, runs: Runs, /, **options: Any) -> Fragment:
    chosen = block.Options.model_validate(options)
    style = ChartStyle(run_colours=run_colours(runs))
    context = Context(runs.select(chosen.runs), runs, "", Place(Path("report.md"), 1), style, warn=lambda text: None)
    return block.render(chosen, context)


def html_of(fragment: Fragment) -> str:
    return "".join(part for part in fragment.parts if isinstance(part, str))
