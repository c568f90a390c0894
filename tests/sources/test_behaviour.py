"""What every source has in common, whatever its format: one suite over all of `tests/sources/formats`."""

from __future__ import annotations

import hashlib
import math
import random
import shutil
import sys
from datetime import UTC
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sources.formats import ODD_KEYS, ODD_VALUES, Format, all_formats

import reportgen as rg
from reportgen.errors import ReportgenError
from reportgen.model import Run, Runs

FORMATS = all_formats()
_MOST_CUTS = 120
"""A file is cut at every 64th byte, a long one at so many of these places, drawn with a fixed seed."""

pytestmark = pytest.mark.parametrize("form", FORMATS, ids=lambda form: f"{form.name}-{form.sample.name}")


@cache
def sample(form: Format) -> Runs:
    return rg.load(form.sample)


def copied(form: Format, folder: Path) -> Path:
    shutil.copytree(form.sample, folder / "copy" / form.sample.name)
    return folder / "copy" / form.sample.name


def damaged_files(form: Format, copy: Path) -> list[Path]:
    files = sorted({path for glob in form.damaged for path in copy.glob(glob) if path.is_file()})
    assert files
    return files


def fingerprint(folder: Path) -> dict[str, tuple[str, int]]:
    """Content and time of change of every file, and which files there are."""
    return {
        str(path.relative_to(folder)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*")) if path.is_file()
    }  # fmt: skip


def values(runs: Runs) -> set[tuple[str, str, int, str]]:
    """Every value of every run; a run is known by its id."""
    return {
        (run.id, key, int(step), repr(float(value)))
        for run in runs for key, series in run.history.items() for step, value in zip(series.step, series.value, strict=True)
    }  # fmt: skip


def load_or_refuse(folder: Path) -> Runs | None:
    try:
        return rg.load(folder)
    except ReportgenError:
        return None


def test_it_reads_its_sample(form: Format) -> None:
    runs = sample(form)
    assert runs
    assert {run.source.format for run in runs} == {form.name}
    assert any(len(series) > 1 for run in runs for series in run.history.values())


def test_the_same_twice_and_elsewhere(form: Format, tmp_path: Path) -> None:
    again, elsewhere = rg.load(form.sample), rg.load(copied(form, tmp_path))
    assert [run.id for run in again] == [run.id for run in sample(form)] == [run.id for run in elsewhere]
    assert values(again) == values(sample(form)) == values(elsewhere)
    assert all(a.config == b.config and a.summary.keys() == b.summary.keys() for a, b in zip(again, elsewhere, strict=True))


def test_reading_changes_nothing(form: Format, tmp_path: Path) -> None:
    copy = copied(form, tmp_path)
    before = fingerprint(copy)
    for path in [*copy.rglob("*"), copy]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    rg.load(copy)
    assert fingerprint(copy) == before


def test_times_are_utc(form: Format) -> None:
    for run in sample(form):
        for moment in (run.started, run.ended):
            assert moment is None or moment.tzinfo is UTC
        assert run.duration is None or run.duration >= 0


def test_series_are_whole(form: Format) -> None:
    for run in sample(form):
        for key, series in {**run.history, **run.system}.items():
            assert (series.key, series.step.dtype, series.time.dtype, series.value.dtype) == (key, np.int64, np.float64, np.float64)
            assert len(series.step) == len(series.time) == len(series.value) > 0


def test_empty_files(form: Format, tmp_path: Path) -> None:
    copy = copied(form, tmp_path)
    for path in damaged_files(form, copy):
        path.write_bytes(b"")
        assert_nothing_is_invented(form, load_or_refuse(copy))


def test_cut_files(form: Format, tmp_path: Path) -> None:
    copy = copied(form, tmp_path)
    for path in damaged_files(form, copy):
        content = path.read_bytes()
        lengths = list(range(0, len(content), 64))
        chosen = lengths if len(lengths) <= _MOST_CUTS else random.Random(0).sample(lengths, _MOST_CUTS)
        for length in chosen:
            path.write_bytes(content[:length])
            assert_nothing_is_invented(form, load_or_refuse(copy))
        path.write_bytes(content)


def test_flipped_bits(form: Format, tmp_path: Path) -> None:
    copy = copied(form, tmp_path)
    numbers = random.Random(1)
    for path in damaged_files(form, copy):
        content = path.read_bytes()
        for _ in range(40):
            flipped = bytearray(content)
            flipped[numbers.randrange(len(content))] ^= 1 << numbers.randrange(8)
            path.write_bytes(flipped)
            runs = load_or_refuse(copy)
            if form.checked:
                assert_nothing_is_invented(form, runs)
        path.write_bytes(content)


def assert_nothing_is_invented(form: Format, runs: Runs | None) -> None:
    """Each value that is read is one of the whole log, under the same metric and step.

    A cut text without checksums can end inside of a number; such a value may stand only where the run warns.
    """
    if runs is None:
        return
    known = {value[1:] for value in values(sample(form))} | form.void
    for run in runs:
        invented = {value[1:] for value in values(Runs([run]))} - known
        assert not invented or (not form.checked and run.warnings and len(invented) == 1), sorted(invented)[:5]


def test_odd_keys_and_values(form: Format, tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    form.odd(folder)
    (run,) = rg.load(folder)
    with np.errstate(over="ignore"):
        expected = [float(np.float32(value)) if form.single else value for value in ODD_VALUES]
    if form.finite:
        expected = [value for value in expected if math.isfinite(value)]
    if form.clamped:
        expected = [math.copysign(math.inf, value) if abs(value) >= sys.float_info.max else value for value in expected]
    for key in ODD_KEYS:
        if key not in form.refused:
            assert repr(run.history[key].value.tolist()) == repr(expected), key
            assert len(set(run.history[key].step.tolist())) == len(expected)


def test_a_run_is_a_value(form: Format) -> None:
    run: Run = sample(form)[0]
    assert run.id
    assert run.name
    assert run.source.path.is_absolute()
    assert run.slug
