"""Runs made by hand for the tests of charts, and the drawing of a figure without a single warning."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

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


@dataclass(frozen=True)
class Box:
    """About where a text of a drawing stands, in pixels; a slanted one is measured as its line of 6 pixels' height."""

    text: str
    left: float
    top: float
    width: float
    height: float

    def covers(self, other: Box) -> bool:
        across = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        down = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        return across > 1 and down > 1


def label_boxes(svg: str) -> list[Box]:
    """The visible upright texts of an SVG, each once where it stands twice (text on a rim of paper)."""
    found: dict[tuple[object, ...], Box] = {}

    def walk(node: ElementTree.Element, x: float, y: float) -> None:
        turned = False
        for kind, inside in re.findall(r"(translate|rotate)\(([^)]*)\)", node.get("transform", "")):
            numbers = [float(number) for number in re.split(r"[ ,]+", inside)]
            if kind == "translate":
                x, y = x + numbers[0], y + (numbers[1] if len(numbers) > 1 else 0)
            turned |= kind == "rotate" and numbers[0] % 360 != 0
        text = "".join(node.itertext())
        if node.tag.endswith("}text") and text and not turned and node.get("opacity") != "0":
            size = float(str(node.get("font-size", "12")).removesuffix("px"))
            width = 0.5 * size * len(text)
            left = x - width * {"middle": 0.5, "end": 1.0}.get(node.get("text-anchor", "start"), 0.0)
            found[text, round(x), round(y)] = Box(text, left, y - 0.8 * size, width, size * 0.8)
            return
        for child in node:
            walk(child, x, y)

    walk(ElementTree.fromstring(svg), 0.0, 0.0)
    return list(found.values())
