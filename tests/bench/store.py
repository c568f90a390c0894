"""How long reading many small runs takes, cold and from the store, and how it grows with their number.

    python tests/bench/store.py [--runs 1000] [--metrics 20] [--steps 100]
    python tests/bench/store.py --grown

Wall seconds of `load` in one process, of `reportgen runs` as a new process, of one large log of a million points, and
of logs that grew.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sources import event_writer
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
    parser.add_argument("--grown", action="store_true", help="only logs that grew")
    options = parser.parse_args()
    rg.load(next(Path(__file__).parents[2].glob("examples/*/wandb")), cache=False)  # imports are not what is measured
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["REPORTGEN_CACHE"] = str(Path(temporary) / "cache")
        if options.grown:
            growing(Path(temporary) / "grown")
            return
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
        growing(Path(temporary) / "grown")


def grown(kind: str, path: Path) -> None:
    """A run of 10 metrics that goes on: its log is read after 50,000 steps, and again after 500 more.

    Processor seconds, the best of three: other programs on the machine hardly count.
    """
    data = path.read_bytes()
    begin = data.index(b"\n", len(data) * 100 // 101) + 1 if kind in ("CSV", "JSONL") else len(data) * 100 // 101
    firsts, continued, anew = [], [], []
    for _ in range(3):
        path.write_bytes(data[:begin])
        rg.load(path.parent, cache=False)
        firsts.append(processor_seconds(lambda: rg.load(path.parent)))
        path.write_bytes(data)
        continued.append(processor_seconds(lambda: rg.load(path.parent)))
        anew.append(processor_seconds(lambda: rg.load(path.parent, cache=False)))
        kept = Path(os.environ["REPORTGEN_CACHE"]) / "continued"
        size = sum(file.stat().st_size for file in kept.iterdir())
        for file in kept.iterdir():
            file.unlink()
    print(
        f"{kind}, 50,000 x 10 ({len(data) / 1e6:.0f} MB) that grew by a hundredth: {min(continued):.3f} s, read anew {min(anew):.3f} s "
        f"(1/{min(anew) / min(continued):.0f}); first reading {min(firsts) / min(anew):.2f} of that, {size / 1e6:.1f} MB kept"
    )


def growing(folder: Path) -> None:
    """The same log in all formats that are read on."""
    rows = [{f"metric/{i}": (step + 1) / (i + 3) for i in range(10)} for step in range(50_500)]
    wandb = [log.history(step, {(key,): value for key, value in row.items()}) for step, row in enumerate(rows)]
    grown("W&B", log.write(folder / "offline-run-1", log.run(), *wandb))
    scalars = (event_writer.scalar(key, value, step) for step, row in enumerate(rows) for key, value in row.items())
    grown("TensorBoard", event_writer.write(folder / "events", scalars))
    for ending in ("csv", "jsonl"):
        (folder / ending).mkdir()
        (folder / ending / "config.json").write_text('{"lr": 0.1}')
        path = folder / ending / f"metrics.{ending}"
        with path.open("w") as file:
            if ending == "csv":
                file.write(",".join(["step", *rows[0]]) + "\n")
                file.writelines(",".join(map(repr, [step, *row.values()])) + "\n" for step, row in enumerate(rows))
            else:
                file.writelines(json.dumps({"step": step, **row}) + "\n" for step, row in enumerate(rows))
        grown(ending.upper(), path)


def processor_seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
