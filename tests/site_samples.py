"""A small folder of runs and reports over it, for tests of whole sites."""

from __future__ import annotations

import json
import math
from pathlib import Path

REPORT = """---
title: {title}
authors: [Kimin]
runs: {runs}
---
The best of {{{{ runs | length }}}} runs is {{{{ runs.best("val/acc").link }}}}. See [the notes](notes.txt).

```chart
y: val/acc
id: curves
```

{{{{ ref('curves') }}}} shows all runs.

```chart
kind: scatter
x: config.lr
y: val/acc
width: wide
```

## {title}, again

```runs
columns: [config.lr, val/acc]
```

```compare
columns: [config.*, val/acc]
```
"""


def write_runs(folder: Path, names: tuple[str, ...] = ("fast", "slow", "<b>bold</b>")) -> None:
    """Plain runs with two metrics, one of them with values that are not finite."""
    for i, name in enumerate(names):
        run = folder / f"run-{i}"
        run.mkdir(parents=True)
        (run / "config.json").write_text(json.dumps({"lr": 10.0**-i, "name": name, "layers": [1, 2]}))
        rows = [f"{step},{1 - math.exp(-step / (5 + i))!r},{'nan' if step == 3 else math.exp(-step / 9)!r}" for step in range(40)]
        (run / "metrics.csv").write_text("step,val/acc,train/loss\n" + "\n".join(rows) + "\n")


def write_report(folder: Path, title: str = "How fast?", name: str = "report.md", runs: str = "logs") -> Path:
    """A report over the runs in `logs`, which are made when they are missing."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if not (folder / "logs").exists():
        write_runs(folder / "logs")
    (path.parent / "notes.txt").write_text("Notes.")
    path.write_text(REPORT.format(title=title, runs=runs))
    return path
