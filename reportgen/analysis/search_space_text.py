"""The next search space as files for other tools: a W&B sweep, an Optuna study, and plain JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from reportgen.analysis.search_space_values import Advice, NextSpace
from reportgen.analysis.sweeps.trials import Trials
from reportgen.model import Distribution, Run, Value

_GOALS = {"min": "minimize", "max": "maximize"}
_NOT_IN_A_LINE = re.compile("[^ -~\u00a1-\u2027\u202f-\ud7ff\ue000-\ufefe\uff00-\uffef\U00010000-\U0010ffff]+")
"""Control characters, line ends of all kinds, and marks that turn the direction of text."""


def wandb_sweep(space: NextSpace, trials: Trials, name: str) -> str:
    """A sweep configuration for `wandb sweep`, YAML.

    Parameters whose keys have dots are nested. W&B draws each parameter by itself and optimises one metric: conditions and further
    objectives stand in comments.
    """
    import yaml

    parameters: dict[str, Any] = {}
    comments = [f"The next search space after {name}, by reportgen.", space.said]
    program = _program(trials.runs)
    if not program:
        comments.append("The logs do not name the training script: put yours at `program`.")
    taken = {one.key for one in space.advice}
    for one in space.advice:
        _nest(parameters, one.key, taken, _wandb_parameter(one))
        comments += _remarks(one)
    objective = trials.objectives[0] if trials.objectives else None
    content: dict[str, Any] = {
        "program": program or "train.py",
        "method": "bayes" if objective and len(trials.objectives) == 1 else "random",
    }
    if objective:
        content["metric"] = {"name": objective.column.removeprefix("summary."), "goal": _GOALS[objective.goal]}
        comments += [f"Another objective: {_GOALS[one.goal]} {one.column}" for one in trials.objectives[1:]]
    content["parameters"] = parameters
    return _commented(comments) + str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))


def optuna_study(space: NextSpace, trials: Trials, name: str) -> str:
    """A Python module with `suggest(trial)`, which draws a config, and a study that begins with the best trial."""
    directions = [_GOALS[one.goal] for one in trials.objectives] or ["minimize"]
    best = trials.ranked[0].config if len(trials.ranked) else {}
    lines = [
        *_commented([f"The next search space after {name}, by reportgen.", space.said]).splitlines(),
        "from __future__ import annotations",
        "",
        "from typing import Any",
        "",
        "import optuna",
        "",
        "",
        "def suggest(trial: optuna.Trial) -> dict[str, Any]:",
        '    """Draws a config."""',
        "    config: dict[str, Any] = {}",
        *_suggestions(space.advice),
        "    return config",
        "",
        "",
        f"def objective(trial: optuna.Trial) -> {'float' if len(directions) == 1 else 'tuple[float, ...]'}:",
        "    config = suggest(trial)",
        f"    raise NotImplementedError({'train with the config and return ' + ', '.join(one.column for one in trials.objectives)!r})",
        "",
        "",
        'if __name__ == "__main__":',
        f"    study = optuna.create_study(directions={directions!r})",
    ]
    if start := _enqueued(space.advice, best):
        lines.append(f"    study.enqueue_trial({start!r})  # the best trial so far")
    return "\n".join([*lines, "    study.optimize(objective, n_trials=100)", ""])


def plain_space(space: NextSpace, trials: Trials, name: str) -> str:
    """The space as JSON: for each hyperparameter what it was drawn from, what to draw it from next, and why."""
    content = {
        "sweep": name,
        "said": space.said,
        "is_advised": space.is_advised,
        "trials": space.n,
        "best_trials": space.n_best,
        "objectives": [{"name": one.column, "goal": one.goal} for one in trials.objectives],
        "parameters": {
            one.key: {
                "action": one.action, "before": _plain(one.before), "after": _plain(one.after), "reason": one.reason, "trials": one.n,
                **({"only_if": {one.only_if[0]: list(one.only_if[1])}} if one.only_if else {}),
            }
            for one in space.advice
        },
    }  # fmt: skip
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def config_yaml(config: Mapping[str, Value]) -> str:
    """A flat config as nested YAML."""
    import yaml

    nested: dict[str, Any] = {}
    for key, value in config.items():
        _nest(nested, key, config, value, inner=False)
    return str(yaml.safe_dump(nested, sort_keys=False, allow_unicode=True)) if nested else ""


def config_flags(config: Mapping[str, Value]) -> str:
    """A flat config as command-line flags, `--optimizer.lr=0.001`, quoted for a POSIX shell."""
    import shlex

    return " ".join(shlex.quote(f"--{key}={_flag(value)}") for key, value in config.items())


def _wandb_parameter(one: Advice) -> dict[str, Any]:
    space = one.after
    if space.low is None or space.high is None:
        return {"value": space.choices[0]} if len(space.choices) == 1 else {"values": list(space.choices)}
    ends = {"min": space.low, "max": space.high}
    if space.low == space.high:
        return {"value": space.low}
    if space.log:
        step = space.step or (1 if one.is_whole else None)
        return {"distribution": "q_log_uniform_values", **ends, "q": step} if step else {"distribution": "log_uniform_values", **ends}
    if one.is_whole and space.step in (None, 1):
        return {"distribution": "int_uniform", **ends}
    return {"distribution": "q_uniform", **ends, "q": space.step} if space.step else {"distribution": "uniform", **ends}


def _suggestions(advice: Sequence[Advice]) -> Iterator[str]:
    """The lines that draw each hyperparameter, those that others depend on first."""
    for condition, several in groupby(sorted(advice, key=lambda one: repr(one.only_if or "")), key=lambda one: one.only_if):
        indent = "    "
        if condition:
            parent = next(other for other in advice if other.key == condition[0])
            values = [value for value in condition[1] if value in parent.after.choices]
            if not values:
                continue
            yield f"    if config[{condition[0]!r}] in {values!r}:"
            indent += "    "
        for one in several:
            yield f"{indent}config[{one.key!r}] = {_suggestion(one)}"


def _suggestion(one: Advice) -> str:
    space = one.after
    if space.low is None or space.high is None:
        return repr(space.choices[0]) if len(space.choices) == 1 else f"trial.suggest_categorical({one.key!r}, {list(space.choices)!r})"
    if space.low == space.high:
        return repr(space.low)
    ends = f"{one.key!r}, {space.low!r}, {space.high!r}"
    if one.is_whole:
        more = ", log=True" if space.log else f", step={int(space.step)}" if space.step and space.step != 1 else ""
        return f"trial.suggest_int({ends}{more})"
    more = ", log=True" if space.log else f", step={space.step!r}" if space.step else ""
    return f"trial.suggest_float({ends}{more})"


def _enqueued(advice: Sequence[Advice], config: Mapping[str, Value]) -> dict[str, Value]:
    """The values of a config that are drawn; none as soon as one of them lies outside of the space."""
    found: dict[str, Value] = {}
    for one in advice:
        space, value = one.after, config.get(one.key)
        if one.key not in config or len(space.choices) == 1 or (space.low is not None and space.low == space.high):
            continue
        if space.low is None or space.high is None:
            inside = value in space.choices
        else:
            inside = isinstance(value, int | float) and space.low <= value <= space.high
        if not inside:
            return {}
        found[one.key] = value
    return found


def _nest(content: dict[str, Any], key: str, taken: Any, value: Any, *, inner: bool = True) -> None:
    """Puts a value at a dotted key: nested (for W&B each level in `parameters`), flat where another key stands in its way."""
    parts = key.split(".")
    if any(not part for part in parts) or any(".".join(parts[:i]) in taken for i in range(1, len(parts))):
        content[key] = value
        return
    for part in parts[:-1]:
        content = content.setdefault(part, {"parameters": {}} if inner else {})
        content = content["parameters"] if inner else content
    content[parts[-1]] = value


def _remarks(one: Advice) -> Iterator[str]:
    if one.action not in ("keep", "unknown"):
        yield f"{one.key}: {one.reason}"
    if one.only_if:
        yield f"{one.key} is used only with {one.only_if[0]} = {', '.join(map(str, one.only_if[1]))}"


def _commented(texts: Sequence[str]) -> str:
    """Comments, each text in one line: what comes from logs may hold line ends."""
    return "".join(f"# {_NOT_IN_A_LINE.sub(' ', text)}\n" for text in texts)


def _program(runs: Sequence[Run]) -> str:
    """The script that the command of the runs names, without the folders of another machine; "" when none does."""
    for run in runs:
        for word in run.command.split():
            if word.endswith(".py"):
                is_absolute = PurePosixPath(word).is_absolute() or PureWindowsPath(word).is_absolute()
                return PureWindowsPath(word).name if is_absolute else word
    return ""


def _plain(space: Distribution) -> dict[str, Any]:
    if space.low is None:
        return {"choices": list(space.choices)}
    return {"low": space.low, "high": space.high, "log": space.log, **({"step": space.step} if space.step else {})}


def _flag(value: Value) -> str:
    if isinstance(value, bool) or value is None or isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
