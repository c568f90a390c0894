"""The other parts of a run's page: config as a tree, differences, measurements, code and files, neighbours."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta
from pathlib import Path

import numpy as np
from theme.theme_runs import BASE, START, made, page

from reportgen.charts.style import ChartStyle
from reportgen.model import LoggedFile, Run, Runs, Series
from reportgen.site.contexts import Fact, Link
from reportgen.site.pages.run import run_page
from reportgen.site.pages.run.code import command_of
from reportgen.site.pages.run.compared import baselines, comparisons
from reportgen.site.pages.run.config import config_tree
from reportgen.site.pages.run.page import Around
from reportgen.site.pages.run.system import system_charts
from reportgen.site.run_contexts import ConfigGroup

HOSTILE = "\"><script>alert(1)</script>'"


def shape(group: ConfigGroup) -> list[object]:
    return [one.label if isinstance(one, Fact) else (one.name, one.count, shape(one)) for one in group.entries]


def test_the_config_is_a_tree_of_what_stands_together() -> None:
    config = {
        "lr": 1,
        "net.width": 2,
        "optim.sched.kind": "c",
        "net.act": "r",
        "optim.name": "s",
        "optim.sched.t": 3,
        ".": 1,
        "a..b": 2,
        "alone.x.y": 1,
    }
    assert shape(config_tree(config)) == [
        "lr", ("net", 2, ["width", "act"]), ("optim", 3, [("sched", 2, ["kind", "t"]), "name"]), ".", "a..b", "alone.x.y",
    ]  # fmt: skip
    assert [one.key for one in config_tree({"net.a": 1, "net.b": 2}).entries[0].entries if isinstance(one, Fact)] == ["net.a", "net.b"]  # type: ignore[union-attr]
    assert config_tree({}).count == 0
    assert config_tree({".".join("a" * 400): 1, ".".join("a" * 400) + "b": 2}).count == 2


def several() -> Runs:
    def run(i: int, value: float, **config: object) -> Run:
        return made({"val/acc": [value]}, id=f"r{i}", name=f"n{i}", project="p", started=START + timedelta(hours=i), config=config)

    return Runs([run(3, 0.5, lr=1, same=1), run(0, 0.7, lr=1.0, same=1), run(1, 0.9, lr=2, old=float("nan")), run(2, 0.6, lr=2, same=1)])


def test_a_run_is_compared_with_the_one_before_the_best_and_the_first() -> None:
    runs = several()
    among = baselines(runs)
    links = {run.id: Link(run.name, f"{run.id}.html") for run in runs}

    def said(id_: str) -> list[tuple[str, str, str, list[str]]]:
        found = comparisons(next(run for run in runs if run.id == id_), among[id_], links)
        return [(one.name, one.run.text, one.said, [each.key for each in one.differences]) for one in found]

    assert said("r3") == [
        ("previous", "n2", "1 of 2 keys differs. val/acc: 0.5 here, 0.6 there.", ["lr"]),
        ("best", "n1", "3 of 3 keys differ. val/acc: 0.5 here, 0.9 there.", ["lr", "same", "old"]),
        ("first", "n0", "1 of 2 keys differs. val/acc: 0.5 here, 0.7 there.", ["lr"]),
    ]
    assert [one[:2] for one in said("r0")] == [("best", "n1")]
    assert [one[:2] for one in said("r2")] == [("previous", "n1"), ("first", "n0")]
    assert comparisons(runs[0], baselines(Runs([runs[0]]))[runs[0].id], links) == ()


def test_the_page_leads_to_the_runs_beside_it() -> None:
    runs = several()
    links = {run.id: Link(run.name, f"{run.id}.html") for run in runs}
    around = Around((), baselines(runs)["r1"], links)
    context = run_page(
        next(run for run in runs if run.id == "r1"), base=BASE, colour="#000", draw=lambda one: one.title, style=ChartStyle(), around=around
    )  # type: ignore[arg-type, return-value]
    assert (context.previous, context.next, context.place) == (links["r0"], links["r2"], "2 of 4 runs of p")
    assert page(made()).place == ""


def texts_of(svg: str) -> list[str]:
    return re.findall("<text[^>]*>([^<]*)</text>", svg)


def measured(key: str, values: list[float], every: float = 5.0) -> Series:
    start = START.timestamp() + 2
    return Series(key, np.arange(len(values)), start + every * np.arange(len(values)), np.array(values, np.float64))


def test_measurements_are_charts_by_what_they_are_of() -> None:
    keys = [
        "cpu.0.cpu_percent",
        "cpu.1.cpu_percent",
        "memory_percent",
        "gpu.0.temp",
        "gpu.process.0.temp",
        "disk.vda.in",
        "network.sent",
        "own<thing>",
    ]
    run = made(system={key: measured(key, [1.0, np.nan, 90.0]) for key in keys} | {"lost": measured("lost", [np.nan])})
    groups = system_charts(run, "#123456")
    assert [(group.name, len(group.charts)) for group in groups] == [
        ("CPU", 1), ("Memory", 1), ("GPU", 2), ("Disk", 1), ("Network", 1), ("Other measurements", 1),
    ]  # fmt: skip
    cores = str(groups[0].charts[0])
    assert '<span class="metric-name">CPU cores, % (2)</span> <span class="metric-said">highest 90, last 90</span>' in cores
    assert cores.count("<path d=") == 2
    assert texts_of(cores)[:3] == ["0", "50", "100"]
    assert json.loads(html.unescape(re.findall('data-lines="([^"]*)"', cores)[0]))[1] == [
        "cpu.1.cpu_percent", [2.0, 7.0, 12.0], [1.0, None, 90.0],
    ]  # fmt: skip
    assert "own&lt;thing&gt;" in str(groups[-1].charts[0])
    assert "sent, bytes: highest 90 B" in str(groups[4].charts[0])


def test_a_single_measurement_can_be_drawn() -> None:
    (group,) = system_charts(made(system={"cpu": measured("cpu", [3.0])}), "#123456")
    assert re.search(r'<path d="M\d+ \d+h0"/>', str(group.charts[0]))


def test_the_command_runs_it_again() -> None:
    commit = "0123456789abcdef"
    assert command_of(made(command="train.py --lr 0.1", git_commit=commit)) == f"git checkout {commit} && python train.py --lr 0.1"
    assert command_of(made(command="python -m a\nrm -rf x", git_commit="HEAD; rm x")) == "python -m a rm -rf x"
    assert command_of(made()) == ""


def test_code_and_files(tmp_path: Path) -> None:
    contents = {
        "diff.patch": f"--- a\n+++ b\n-old\n+new {HOSTILE}\n",
        "requirements.txt": "torch\n",
        "code/train.py": "import torch\n",
        "model.bin": "\0",
    }
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    files = tuple(LoggedFile(name, (tmp_path / name).stat().st_size, tmp_path / name) for name in contents)
    context = page(made(files=files, git_commit="0123456789abcdef", git_remote="git@github.com:k/d.git"))
    (section,) = (one for one in context.sections if one.name == "Code and files")
    body = str(section.body)
    assert 'href="https://github.com/k/d/commit/0123456789abcdef"' in body
    assert "Beside it, 2 lines were changed and not committed." in body
    assert "Uncommitted changes" in body
    assert "<script" not in body
    assert [re.sub("<.*?>", "", one) for one in re.findall(r"<summary>(.*?)</summary>", body)] == [
        "Uncommitted changes 4 lines", "code/train.py 1 line", "requirements.txt 1 line",
    ]  # fmt: skip
    assert {file.target.rpartition(".")[2] for file in context.files} == {"txt"}
    assert [one.count for one in page(made(git_commit="abcdef0")).sections] == [0]
