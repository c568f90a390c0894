"""Sweeps: runs that try out hyperparameters, what each of them reached, and how the search went."""

from reportgen.analysis.sweeps.groups import Sweep, sweeps_of
from reportgen.analysis.sweeps.objectives import Objective, objectives_of
from reportgen.analysis.sweeps.trials import Trials, trials_of

__all__ = ["Objective", "Sweep", "Trials", "objectives_of", "sweeps_of", "trials_of"]
