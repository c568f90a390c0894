"""A page beside a training that writes with the real W&B SDK, offline."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import psutil
from serve_process import PATIENCE, serving, until

TRAINING = """
import sys
import wandb

run = wandb.init(project="live", name="live-run", config={"lr": 0.1})
for line in sys.stdin:  # Each line is a number of steps.
    first, count = map(int, line.split())
    for step in range(first, first + count):
        run.log({"loss": 1 / (step + 1), "acc": step / 20_000})
    print("logged", flush=True)
run.finish()
"""
REPORT = """---
title: Live
runs: wandb
---

{% for run in runs %}{{ run.name }} is {{ run.state }} at {{ run['last(acc)'] | num(4) }}.{% endfor %}
"""


def test_the_page_follows_a_training_by_the_sdk(tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text(REPORT, encoding="utf-8")
    (tmp_path / "wandb").mkdir()
    offline = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "WANDB_DIR": str(tmp_path), "HOME": str(tmp_path)}
    training = subprocess.Popen(
        [sys.executable, "-c", TRAINING], cwd=tmp_path, env={**os.environ, **offline},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert training.stdin
    assert training.stdout
    try:
        with serving("report.md", folder=tmp_path, temporary=tmp_path / "tmp") as running:
            sizes = []
            for first in range(0, 10_000, 1_000):
                training.stdin.write(f"{first} 1000\n")
                training.stdin.flush()
                assert training.stdout.readline() == "logged\n"
                # The SDK writes blocks: what it holds back comes with what it logs next.
                low = max(0, first - 1_000) / 20_000
                until(lambda low=low: newest(running.get()[1]) > low, f"the values up to {first}")
                sizes.append(psutil.Process(running.process.pid).memory_info().rss)
            training.stdin.close()
            assert training.wait(PATIENCE) == 0
            until(lambda: running.has("live-run is finished at "), "the end of the run")
            assert sizes[-1] < sizes[4] * 1.1
            assert running.stop() == 0
    finally:
        training.kill()
        training.wait()
        training.stdout.close()


def newest(page: str) -> float:
    """The value that the page shows, -1 before there is one."""
    found = re.search(r"live-run is \w+ at ([0-9.]+)\.\"", page)
    return float(found[1]) if found else -1.0
