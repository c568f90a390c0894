"""Studies from Optuna's SQL storage, in the schemas of its versions 0.9 to 5."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from reportgen.sources.optuna.distributions import drawn
from reportgen.sources.optuna.study import GOALS, STATES, Study, Trial
from reportgen.sources.sqlite import columns, rows
from reportgen.sources.values import parse_json

TABLES = ("studies", "trials", "trial_params")

_NON_FINITE = {"INF_POS": float("inf"), "INF_NEG": float("-inf"), "NAN": float("nan")}


def studies_in_database(connection: sqlite3.Connection, damage: list[str]) -> list[Study]:
    """All studies of a database; `damage` gets a sentence for each thing that could not be read.

    The tables are asked for their columns, nothing is migrated:

    - before 1.3 a trial's number is a system attribute; before 2.4 its value is a column of `trials`, the direction one of
      `studies`, and `trial_values` holds what was reported at each step;
    - since 2.4 there are several objectives; since 3.0 a column tells which NULLs mean NaN or an infinity.

    Raises:
        sqlite3.Error: The schema cannot be read.
    """
    return _Reading(connection, damage).studies()


class _Reading:
    def __init__(self, connection: sqlite3.Connection, damage: list[str]) -> None:
        self._connection = connection
        self._damage = damage
        self._columns = columns(connection)

    def studies(self) -> list[Study]:
        """All studies with their trials in the order of their numbers."""
        versions = [str(version) for (version,) in self._select("version_info", "library_version")]
        version = versions[0] if versions else ""
        is_local = not version or not version.split(".")[0].isdigit() or int(version.split(".")[0]) < 5
        studies = {
            key: Study(str(name), version=version, is_local=is_local) for key, name in self._select("studies", "study_id", "study_name")
        }
        self._directions(studies)
        for kind in ("user", "system"):
            for key, attributes in self._attributes(f"study_{kind}_attributes", "study_id").items():
                if key in studies:
                    setattr(studies[key], f"{kind}_attrs", attributes)
        self._trials(studies)
        return list(studies.values())

    def _select(self, table: str, *wanted: str, order: str = "") -> Iterator[tuple[Any, ...]]:
        """The rows of a table, NULL for each column that it does not have; nothing when there is no such table."""
        here = self._columns.get(table, frozenset())
        if not here & set(wanted):
            return
        chosen = ", ".join(f'"{name}"' if name in here else "null" for name in wanted)
        ordered = f' order by "{order}"' if order in here else ""
        yield from rows(self._connection, f'select {chosen} from "{table}"{ordered}', damage=self._damage)

    def _directions(self, studies: Mapping[Any, Study]) -> None:
        for key, direction, _ in self._select("study_directions", "study_id", "direction", "objective", order="objective"):
            if key in studies:
                studies[key].goals.append(GOALS.get(direction))
        for key, direction in self._select("studies", "study_id", "direction"):
            if key in studies and direction is not None and not studies[key].goals:
                studies[key].goals.append(GOALS.get(direction))

    def _trials(self, studies: Mapping[Any, Study]) -> None:
        wanted = ("trial_id", "study_id", "number", "state", "value", "datetime_start", "datetime_complete")
        trials: dict[Any, Trial] = {}
        found = list(self._select("trials", *wanted, order="trial_id"))
        system = self._attributes("trial_system_attributes", "trial_id")
        counts: dict[Any, int] = defaultdict(int)
        for key, study, number, state, value, started, ended in found:
            if study not in studies:
                continue
            attributes = system.get(key, {})
            hidden = attributes.pop("_number", None) if number is None else number
            trial = Trial(hidden if isinstance(hidden, int) else counts[study], STATES.get(state, "unknown"), started, ended)
            counts[study] += 1
            trial.system_attrs = attributes
            if value is not None:
                trial.values.append(_float(value))
            trials[key] = trial
            studies[study].trials.append(trial)
        self._logged(trials)
        for one in studies.values():
            one.trials.sort(key=lambda trial: trial.number)

    def _logged(self, trials: Mapping[Any, Trial]) -> None:
        """What the trials have in other tables."""
        for key, attributes in self._attributes("trial_user_attributes", "trial_id").items():
            if key in trials:
                trials[key].user_attrs = attributes
        for key, name, value, text in self._select(
            "trial_params", "trial_id", "param_name", "param_value", "distribution_json", order="param_id"
        ):
            if key in trials:
                self._add_parameter(trials[key], str(name), value, text)
        for key, objective, value, kind in self._select("trial_values", "trial_id", "objective", "value", "value_type", order="objective"):
            if key in trials and isinstance(objective, int) and 0 <= objective < 1000:
                values = trials[key].values
                values += [None] * (objective + 1 - len(values))
                values[objective] = _float(value, kind)
        steps = ("trial_id", "step", "intermediate_value", "intermediate_value_type")
        for key, step, value, kind in self._select("trial_intermediate_values", *steps):
            self._add_reported(trials, key, step, value, kind)
        if "step" in self._columns.get("trial_values", ()):
            for key, step, value in self._select("trial_values", "trial_id", "step", "value"):
                self._add_reported(trials, key, step, value, None)

    def _add_parameter(self, trial: Trial, name: str, value: Any, text: Any) -> None:
        try:
            one = drawn(str(text))
            trial.params[name] = one.value(value)
            trial.distributions[name] = one.distribution
        except (ValueError, TypeError, OverflowError):
            self._damage.append(f"The parameter '{name}' of trial {trial.number} cannot be read.")

    def _add_reported(self, trials: Mapping[Any, Trial], key: Any, step: Any, value: Any, kind: Any) -> None:
        if key in trials and isinstance(step, int):
            trials[key].intermediate[step] = _float(value, kind)

    def _attributes(self, table: str, owner: str) -> dict[Any, dict[str, Any]]:
        """The attributes in a table by the id of what has them."""
        found: dict[Any, dict[str, Any]] = defaultdict(dict)
        for key, name, text in self._select(table, owner, "key", "value_json", order=f"{table[:-1]}_id"):
            try:
                found[key][str(name)] = parse_json(str(text))
            except ValueError:
                found[key][str(name)] = str(text)
                self._damage.append(f"The attribute '{name}' is no JSON; it is shown as its text.")
        return found


def _float(value: Any, kind: Any = None) -> float:
    """A stored value; SQLite has no NaN and holds NULL for it."""
    if value is None:
        return _NON_FINITE.get(kind, float("nan"))
    return float(value) if isinstance(value, int | float) else float("nan")
