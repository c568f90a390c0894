"""Which files of a plain folder are its config and its metrics.

A folder of web code with a `package.json` and a `data.csv` is no run. So either the config bears a name that
configs have and the metrics bear such a name or have a column of steps; or the config is called anything,
and the metrics have both.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from reportgen.sources.plain.columns import step_column
from reportgen.sources.plain.config import parse_config
from reportgen.sources.plain.rows import read_head

_CONFIG_ENDINGS = frozenset({".yaml", ".yml", ".json", ".toml"})
_CONFIG_NAMES = (
    "config", "configs", "hparams", "hyperparameters", "hyperparams", "params", "parameters", "args", "arguments",
    "options", "opt", "opts", "settings", "conf", "cfg", "train_config", "training_config", "experiment", "flags",
)  # fmt: skip
"""What a config may be called, the likeliest first."""

_NO_CONFIG = re.compile(
    r"(?i)(package|package-lock|tsconfig|composer|manifest|pyproject|poetry|cargo|environment|conda|mkdocs|dvc|docker-compose"
    r"|renovate|codecov|openapi|dataset_infos?|tokenizer.*|vocab|special_tokens_map|index|.*schema|.*summary|results?|metrics?)"
)
_METRICS_NAME = re.compile(
    r"(?i)(.*[_.-])?(metrics?|history|log|logs|progress|results?|scores?|train(ing)?|val(idation)?|eval(uation)?|test)"
)


@dataclass(frozen=True)
class Logs:
    """The files of a run. `config` may be below the folder (`.hydra/config.yaml`)."""

    config: Path
    metrics: tuple[Path, ...]


def logs_in(folder: Path) -> Logs | None:
    """The config and the metrics of a folder, or None when it is no run."""
    try:
        files = sorted(Path(entry.path) for entry in os.scandir(folder) if entry.is_file() and not entry.name.startswith("."))
    except OSError:
        return None
    config, is_named = _config(folder, files)
    if config is None:
        return None
    metrics = []
    for file in files:
        if file != config:
            named, stepped = _METRICS_NAME.fullmatch(file.stem) is not None, _has_steps(file)
            if (is_named and (named or stepped) and is_metrics(file)) or (named and stepped):
                metrics.append(file)
    return Logs(config, tuple(metrics)) if metrics else None


def is_metrics(path: Path) -> bool:
    """Whether a file holds rows of numbers: CSV with a head, JSONL, or Parquet."""
    return path.is_file() and _sample(path) is not None


def _config(folder: Path, files: list[Path]) -> tuple[Path | None, bool]:
    """The config of a folder, and whether it has a name that configs have."""
    hydra = folder / ".hydra" / "config.yaml"
    if hydra.is_file() and _is_mapping(hydra):
        return hydra, True
    candidates = [file for file in files if file.suffix.lower() in _CONFIG_ENDINGS]
    by_name = {file.stem.lower(): file for file in reversed(candidates)}
    named = [by_name[name] for name in _CONFIG_NAMES if name in by_name]
    if named:
        # A damaged config is still the config: the run is read without it and says so.
        return next((file for file in named if _is_mapping(file)), named[0]), True
    others = [file for file in candidates if not _NO_CONFIG.fullmatch(file.stem) and _is_mapping(file)]
    return (others[0], False) if len(others) == 1 else (None, False)


def _is_mapping(path: Path) -> bool:
    try:
        return bool(parse_config(path))
    except (OSError, ValueError):
        return False


def _has_steps(path: Path) -> bool:
    sample = _sample(path)
    return sample is not None and step_column(sample) is not None


def _sample(path: Path) -> tuple[str, ...] | None:
    """The names of the columns of numbers, from the first lines of a metrics file, None when it is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return _sampled(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4096)
def _sampled(path: Path, changed: int, size: int) -> tuple[str, ...] | None:
    try:
        rows = read_head(path)
    except (OSError, ValueError):
        return None
    numbers: dict[str, Any] = {key: None for row in rows for key, value in row.items() if isinstance(value, int | float)}
    return tuple(numbers) or None
