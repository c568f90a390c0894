"""What a run logged, apart from the run itself: plain frozen values, no reading and no drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Scalar: TypeAlias = str | int | float | bool | None
Value: TypeAlias = Scalar | list[Any]
"""A leaf of a flattened config or summary. Mappings are flattened with dots; lists are kept whole."""

MediaKind = Literal["image", "audio", "video", "html", "plotly", "object3d", "molecule", "text", "json", "file"]


@dataclass(frozen=True, eq=False)
class Series:
    """One metric of one run over its steps, in the order in which it was logged.

    Attributes:
        key: The metric's full name, nested keys joined with dots.
        step: The run's own step, int64, shape (n,).
        time: When the value was logged, epoch seconds, float64, shape (n,); NaN where unknown.
        value: The value, float64, shape (n,); NaN and infinities are kept.
    """

    key: str
    step: NDArray[np.int64]
    time: NDArray[np.float64]
    value: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.step)

    @property
    def finite(self) -> NDArray[np.float64]:
        """The finite values, shape (m,) with m ≤ n."""
        return self.value[np.isfinite(self.value)]


@dataclass(frozen=True)
class MetricDefinition:
    """How the tracker was told to treat a metric (`wandb.define_metric`).

    Attributes:
        key: The metric, or a glob over metrics.
        step_metric: The metric to draw it over, or None for the run's step.
        summary: Which values the tracker keeps in the summary: of "min", "max", "mean", "best", "last",
            "copy", "none", "first".
        goal: "min" or "max" when the tracker was told, else None.
        hidden: The tracker was told not to draw it.
    """

    key: str
    step_metric: str | None = None
    summary: tuple[str, ...] = ()
    goal: Literal["min", "max"] | None = None
    hidden: bool = False


@dataclass(frozen=True)
class Distribution:
    """What a sweep may draw a hyperparameter from.

    Attributes:
        low, high: The ends of a range, both included; None for a choice.
        log: Values are drawn evenly on the logarithmic scale.
        step: Values are `low` plus multiples of it; None where all values between the ends are possible.
        choices: The values of a choice, () for a range.
    """

    low: float | None = None
    high: float | None = None
    log: bool = False
    step: float | None = None
    choices: tuple[Scalar, ...] = ()


@dataclass(frozen=True, eq=False)
class Histogram:
    """A distribution that was logged at one step.

    Attributes:
        edges: Bin edges, float64, shape (n_bins + 1,), ascending.
        counts: Values per bin, float64, shape (n_bins,).
    """

    key: str
    step: int
    time: float
    edges: NDArray[np.float64]
    counts: NDArray[np.float64]


@dataclass(frozen=True)
class Media:
    """Something to look at or listen to, logged at one step.

    Attributes:
        path: The file, absolute; None for a value held in `text`, or when the log names no file.
        span: Where in that file it lies, as offset and size in bytes; None when it is the whole file.
        caption: What the author wrote below it.
        text: The content of "text" and "json" media.
        about: What else the tracker wrote down (width, height, boxes, masks, …).
    """

    key: str
    step: int
    kind: MediaKind
    path: Path | None = None
    caption: str = ""
    text: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)
    span: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """A table that was logged at one step.

    Attributes:
        columns: The names of the columns.
        rows: The rows, each as long as `columns`. A cell is a scalar, a list, or a `Media`.
        path: The file that it was read from, if it has one of its own.
    """

    key: str
    step: int
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    path: Path | None = None


PanelKind = Literal["line", "scatter", "bar", "histogram", "confusion", "curve", ""]


@dataclass(frozen=True)
class Panel:
    """A chart that a run asked to be drawn from one of its tables.

    Attributes:
        key: Its own name.
        table: The key of the table.
        kind: What it is; "curve" is a trade-off between two shares (precision and recall), "" a specification that is not ours to run.
        fields: Which column has which role: "x", "y", "series", "label", "value", "truth", "guess", "count".
        title, x_title, y_title: What the author wrote, "" for nothing.
        spec: The tracker's name of the chart, for example "wandb/line/v0".
    """

    key: str
    table: str
    kind: PanelKind
    fields: Mapping[str, str]
    title: str = ""
    x_title: str = ""
    y_title: str = ""
    spec: str = ""


@dataclass(frozen=True)
class ArtifactFile:
    """A file of an artifact (`size` in bytes; `path` is its name inside the artifact)."""

    path: str
    size: int | None = None
    digest: str = ""
    reference: str = ""
    local: Path | None = None


@dataclass(frozen=True)
class Artifact:
    """A version of a dataset, a model or another set of files, made or used by a run.

    Attributes:
        role: Whether the run made it ("output") or used it ("input").
        version: The tracker's name of the version, for example "v3", "" when it has none yet.
        digest: The tracker's digest over its content.
        size: In bytes, of all files together; None when the log does not say.
    """

    name: str
    type: str
    role: Literal["output", "input"]
    version: str = ""
    digest: str = ""
    description: str = ""
    size: int | None = None
    aliases: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[ArtifactFile, ...] = ()
    id: str = ""


@dataclass(frozen=True)
class LoggedFile:
    """A file that a run left beside its log: code, requirements, what the author saved.

    Attributes:
        path: Its name among the files of the run, with slashes.
        size: In bytes.
        local: Where it is, absolute; None when it is not here.
    """

    path: str
    size: int
    local: Path | None = None


@dataclass(frozen=True)
class ConsoleLine:
    """One line of what the run printed, ANSI escapes included (`stream` is "stdout" or "stderr")."""

    text: str
    stream: str = "stdout"
    time: datetime | None = None


@dataclass(frozen=True)
class LogWarning:
    """Something that a reader could not read, or had to guess.

    Attributes:
        text: One sentence for people: what is damaged and what may be missing.
        path: The file that it is about.
        key: The metric, table or media that it is about, "" for the run as a whole.
        is_loss: Whether something of the run is missing; else all of it is there, and the text says how it was read.
    """

    text: str
    path: Path | None = None
    key: str = ""
    is_loss: bool = True
