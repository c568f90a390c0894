"""How long reading many small runs takes, cold and from the store, and how it grows with their number.

    python tests/bench/store.py [--runs 1000] [--metrics 20] [--steps 100]

Wall seconds of `load` in one process, of `reportgen runs` as a new process, and of one large log of a million points.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sources import wandb_log_writer as log

import reportgen as rg


def written(folder: Path, runs: int, metrics: int, steps: int) -> Path:
    """W&B logs made with the SDK's classes, old enough to be settled."""
    keys = [f"group{i % 4}/metric{i}" for i in range(metrics)]
    for number in range(runs):
        here = folder / f"offline-run-{number:05d}"
        start = log.run({"lr": 10 ** (-1 - number % 5), "seed": number % 3, "width": 8 * (1 + number % 4)})
        start.run.run_id, start.run.display_name = f"id{number}", f"run-{number:05d}"
        rows = [log.history(step, {(key,): (step + number) / (i + 3) for i, key in enumerate(keys)}) for step in range(steps)]
        log.write(here, start, *rows, log.update("summary", {key: float(number) for key in keys}), log.finish(), name=f"id{number}")
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (1.7e9, 1.7e9))
    return folder


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def command(folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "reportgen", "runs", str(folder)], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--metrics", type=int, default=20)
    parser.add_argument("--steps", type=int, default=100)
    options = parser.parse_args()
    rg.load(next(Path(__file__).parents[2].glob("examples/*/wandb")), cache=False)  # imports are not what is measured
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["REPORTGEN_CACHE"] = str(Path(temporary) / "cache")
        colds = {}
        for count in (options.runs // 10, options.runs):
            folder = written(Path(temporary) / str(count), count, options.metrics, options.steps)
            colds[count] = cold = seconds(lambda folder=folder: rg.load(folder))  # type: ignore[misc]
            warm = min(seconds(lambda folder=folder: rg.load(folder)) for _ in range(3))  # type: ignore[misc]
            print(f"{count} runs: cold {cold:.2f} s, from the store {warm:.3f} s (1/{cold / warm:.0f})")
            drawn = seconds(lambda folder=folder: command(folder))  # type: ignore[misc]
            again = min(seconds(lambda folder=folder: command(folder)) for _ in range(3))  # type: ignore[misc]
            print(f"{count} runs: `reportgen runs` from the store {drawn:.2f} s, a second time {again:.2f} s (at most 1)")
        few, many = colds
        print(f"growth from {few} to {many} runs, cold: {colds[many] / colds[few]:.1f} (at most 11)")
        points = written(Path(temporary) / "large", 1, 20, 50_000)
        cold = seconds(lambda: rg.load(points))
        warm = min(seconds(lambda: rg.load(points)) for _ in range(5))
        print(f"a million points: cold {cold:.2f} s, from the store {warm * 1000:.1f} ms (at most 50), 1/{cold / warm:.0f} (1/100)")
        grown(Path(temporary) / "grown")


def grown(folder: Path) -> None:
    """A run of 10 metrics that goes on: its log is read after 50,000 steps and again after 500 more."""
    rows = [log.history(step, {(f"metric/{i}",): (step + 1) / (i + 3) for i in range(10)}) for step in range(50_500)]
    path = log.write(folder / "offline-run-1", log.run(), *rows)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 100 // 101])
    rg.load(folder)
    path.write_bytes(data)
    continued = seconds(lambda: rg.load(folder))
    anew = min(seconds(lambda: rg.load(folder, cache=False)) for _ in range(2))
    print(f"50,000 x 10 that grew by a hundredth: {continued:.3f} s, read anew {anew:.3f} s (1/{anew / continued:.1f})")


if __name__ == "__main__":
    main()
