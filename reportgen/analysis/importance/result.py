"""The importance of parameters as frozen values: what was found, how sure it is, and what was left out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from reportgen.model import Goal

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["continuous", "grid", "category"]
"""Numbers on a range; numbers of which a few repeat (16, 32, 64); names and truth values."""
TargetScale = Literal["linear", "log", "rank"]
Level: TypeAlias = float | str
"""A value of a parameter: a number, or the name of a category."""
_SHOWN = 5
"""So many parameters stand in the line that a Python prompt shows."""


@dataclass(frozen=True)
class Share:
    """A part of the target's variance, 0 to 1: the median of what the runs allow, and the ends of its interval; NaN with too few runs."""

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class PairImportance:
    """What two parameters explain together, beyond what each explains alone."""

    names: tuple[str, str]
    share: Share


@dataclass(frozen=True)
class Correlation:
    """Spearman's rank correlation with the target, and the ends of its interval (all from -1 to 1)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Marginal:
    """The mean prediction of the model over all other parameters, along one parameter.

    Attributes:
        at: Values of the parameter in its own units, ascending, or the names of its categories.
        mean, low, high: The predicted target in its own units and the interval of its mean, each as long as `at`.
        unset: The same three numbers for the runs that do not have the parameter; None when all have it.
    """

    at: tuple[Level, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    unset: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class BestRegion:
    """Where along one parameter the best of the search space lies, as the model predicts it.

    Attributes:
        at: Numbers on a range: the least and the largest value that hold nine of ten of the best points of the space. Else the levels
            that are among them at least half as often as they are drawn, the most frequent first.
        best: The value at the predicted optimum of all parameters together.
        low, high: The interval of that value, the other parameters at their optimum; None for names.
        certainty: How often a draw from the posterior has this very level at its optimum, 0 to 1; None for numbers on a range.
        border: "lower" or "upper" where the optimum lies at that end of what was searched, else "".
        distance: How far the optimum is from the nearer end, as a part of the searched range on its scale, 0 to 0.5; None for names.
    """

    at: tuple[Level, ...]
    best: Level
    low: float | None = None
    high: float | None = None
    certainty: float | None = None
    border: Literal["", "lower", "upper"] = ""
    distance: float | None = None


@dataclass(frozen=True)
class Optimum:
    """The target at the predicted optimum, in its own units, and its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class PairMap:
    """The mean prediction of the model along two parameters, over all others.

    Attributes:
        names: Of the parameter across and the one upwards.
        x, y: Their values, ascending, or the names of their categories.
        mean, low, high: The predicted target in its own units and the interval of its mean: a row for each of `y`, each as long
            as `x`. NaN where a category decides that the other parameter is not set.
        share: What the two explain together beyond each alone.
        interacts: That can be told from noise.
    """

    names: tuple[str, str]
    x: tuple[Level, ...]
    y: tuple[Level, ...]
    mean: tuple[tuple[float, ...], ...]
    low: tuple[tuple[float, ...], ...]
    high: tuple[tuple[float, ...], ...]
    share: Share
    interacts: bool


@dataclass(frozen=True, repr=False)
class ParameterImportance:
    """What one parameter has to do with the target.

    Attributes:
        name: The key of the config, for example `optimizer.lr`.
        column: The full name of the column, for example `config.optimizer.lr`.
        log: The parameter is read on a log scale.
        share: The part of the target's variance that the parameter explains alone (its first-order Sobol index, noise
            counted as variance), 0 to 1; NaN with too few runs.
        low, high: The interval of the share; it begins at 0 when the parameter cannot be told from noise.
        total: The same with all interactions that the parameter has a part in (its total-order index).
        above_noise: It can be told from noise: the runs cannot be explained as well without it.
        correlation: For numbers and truth values that vary; else None.
        n_runs: Runs that have the parameter, of those that have a target.
        direction: In words: "higher is better", "best at 0.001–0.01", "best: adam"; "" when it cannot be told.
        marginal: None with too few runs.
        values: The value of each run of `Importance.run_ids`; None where the run does not have it.
        local: The share among the best part of the search space, where `among` asked for it; its interval begins at 0 when the
            parameter cannot be told from noise there. Such shares need not add up.
        best: Where the best of the search space lies; None for a parameter within the noise, without a goal, and where the best
            do not set it.
    """

    name: str
    column: str
    kind: Kind
    log: bool
    share: float
    low: float
    high: float
    total: Share
    above_noise: bool
    correlation: Correlation | None
    n_runs: int
    direction: str
    marginal: Marginal | None
    values: tuple[Level | None, ...]
    local: Share | None = None
    best: BestRegion | None = None

    @property
    def first(self) -> Share:
        """The share with its interval as one value, as `total` is."""
        return Share(self.share, self.low, self.high)

    def __repr__(self) -> str:
        return f"ParameterImportance({_share(self)}{', ' + self.direction if self.direction else ''})"


