"""How long reading a W&B log takes, beside reading it with the SDK's protobuf classes.

    python tests/bench/read_wandb.py [--rows 100000] [LOG.wandb …]

Processor seconds, the best of three: other programs on the machine hardly count. Without a log it
writes one of so many history rows (6 metrics, a summary record per row) into a temporary folder.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sources import wandb_log_writer as log
from sources.wandb_second_reader import second_reading

import reportgen as rg


def written(folder: Path, rows: int) -> Path:
    records = [log.run({"lr": 0.1})]
    for step in range(rows):
        values = {(key,): (step + 1) / (i + 3) for i, key in enumerate(("train/loss", "train/acc", "lr", "grad_norm", "val/loss", "epoch"))}
        records += [log.update("summary", values), log.history(step, values)]
    return log.write(folder, *records, log.finish())


def fastest(function: object, path: Path, times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        function(path)  # type: ignore[operator]
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("logs", nargs="*", type=Path)
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    rg.load(next(Path(__file__).parents[2].glob("examples/*/wandb")))  # imports are not what is measured
    with tempfile.TemporaryDirectory() as folder:
        for path in options.logs or [written(Path(folder), options.rows)]:
            ours, theirs = fastest(rg.load, path), fastest(second_reading, path)
            size = path.stat().st_size / 1e6
            print(f"{path.name}: {size:.1f} MB; reportgen {ours:.2f} s, SDK's classes {theirs:.2f} s, ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
