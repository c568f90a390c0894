"""What was measured on the machine while a run ran, as small charts over its time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from reportgen.analysis.column_format import column_format, size_text
from reportgen.analysis.downsampling import keep_extremes
from reportgen.blocks.readable import readable
from reportgen.charts.axis import Scale, nice_domain
from reportgen.model import Run, Series
from reportgen.site.contexts import ChartGroup
from reportgen.site.small_chart import POINTS, SmallChart, axis_title, draw, thinned, x_axis
from reportgen.words import _

Floats = NDArray[np.float64]

_WIDTH, _HEIGHT = 270, 130
_POINTS, _LINES, _MANY = 240, 64, 6
_NUMBER = re.compile(r"(?<=\.)\d+(?=\.)")


@dataclass(frozen=True, eq=False)
class _Line:
    """One measurement: seconds since the start of the run, values."""

    name: str
    x: Floats
    y: Floats


def system_charts(run: Run, colour: str) -> tuple[ChartGroup, ...]:
    """The measurements by what they are of: CPU, memory, GPU, disk, network, others."""
    cards: dict[str, list[Series]] = {}
    for key, series in run.system.items():
        if len(series.finite):
            cards.setdefault(_NUMBER.sub("#", key), []).append(series)
    parts: dict[str, list[Markup]] = {
        name: [] for name in (_("CPU"), _("Memory"), _("GPU"), _("Disk"), _("Network"), _("Other measurements"))
    }
    start = _start(run)
    for key, several in cards.items():
        parts[_part(key)].append(_card(key, several, start, colour))
    return tuple(ChartGroup(name, tuple(several)) for name, several in parts.items() if several)


def _titles() -> dict[str, str]:
    """What W&B's names mean; `#` stands for the number of a core or a device."""
    return {
        "cpu.#.cpu_percent": _("CPU cores, %"),
        "cpu": _("CPU of the process, %"),
        "memory_percent": _("memory of the machine, %"),
        "memory": _("memory, %"),
        "proc.memory.rssMB": _("memory of the process, MB"),
        "proc.memory.percent": _("memory of the process, %"),
        "proc.memory.availableMB": _("memory available, MB"),
        "proc.cpu.threads": _("threads of the process"),
        "disk": _("disk, %"),
        "network.sent": _("sent, bytes"),
        "network.recv": _("received, bytes"),
        "gpu.#.gpu": _("GPU, %"),
        "gpu.#.memory": _("GPU memory access, %"),
        "gpu.#.memoryAllocated": _("GPU memory, %"),
        "gpu.#.memoryAllocatedBytes": _("GPU memory, bytes"),
        "gpu.#.temp": _("GPU temperature, °C"),
        "gpu.#.powerWatts": _("GPU power, W"),
        "gpu.#.powerPercent": _("GPU power, %"),
    }


def _part(key: str) -> str:
    words = re.split(r"[^a-z]+", key.lower())
    for names, part in (
        (("gpu",), _("GPU")),
        (("memory", "ram"), _("Memory")),
        (("cpu", "proc"), _("CPU")),
        (("disk",), _("Disk")),
        (("network", "net"), _("Network")),
    ):
        if any(name in words for name in names):
            return part
    return _("Other measurements")


def _start(run: Run) -> float:
    times = [float(one.time[np.isfinite(one.time)].min()) for one in run.system.values() if np.isfinite(one.time).any()]
    return min([*times, *([run.started.timestamp()] if run.started else [])], default=0.0)


def _card(key: str, several: Sequence[Series], start: float, colour: str) -> Markup:
    lines = [_line(one, start) for one in several[:_LINES]]
    title = _title(key)
    if len(several) > 1:
        title = f"{title} ({len(several)})"
    values = np.concatenate([line.y[np.isfinite(line.y)] for line in lines])
    written = _writer(title, values)
    highest, last = float(values.max()), [float(line.y[np.isfinite(line.y)][-1]) for line in lines]
    said = _("{title}: highest {high}, last {last}").format(title=title, high=written(highest), last=written(float(np.mean(last))))
    end = max(float(line.x[-1]) for line in lines) or 1.0
    small = tuple(thinned(line.x, line.y, POINTS if len(lines) <= _MANY else POINTS // 2) for line in lines)
    chart = SmallChart(small, x_axis("time", (0.0, end)), _y_axis(title, values), colour, said, axis_title("time"), _WIDTH, _HEIGHT)
    data = [[readable(line.name), [round(x, 1) for x in line.x.tolist()], [_number(y) for y in line.y.tolist()]] for line in lines]
    return Markup(
        '<figure class="metric-card" data-lines="{}" data-colour="{}" data-reach="{}" data-title="{}">'
        '<figcaption><span class="metric-name">{}</span> <span class="metric-said">{}</span></figcaption>'
        '<div class="metric-plot">{}</div></figure>'
    ).format(
        json.dumps(data, separators=(",", ":")), colour, json.dumps([[0.0, end], chart.y.domain]), title, title,
        said.partition(": ")[2], draw(chart),
    )  # fmt: skip


def _y_axis(title: str, values: Floats) -> Scale:
    """From zero; to a hundred for what is measured in per cent."""
    low, high = min(0.0, float(values.min())), float(values.max())
    if title.endswith("%") and 0 <= high <= 100:
        return Scale("", "linear", (low, 100.0))
    return Scale("", "linear", nice_domain(low, high if high > low else low + 1.0))


def _title(key: str) -> str:
    titles = _titles()
    if key.startswith("gpu.process.") and (of_device := titles.get(key.replace("gpu.process.", "gpu."))):
        return _("{measure}, of the process").format(measure=of_device)
    return titles.get(key, readable(key))


def _writer(title: str, values: Floats) -> Callable[[float], str]:
    """How values are written: sizes in a unit that can be read, others with three digits that count."""
    if title.endswith(_(", bytes")):
        return lambda value: size_text(round(value))
    largest = float(np.abs(values).max())
    return column_format("", [largest], metric=True).text if largest >= 1 else lambda value: f"{value:.3g}"


def _line(series: Series, start: float) -> _Line:
    chosen = keep_extremes(series.value, _POINTS)
    x = series.time[chosen] - start
    x = np.where(np.isfinite(x), x, series.step[chosen].astype(np.float64))
    order = np.argsort(x, kind="stable")
    return _Line(series.key, x[order], series.value[chosen][order])


def _number(value: float) -> float | None:
    return float(f"{value:.6g}") if np.isfinite(value) else None
