"""Runs and what they logged: frozen values, no files and no drawing."""

from reportgen.model.aggregates import AGGREGATE, AGGREGATES
from reportgen.model.goal import goal_of
from reportgen.model.records import (
    Artifact,
    ArtifactFile,
    ConsoleLine,
    Distribution,
    Histogram,
    LoggedFile,
    LogWarning,
    Media,
    MediaKind,
    MetricDefinition,
    Panel,
    PanelKind,
    Scalar,
    Series,
    Table,
    Value,
)
from reportgen.model.run import ATTRIBUTES, Goal, Run, Source, State, file_slug
from reportgen.model.runs import Runs, number

__all__ = [
    "AGGREGATE", "AGGREGATES", "ATTRIBUTES", "Artifact", "ArtifactFile", "ConsoleLine", "Distribution", "Goal", "Histogram",
    "LogWarning", "LoggedFile", "Media", "MediaKind", "MetricDefinition", "Panel", "PanelKind", "Run", "Runs", "Scalar", "Series", "Source",
    "State", "Table", "Value", "file_slug", "goal_of", "number",
]  # fmt: skip
