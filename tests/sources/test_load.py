"""What `load` finds, how often it reads it, and what it says when there is nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest
from sources import wandb_log_writer as log

import reportgen as rg
from reportgen.errors import SourceError
from reportgen.model import Run, Source
from reportgen.sources import readers, registry

ROOT = Path(__file__).parents[2]
CNN = ROOT / "examples/three-runs/wandb"


def ids(*sources: object) -> list[str]:
    return [run.id for run in rg.load(*sources)]  # type: ignore[arg-type]


@pytest.fixture
def two_runs(tmp_path: Path) -> Path:
    """`logs/wandb/` with two runs, one of them also as `latest-run`, and much that is no run."""
    wandb = tmp_path / "logs" / "wandb"
    log.write(wandb / "offline-run-1-aaa", log.run(), name="aaa")
    log.write(wandb / "run-2-bbb", log.run(), name="bbb")
    (wandb / "latest-run").symlink_to("run-2-bbb", target_is_directory=True)
    (wandb / "debug.log").write_text("nothing")
    (wandb / "run-2-bbb" / "files" / "config.yaml").write_text("a: {value: 1}")
    (wandb / "run-2-bbb" / "files" / "metrics.csv").write_text("step,a\n1,2\n")
    (tmp_path / "logs" / "package.json").write_text('{"name": "web"}')
    (tmp_path / "logs" / "data.csv").write_text("city,people\nBern,140000\n")
    (tmp_path / "logs" / "loop").symlink_to(tmp_path / "logs", target_is_directory=True)
    (tmp_path / "logs" / "dangling").symlink_to("nowhere")
    return tmp_path / "logs"


def test_a_run_is_found_by_every_name_and_read_once(two_runs: Path) -> None:
    run = two_runs / "wandb" / "run-2-bbb"
    assert len(ids(two_runs)) == len(ids(two_runs / "wandb")) == 2
    assert len(ids(run)) == len(ids(run / "run-bbb.wandb")) == len(ids(two_runs / "wandb" / "latest-run")) == 1
    assert len(ids(two_runs, str(two_runs / "*"), run, run / "run-bbb.wandb", two_runs / "loop")) == 2
    assert len(ids(str(two_runs / "**" / "*.wandb"))) == 2


def test_paths_are_real_and_absolute(two_runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(two_runs)
    (run,) = rg.load("wandb/latest-run")
    assert run.source == Source("wandb", (two_runs / "wandb/run-2-bbb/run-bbb.wandb").resolve())


def test_relative_to_a_base(two_runs: Path) -> None:
    assert len(rg.sources.load("../logs/wandb", base=two_runs)) == 2
    assert len(rg.sources.load(two_runs, base=Path("/nowhere"))) == 2


def test_labels(two_runs: Path) -> None:
    runs = rg.load({"old": two_runs / "wandb/offline-run-1-aaa", "new": [two_runs / "wandb/run-2-bbb"]})
    assert sorted(run.source.label for run in runs) == ["new", "old"]
    assert len(runs.select("old")) == 1


def test_progress(two_runs: Path) -> None:
    told: list[tuple[int, int, str]] = []
    rg.load(two_runs, progress=lambda done, total, path: told.append((done, total, path.name)))
    assert told == [(0, 2, "offline-run-1-aaa"), (1, 2, "run-2-bbb")]


def test_the_content_tells_the_format(tmp_path: Path) -> None:
    shutil.copy(next(CNN.rglob("*.wandb")), tmp_path / "renamed.bin")
    (tmp_path / "other.bin").write_bytes(b"\0" * 100)
    assert len(ids(tmp_path)) == len(ids(tmp_path / "renamed.bin")) == 1


def test_the_same_ids_wherever_it_lies(tmp_path: Path) -> None:
    for name in ("plain", "hydra"):
        shutil.copytree(ROOT / "tests/data" / name, tmp_path / "elsewhere" / name)
        there = ids(ROOT / "tests/data" / name)
        assert ids(tmp_path / "elsewhere" / name) == there
        assert set(ids(tmp_path)) >= set(there)


def test_reading_twice_gives_the_same(two_runs: Path) -> None:
    first, second = rg.load(CNN, two_runs), rg.load(CNN, two_runs)
    assert [run.id for run in first] == [run.id for run in second]
    assert first.frame().to_csv() == second.frame().to_csv()
    assert [list(run.history) for run in first] == [list(run.history) for run in second]


@pytest.mark.parametrize(
    ("make", "source", "message"),
    [
        (["a/b.txt"], "nothing", "there is no '{0}/nothing'; {0} holds a/"),
        (["a/b.txt", "a/c"], "a/x/y", "there is no '{0}/a/x/y'; {0}/a holds b.txt, c"),
        (["a/b.txt", "a/c"], "a", "no run found in '{0}/a'; there is b.txt, c; known formats are {2}"),
        (["a/"], "a", "no run found in '{0}/a'; the directory is empty; known formats are {2}"),
        (["b.txt"], "b.txt", "'{0}/b.txt' is no log of a known format; known are: {2}"),
        (["b.txt"], "*.wandb", "nothing fits '{0}/*.wandb'; looked from {1}"),
        ([], "tape://kim:secret@x.org/y", "no reader knows the address 'tape://x.org/y'; give a directory or a file"),
    ],
)
def test_nothing_there(tmp_path: Path, make: list[str], source: str, message: str) -> None:
    for name in make:
        path = tmp_path / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_text("nothing")
    with pytest.raises(SourceError) as raised:
        rg.load(source if "://" in source else f"{tmp_path}/{source}")
    assert str(raised.value) == message.format(tmp_path, Path.cwd(), ", ".join(reader.name for reader in readers()))


def test_no_source_and_an_impossible_one() -> None:
    with pytest.raises(SourceError, match="no source was given"):
        rg.load()
    with pytest.raises(SourceError, match="there is no"):
        rg.load("a\0b")


class OtherReader:
    name = "other"

    def sniff(self, path: Path) -> bool:
        return path.suffix == ".other"

    def read(self, path: Path) -> Iterator[Run]:
        yield Run(path.stem, path.stem, Source("other", path))


class FoundEntry(EntryPoint):
    def load(self) -> object:
        if self.value == "broken":
            raise ImportError("no module named broken")
        return OtherReader()


@pytest.mark.parametrize("value", ["good", "broken"])
def test_a_reader_of_another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    entries = EntryPoints([FoundEntry("mine", value, registry.GROUP)])
    monkeypatch.setattr(registry, "entry_points", lambda group: entries.select(group=group))
    readers.cache_clear()
    try:
        (tmp_path / "x.other").write_text("")
        if value == "good":
            assert ids(tmp_path) == ids(tmp_path / "x.other") == ["x"]
        else:
            with pytest.raises(SourceError, match="the reader 'mine' of another package cannot be loaded: no module named broken"):
                rg.load(tmp_path)
    finally:
        readers.cache_clear()


def test_folders_of_one_name_are_told_apart_by_those_above(tmp_path: Path) -> None:
    for folder in ("lr0.1/version_0", "lr0.2/version_0", "lr0.2/version_1"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "hparams.yaml").write_text(f"lr: {folder[2:5]}\n")
        (tmp_path / folder / "metrics.csv").write_text("step,loss\n0,1\n")
    assert sorted(run.name for run in rg.load(tmp_path)) == ["lr0.1/version_0", "lr0.2/version_0", "version_1"]
