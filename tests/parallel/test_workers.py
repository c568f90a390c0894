"""The same results wherever they are computed: in one process, in several, on a real Dask cluster that loses a worker."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from importance.known_functions import make_runs
from sources import wandb_log_writer as log
from threadpoolctl import threadpool_limits

import reportgen as rg
from reportgen.analysis.importance import importance
from reportgen.cli import main
from reportgen.errors import ClusterError
from reportgen.parallel import Workers, batches, each, using
from reportgen.sources import reading

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/three-runs"


def process_of(item: int) -> tuple[int, int]:
    return item, os.getpid()


def test_each_keeps_the_order_and_works_in_other_processes() -> None:
    for jobs in (1, 2):
        with using(Workers(jobs)):
            found = list(each(process_of, range(20)))
        assert [item for item, _ in found] == list(range(20))
        assert os.getpid() not in {process for _, process in found}


def test_batches() -> None:
    assert list(batches([3, 3, 3, 9, 1], float, 5)) == [[3, 3], [3, 9], [1]]
    assert list(batches([], float, 5)) == []


def test_large_logs_are_read_side_by_side_as_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(6):
        rows = (log.history(step, {"loss": step / (i + 1)}) for step in range(200))
        log.write(tmp_path / f"run-{i}", log.run({"i": i}), *rows, log.finish(), name=f"abc{i}")
    (tmp_path / "run-2" / "run-abc2.wandb").chmod(0)
    one = rg.load(tmp_path, cache=False)
    read_here: list[Path] = []
    monkeypatch.setattr(reading, "_WORTH_PROCESSES", 1)
    monkeypatch.setattr(reading, "_BATCH", 2 * (tmp_path / "run-0" / "run-abc0.wandb").stat().st_size)
    monkeypatch.setattr(reading, "_read", lambda found: read_here.append(found.path))
    told: list[tuple[int, int]] = []
    with using(Workers(2)):
        several = rg.load(tmp_path, cache=False, progress=lambda done, total, _: told.append((done, total)))
    assert [run.id for run in several] == [run.id for run in one]
    assert [run.config for run in several] == [run.config for run in one]
    for first, second in zip(one, several, strict=True):
        for key, series in first.history.items():
            assert series.value.tobytes() == second.history[key].value.tobytes()
    assert read_here == []
    assert (told[0], told[-1]) == ((0, 6), (6, 6))


@dataclass
class Cluster:
    """A scheduler and two workers, on loopback."""

    address: str
    workers: list[subprocess.Popen[str]]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    program = shutil.which("dask", path=str(Path(sys.executable).parent)) or "dask"
    quiet = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = subprocess.Popen([program, "scheduler", *quiet, "--port", "0"], stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    started: list[subprocess.Popen[str]] = []
    try:
        address = next(found[0] for line in scheduler.stderr or () if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line)))
        threading.Thread(target=lambda: [None for _ in scheduler.stderr or ()], daemon=True).start()
        for _ in range(2):
            options = [*quiet, "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)]
            worker = subprocess.Popen([program, "worker", address, *options], stderr=subprocess.DEVNULL, text=True, cwd=tmp_path)
            started.append(worker)
        yield Cluster(address, started)
    finally:
        for process in [*started, scheduler]:
            process.kill()
            process.wait()
        if scheduler.stderr:
            scheduler.stderr.close()


def test_the_bits_of_importance_do_not_depend_on_the_number_of_cores() -> None:
    """Sums over more than 10,000 runs are shared by threads."""
    rng = np.random.default_rng(0)
    points = rng.random((12_000, 2))
    runs = make_runs((points[:, 0] + rng.standard_normal(12_000)).tolist(), a=points[:, 0].tolist(), b=points[:, 1].tolist())
    found = []
    for threads in (1, 2):
        with threadpool_limits(threads, "blas"):
            found.append(str(asdict(importance(runs, "score"))))
    assert found[0] == found[1]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def build(out: Path, cache: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "reportgen", "build", str(EXAMPLE / "report.md"), "-o", str(out), *options]
    environment = {**os.environ, "REPORTGEN_CACHE": str(cache)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(cluster: Cluster, tmp_path: Path) -> None:
    local = build(tmp_path / "local", tmp_path / "a")
    said, _ = local.communicate(timeout=300)
    assert local.returncode == 0, said
    remote = build(tmp_path / "remote", tmp_path / "b", "--backend", "dask", "--scheduler", cluster.address)
    drawn = tmp_path / "b" / "drawings" / "svg"
    # Charts come back all at once; the worker is killed while the first of them are drawn.
    deadline = time.monotonic() + 200
    while remote.poll() is None and not drawn.exists() and time.monotonic() < deadline and not _is_busy(cluster.workers[0]):
        time.sleep(0.02)
    assert remote.poll() is None
    cluster.workers[0].send_signal(signal.SIGKILL)
    said, _ = remote.communicate(timeout=300)
    assert remote.returncode == 0, said
    assert contents(tmp_path / "remote") == contents(tmp_path / "local")


def _is_busy(process: subprocess.Popen[str]) -> bool:
    """Whether a worker has loaded the library that draws charts: it is at work."""
    try:
        return "vl_convert" in Path(f"/proc/{process.pid}/maps").read_text()
    except OSError:
        return False


def test_no_cluster_is_a_clear_error() -> None:
    nobody = Workers(0, "dask", "tcp://127.0.0.1:9")
    with pytest.raises(ClusterError, match=r"no Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"), using(nobody):
        pass
    result = CliRunner().invoke(main, ["runs", str(EXAMPLE), "--backend", "dask"])
    assert result.exit_code == 2
    assert "--backend dask and --scheduler" in result.stderr
