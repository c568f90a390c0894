"""Logs without a Latin letter in any name, value or text, and a report over them in Korean with every kind of fence.

What is Latin on a page made of them is reportgen's own.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from PIL import Image
from sources import wandb_log_writer as wb
from wandb.proto import wandb_internal_pb2 as pb

ACC, LOSS, IMAGE, TABLE, WEIGHTS = "п/точность", "п/потери", "картинка", "таблица", "градиенты/слой.вес"
RATE, WIDTH, KIND, SEED = "скорость", "ширина", "вид", "зерно"
NAN_ONLY = "пусто"
REPORT = f"""---
title: 한국어 보고서
subtitle: 부제
authors: [김민]
date: 2026-11-23
runs: 로그
language: ko
---
첫 문단. 실행 {{{{ runs | length }}}}개, {{{{ runs.link }}}}, {{{{ ref('그림') }}}}, {{{{ runs[0].duration | duration }}}}. 각주[^1].

[^1]: 각주의 글.

- [x] 한 일
- [ ] 할 일

> [!NOTE]
> 참고할 글.

::: details
접은 글.
:::

## 첫째

```chart
id: 그림
y: {ACC}
```

## 둘째

```chart
y: {LOSS}
x: time
smooth: 0.5
log: y
```

```chart
y: {ACC}
group: config.{KIND}
band: minmax
```

```chart
y: {LOSS}
facet: config.{KIND}
runs: top(4, {ACC})
```

```chart
y: {NAN_ONLY}
```

```chart
kind: scatter
x: config.{RATE}
y: {ACC}
color: config.{KIND}
```

```chart
kind: scatter
x: duration
y: {LOSS}
```

```chart
kind: bar
y: {ACC}
x: config.{KIND}
```

```chart
kind: bar
y: {LOSS}
```

```chart
kind: box
y: {ACC}
x: config.{KIND}
```

```chart
kind: histogram
y: {ACC}
```

```chart
kind: heatmap
x: config.{RATE}
y: config.{WIDTH}
color: {ACC}
```

```chart
kind: parallel
x: [config.{RATE}, config.{WIDTH}, config.{KIND}]
y: {ACC}
```

```chart
kind: slice
x: [config.{RATE}, config.{KIND}]
y: {ACC}
```

```chart
kind: contour
x: config.{RATE}
y: config.{WIDTH}
color: {ACC}
```

```chart
kind: pareto
x: {ACC}
y: {LOSS}
```

```compare
runs: top(4, {ACC})
columns: [state, config.*, {ACC}]
baseline: best({ACC})
sparklines: {ACC}
```

```compare
group: config.{KIND}
columns: [{ACC}, {LOSS}, max({ACC})]
goals: {{{ACC}: max}}
statistics: {ACC}
at: step
```

```compare
group: config.{KIND}
columns: {ACC}
goals: {{{ACC}: max}}
statistic: iqm
statistics: true
```

```profile
target: {ACC}
goal: max
group: config.{KIND}
```

```compare
runs: top(2, {ACC})
as: columns
sort: {ACC}
limit: 1
```

```diff
runs: [запуск-00, запуск-01]
```

```diff
from: запуск-0*
to: запуск-1*
target: [{ACC}, {LOSS}]
```

```runs
columns: [{ACC}]
sparklines: {LOSS}
```

```importance
target: {ACC}
params: [{RATE}, {WIDTH}, {KIND}]
```

```importance
target: {LOSS}
scale: rank
runs: config.{WIDTH} < 40
```

```importance
targets: ['{ACC}', '{LOSS}']
goals: {{{ACC}: max, {LOSS}: min}}
among: top 25 %
```

```marginal
target: {ACC}
goal: max
x: {RATE}
by: {KIND}
```

```marginal
target: {ACC}
goal: max
x: [{WIDTH}, {KIND}]
```

```interaction
target: {ACC}
goal: max
x: {RATE}
y: {WIDTH}
```

```sweep
target: {ACC}
show: [verdict, parallel, importance, progress, slices, contours, ranks, distribution, intermediate, timeline, next]
```

```sweep
target: [{ACC}, {LOSS}]
goal: max
show: [verdict, pareto]
```

```histogram
key: {WEIGHTS}
limit: 1
```

```media
key: {IMAGE}
limit: 2
```

```console
runs: top(1, {ACC})
```

```table
table: {TABLE}
limit: 3
```

```table
table: {TABLE}
runs: запуск-00
compare: запуск-01
limit: 3
```

```sql
query: select name as "имя", duration as "время" from runs order by 1
```

