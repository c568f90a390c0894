"""DVCLive: `metrics.json`, `params.yaml` and `plots/` with a table for each metric and with images."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reportgen.model import LogWarning, Media, Run, Source, Table, Value
from reportgen.sources.frameworks.documents import object_in
from reportgen.sources.naming import content_id, folder_name
from reportgen.sources.plain.collected import whole
from reportgen.sources.plain.columns import moment
from reportgen.sources.plain.run import config_of, rows_of
from reportgen.sources.scalars import Scalars
from reportgen.sources.values import flatten, parse_big_json, plain_leaf, utc

name = "dvclive"
nested = False

_IMAGES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp"})


def sniff(path: Path) -> bool:
    """Whether a folder holds the tables that DVCLive plots."""
    folder = path / "plots" / "metrics"
    return folder.is_dir() and any(_counts_steps(file) for file in _files(folder) if file.suffix == ".tsv")


def opens(path: Path) -> bool:
    """Whether a file that the user named is DVCLive's summary or parameters."""
    return path.name in ("metrics.json", "params.yaml") and sniff(path.parent)


def read(path: Path) -> Iterator[Run]:
    """The run of a folder. It is called after the folder above where its own name is `dvclive`.

    A metric is named by its path (`train/loss`), in the summary too. Images are by step where DVCLive kept those of all steps.
    Other plots (confusion matrices and the like) are tables. DVCLive does not write down how a run ended.

    Raises:
        OSError: A file cannot be read.
    """
    folder = path if path.is_dir() else path.parent
    warnings: list[LogWarning] = []
    scalars, times = Scalars(), [float("nan")]
    tables = [file for file in _files(folder / "plots" / "metrics") if file.suffix == ".tsv"]
    for file in tables:
        times += _add(scalars, file, folder / "plots" / "metrics", warnings)
    summary, last_step = _summary(folder, scalars, warnings)
    params = folder / "params.yaml"
    label = folder_name(folder.parent if folder.name == "dvclive" else folder)
    known = [time for time in times if time == time]
    yield Run(
        id=content_id(label, *_beginning(params, tables)),
        name=label,
        source=Source(name, folder),
        started=utc(min(known, default=None)),
        ended=utc(max(known, default=None)),
        config=config_of(params, warnings) if params.is_file() and params.stat().st_size else {},
        summary=summary,
        history=scalars.series(),
        media=_media(folder / "plots" / "images", last_step),
        tables=_tables(folder / "plots", last_step, warnings),
        warnings=tuple(warnings),
    )


def _files(folder: Path) -> list[Path]:
    """All files below a folder, links to folders not followed."""
    return sorted(Path(here) / file for here, _, files in os.walk(folder) for file in files)


def _counts_steps(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return b"step" in file.readline(4096).split(b"\t")
    except OSError:
        return False


def _add(scalars: Scalars, path: Path, root: Path, warnings: list[LogWarning]) -> Iterator[float]:
    """Take in the table of one metric, whose name is its path; gives the times of its rows."""
    key = path.relative_to(root).with_suffix("").as_posix()
    for row in rows_of(path, warnings).rows:
        step, time = whole(row.get("step")), moment(row.get("timestamp"))
        value = next((value for column, value in row.items() if column not in ("step", "timestamp")), None)
        if step is not None and isinstance(value, int | float):
            scalars.add(key, step, float("nan") if time is None else time, value)
        if time is not None:
            yield time


def _summary(folder: Path, scalars: Scalars, warnings: list[LogWarning]) -> tuple[dict[str, Value], int]:
    """The last values by the names that the metrics have, and the step that they are of."""
    content = object_in(folder / "metrics.json", warnings)
    step = whole(content.pop("step", None))
    summary = {}
    for key, value in flatten(content):
        named = key.replace(".", "/")
        summary[named if named in scalars.columns else key] = plain_leaf(value)
    return summary, step or 0


def _media(folder: Path, last_step: int) -> dict[str, tuple[Media, ...]]:
    found: dict[str, list[Media]] = {}
    for file in _files(folder):
        if file.suffix.lower() in _IMAGES:
            inner = file.relative_to(folder)
            is_step = file.stem.isdigit() and len(inner.parts) > 1
            key = (inner.parent if is_step else inner).as_posix()
            found.setdefault(key, []).append(Media(key, int(file.stem) if is_step else last_step, "image", file))
    return {key: tuple(sorted(media, key=lambda one: one.step)) for key, media in found.items()}


def _tables(folder: Path, last_step: int, warnings: list[LogWarning]) -> dict[str, tuple[Table, ...]]:
    """The plots that are neither metrics nor images: lists of equal objects."""
    found: dict[str, tuple[Table, ...]] = {}
    for kind in ("sklearn", "custom"):
        for file in _files(folder / kind):
            key = file.relative_to(folder).with_suffix("").as_posix()
            rows = _objects(file) if file.suffix == ".json" else None
            if rows is None:
                warnings.append(LogWarning(f"The plot '{key}' could not be read.", file, key))
                continue
            columns = tuple(dict.fromkeys(str(name) for row in rows for name in row))
            found[key] = (Table(key, last_step, columns, tuple(tuple(row.get(name) for name in columns) for row in rows), file),)
    return found


def _objects(path: Path) -> list[dict[str, Any]] | None:
    try:
        content = parse_big_json(path.read_bytes())
    except (OSError, ValueError):
        return None
    if isinstance(content, dict):  # some plots keep their points under their own name
        content = next((one for one in content.values() if isinstance(one, list)), None)
    return content if isinstance(content, list) and all(isinstance(row, dict) for row in content) else None


def _beginning(params: Path, tables: list[Path]) -> Iterator[bytes]:
    """What the run is known by: its parameters and the first two lines of its first table."""
    yield params.read_bytes() if params.is_file() else b""
    for path in tables[:1]:
        with path.open("rb") as file:
            yield path.name.encode("utf-8", "surrogateescape") + file.readline(65536) + file.readline(65536)
