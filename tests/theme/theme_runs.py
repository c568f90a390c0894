"""Hand-made runs and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from reportgen.charts.figure import Figure
from reportgen.charts.style import ChartStyle
from reportgen.model import Run, Series, Source
from reportgen.site.contexts import Link
from reportgen.site.pages.run import run_page
from reportgen.site.pages.run.page import Around
from reportgen.site.run_contexts import RunContext

START = datetime(2026, 11, 23, 21, 37, tzinfo=UTC)
BASE: dict[str, Any] = {
    "root": "../",
    "site_title": "Digits",
    "language": "en",
    "styles": ("../assets/site.css",),
    "scripts": ("../assets/site.js",),
    "navigation": (Link("Report", "../index.html"), Link("Runs", "../runs.html", current=True)),
    "crumbs": (),
    "generator": "reportgen 0.1.0",
    "search": "data/search/0.js",
}


def series(key: str, values: Sequence[float], steps: Sequence[int] | None = None) -> Series:
    at = np.array(range(len(values)) if steps is None else steps, dtype=np.int64)
    return Series(key, at, np.full(len(values), np.nan), np.array(values, dtype=np.float64))


def made(history: Mapping[str, Sequence[float]] | None = None, seconds: float | None = 10.0, **more: Any) -> Run:
    ended = START + timedelta(seconds=seconds) if seconds is not None else None
    given: dict[str, Any] = {
        "id": "r1",
        "name": "first",
        "source": Source("wandb", Path("wandb/run-r1.wandb")),
        "state": "finished",
        "started": START,
        "ended": ended,
        "history": {key: series(key, values) for key, values in (history or {}).items()},
    }
    return Run(**{**given, **more})


def page(run: Run, reports: tuple[Link, ...] = ()) -> RunContext:
    """The context of the run's page, with the titles of its charts in their places."""

    def draw(figure: Figure) -> Markup:
        return Markup("<b>{}</b>").format(figure.title)

    return run_page(run, base=BASE, colour="#4269d0", draw=draw, style=ChartStyle(), around=Around(reports))
