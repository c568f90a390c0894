"""Lightning's CSV files: every value as pandas reads it, projects, versions without hyperparameters."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml
from sources.second_reading import columns, values

import reportgen as rg
from reportgen.errors import SourceError

DATA = Path(__file__).parents[1] / "data" / "lightning"
VERSIONS = ("digits/version_0", "digits/version_1", "digits/version_2", "lightning_logs/version_0")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_value(version: str) -> None:
    (run,) = rg.load(DATA / version)
    frame = pd.read_csv(DATA / version / "metrics.csv")
    assert values(run) == {key: one for key, one in columns(frame, "step").items() if one}
    config = DATA / version / "hparams.yaml"
    assert dict(run.config) == (yaml.safe_load(config.read_text()) if config.is_file() else {})


def test_the_loggers_name_is_the_project() -> None:
    runs = rg.load(DATA)
    assert sorted((run.name, run.project) for run in runs) == [
        ("digits/version_0", "digits"), ("lightning_logs/version_0", ""), ("version_1", "digits"), ("version_2", "digits"),
    ]  # fmt: skip
    assert {run.source.format for run in runs} == {"lightning"}
    assert rg.load(DATA / VERSIONS[0] / "metrics.csv")[0].id == rg.load(DATA / VERSIONS[0])[0].id


def test_what_is_no_version(tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("step,loss\n0,1\n")
    with pytest.raises(SourceError):
        rg.load(tmp_path)
    (tmp_path / "version_3").mkdir()
    (tmp_path / "version_3" / "metrics.csv").write_text("city,people\nBern,140000\n")
    with pytest.raises(SourceError):
        rg.load(tmp_path)
    (tmp_path / "version_3" / "metrics.csv").write_text("step,loss\n0,1\n")
    (tmp_path / "version_3" / "hparams.yaml").write_text("")
    assert dict(rg.load(tmp_path)[0].config) == {}
