"""A report over the logs of five trackers: one chart, one table, one name for what each of them calls differently."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reportgen.site.build import build

ROOT = Path(__file__).parents[2]
REPORT = """---
title: Five trackers
runs:
  cnn: {root}/examples/three-runs/wandb
  csv: {root}/tests/data/plain
  lightning: {root}/tests/data/lightning/digits
  mlflow: {root}/tests/data/mlflow-files
  trackio: {root}/tests/data/trackio
aliases:
  lr: [config.optimizer.lr, optim.lr, params.lr]
  accuracy: [val/acc, val_acc, val.acc]
---

{{{{ runs | length }}}} runs.

```chart
y: accuracy
color: source
```

```compare
columns: [source, lr, accuracy]
```
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("mixed")
    (folder / "report.md").write_text(REPORT.format(root=ROOT))
    build(folder / "report.md", out=folder / "site")
    return (folder / "site" / "index.html").read_text()


def test_their_curves_share_a_chart(page: str) -> None:
    assert re.search(r"<p>\d+ runs\.</p>", page)
    assert page.count("data-chart=") == 1
    legend = re.search(r'class="chart-legend".*?</ul>', page, re.DOTALL)
    assert legend
    for label in ("cnn", "csv", "lightning", "mlflow", "trackio"):
        assert label in legend[0]


def test_their_settings_line_up(page: str) -> None:
    table = page[page.index("<table") : page.index("</table>")]
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)]
    by_name = {row[0]: row for row in rows if row}
    assert by_name["cnn-16ch-lr0.01"][1:3] == ["cnn", "1.00e-2"]
    assert by_name["run-0"][1:3] == ["csv", "3.53e-2"]
    learnt = [row for row in rows if len(row) > 3 and row[1] in ("lightning", "mlflow", "trackio") and row[2] != "—"]
    assert {row[1] for row in learnt} == {"lightning", "mlflow", "trackio"}
