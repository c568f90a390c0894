"""The store: what comes out is what went in, and whatever is wrong with it is a miss."""

from __future__ import annotations

import os
import pickle
import random
import shutil
import subprocess
import sys
import time
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sources.formats import Format, all_formats

import reportgen as rg
from reportgen.model import (
    Artifact,
    ArtifactFile,
    ConsoleLine,
    Distribution,
    Histogram,
    LogWarning,
    Media,
    MetricDefinition,
    Panel,
    Run,
    Series,
    Source,
    Table,
)
from reportgen.sources import readers
from reportgen.store import Fingerprint, Store, fingerprint
from reportgen.store.codec import Arrays, encoded

ROOT = Path(__file__).parents[2]


def shown(value: Any) -> str:
    """A value with all of its bits: arrays by their bytes, records by their fields, mappings in their order."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.tobytes().hex()}"
    if hasattr(value, "__dataclass_fields__"):
        return f"{type(value).__name__}({', '.join(f'{one.name}={shown(getattr(value, one.name))}' for one in fields(value))})"
    if hasattr(value, "items"):
        return "{" + ", ".join(f"{key!r}: {shown(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}[{', '.join(map(shown, value))}]"
    return f"{type(value).__name__} {value!r}"


def a_run(identifier: str = "a") -> Run:
    step, time_, value = np.arange(4), np.array([1.5, np.nan, 3, 4]), np.array([np.nan, np.inf, -np.inf, 5e-324])
    image = Media("image", 3, "image", Path("/x/ü.png"), "cap", None, {"width": 8, "boxes": {"a": [1, 2.5]}})
    return Run(
        id=identifier, name="läuft 🏃", source=Source("test", Path("/logs/a")), project="p", sweep="s", state="pruned",
        started=datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC), ended=None, tags=("a", "b"), notes="<b>\n",
        config={"lr": 1e-4, "n": 2**70, "nan": float("nan"), "list": [1, [None, {"$": 1}]], "flag": True, "none": None, "text": "NaN"},
        summary={"acc": float("-inf"), "n": 3},
        search_space={"lr": Distribution(1e-5, 1, log=True), "o": Distribution(choices=("a", 1, None))},
        history={"loss": Series("loss", step, time_, value), "acc": Series("acc", step, time_, value[::-1].copy())},
        system={"cpu": Series("cpu", step, time_, time_)}, metrics=(MetricDefinition("loss", "epoch", ("min", "last"), "min", True),),
        histograms={"g": (Histogram("g", 1, float("nan"), np.array([0.0, 1, 2]), np.array([3.0, 4])),)}, media={"image": (image,)},
        tables={"t": (Table("t", 2, ("x", "y"), ((1, image), (None, float("nan")), ([1], "s")), Path("/t.json")),)},
        panels=(Panel("p", "t", "line", {"x": "x", "y": "y"}, title="T", spec="wandb/line/v0"),),
        artifacts=(Artifact("d", "dataset", "input", "v1", aliases=("best",), metadata={"n": {"m": 1}},
                            files=(ArtifactFile("f", 3, "d", "r", Path("/f")), ArtifactFile("g"))),),
        console=(ConsoleLine("out\x1b[1m"), ConsoleLine("err", "stderr", datetime(2026, 1, 1, tzinfo=UTC))),
        environment={"python": "3.11"}, warnings=(LogWarning("torn", Path("/x"), "loss"), LogWarning("cut")),
    )  # fmt: skip


def test_a_run_comes_back_as_it_was(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(Path("/logs/a"), "1", [a_run("a"), a_run("b")])
    store.commit()
    runs = Store(tmp_path).get(Path("/logs/a"), "1")
    assert shown(runs) == shown([a_run("a"), a_run("b")])


def test_no_field_is_forgotten() -> None:
    assert encoded(a_run(), Arrays()).keys() == {field.name for field in fields(Run)}


def test_equal_columns_are_kept_once(tmp_path: Path) -> None:
    columns = {f"m{i}": Series(f"m{i}", np.arange(1000), np.arange(1000.0) + 1, np.full(1000, i + 0.5)) for i in range(20)}
    store = Store(tmp_path)
    store.put(Path("/logs/a"), "1", [Run("a", "a", Source("test", Path("/logs/a")), history=columns)])
    store.commit()
    size = sum(path.stat().st_size for path in tmp_path.rglob("*.runs"))
    assert 22 * 8000 < size < 23 * 8000


@pytest.mark.parametrize("form", all_formats(), ids=lambda form: form.name)
def test_every_format(form: Format, tmp_path: Path) -> None:
    store = Store(tmp_path)
    runs = list(rg.load(form.sample, cache=False))
    store.put(form.sample, "1", runs)
    store.commit()
    kept = Store(tmp_path).get(form.sample, "1")
    assert kept is not None
    assert shown(kept) == shown(runs)
    assert shown(pickle.loads(pickle.dumps(dict(kept[0].history)))) == shown(dict(runs[0].history))


def test_another_fingerprint_is_a_miss(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(Path("/logs/a"), "1", [a_run()])
    store.commit()
    again = Store(tmp_path)
    assert again.get(Path("/logs/a"), "2") is again.get(Path("/logs/b"), "1") is again.get(Path("/logs/a"), None) is None


def test_damage_is_a_miss_and_is_repaired(tmp_path: Path) -> None:
    path = Path("/logs/a")
    numbers = random.Random(0)

    def fresh() -> list[Path]:
        shutil.rmtree(tmp_path, ignore_errors=True)
        store = Store(tmp_path)
        store.put(path, "1", [a_run()])
        store.commit()
        return sorted(one for one in tmp_path.rglob("*") if one.is_file())

    for _ in range(60):
        for file in fresh():
            content = bytearray(file.read_bytes())
            content[numbers.randrange(len(content))] ^= 1 << numbers.randrange(8)
            file.write_bytes(content if numbers.random() < 0.7 else content[: numbers.randrange(len(content))])
            store = Store(tmp_path)
            kept = store.get(path, "1")
            assert kept is None or shown(kept) == shown([a_run()])
            store.put(path, "1", [a_run()])
            store.commit()
            assert shown(Store(tmp_path).get(path, "1")) == shown([a_run()])


def test_columns_that_somebody_wrote_to_are_a_miss(tmp_path: Path) -> None:
    """Columns are not added up each time: the segment's time of change tells."""
    store = Store(tmp_path)
    store.put(Path("/logs/a"), "1", [a_run()])
    store.commit()
    (segment,) = tmp_path.rglob("*.runs")
    content = bytearray(segment.read_bytes())
    content[40] ^= 1
    segment.write_bytes(content)
    assert Store(tmp_path).get(Path("/logs/a"), "1") is None
    content[40] ^= 1
    segment.write_bytes(content)
    assert shown(Store(tmp_path).get(Path("/logs/a"), "1")) == shown([a_run()])