@dataclass(frozen=True)
class Ignored:
    """A parameter that was not looked at, and why, in a few words."""

    name: str
    reason: str


@dataclass(frozen=True, repr=False)
class Importance:
    """Which parameters moved the target. Made by `importance`.

    Attributes:
        verdict: The answer in one or two sentences.
        conclusive: At least one parameter can be told from noise.
        parameters: The most important first.
        interactions: What parameters explain together, beyond each alone.
        pairs: The interactions of two parameters, the largest first.
        noise: What no parameter explains.
        r2: Cross-validated R² of the model; NaN with too few runs.
        by_chance: How often shuffled targets seem to be explained as well: a p-value for all parameters together; NaN with too few runs.
        level: The level of all intervals, 0.9.
        among: The part of the search space that local shares are about; None where none were asked for.
        local_noise: What no parameter explains there; None where none were asked for.
        optimum: The target at the predicted optimum; None without a goal or without a parameter that is told from noise.
        maps: The predictions along two parameters that were asked for.
        run_ids: The runs that were used, sorted by id.
        target_values: The target of each.
        n_without_target: Runs left out because their target is missing, not a number, or not finite.
        ignored: Parameters that were not looked at.
        warnings: Plain sentences that must stand beside the result.
    """

    target: str
    goal: Goal | None
    verdict: str
    conclusive: bool
    parameters: tuple[ParameterImportance, ...]
    run_ids: tuple[str, ...]
    target_values: tuple[float, ...]
    n_without_target: int
    ignored: tuple[Ignored, ...]
    warnings: tuple[str, ...]
    target_scale: TargetScale = "linear"
    interactions: Share = Share()
    pairs: tuple[PairImportance, ...] = ()
    noise: Share = Share()
    r2: float = math.nan
    by_chance: float = math.nan
    level: float = 0.9
    among: float | None = None
    local_noise: Share | None = None
    optimum: Optimum | None = None
    maps: tuple[PairMap, ...] = ()

    @property
    def n_runs(self) -> int:
        """The number of runs that were used."""
        return len(self.run_ids)

    @property
    def quantitative(self) -> bool:
        """There were enough runs for shares; without them only correlations and the runs themselves can be shown."""
        return not math.isnan(self.r2)

    def __repr__(self) -> str:
        """One line: the target, and the most important parameters with their shares and intervals."""
        head = f"Importance of {self.target} over {self.n_runs} {'run' if self.n_runs == 1 else 'runs'}"
        if not self.quantitative:
            return f"{head}: too few for shares"
        shares = [_share(one) for one in self.parameters[:_SHOWN]] or ["no parameters"]
        more = ", …" if len(self.parameters) > _SHOWN else ""
        return f"{head}: {', '.join(shares)}{more}{'' if self.conclusive else '; none can be told from noise'}"

    def __getitem__(self, name: str) -> ParameterImportance:
        for parameter in self.parameters:
            if name in (parameter.name, parameter.column):
                return parameter
        raise KeyError(name)

    def frame(self) -> pd.DataFrame:
        """One row per parameter, the most important first.

        Columns `parameter, share, low, high, total, total_low, total_high, above_noise, correlation, n_runs, direction`, and with `among`
        also `local, local_low, local_high`.
        """
        import pandas as pd

        local = [one.local or Share() for one in self.parameters]
        among = {} if self.among is None else {
            "local": [one.value for one in local], "local_low": [one.low for one in local], "local_high": [one.high for one in local],
        }  # fmt: skip
        return pd.DataFrame(
            {
                "parameter": [one.name for one in self.parameters],
                "share": [one.share for one in self.parameters],
                "low": [one.low for one in self.parameters],
                "high": [one.high for one in self.parameters],
                "total": [one.total.value for one in self.parameters],
                "total_low": [one.total.low for one in self.parameters],
                "total_high": [one.total.high for one in self.parameters],
                "above_noise": [one.above_noise for one in self.parameters],
                "correlation": [one.correlation.value if one.correlation else float("nan") for one in self.parameters],
                "n_runs": [one.n_runs for one in self.parameters],
                "direction": [one.direction for one in self.parameters],
                **among,
            }
        )


def _share(one: ParameterImportance) -> str:
    """A parameter with its share and its interval in per cent: "optimizer.lr 43 % (3–92)"."""
    if math.isnan(one.share):
        return one.name
    return f"{one.name} {100 * one.share:.0f} % ({100 * one.low:.0f}–{100 * one.high:.0f})"
