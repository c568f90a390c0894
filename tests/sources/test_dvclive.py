"""DVCLive's folders: every value as pandas reads it, images by step, other plots as tables."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import yaml
from sources.second_reading import columns, values

import reportgen as rg
from reportgen.model import Media

DATA = Path(__file__).parents[1] / "data" / "dvclive"


def test_every_value() -> None:
    runs = rg.load(DATA)
    assert sorted(run.name for run in runs) == ["fit-1", "fit-2"]
    for run in runs:
        folder = run.source.path / "plots" / "metrics"
        expected = {}
        for path in folder.rglob("*.tsv"):
            frame = pd.read_csv(path, sep="\t", keep_default_na=False, dtype={"odd": str})
            key = path.relative_to(folder).with_suffix("").as_posix()
            expected[key] = columns(frame, "step", ["timestamp"])[path.stem]
        assert values(run) == expected


def test_about_a_run() -> None:
    run = rg.load(DATA)["fit-1"]
    assert dict(run.config) == {"lr": 0.1, "net.width": 8, "net.act": "relu"}
    assert yaml.safe_load((run.source.path / "params.yaml").read_text())["net"] == {"width": 8, "act": "relu"}
    assert dict(run.summary) == {"train/loss": 0.25, "val/acc": 1.0, "odd": 5e-324, "final": 0.25}
    assert run.started
    assert run.started.timestamp() == 1795578981.327
    assert run.history["val/acc"].time.tolist() == [1795578981.327, 1795578981.775, 1795578981.825, 1795578981.856]
    assert (run.state, run.source.format, run.warnings) == ("unknown", "dvclive", ())


def test_images_and_plots() -> None:
    runs = rg.load(DATA)
    run = runs["fit-1"]
    images = run.source.path / "plots" / "images"
    assert dict(run.media) == {"digit.png": (Media("digit.png", 3, "image", images / "digit.png"),)}
    (table,) = run.tables["sklearn/cm"]
    theirs = json.loads((run.source.path / "plots/sklearn/cm.json").read_text())
    assert (table.columns, table.rows) == (("actual", "predicted"), tuple((row["actual"], row["predicted"]) for row in theirs))
    steps = runs["fit-2"].media["step"]
    assert [(one.step, one.path and one.path.name) for one in steps] == [(0, "0.png"), (1, "1.png"), (2, "2.png")]


def test_damage(tmp_path: Path) -> None:
    plots = tmp_path / "dvclive" / "plots"
    (plots / "metrics").mkdir(parents=True)
    (plots / "custom").mkdir()
    (plots / "metrics" / "loss.tsv").write_text("step\tloss\n0\t1.5\nx\ty\n2\t2.")
    (plots / "custom" / "c.json").write_text("[")
    (tmp_path / "dvclive" / "metrics.json").write_text("[]")
    (tmp_path / "dvclive" / "params.yaml").write_text("- 1")
    (run,) = rg.load(tmp_path)
    assert values(run) == {"loss": [(0, "1.5"), (2, "2.0")]}
    assert [warning.text for warning in run.warnings] == [
        "loss.tsv: The last line does not end: its last value may be cut off.",
        "metrics.json could not be read: it is no JSON object.",
        "params.yaml: The config could not be read: it holds no mapping in YAML, JSON or TOML.",
        "The plot 'custom/c' could not be read.",
    ]
