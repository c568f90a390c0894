"""What changed between two runs or two groups of runs, as values and in words."""

from reportgen.analysis.what_changed.changed import WhatChanged, what_changed
from reportgen.analysis.what_changed.code import CodeChanges, Fact, TextChange
from reportgen.analysis.what_changed.data import DataChange, DataChanges
from reportgen.analysis.what_changed.environment import REQUIREMENTS, EnvironmentChanges, Package
from reportgen.analysis.what_changed.results import Result
from reportgen.analysis.what_changed.settings import Setting
from reportgen.analysis.what_changed.sides import Side
from reportgen.analysis.what_changed.told import Predicted, Told

__all__ = [
    "REQUIREMENTS", "CodeChanges", "DataChange", "DataChanges", "EnvironmentChanges", "Fact", "Package", "Predicted", "Result",
    "Setting", "Side", "TextChange", "Told", "WhatChanged",
    "what_changed",
]  # fmt: skip
