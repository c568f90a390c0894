"""Which columns are parameters: what the user names, else the config without seeds, notes and repetitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from reportgen.analysis.importance.parameters import Parameter, decides, is_seed, read_parameter, same_as
from reportgen.analysis.importance.result import Ignored
from reportgen.errors import QueryError, did_you_mean
from reportgen.model import Run, Runs
from reportgen.words import _


def choose(
    runs: Runs, used: Sequence[Run], target: str, params: Sequence[str] | None, log: Sequence[str], linear: Sequence[str]
) -> tuple[list[Parameter], list[Ignored]]:
    """The parameters that vary, sorted by name, and what was left out.

    Without `params` they are all keys of the config but these: seeds (they are a nuisance, not a choice: naming one in
    `params` includes it), the tracker's own keys (a part that starts with an underscore), and keys that
    say the same as another (`log_lr` beside `lr`). Nothing that is named in `params` is left out for its name.

    Args:
        used: The runs that have a target.
        log, linear: Names or globs of parameters to be read on a log scale, or not.

    Raises:
        QueryError: A name or glob fits nothing, or no parameter varies.
    """
    columns = _named(runs, params, target) if params is not None else [f"config.{key}" for key in runs.config_keys]
    ignored: list[Ignored] = []
    found: list[Parameter] = []
    scales = {**dict.fromkeys(_fitting(linear, columns), False), **dict.fromkeys(_fitting(log, columns), True)}
    for column in sorted(set(columns), key=lambda column: (len(_name(column)), _name(column))):  # of twins, keep the shorter
        reason = _nuisance(column, target) if params is None else None
        one = Ignored(_name(column), reason) if reason else read_parameter(column, used, scales.get(column))
        twin = next((other for other in found if same_as(other, one)), None) if isinstance(one, Parameter) else None
        if isinstance(one, Ignored):
            ignored.append(one)
        elif twin:
            ignored.append(Ignored(one.name, _("says the same as {key} in these runs").format(key=twin.name)))
        else:
            found.append(one)
    for one in [one for one in found if len(one.levels) == 1 and any(decides(other, one) for other in found)]:
        found.remove(one)
        ignored.append(Ignored(one.name, _("the same wherever another parameter asks for it")))
    if not found:
        raise QueryError("no parameter varies between the runs", hint=_why_none(ignored))
    return sorted(found, key=lambda one: one.name), sorted(ignored, key=lambda one: one.name)


def _name(column: str) -> str:
    return column.removeprefix("config.")


def _named(runs: Runs, patterns: Iterable[str], target: str) -> list[str]:
    columns: dict[str, None] = {}
    for pattern in patterns:
        inside = [f"config.{key}" for key in runs.config_keys if fnmatchcase(key, pattern)]
        columns.update(dict.fromkeys(inside or runs.columns_like(pattern)))
    columns.pop(target, None)
    return list(columns)


def _fitting(patterns: Iterable[str], columns: Sequence[str]) -> list[str]:
    fitting: list[str] = []
    for pattern in patterns:
        found = [column for column in columns if fnmatchcase(column, pattern) or fnmatchcase(_name(column), pattern)]
        if not found:
            raise QueryError(f"no parameter '{pattern}' to set the scale of", hint=did_you_mean(pattern, map(_name, columns)))
        fitting += found
    return fitting


def _nuisance(column: str, target: str) -> str | None:
    """Why a key is no parameter by its name, or None."""
    if column == target or _name(column) == target:
        return "the target itself"
    if any(part.startswith("_") for part in _name(column).split(".")):
        return _("written by the tracker")
    if is_seed(column):
        return _("a random seed; name it under params to include it")
    return None


def _why_none(ignored: Sequence[Ignored]) -> str:
    if not ignored:
        return "the runs have no config"
    shown = "; ".join(f"{one.name}: {one.reason}" for one in ignored[:4])
    return shown + (f"; and {len(ignored) - 4} more" if len(ignored) > 4 else "")
