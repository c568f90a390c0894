"""Runs and fences for the tests of reports, and how a document is written as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import numpy as np
import pytest
from markdown_it.utils import read_fixture_file
from markupsafe import Markup
from pydantic import Field

from reportgen.blocks.block import BlockOptions, Context, Fragment
from reportgen.errors import Mistake
from reportgen.model import Run, Series, Source
from reportgen.report import Document, PlacedBlock

Build = Callable[..., Document]
FIXTURES = Path(__file__).parent / "fixtures"


class ChartOptions(BlockOptions):
    """A fence that needs a metric."""

    y: str | list[str] = Field(description="Metric.")
    kind: Literal["line", "scatter", "bar"] = Field("line", description="Kind.")
    color: str | None = Field(None, description="Column.")
    smooth: float = Field(0, ge=0, lt=1, description="EMA.")
    points: int = Field(3, description="How many.")


def render_chart(options: ChartOptions, context: Context) -> Fragment:
    metrics = context.runs.metrics_like(options.y)
    if options.color:
        context.runs.column(options.color)
    text = Markup("<p>{} of {} runs</p>").format(", ".join(metrics), len(context.runs))
    return Fragment((text,), "chart", title=options.title or "", caption=options.caption or "", id=options.id or "")


class ListOptions(BlockOptions):
    """A fence that is a table."""


def render_list(options: ListOptions, context: Context) -> Fragment:
    if len(context.runs) < 2:
        raise Mistake("a list of one run says nothing", hint="name two")
    return Fragment((Markup("<p>list</p>"),), "list", "Table", caption=options.caption or "")


KINDS: Mapping[str, Any] = {
    "chart": SimpleNamespace(Options=ChartOptions, render=render_chart),
    "list": SimpleNamespace(Options=ListOptions, render=render_list),
}


def make_run(number: int, name: str, **more: Any) -> Run:
    start = datetime(2026, 11, 23, 12, number, tzinfo=UTC)
    steps = np.arange(3)
    values = 0.9 + number / 100 + steps / 1000
    history = {"val/acc": Series("val/acc", steps, steps.astype(float), values)}
    config = {"optimizer.name": "adam" if number % 2 else "sgd", "optimizer.lr": 0.1 / 10**number, "layers": [8, 16]}
    fields = {"notes": "", "tags": ("baseline",), "config": config, "history": history, "state": "finished", **more}
    return Run(f"r{number}", name, Source("test", Path("/logs")), started=start, ended=start + timedelta(seconds=80), **fields)


def html(document: Document) -> str:
    """A document as one text, with its blocks in short."""
    out = []
    for piece in document.pieces:
        if isinstance(piece, PlacedBlock):
            fragment = piece.fragment
            parts = "".join(str(part) for part in fragment.parts)
            out.append(f"[{fragment.label} {piece.number} #{fragment.id} {parts} | {fragment.caption}]")
        else:
            out.append(piece)
    return "".join(out)


def cases(name: str) -> list[Any]:
    """The cases of a fixture file: title, input and expected output, each ended by a line with a dot."""
    return [
        pytest.param(given, expected, id=f"{line}-{title}".replace(" ", "-"))
        for line, title, given, expected in read_fixture_file(FIXTURES / name)
    ]
