"""What the fences about an importance have in common: which target, which parameters, and how they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from reportgen.analysis.importance import Importance, TargetScale
from reportgen.blocks.block import BlockOptions, Context
from reportgen.blocks.importances import kept_importance
from reportgen.model import Goal


class ImportanceOptions(BlockOptions):
    """The options of each of them."""

    params: str | list[str] | None = Field(
        None,
        description="Which parameters: names or globs (`optimizer.*`); by default the whole config but seeds and repetitions.",
    )
    log: str | list[str] = Field(
        default_factory=list, description="Parameters to read on a log scale; those that look log-uniform are by themselves."
    )
    linear: str | list[str] = Field(default_factory=list, description="Parameters not to read on a log scale.")
    scale: TargetScale = Field("linear", description="How the target is read: `linear`, `log`, or `rank` when a few runs have wild values.")
    seed: int = Field(0, ge=0, description="Seed of the draws and shuffles.")

    def importance(
        self, context: Context, target: str, goal: Goal | None, *, among: float | str | None = None,
        maps: int | Sequence[tuple[str, str]] = 0,
    ) -> Importance:  # fmt: skip
        """The importance over the runs of a fence, with what this fence needs besides.

        Raises:
            QueryError: The target or a parameter does not fit the runs (see `importance`).
        """
        return kept_importance(
            context.runs,
            target,
            goal,
            None if self.params is None else listed(self.params),
            log=listed(self.log),
            linear=listed(self.linear),
            scale=self.scale,
            among=among,
            maps=maps,
            seed=self.seed,
        )


class TargetOptions(ImportanceOptions):
    """The options of those that are about one target."""

    target: str = Field(description="The metric or column to explain: `val/acc`, `min(val/loss)`, `last10(val/acc)`, `area(val/loss)`.")
    goal: Literal["min", "max"] | None = Field(
        None, description="Whether less or more of the target is better; by default known from the metric or its name."
    )

    def found(self, context: Context, maps: int | Sequence[tuple[str, str]] = 0) -> Importance:
        """The importance of the target, with maps of pairs.

        Raises:
            QueryError: As `importance`.
        """
        return self.importance(context, self.target, self.goal, maps=maps)


def listed(value: str | list[str]) -> list[str]:
    """One name or several, as a list."""
    return [value] if isinstance(value, str) else list(value)
