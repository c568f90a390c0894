"""Hydra's jobs: `.hydra/config.yaml` beside metrics, in `outputs/` or, as a sweep, in `multirun/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from reportgen.model import LogWarning, Run, Value
from reportgen.sources.frameworks.documents import console_in, flat, text_of
from reportgen.sources.naming import folder_name
from reportgen.sources.plain.folder import logs_in
from reportgen.sources.plain.run import run_of
from reportgen.sources.yaml import parse_yaml
from reportgen.store import Continued

name = "hydra"
nested = True

_MAX_NAME = 80


def sniff(path: Path) -> bool:
    """Whether a folder is a job that left metrics."""
    return (path / ".hydra" / "config.yaml").is_file() and logs_in(path) is not None


def parts(path: Path) -> Iterable[Path]:
    """The job's files and Hydra's. Of the folder above only what tells a sweep, so that a new job leaves the others as they are."""
    for folder in (path, path / ".hydra"):
        yield folder
        yield from sorted(file for file in folder.iterdir() if file.is_file())
    yield path.parent / "multirun.yaml"


def read(path: Path) -> Iterator[Run]:
    """The run of a job. A job of a multirun belongs to the sweep of its folder and is called after its overrides.

    The overrides, the job's name and Hydra's version are in `environment`; the console is the job's log file.

    Raises:
        OSError: A file cannot be read.
    """
    return read_on(path, None)


def read_on(path: Path, continued: Continued | None) -> Iterator[Run]:
    """As `read`; metrics that grew are read from where they ended the last time."""
    logs = logs_in(path)
    if logs is None:
        return
    run = run_of(path, logs.config, logs.metrics, continued)
    warnings: list[LogWarning] = []
    hydra = _yaml(path / ".hydra" / "hydra.yaml", warnings)
    about = hydra.get("hydra") if isinstance(hydra, dict) else None
    about = about if isinstance(about, dict) else {}
    overrides = _yaml(path / ".hydra" / "overrides.yaml", warnings)
    overrides = [str(one) for one in overrides] if isinstance(overrides, list) else []
    job = about.get("job") if isinstance(about.get("job"), dict) else {}
    is_sweep = text_of(about.get("mode")).endswith("MULTIRUN") or (path.parent / "multirun.yaml").is_file()
    title = ",".join(overrides)
    job_name = text_of(job.get("name")) if isinstance(job, dict) else ""
    yield replace(
        run,
        name=title if is_sweep and 0 < len(title) <= _MAX_NAME else run.name,
        source=replace(run.source, format=name),
        project=job_name,
        sweep=folder_name(path.parent) if is_sweep else "",
        console=console_in(path / f"{job_name}.log") if job_name and "/" not in job_name else (),
        environment=_environment(about, overrides),
        warnings=(*run.warnings, *warnings),
    )


def _environment(about: dict[str, Any], overrides: list[str]) -> dict[str, Value]:
    runtime = about.get("runtime")
    found: dict[str, Value] = {"hydra.overrides": list(overrides)} if overrides else {}
    if isinstance(runtime, dict):
        choices = runtime["choices"] if isinstance(runtime.get("choices"), dict) else {}
        own = {key: value for key, value in choices.items() if not str(key).startswith("hydra/")}
        found |= flat({"hydra": {"version": runtime.get("version"), "choices": own}})
    return found


def _yaml(path: Path, warnings: list[LogWarning]) -> Any:
    try:
        return parse_yaml(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        warnings.append(LogWarning(f"{path.name} could not be read.", path))
        return None
