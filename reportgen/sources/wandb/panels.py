"""The charts that a run asked to be drawn from its tables (`wandb.plot.*`): W&B keeps them in the config, beside the table's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reportgen.model import Panel, PanelKind

_KINDS: dict[str, PanelKind] = {
    "line": "line", "scatter": "scatter", "bar": "bar", "histogram": "histogram", "confusion_matrix": "confusion",
    "area-under-curve": "curve", "lineseries": "line",
}  # fmt: skip
_ROLES = {"stroke": "series", "class": "series", "lineKey": "series", "step": "x", "lineVal": "y", "Actual": "truth", "Predicted": "guess",
          "nPredictions": "count"}  # fmt: skip
"""What W&B's presets call a role, and what `Panel.fields` does."""


def panels_of(internal: Any) -> tuple[Panel, ...]:
    """The panels in W&B's own part of a config, the mapping under `_wandb`; what is damaged there is no panel."""
    listed = internal.get("visualize") if isinstance(internal, Mapping) else None
    if not isinstance(listed, Mapping):
        return ()
    return tuple(made for key, one in listed.items() if isinstance(one, Mapping) and (made := _panel(str(key), one.get("panel_config"))))


def _panel(key: str, told: Any) -> Panel | None:
    if not isinstance(told, Mapping):
        return None
    spec = str(told.get("panelDefId") or "")
    owner, _, preset = spec.partition("/")
    name = preset.rpartition("/v")[0] or preset
    fields, texts = _texts(told.get("fieldSettings")), _texts(told.get("stringSettings"))
    return Panel(
        key,
        _table(told.get("userQuery")) or f"{key}_table",
        _KINDS.get(name, "") if owner == "wandb" else "",
        {_ROLES.get(role, role): column for role, column in fields.items()},
        title=texts.get("title", ""),
        x_title=texts.get("x-axis-title") or texts.get("xname", ""),
        y_title=texts.get("y-axis-title", ""),
        spec=spec,
    )


def _texts(told: Any) -> dict[str, str]:
    return {str(name): value for name, value in told.items() if isinstance(value, str)} if isinstance(told, Mapping) else {}


def _table(query: Any) -> str:
    """The key of the table that the panel's query names, wherever it stands in it."""
    if isinstance(query, Mapping):
        if query.get("name") == "tableKey" and isinstance(query.get("value"), str):
            return str(query["value"])
        return next((found for one in query.values() if (found := _table(one))), "")
    return next((found for one in query if (found := _table(one))), "") if isinstance(query, list) else ""
