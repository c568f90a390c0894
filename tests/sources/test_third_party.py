"""A reader of another package: really installed, found by its entry point, and used by the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "reportgen-notebook-log"
version = "1.0"

[project.entry-points."reportgen.sources"]
notebook = "notebook_log"

[tool.hatch.build.targets.wheel]
only-include = ["notebook_log.py"]
"""
READER = '''
"""Reads files of lines `name step value` that begin with `#notebook`."""

import numpy as np
from reportgen.model import Run, Series, Source

name = "notebook"


def sniff(path):
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(9) == b"#notebook"


def read(path):
    rows = [line.split() for line in path.read_text().splitlines()[1:]]
    step = np.array([int(row[1]) for row in rows])
    value = np.array([float(row[2]) for row in rows])
    yield Run("n1", path.stem, Source(name, path), history={"loss": Series("loss", step, np.full(len(step), np.nan), value)})
'''


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which pip has installed the package."""
    package, target = tmp_path_factory.mktemp("package"), tmp_path_factory.mktemp("installed")
    (package / "pyproject.toml").write_text(PYPROJECT)
    (package / "notebook_log.py").write_text(READER)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run([*pip, "--target", str(target), str(package)], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return target


def reportgen(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-m", "reportgen", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600)


def test_an_installed_reader_reads(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("#notebook\nloss 0 1.5\nloss 1 0.25\n")
    (tmp_path / "other.txt").write_text("nothing\n")
    done = reportgen(installed, tmp_path, "runs", ".", "--json")
    assert done.returncode == 0, done.stderr
    (run,) = json.loads(done.stdout)
    assert (run["name"], run["format"], run["metrics"]["loss"]["last"]) == ("mine", "notebook", 0.25)


def test_an_installed_reader_that_cannot_be_loaded_is_named(installed: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    info = broken / "broken_reader-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-reader\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[reportgen.sources]\nbroken = not_there_at_all\n")
    done = reportgen(broken, tmp_path, "runs", ".")
    assert done.returncode == 1
    assert "the reader 'broken' of another package cannot be loaded: No module named 'not_there_at_all'" in done.stderr
    assert "Traceback" not in done.stderr
