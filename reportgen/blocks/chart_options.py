"""The options of the fence `chart`, and which kinds they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field, field_validator, model_validator

from reportgen.blocks.block import BlockOptions
from reportgen.errors import Mistake

Kind = Literal["line", "scatter", "bar", "box", "histogram", "heatmap", "parallel", "slice", "contour", "pareto"]
Log = Literal["x", "y", "xy", "color", "none"]
_ONLY: dict[str, tuple[Kind, ...]] = {
    "smooth": ("line",),
    "band": ("line",),
    "group": ("line", "bar", "box"),
    "bins": ("histogram", "heatmap"),
    "x_range": ("line", "scatter"),
    "y_range": ("line", "scatter"),
    "facet": ("line", "scatter", "bar", "box", "histogram", "heatmap"),
    "legend": ("line", "scatter", "parallel", "contour"),
}
"""Options that some kinds alone have."""


class Options(BlockOptions):
    """Options of `chart`."""

    kind: Kind = Field(
        "line", description="`line`, `scatter`, `bar`, `box`, `histogram`, `heatmap`, `parallel`, `slice`, `contour` or `pareto`."
    )
    y: str | list[str] | None = Field(
        None,
        description="What is drawn upwards: a metric, a list or a glob (`train/*`), which makes one chart for each. For `scatter`, `bar`, "
        "`box` and `histogram` any column of the runs; for `heatmap` the second hyperparameter; for `parallel` "
        "and `slice` the target; for `contour` the second hyperparameter; for `pareto` the second objective.",
    )
    x: str | list[str] | None = Field(
        None,
        description="`line`: `step`, `time` (since the start), `wall` (the clock) or a metric of the same step; by default what "
        "`define_metric` says, else the step. Other kinds: a column of the runs; the key of `bar` and `box`; for `parallel` the axes and "
        "for `slice` the hyperparameters, a list; for `pareto` the first objective.",
    )
    color: str | None = Field(
        None,
        description="A config key or another column that the colours stand for, a metric too; for `heatmap` the metric in the cells "
        "and for `contour` the objective. "
        "`bar` and `histogram` put many different numbers into ranges.",
    )
    group: str | list[str] | None = Field(
        None,
        description="`line`: runs with equal values of these keys become one line, their mean. "
        "`bar` and `box`: the key of the bars and boxes.",
    )
    facet: str | None = Field(None, description="A key: one small chart for each of its values, on common axes; not for `parallel`.")
    smooth: float = Field(
        0.0, ge=0, lt=1, description="Weight of the exponential moving average, 0 to less than 1; the raw line stays behind it."
    )
    band: Literal["ci", "bootstrap", "se", "minmax", "none"] = Field(
        "ci",
        description="Around the mean of a group: `ci` (95 % interval by Student's t), `bootstrap` (95 %), `se` (one standard error), "
        "`minmax` or `none`.",
    )
    log: Log | None = Field(
        None, description="Which axes are logarithmic: `x`, `y`, `xy` or `none`; by default those of learning rates and weight decays."
    )
    x_range: tuple[float, float] | None = Field(None, description="The ends of the x axis, `[low, high]`; seconds for `x: time`.")
    y_range: tuple[float, float] | None = Field(None, description="The ends of the y axis, `[low, high]`.")
    bins: int | None = Field(
        None, ge=1, le=200, description="How many bins `histogram` has, and `heatmap` for a continuous key at the most."
    )
    subtitle: str | None = Field(None, description="The muted line under the title; by default what was done to the data.")
    height: int | None = Field(None, ge=60, le=2000, description="Height of the plot in pixels.")
    legend: bool = Field(True, description="Whether a legend, or labels at the ends of lines, are drawn.")

    @field_validator("x_range", "y_range")
    @classmethod
    def _ascending(cls, ends: tuple[float, float] | None) -> tuple[float, float] | None:
        if ends is not None and not ends[0] < ends[1]:
            raise ValueError("the first number must be less than the second")
        return ends

    @model_validator(mode="after")
    def _fits_the_kind(self) -> Options:
        for name, kinds in _ONLY.items():
            if name in self.model_fields_set and self.kind not in kinds:
                raise Mistake(f"option '{name}' belongs to kind: {alternatives(kinds)}, not to {self.kind}")
        wanted: dict[Kind, tuple[str, ...]] = {
            "scatter": ("x", "y"), "heatmap": ("x", "y", "color"), "histogram": (), "parallel": ("y",), "slice": ("x", "y"),
            "contour": ("x", "y", "color"), "pareto": ("x", "y"),
        }  # fmt: skip
        for name in wanted.get(self.kind, ("y",)):
            if getattr(self, name) is None:
                raise Mistake(f"kind: {self.kind} needs the option '{name}'", hint=_example(self.kind))
        if self.kind == "histogram" and self.x is None and self.y is None:
            raise Mistake("kind: histogram needs the option 'x'", hint=_example(self.kind))
        if isinstance(self.x, list) and self.kind not in ("parallel", "slice"):
            raise Mistake(f"option 'x' of kind: {self.kind} is one name, not a list")
        return self


def names_of(names: str | list[str] | None) -> list[str]:
    """The names of an option that may be one or a list."""
    return [] if names is None else [names] if isinstance(names, str) else list(names)


def alternatives(words: Sequence[str]) -> str:
    """“a, b or c”."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _example(kind: str) -> str:
    return {
        "scatter": "for example x: config.lr, y: val/acc",
        "heatmap": "for example x: config.lr, y: config.batch_size, color: val/acc",
        "histogram": "for example x: val/acc",
        "parallel": "the metric to colour by, for example y: val/acc",
        "slice": "for example x: [config.lr, config.dropout], y: val/acc",
        "contour": "for example x: config.lr, y: config.dropout, color: val/acc",
        "pareto": "for example x: params, y: val/acc",
    }.get(kind, "for example y: val/acc")
