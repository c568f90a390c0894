"""What was measured on the machine while a run ran, as small charts over its time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from reportgen.analysis.column_format import column_format, duration_text, size_text
from reportgen.analysis.downsampling import keep_extremes
from reportgen.blocks.readable import readable
from reportgen.model import Run, Series
from reportgen.site.contexts import ChartGroup
from reportgen.words import _

Floats = NDArray[np.float64]

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 300, 96, 44, 8, 18
_POINTS, _LINES = 240, 64
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
    low, high = min(0.0, float(values.min())), float(values.max())
    high = 100.0 if title.endswith("%") and high <= 100 else high if high > low else low + 1.0
    end = max(float(line.x[-1]) for line in lines) or 1.0
    written = _writer(title, values)
    highest, last = float(values.max()), [float(line.y[np.isfinite(line.y)][-1]) for line in lines]
    said = _("{title}: highest {high}, last {last}").format(title=title, high=written(highest), last=written(float(np.mean(last))))
    data = [[readable(line.name), [round(x, 1) for x in line.x.tolist()], [_number(y) for y in line.y.tolist()]] for line in lines]
    return Markup(
        '<div class="system-card" data-system="{}" data-frame="{}"><h4>{}</h4>{}<p class="system-said">{}</p></div>'
    ).format(json.dumps(data, separators=(",", ":")), json.dumps([end, low, high, _WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM]), title,
             _svg(lines, (low, high), end, written(low), written(high), colour, said), said.partition(": ")[2])  # fmt: skip


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


def _svg(lines: Sequence[_Line], span: tuple[float, float], end: float, low: str, high: str, colour: str, said: str) -> Markup:
    faint = Markup(' stroke-opacity=".5"') if len(lines) > 6 else Markup()
    paths = Markup("").join(Markup('<path d="{}"/>').format(_path(line, span, end)) for line in lines)
    text = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')
    words = text.format(_LEFT - 6, _TOP + 8, "end", high) + text.format(_LEFT - 6, _HEIGHT - _BOTTOM, "end", low)
    words += text.format(_LEFT, _HEIGHT - 4, "start", "0") + text.format(_WIDTH, _HEIGHT - 4, "end", duration_text(end))
    return Markup(
        '<svg role="img" aria-label="{}" viewBox="0 0 {} {}"><path class="system-rule" d="M{} {}H{}M{} {}H{}"/>'
        '<g fill="none" stroke="{}" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round"{}>{}</g>{}</svg>'
    ).format(said, _WIDTH, _HEIGHT, _LEFT, _TOP, _WIDTH, _LEFT, _HEIGHT - _BOTTOM, _WIDTH, colour, faint, paths, words)


def _path(line: _Line, span: tuple[float, float], end: float) -> str:
    """The line between its gaps; a point alone is a line of no length."""
    low, high = span
    across = _LEFT + line.x / end * (_WIDTH - _LEFT)
    down = _HEIGHT - _BOTTOM - (line.y - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)
    path, is_open = [], False
    for x, y in zip(across.tolist(), down.tolist(), strict=True):
        if np.isfinite(y):
            path.append(f"{'L' if is_open else 'M'}{x:.1f} {y:.1f}" + ("" if is_open else "h0"))
        is_open = bool(np.isfinite(y))
    return "".join(path)
