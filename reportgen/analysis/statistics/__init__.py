"""Comparing groups of runs: estimates with intervals, tests, effect sizes and performance profiles. Only numbers, no words."""

from reportgen.analysis.statistics.aggregates import LEVEL, Estimate, Statistic, aggregate, estimate, resampled
from reportgen.analysis.statistics.effects import hedges_g, improvement, runs_needed
from reportgen.analysis.statistics.pairs import Versus, against, against_paired
from reportgen.analysis.statistics.profiles import Profile, profile
from reportgen.analysis.statistics.sample import Sample
from reportgen.analysis.statistics.significance import SIGNIFICANCE, difference, holm, p_value, permutation, shared, sign_flips, welch

__all__ = [
    "LEVEL",
    "SIGNIFICANCE",
    "Estimate",
    "Profile",
    "Sample",
    "Statistic",
    "Versus",
    "against",
    "against_paired",
    "aggregate",
    "difference",
    "estimate",
    "hedges_g",
    "holm",
    "improvement",
    "p_value",
    "permutation",
    "profile",
    "resampled",
    "runs_needed",
    "shared",
    "sign_flips",
    "welch",
]
