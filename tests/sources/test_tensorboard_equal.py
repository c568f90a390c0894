"""Every value equals what TensorBoard's own reader returns."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.data_compat import migrate_value
from tensorboard.util.tensor_util import make_ndarray

import reportgen as rg
from reportgen.model import Media, Run

DATA = Path(__file__).parents[1] / "data" / "tensorboard"
FOLDERS = sorted({path.parent for path in DATA.rglob("*tfevents*")})
NO_LIMITS = dict.fromkeys(("scalars", "images", "audio", "histograms", "compressedHistograms", "tensors"), 0)
NO_VALUES = ("custom_scalars__config__", "_hparams_/experiment", "_hparams_/session_start_info", "_hparams_/session_end_info")
UNREAD = ("mesh_VERTEX", "vector")


def official(folder: Path) -> EventAccumulator:
    reader = EventAccumulator(str(folder), size_guidance=NO_LIMITS)
    return reader.Reload()


@cache
def sample() -> dict[str, Run]:
    return {run.name: run for run in rg.load(DATA, cache=False)}


def where(folder: Path) -> tuple[Run, str, str]:
    """The run that a folder is a part of, and what its tags have before and behind them there."""
    name = folder.relative_to(DATA).as_posix()
    if name.startswith("tuning/"):
        _, run, *part = name.split("/")
        return sample()[run], f"{part[0]}/" if part else "", ""
    if name.startswith("torch/loss_"):
        return sample()["torch"], "", f"/{name.removeprefix('torch/loss_')}"
    return sample()["torch" if name.startswith("torch/") else name], "", ""


def content(one: Media) -> bytes:
    assert one.path
    assert one.span
    return one.path.read_bytes()[one.span[0] : sum(one.span)]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(DATA).as_posix())
def test_every_value_is_the_official_readers(folder: Path) -> None:
    reader = official(folder)
    tags = reader.Tags()
    if folder in (DATA / "tuning", DATA / "trials"):
        assert not tags["scalars"]
        assert set(tags["tensors"]) <= set(NO_VALUES)
        return
    run, before, behind = where(folder)
    compared = 0
    for tag in tags["scalars"]:
        key = before + tag + behind
        if folder.parent.name == "torch" and not behind and tag == "new style":
            key = f"hparams/{tag}"
        events = reader.Scalars(tag)
        if folder.name == "restarted-unsaid" and tag == "loss":
            events = [event for i, event in enumerate(events) if i >= 10 or event.step < 6]
        series = run.history[key]
        assert series.step.tolist() == [event.step for event in events]
        assert series.time.tolist() == [event.wall_time for event in events]
        assert series.value.tolist() == [event.value for event in events]
        compared += len(events)
    for tag in tags["histograms"]:
        compared += same_histograms(run, tag, reader)
    for tag in tags["images"]:
        for one, event in zip(run.media[tag], reader.Images(tag), strict=True):
            assert (one.kind, one.step, content(one)) == ("image", event.step, event.encoded_image_string)
            assert (one.about["width"], one.about["height"]) == (event.width, event.height)
            compared += 1
    for tag in tags["audio"]:
        for one, event in zip(run.media[tag], reader.Audio(tag), strict=True):
            assert (one.kind, one.step, content(one)) == ("audio", event.step, event.encoded_audio_string)
            compared += 1
    for tag in tags["tensors"]:
        if tag not in NO_VALUES:
            compared += same_tensors(run, before + tag, tag, reader)
    assert compared or not (tags["scalars"] or set(tags["tensors"]) - set(NO_VALUES))


def same_histograms(run: Run, tag: str, reader: EventAccumulator) -> int:
    """TensorBoard's own way from buckets to edges is taken in 32 bits, so edges and counts are compared at that width."""
    events = reader.Histograms(tag)
    for one, event in zip(run.histograms.get(tag, ()), events, strict=True):
        value = Summary.Value(tag=tag)
        value.histo.min, value.histo.max = event.histogram_value.min, event.histogram_value.max
        value.histo.bucket_limit.extend(event.histogram_value.bucket_limit)
        value.histo.bucket.extend(event.histogram_value.bucket)
        rows = make_ndarray(migrate_value(value).tensor)
        assert (one.step, one.time) == (event.step, event.wall_time)
        assert one.edges[:-1].astype(np.float32).tolist() == rows[:, 0].tolist()
        assert one.edges[1:].astype(np.float32).tolist() == rows[:, 1].tolist()
        assert one.counts.tolist() == rows[:, 2].tolist()
        assert set(one.counts.tolist()) <= set(event.histogram_value.bucket)
    return len(events)


def same_tensors(run: Run, key: str, tag: str, reader: EventAccumulator) -> int:
    events = reader.Tensors(tag)
    plugin = reader.SummaryMetadata(tag).plugin_data.plugin_name if tag in reader.summary_metadata else ""
    if tag in UNREAD:
        (warning,) = (one for one in run.warnings if one.key == key)
        assert warning.text.startswith("1 value")
        return 1
    arrays = [make_ndarray(event.tensor_proto) for event in events]
    if key in run.history:
        series = run.history[key]
        assert series.step.tolist() == [event.step for event in events]
        assert series.time.tolist() == [event.wall_time for event in events]
        assert series.value.tolist() == [float(array.item()) for array in arrays]
        return len(events)
    _CHECKS[plugin](run, key, arrays)
    return len(events)


def _same_tensor_histograms(run: Run, key: str, arrays: list[Any]) -> None:
    for one, array in zip(run.histograms[key], arrays, strict=True):
        assert one.edges[:-1].tolist() == array[:, 0].tolist()
        assert one.edges[1:].tolist() == array[:, 1].tolist()
        assert one.counts.tolist() == array[:, 2].tolist()


def _same_files(run: Run, key: str, arrays: list[Any]) -> None:
    expected = [one for array in arrays for one in (array[2:].tolist() if array.ndim == 1 else array[:, 0].tolist())]
    assert [content(one) for one in run.media[key]] == expected


def _same_texts(run: Run, key: str, arrays: list[Any]) -> None:
    expected = [[one.decode() for one in array.ravel().tolist()] for array in arrays]
    texts = [[one.text] for one in run.media.get(key, ())]
    cells = [[cell for row in table.rows for cell in row] for table in run.tables.get(key, ())]
    assert texts + cells == expected


def _same_curves(run: Run, key: str, arrays: list[Any]) -> None:
    for table, array in zip(run.tables[key], arrays, strict=True):
        assert [list(row[1:]) for row in table.rows] == array.T.tolist()
        assert [row[0] for row in table.rows] == [i / 10 for i in range(11)]


_CHECKS = {
    "histograms": _same_tensor_histograms,
    "images": _same_files,
    "audio": _same_files,
    "text": _same_texts,
    "pr_curves": _same_curves,
}