def test_damaged_runs_are_not_moved_into_another_segment(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for name in "abc":
        store.put(Path(f"/logs/{name}"), "1", [a_run()])
    store.commit()
    (segment,) = tmp_path.rglob("*.runs")
    content = bytearray(segment.read_bytes())
    content[40] ^= 1
    segment.write_bytes(content)
    for name in "bc":
        again = Store(tmp_path)
        again.put(Path(f"/logs/{name}"), "2", [a_run()])
        again.commit()
    assert Store(tmp_path).get(Path("/logs/a"), "1") is None
    assert shown(Store(tmp_path).get(Path("/logs/c"), "2")) == shown([a_run()])


def test_another_version_is_a_miss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    store.put(Path("/logs/a"), "1", [a_run()])
    store.commit()
    monkeypatch.setattr("reportgen.store.store.code_version", lambda *rooms: "newer")
    assert Store(tmp_path).get(Path("/logs/a"), "1") is None


def test_what_is_replaced_is_not_kept_for_ever(tmp_path: Path) -> None:
    sizes = []
    for i in range(12):
        store = Store(tmp_path)
        store.put(Path("/logs/a"), str(i), [a_run()])
        store.put(Path(f"/logs/{i}"), "1", [a_run()])
        store.commit()
        for path in tmp_path.rglob("*.runs"):
            os.utime(path, (time.time() - 7200, time.time() - 7200))
        sizes.append(sum(path.stat().st_size for path in tmp_path.rglob("*.runs")) / (i + 2))
    assert max(sizes[4:]) < 2.5 * sizes[0]
    assert all(Store(tmp_path).get(Path(f"/logs/{i}"), "1") for i in range(12))


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file")
    store.put(Path("/logs/a"), "1", [a_run()])
    store.commit()
    assert store.get(Path("/logs/a"), "1") is None


def test_two_at_once(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from store.test_store import a_run; from reportgen.store import Store\n"
        "for i in range(15):\n"
        "    store = Store(Path(sys.argv[1])); store.put(Path('/logs/a'), '1', [a_run()])\n"
        "    store.put(Path(f'/logs/{sys.argv[2]}{i}'), '1', [a_run()]); store.commit()\n"
        "    kept = Store(Path(sys.argv[1])).get(Path('/logs/a'), '1'); assert kept is not None and kept[0].id == 'a'\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    both = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name], env=environment, cwd=ROOT) for name in "xy"]
    assert [process.wait(timeout=600) for process in both] == [0, 0]
    assert Store(tmp_path).get(Path("/logs/a"), "1")


def test_a_file_that_may_change_again_has_no_fingerprint(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("1")
    assert fingerprint([file]) is None
    os.utime(file, (1e9, 1e9))
    first = fingerprint([file])
    file.write_text("12")
    os.utime(file, (1e9, 1e9))
    assert first
    assert fingerprint([file]) not in (None, first)
    absent = tmp_path / "nothing"
    assert fingerprint([absent]) == Fingerprint("-", (str(absent),))


def settle(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (1.7e9, 1.7e9))


def test_load_reads_a_log_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = tmp_path / "logs"
    shutil.copytree(ROOT / "tests/data/plain", logs)
    settle(logs)
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path / "cache"))
    read: list[Path] = []
    (plain,) = [reader for reader in readers() if reader.name == "plain"]
    original = plain.read_on  # type: ignore[attr-defined]
    monkeypatch.setattr(plain, "read_on", lambda path, *rest: read.append(path) or original(path, *rest))  # `read` calls it, too
    first = rg.load(logs)
    assert len(read) == 4
    assert shown(list(rg.load(logs))) == shown(list(first))
    assert len(read) == 4
    with (logs / "run-0" / "metrics.jsonl").open("a") as file:
        file.write('{"step": 30, "val_loss": 0.5}\n')
    assert rg.load(logs)["run-0"].history["val_loss"].value[-1] == 0.5
    assert read[4:] == [logs / "run-0"]
    rg.load({"label": logs}, cache=False)
    assert len(read) == 9


def test_labels_are_those_of_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTGEN_CACHE", str(tmp_path))
    for label in ("old", "new"):
        assert {run.source.label for run in rg.load({label: ROOT / "tests/data/plain"})} == {label}
