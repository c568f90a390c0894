"""Runs made by hand for the tests of charts, and the drawing of a figure without a single warning."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.charts.demo import specification
from reportgen.charts.figure import Figure
from reportgen.model import MetricDefinition, Run, Runs, Series, Source

BEGIN = datetime(2026, 11, 20, 9, tzinfo=UTC)


def series(key: str, values: Sequence[float], steps: Sequence[int] | None = None) -> Series:
    step = np.array(range(len(values)) if steps is None else steps, dtype=np.int64)
    return Series(key, step, BEGIN.timestamp() + step * 2.0, np.array(values, dtype=np.float64))


def run(
    name: str, history: Mapping[str, Sequence[float] | Series], config: Mapping[str, Any] | None = None,
    metrics: tuple[MetricDefinition, ...] = (), id: str = "",
) -> Run:  # fmt: skip
    logged = {key: one if isinstance(one, Series) else series(key, one) for key, one in history.items()}
    return Run(
        id or name,
        name,
        Source("hand", Path("hand")),
        started=BEGIN,
        config=config or {},
        history=logged,
        metrics=metrics,
        state="finished",
    )


def named(history: Mapping[str, Sequence[float]], key: str = "val/acc") -> Runs:
    """Name → values of one metric."""
    return Runs(run(name, {key: values}) for name, values in history.items())


def drawn(figure: Figure) -> str:
    """The figure as SVG; fails where Vega complains, cannot place something, or lets text through as markup."""
    import vl_convert

    text = json.dumps(specification(figure))
    svg = str(vl_convert.vegalite_to_svg(text))
    assert "NaN" not in re.sub(r"<text.*?</text>", "", svg)
    assert "Infinity" not in svg
    assert "<script" not in svg
    assert "undefined" not in svg
    return svg


def texts(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>(?:<tspan[^>]*>)?([^<]+)", svg)
