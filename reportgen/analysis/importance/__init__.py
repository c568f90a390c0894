"""Which hyperparameters moved a target, by how much, and how sure that is."""

from reportgen.analysis.importance.estimate import importance
from reportgen.analysis.importance.result import (
    BestRegion,
    Correlation,
    Ignored,
    Importance,
    Kind,
    Level,
    Marginal,
    Optimum,
    PairImportance,
    PairMap,
    ParameterImportance,
    Share,
    TargetScale,
)
from reportgen.analysis.importance.words import minus, percent, percent_range, plain, share_text, signed

__all__ = [
    "BestRegion", "Correlation", "Ignored", "Importance", "Kind", "Level", "Marginal", "Optimum", "PairImportance", "PairMap",
    "ParameterImportance", "Share", "TargetScale",
    "importance", "minus", "percent", "percent_range", "plain", "share_text", "signed",
]  # fmt: skip
