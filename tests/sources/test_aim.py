"""Frames of Aim's SDK: every value as pandas reads it, from CSV and from Parquet."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pandas as pd
import pytest

import reportgen as rg
from reportgen.errors import SourceError
from reportgen.model import Runs

FRAME = Path(__file__).parents[1] / "data" / "aim" / "metrics.csv"


def assert_equal(runs: Runs, frame: pd.DataFrame) -> None:
    read = {
        (run.id, key, int(step), repr(float(value)), float(time))
        for run in runs
        for key, series in run.history.items()
        for step, value, time in zip(series.step, series.value, series.time, strict=True)
    }
    named = [
        name if pd.isna(context) else f"{context}/{name}"
        for name, context in zip(frame["metric.name"], frame["metric.context.subset"], strict=True)
    ]
    times = [moment.replace(tzinfo=UTC).timestamp() for moment in pd.to_datetime(frame["time"])]
    values = [repr(float(value)) for value in frame["value"]]
    assert read == set(zip(frame["run.hash"], named, frame["step"], values, times, strict=True))
    assert len(read) == len(frame) == 30


def test_every_value(tmp_path: Path) -> None:
    frame = pd.read_csv(FRAME)
    runs = rg.load(FRAME)
    assert_equal(runs, frame)
    frame.to_parquet(tmp_path / "frame.parquet")
    again = rg.load(tmp_path)
    assert_equal(again, frame)
    assert [dict(run.config) for run in again] == [dict(run.config) for run in runs]


def test_about_the_runs() -> None:
    first, second = rg.load(FRAME.parent)
    assert dict(first.config) == {
        "hparams.lr": 0.1,
        "hparams.net.act": "relu",
        "hparams.net.width": 8,
        "hparams.seed": None,
        "hparams.sizes": [3, 4],
    }
    assert isinstance(first.config["hparams.net.width"], int)
    assert repr(first.history["odd"].value.tolist()) == "[nan, inf, 5e-324]"
    assert [warning.text for warning in first.warnings] == [
        "Aim's data frames hold local times without their zone: starts and ends are shown as if they were UTC."
    ]
    assert (second.warnings, second.state, second.source.format) == ((), "unknown", "aim")


@pytest.mark.parametrize("text", ["", "run.hash,metric.name\n1,loss\n", '"run.hash","metric.name,step,value\n', "step,value\n1,2\n"])
def test_what_is_no_frame(tmp_path: Path, text: str) -> None:
    (tmp_path / "frame.csv").write_text(text)
    with pytest.raises(SourceError):
        rg.load(tmp_path)
