"""The server of the tests answers as the real SDK expects, both read the same from it, and it is the same as in the run's own log."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sources.wandb_second_reader import flat, frames
from sources.wandb_server import KEY, RunOnServer, WandbServer
from wandb.proto import wandb_internal_pb2 as pb

import reportgen as rg
from reportgen.model import Run, Series

LOGS = Path(__file__).parents[2] / "examples" / "three-runs" / "wandb"
SCRIPT = Path(__file__).with_name("wandb_api_second_reader.py")
QUIET = {"WANDB_SILENT": "true", "WANDB_ERROR_REPORTING": "false"}


def uploaded(log: Path) -> RunOnServer:
    """A run as the SDK uploads its log."""
    made = RunOnServer("")
    config: dict[str, Any] = {}
    summary: dict[str, Any] = {}
    for _, data in frames(log.read_bytes()):
        record = pb.Record.FromString(data)
        match record.WhichOneof("record_type"):
            case "run":
                made.name = record.run.run_id
                made.fields |= {"displayName": record.run.display_name, "tags": list(record.run.tags), "group": record.run.run_group}
                made.fields["createdAt"] = record.run.start_time.ToJsonString()
                config |= {item.key: {"value": json.loads(item.value_json)} for item in record.run.config.update}
            case "config":
                config |= {(item.key or item.nested_key[0]): {"value": json.loads(item.value_json)} for item in record.config.update}
            case "summary":
                summary |= {(item.key or item.nested_key[0]): json.loads(item.value_json) for item in record.summary.update}
            case "history":
                made.rows.append(nested(record.history.item))
            case "stats":
                time = record.stats.timestamp.seconds + record.stats.timestamp.nanos / 1e9
                values = {f"system.{item.key}": json.loads(item.value_json) for item in record.stats.item}
                made.events.append({"_timestamp": time, **values})
    made.fields |= {"config": json.dumps(config), "summaryMetrics": json.dumps(summary)}
    root = log.parent / "files"
    made.files = {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
    return made


def nested(items: Any) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for item in items:
        *way, last = list(item.nested_key) or [item.key]
        here = row
        for key in way:
            here = here.setdefault(key, {})
        here[last] = json.loads(item.value_json)
    return row


@pytest.fixture(scope="module")
def served() -> Iterator[WandbServer]:
    """The example's runs, and one with what is hard to page and to parse."""
    made = WandbServer()
    for log in sorted(LOGS.rglob("*.wandb")):
        made.add(uploaded(log))
    project = {"id": "P1", "internalId": "1", "name": "digits", "entity": {"name": "kim"}}
    collection = {"__typename": "ArtifactSequence", "name": "cnn", "project": project}
    artifact = {
        "id": "A1", "versionIndex": 3, "digest": "d", "description": None, "metadata": "{}", "size": 7, "state": "COMMITTED",
        "fileCount": 1, "createdAt": "2026-01-02T03:04:05Z", "tags": [],
        "ttlDurationSeconds": -2, "ttlIsInherited": True, "artifactType": {"name": "model"},
        "aliases": [{"id": "x", "alias": "best", "artifactCollection": collection}],
        "artifactSequence": {"name": "cnn", "project": project},
    }  # fmt: skip
    odd: list[dict[str, Any]] = [{"_step": i * 3, "_timestamp": i / 3, "v": i / 7} for i in range(2500)]
    odd += [{"_step": 20_000 + i, "_timestamp": 1.0, "v": value} for i, value in enumerate(["NaN", "Infinity", True, 2**60, "é"])]
    made.add(RunOnServer("odd", {"state": "running", "sweepName": "s1"}, odd, made=[artifact], used=[artifact]))
    yield made
    made.end()


@pytest.fixture(scope="module")
def by_api(served: WandbServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WANDB_BASE_URL", served.address)
        patch.setenv("WANDB_API_KEY", KEY)
        patch.setenv("REPORTGEN_CACHE", str(tmp_path_factory.mktemp("cache")))
        return {run.id: run for run in rg.load("wandb://kim/digits")}


@pytest.fixture(scope="module")
def second(served: WandbServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = str(tmp_path_factory.mktemp("sdk"))
    places = dict.fromkeys(("HOME", "WANDB_DIR", "WANDB_CACHE_DIR", "WANDB_DATA_DIR", "WANDB_CONFIG_DIR"), folder)
    environment = {**os.environ, **QUIET, **places, "WANDB_BASE_URL": served.address, "WANDB_API_KEY": KEY}
    done = subprocess.run([sys.executable, str(SCRIPT)], cwd=folder, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def numbers(rows: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Steps and values of all metrics of the SDK's rows."""
    out: dict[str, list[str]] = {}
    for row in rows:
        for key, value in flat(row).items():
            value = float(value) if value in ("NaN", "Infinity", "-Infinity") else value
            if not key.startswith("_") and isinstance(value, int | float):
                out.setdefault(key, []).append(f"{row.get('_step', 0)} {float(value)!r}")
    return out


def shown(series: Series, steps: bool = True) -> list[str]:
    return [f"{step if steps else 0} {value!r}" for step, value in zip(series.step.tolist(), series.value.tolist(), strict=True)]


def test_both_read_the_same(by_api: dict[str, Run], second: dict[str, Any]) -> None:
    assert by_api.keys() == second.keys()
    for name, run in by_api.items():
        told = second[name]
        assert {key: shown(series) for key, series in run.history.items()} == numbers(told["rows"])
        system = {key.removeprefix("system."): values for key, values in numbers(told["system"]).items()}
        assert {key: shown(series, steps=False) for key, series in run.system.items()} == system
        assert (run.name, run.state, list(run.tags), run.sweep or None) == (told["name"], told["state"], told["tags"], told["sweep"])
        assert repr(dict(run.config)) == repr(flat(told["config"]))
        files = [file for one in run.artifacts if one.type == "files" for file in one.files]
        assert [[file.path, file.size] for file in files] == told["files"]
        for role, listed in (("output", told["made"]), ("input", told["used"])):
            mine = [one for one in run.artifacts if one.type != "files" and one.role == role]
            assert [[f"{one.name}:{one.version}", one.type, list(one.aliases)] for one in mine] == listed


def test_it_is_what_the_log_holds(by_api: dict[str, Run]) -> None:
    for log in rg.load(LOGS, cache=False):
        run = by_api[log.id]
        assert (run.name, run.tags, run.group, run.started) == (log.name, log.tags, log.group, log.started)
        assert repr(dict(run.config)) == repr(dict(log.config))
        assert run.history.keys() == log.history.keys()
        for of_run, of_log in ((run.history, log.history), (run.system, log.system)):
            for key, series in of_log.items():
                for name in ("step", "time", "value"):
                    assert getattr(of_run[key], name).tobytes() == getattr(series, name).tobytes()
        assert run.histograms.keys() == log.histograms.keys()
        assert {key: [(one.columns, len(one.rows)) for one in found] for key, found in run.tables.items()} == {
            key: [(one.columns, len(one.rows)) for one in found] for key, found in log.tables.items()
        }
        assert {key: [one.path.name if one.path else None for one in found] for key, found in run.media.items()} == {
            key: [one.path.name if one.path else None for one in found] for key, found in log.media.items()
        }
