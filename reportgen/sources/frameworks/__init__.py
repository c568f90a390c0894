"""Reads the folders that frameworks write: a few files of JSON, YAML, CSV and text for each run. One module for each framework."""

from __future__ import annotations

import reportgen.sources.frameworks.aim as aim
import reportgen.sources.frameworks.dvclive as dvclive
import reportgen.sources.frameworks.hydra as hydra
import reportgen.sources.frameworks.lightning as lightning
import reportgen.sources.frameworks.ray_tune as ray_tune
import reportgen.sources.frameworks.sacred as sacred
import reportgen.sources.frameworks.trainer as trainer

FRAMEWORKS = (sacred, dvclive, ray_tune, trainer, lightning, hydra, aim)
"""The readers, those with the most telling files first."""
