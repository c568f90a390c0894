"""How long reading a W&B log takes, beside reading it with the SDK's protobuf classes and `json.loads`.

    python tests/bench/read_wandb.py [--rows 50000] [--metrics 10] [LOG.wandb …]

Processor seconds, the best of three: other programs on the machine hardly count. Without a log it
writes one of so many history rows with a summary record each into a temporary folder.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from memory import bytes_per_point
from sources import wandb_log_writer as log
from sources.wandb_second_reader import second_reading

import reportgen as rg

SMALL = next(Path(__file__).parents[2].glob("examples/digits/wandb/*"))


def written(folder: Path, rows: int, metrics: int) -> Path:
    records = [log.run({"lr": 0.1})]
    for step in range(rows):
        values = {(f"group{i % 3}/metric{i}",): (step + 1) / (i + 3) for i in range(metrics)}
        records += [log.history(step, values), log.update("summary", values)]
    return log.write(folder, *records, log.finish())


def fastest(function: Callable[[Path], object], path: Path, times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        function(path)
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs", nargs="*", type=Path)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--metrics", type=int, default=10)
    options = parser.parse_args()
    rg.load(SMALL, cache=False)  # imports are not what is measured
    with tempfile.TemporaryDirectory() as folder:
        for path in options.logs or [written(Path(folder), options.rows, options.metrics)]:
            ours, theirs = fastest(lambda path: rg.load(path, cache=False), path), fastest(second_reading, path)
            print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB; reportgen {ours:.2f} s, SDK's classes {theirs:.2f} s")
            memory = bytes_per_point(path, SMALL)
            print(f"  {theirs / ours:.1f} times faster (at least 4), {memory:.0f} bytes a point at the peak (under 100)")


if __name__ == "__main__":
    main()
