"""The Hugging Face Trainer: `trainer_state.json` of a training and of its checkpoints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from reportgen.model import LogWarning, MetricDefinition, Run, Source, State, Value
from reportgen.sources.frameworks.documents import flat, names, object_in, text_of
from reportgen.sources.naming import content_id, folder_name
from reportgen.sources.plain.collected import Columns
from reportgen.sources.values import flatten, json_text

name = "huggingface"
nested = True
lasts = True

_STATE = "trainer_state.json"
_CHECKPOINT = re.compile(r"checkpoint-(\d+)")
_WORDS = (b'"log_history"', b'"global_step"', b'"best_metric"')
_SETTINGS = ("num_train_epochs", "max_steps", "train_batch_size", "logging_steps", "eval_steps", "save_steps")
_RESULTS = ("best_metric", "best_global_step", "best_model_checkpoint", "global_step", "total_flos", "num_input_tokens_seen")


def sniff(path: Path) -> bool:
    """Whether a folder holds the state of a training, in itself or in a checkpoint."""
    return path.is_dir() and (names(path / _STATE, *_WORDS) or any(names(folder / _STATE, *_WORDS) for folder in _checkpoints(path)))


def opens(path: Path) -> bool:
    """Whether a file that the user named is such a state."""
    return path.name == _STATE and names(path, *_WORDS)


def owns(path: Path) -> Iterable[Path]:
    """The checkpoints, and the event files that the Trainer writes of the same numbers."""
    return [*_checkpoints(path), path / "runs"]


def read(path: Path) -> Iterator[Run]:
    """The run of a training: the state with the most steps, which holds the history of those before it.

    - `config` is what the state says of the training arguments, a hyperparameter search's parameters, what `training_args.json`
      says, and the model's `config.json` under `model.`. `training_args.bin` is a pickle, which nobody should open.
    - `summary` is the best metric and its checkpoint, counts, and `all_results.json`.
    - `state` is "finished" when all steps were made; where training ended sooner, nobody wrote down why.

    Raises:
        OSError: A file cannot be read.
    """
    folder = path if path.is_dir() else path.parent
    warnings: list[LogWarning] = []
    home, state = _latest(folder, warnings)
    rows = [dict(flatten(one)) for one in _list(state.get("log_history"))]
    columns = Columns()
    columns.add(rows, step_name="step")
    label = folder_name(folder)
    yield Run(
        id=content_id(label, json_text(rows[:2]).encode("utf-8", "replace")),
        name=text_of(state.get("trial_name")) or label,
        source=Source(name, folder),
        state=_state(state),
        config=_config(home, folder, state, warnings),
        summary={key: state[key] for key in _RESULTS if state.get(key) is not None}
        | flat(object_in(folder / "all_results.json", warnings)),
        history=columns.scalars.series(),
        metrics=_definitions(state),
        media={key: tuple(found) for key, found in columns.media.items()},
        warnings=tuple(warnings),
    )


def _checkpoints(folder: Path) -> list[Path]:
    """The checkpoints below a folder, the latest first."""
    try:
        found = [(int(match[1]), one) for one in folder.iterdir() if (match := _CHECKPOINT.fullmatch(one.name)) and one.is_dir()]
    except OSError:
        return []
    return [one for _, one in sorted(found, reverse=True)]


def _latest(folder: Path, warnings: list[LogWarning]) -> tuple[Path, dict[str, Any]]:
    """The state with the most steps and the folder that holds it."""
    best: tuple[Path, dict[str, Any]] = (folder, {})
    for home in (folder, *_checkpoints(folder)):
        state = object_in(home / _STATE, warnings)
        if _steps(state) > _steps(best[1]):
            best = (home, state)
        if best[1] and home != folder:
            break
    return best


def _steps(state: dict[str, Any]) -> float:
    steps = state.get("global_step")
    return steps if isinstance(steps, int | float) else -1 + bool(state) / 2


def _list(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _state(state: dict[str, Any]) -> State:
    steps, most = state.get("global_step"), state.get("max_steps")
    return "finished" if isinstance(steps, int) and isinstance(most, int) and steps >= most > 0 else "unknown"


def _config(home: Path, folder: Path, state: dict[str, Any], warnings: list[LogWarning]) -> dict[str, Value]:
    config = flat({key: state[key] for key in _SETTINGS if state.get(key) is not None})
    trial = state.get("trial_params")
    config |= flat(trial) if isinstance(trial, dict) else {}
    for place in dict.fromkeys((folder, home)):
        config |= flat(object_in(place / "training_args.json", warnings))
        config |= {f"model.{key}": value for key, value in flat(object_in(place / "config.json", warnings)).items()}
    return config


def _definitions(state: dict[str, Any]) -> tuple[MetricDefinition, ...]:
    """The metric that the best checkpoint was chosen by, where one metric alone reached the best value."""
    best = state.get("best_metric")
    if not isinstance(best, int | float):
        return ()
    values: dict[str, list[float]] = {}
    for entry in _list(state.get("log_history")):
        for key, value in entry.items():
            if key.startswith("eval_") and isinstance(value, int | float) and not isinstance(value, bool):
                values.setdefault(key, []).append(value)
    reached = [(key, one) for key, one in values.items() if best in one and min(one) < max(one) and best in (min(one), max(one))]
    if len(reached) != 1:
        return ()
    key, one = reached[0]
    return (MetricDefinition(key, goal="max" if best == max(one) else "min"),)
