"""The event files of a run made into a `Run`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from reportgen.model import LogWarning, Run, Series, Source, Value
from reportgen.sources.naming import content_id, folder_name
from reportgen.sources.tensorboard.folders import Part, RunFolder, event_files, trials_beside
from reportgen.sources.tensorboard.hparams import HParams
from reportgen.sources.tensorboard.log import Log
from reportgen.sources.tensorboard.values import Kept, Purge, kept
from reportgen.sources.values import flatten, plain_leaf, utc
from reportgen.sources.yaml import parse_yaml
from reportgen.store import Continued

_HOST = re.compile(r"tfevents\.\d+\.(?!v2$)(?P<host>[A-Za-z0-9][\w.-]*?)(?:\.\d+){0,2}(?:\.v2)?$")
_SMALL = 1024 * 1024
_ABOVE = 2
_HEAD = 40


def run_of(found: RunFolder, continued: Continued | None = None) -> Run | None:
    """The run of a folder, or None when it only describes the runs below it.

    Its name is that of the folder (a trial's with the folder above, for its own is a number). Its id is the name and a hash
    over the beginning of its first file, so that it is the same wherever the folder lies. `state` is what the HParams plugin
    says, for nothing else tells; start and end are the first and the last moment of any record.

    Args:
        continued: Where it is kept how far files were read that may have grown.

    Raises:
        OSError: A file cannot be read.
    """
    own = event_files(found.folder) if found.has_files else []
    parts = [(Part(found.folder, found.folder.name), own)] if own else []
    parts += [(part, event_files(part.folder)) for part in found.parts]
    run = _run(found.folder, parts, continued)
    has_values = run.history or run.histograms or run.media or run.tables or run.config or run.warnings
    return run if has_values or not _has_runs_below(found.folder) else None


def run_of_file(path: Path, continued: Continued | None = None) -> Run:
    """The run of a single event file, named after its folder where the file has the usual name.

    Raises:
        OSError: The file cannot be read.
    """
    is_named = path in event_files(path.parent)
    run = _run(path.parent, [(Part(path.parent, path.parent.name), [path])], continued)
    return replace(run, name=run.name if is_named else path.name, source=replace(run.source, path=path))


def shared_files(folder: Path) -> Iterator[Path]:
    """Files that say something of the run but lie above its folder, or are no event files."""
    yield folder / "hparams.yaml"
    for above in list(folder.parents)[:_ABOVE]:
        yield from (path for path in event_files(above) if _is_small(path))


def _run(folder: Path, parts: Sequence[tuple[Part, list[Path]]], continued: Continued | None) -> Run:
    are_trials = trials_beside(folder)
    name = f"{folder_name(folder.parent)}/{folder.name}" if are_trials else folder_name(folder)
    joined, logs, warnings = Kept(), [], []
    for part, files in parts:
        log = Log(files, part.prefix, continued)
        warnings += log.warnings
        one = kept(log.values)
        warnings += [_purged(purge, part) for purge in one.purges]
        _join(joined, one, part)
        logs.append(log)
    hparams = _hparams(logs)
    above = HParams() if hparams.has_experiment else _experiment_above(folder)
    starts = [moment for log in logs for moment in (log.first_time, log.hparams.started) if moment]
    ends = [moment for log in logs for moment in (log.last_time, log.hparams.ended) if moment]
    first = next((file for _, files in parts for file in files), folder)
    return Run(
        id=content_id(name, first.name.encode("utf-8", "surrogateescape"), _head(first)),
        name=name,
        source=Source("tensorboard", folder),
        group=hparams.group,
        sweep=folder_name(folder.parent) if are_trials or above.has_experiment else "",
        state=hparams.state,
        started=utc(min(starts, default=None)),
        ended=utc(max(ends, default=None)),
        host=found["host"] if (found := _HOST.search(first.name)) else "",
        config=hparams.config or _config_file(folder / "hparams.yaml", warnings),
        search_space={**above.search_space, **hparams.search_space},
        history=joined.history,
        metrics=tuple({**above.metrics, **hparams.metrics}.values()),
        histograms=joined.histograms,
        media=joined.media,
        tables=joined.tables,
        environment={"writer": writer} if (writer := next((log.writer for log in logs if log.writer), "")) else {},
        warnings=tuple(warnings),
    )


def _join(joined: Kept, one: Kept, part: Part) -> None:
    """Adds what a folder of the run holds. A tag that another folder has, too, gets the part's name before it until it is alone."""
    for name in ("history", "histograms", "media", "tables"):
        target = getattr(joined, name)
        for tag, values in getattr(one, name).items():
            key = tag + part.suffix
            while key in target:
                key = f"{part.name}/{key}"
            if key != tag:
                values = replace(values, key=key) if isinstance(values, Series) else tuple(replace(value, key=key) for value in values)
            target[key] = values


def _hparams(logs: Sequence[Log]) -> HParams:
    """What the folders of a run say of its hyperparameters, as one."""
    whole = HParams()
    for one in (log.hparams for log in logs):
        whole.config |= one.config
        whole.search_space |= one.search_space
        whole.metrics |= one.metrics
        whole.group = whole.group or one.group
        whole.state = one.state if one.state != "unknown" else whole.state
        whole.has_experiment |= one.has_experiment
    return whole


def _experiment_above(folder: Path) -> HParams:
    """The experiment that is described in a folder above, as `hparams_config` writes it there for all runs."""
    for above in list(folder.parents)[:_ABOVE]:
        small = [path for path in event_files(above) if _is_small(path)]
        if small and (hparams := Log(small).hparams).has_experiment:
            return hparams
    return HParams()


def _has_runs_below(folder: Path) -> bool:
    return any(event_files(below) for below in folder.iterdir() if below.is_dir())


def _is_small(path: Path) -> bool:
    try:
        return path.stat().st_size < _SMALL
    except OSError:
        return False


def _config_file(path: Path, warnings: list[LogWarning]) -> dict[str, Value]:
    """The hyperparameters that Lightning writes beside the events; newer versions write them into the events, too."""
    try:
        content = parse_yaml(path.read_bytes()) if path.is_file() and _is_small(path) else None
    except (OSError, ValueError) as error:
        warnings.append(LogWarning(f"{path.name} could not be read: {error}.", path))
        return {}
    return {key: plain_leaf(value) for key, value in flatten(content)} if isinstance(content, dict) else {}


def _purged(purge: Purge, part: Part) -> LogWarning:
    values = "1 value" if purge.count == 1 else f"{purge.count:,} values"
    of = f" of '{purge.tags[0]}'" if len(purge.tags) == 1 else f" of {len(purge.tags)} metrics"
    text = f"Training was begun again at step {purge.step:,} ({purge.file}): {values}{of} that had been logged from there on are left out."
    return LogWarning(text, part.folder / purge.file, purge.tags[0] + part.suffix if len(purge.tags) == 1 else "")


def _head(path: Path) -> bytes:
    """The beginning of a file, "" for one that cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""