```sql
query: select name as "имя", row_number() over () as "номер" from runs
chart: bar
```

```artifacts
lineage: true
```

```vega-lite
spec:
  data: {{name: runs}}
  mark: point
  encoding:
    x: {{field: 'config_{RATE}', type: quantitative, title: 속도}}
    y: {{field: '{ACC}', type: quantitative, title: 정확도}}
```
"""


def write_site(folder: Path, n: int = 14) -> Path:
    """The folder with the report, its settings and the logs below it."""
    (folder / "reportgen.toml").write_text('language = "ko"\n')
    (folder / "report.md").write_text(REPORT)
    for i in range(n):
        _write_run(folder / "로그" / f"запуск-{i:02}", i)
    return folder


def _write_run(folder: Path, i: int) -> None:
    files = folder / "files"
    (files / "media" / "images").mkdir(parents=True)
    Image.new("RGB", (8, 6), (20 * i, 90, 120)).save(files / "media" / "images" / "а.png")
    kind, rate, width = ("алый", "синий")[i % 2], 10 ** -(1 + i % 5 / 1.7), (16, 32, 64)[i % 3]
    config = {RATE: rate, WIDTH: width, KIND: kind, "общее": 5, SEED: i}
    about = {"project": "проект", "run_group": "группа", "job_type": "обучение", "host": "узел", "sweep_id": "поиск", "notes": "заметка"}
    run = wb.run(config, tags=["метка"], **about)
    run.run.run_id, run.run.display_name = f"{10000000 + i}", f"запуск-{i:02}"
    run.run.start_time.seconds = wb.START + 60 * i
    run.run.git.commit, run.run.git.remote_url = "0123456789" * 4, "хранилище"
    records = [run, _defined(ACC, 2), _defined(LOSS, 1), *_history(i, kind, rate), _stats(0), _stats(5), _artifact(i)]
    records += [wb.output("шаг 1\nшаг 2\n"), wb.update("summary", {"итог": 0.5 + i / 100})]
    if i:
        records.append(pb.Record(use_artifact=pb.UseArtifactRecord(id="77", type="данные", name="цифры:v0")))
    records += [wb.finish(0, 5000 + i)] if i != 3 else [wb.finish(1, 30)] if i != 5 else []
    wb.write(folder, *records, name=f"{10000000 + i}")


def _defined(key: str, goal: int) -> pb.Record:
    record = pb.Record()
    record.metric.name, record.metric.goal = key, goal
    return record


def _history(i: int, kind: str, rate: float) -> list[pb.Record]:
    """Twelve steps; the last has a picture, a table and histograms, too; the third loss of some runs is no number."""
    found = []
    for step in range(12):
        good = 0.6 + 0.3 * math.tanh(step / 4) - 0.05 * abs(math.log10(rate) + 2) - (0.02 if kind == "алый" else 0) + 0.001 * (i % 3)
        values: dict[Any, Any] = {ACC: good, LOSS: "NaN" if step == 3 and i % 4 == 0 else math.exp(-step / 5) + rate}
        values[NAN_ONLY] = "NaN"
        if step in (0, 6, 11):
            values[WEIGHTS] = {"_type": "histogram", "values": [1, 4 + i, 2], "bins": [-1.0, -0.3, 0.3, 1.0 + step / 10]}
            values[IMAGE] = {"_type": "image-file", "path": "media/images/а.png", "width": 8, "height": 6, "caption": "подпись"}
        if step == 11:
            rows = [[k, k % 3, (k + (i + k) % 5 // 4) % 3, 0.5 + k / 100] for k in range(20)]
            values[TABLE] = {"_type": "table", "columns": ["номер", "истина", "ответ", "балл"], "data": rows}
        found.append(wb.history(step, values))
    return found


def _stats(seconds: int) -> pb.Record:
    record = pb.Record()
    record.stats.timestamp.seconds = wb.START + seconds
    for key, value in {"cpu": 20 + seconds, "memory": 41.5, "network.sent": 1000 * seconds, "proc.cpu.threads": 8}.items():
        record.stats.item.add(key=key, value_json=json.dumps(value))
    return record


def _artifact(i: int) -> pb.Record:
    record = pb.Record()
    one = record.artifact
    one.name, one.type, one.digest, one.client_id = ("цифры", "данные", "11", "77") if i == 0 else ("модель", "сеть", f"{20 + i}", f"{i}")
    one.metadata = json.dumps({"заметка": i})
    one.aliases.append("лучший" if i == 4 else "новый")
    one.manifest.contents.add(path="файл", digest=f"{30 + i}", size=1000 + i)
    return record
