"""The charts of `wandb.plot`, logged here and now by the real SDK, are read and can be drawn; one that is not W&B's is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import reportgen as rg
from reportgen.charts.panels import panel_figure
from reportgen.charts.style import ChartStyle
from reportgen.model import Run

SCRIPT = Path(__file__).with_name("sdk_plots.py")
KINDS = {
    "line": "line", "scatter": "scatter", "bar": "bar", "histogram": "histogram", "confusion": "confusion", "pr": "curve", "roc": "curve",
    "series": "line", "own": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("plots")
    offline = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "WANDB_DIR": str(folder), "HOME": str(folder)}
    environment = {**os.environ, **offline}
    done = subprocess.run([sys.executable, str(SCRIPT)], cwd=folder, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    (made,) = rg.load(folder)
    return made


def test_each_chart_is_a_panel_of_its_table(run: Run) -> None:
    assert {panel.key: panel.kind for panel in run.panels} == KINDS
    assert all(panel.table in run.tables for panel in run.panels)
    titles = {panel.key: panel.title for panel in run.panels}
    assert (titles["line"], titles["series"], titles["own"]) == ("A line", "Both", "Mine")


def test_each_chart_of_the_tracker_is_drawn_and_no_other(run: Run) -> None:
    drawn = {panel.key: panel_figure(panel, run.tables[panel.table][-1], ChartStyle()) for panel in run.panels}
    assert {key for key, figure in drawn.items() if figure is None} == {"own"}
    assert drawn["confusion"] is not None
    assert "4 of 6 are right" in drawn["confusion"].description
    assert drawn["roc"] is not None
    assert {name for name, _ in drawn["roc"].legend} == {"cat", "dog", "<b>"}
    assert drawn["series"] is not None
    assert drawn["series"].data["rows"].groupby("entry")["y"].apply(list).to_dict() == {"down": [3, 2, 1], "up": [1, 2, 3]}
