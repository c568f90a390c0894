"""What changed as text for a terminal, and as JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from artifact_runs import offline_runs
from rich.cells import cell_len
from rich.console import Console
from what_changed.compared_runs import file, run, searched
from what_changed.test_what_changed import between

from reportgen.analysis.what_changed import WhatChanged
from reportgen.terminal_diff import diff_json, diff_table

EVIL = "x\x1b[31m\u202e\r\n"


def printed(found: WhatChanged, width: int = 100) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, color_system=None, legacy_windows=False).print(diff_table(found))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_the_answer_and_a_line_for_each_setting() -> None:
    found = between([run("a", 0.88), run("b", 0.91, {"optimizer.lr": 0.01, "seed": 1})], "a", "b")
    assert printed(found) == [
        "b reached 0.91 in val/acc, a reached 0.88: a difference of +0.03 (one run each).",
        "How much of that is chance, one run each cannot tell.",
        "Of all that both sides logged, only optimizer.lr differs, besides the seed: a clean comparison of",
        "this one setting.",
        "",
        "setting       a      b     step  share of val/acc",
        "optimizer.lr  0.001  0.01  ×10   too few runs to say",
        "seed          0      1           a seed",
        "",
        "2 settings equal",
        "",
        "Not logged by both sides: code, packages, datasets.",
    ]


def test_code_environment_and_data(tmp_path: Path) -> None:
    runs = [
        run(name, 0.9, host=name, environment={"memory": 10**9 * i},
            files=(file(tmp_path, "train.py", f"one\n{name}\n", name), file(tmp_path, "requirements.txt", f"numpy=={i}", name)))
        for i, name in enumerate("ab", start=1)
    ]  # fmt: skip
    lines = printed(between(runs, "a", "b"))
    assert lines[lines.index("code") : lines.index("code") + 5] == ["code", "train.py changed", "  @@ -1,2 +1,2 @@", "   one", "  -a"]
    assert lines[lines.index("environment") : lines.index("environment") + 4] == [
        "environment", "host  a → b", "memory  1 GB → 2 GB", "numpy  1 → 2",
    ]  # fmt: skip
    data = printed(between(offline_runs(), "train-1", "train-2"))
    assert data[data.index("data") + 1 :][:2] == ["digits (dataset)  v0 → v1", "  files: 1 added, 1 removed, 1 changed, 0 the same"]


def test_long_differences_are_cut(tmp_path: Path) -> None:
    runs = [run(name, 0.9, files=(file(tmp_path, "x.py", "\n".join(f"{name}{i}" for i in range(500)), name),)) for name in "ab"]
    assert "  and 941 more lines; --json has all" in printed(between(runs, "a", "b"))


@pytest.mark.parametrize("width", [40, 80, 120])
def test_the_text_fits_and_cannot_steer_the_terminal(tmp_path: Path, width: int) -> None:
    runs = [
        run(f"{name}{EVIL}" + "y" * 130, 0.9, {EVIL: f"{name}{EVIL}"}, id=name, command=f"t {EVIL}{name}", host=f"{EVIL}{name}",
            files=(file(tmp_path, "diff.patch", f"+{EVIL}{name}", name),))
        for name in "ab"
    ]  # fmt: skip
    lines = printed(between(runs, "a", "b"), width)
    assert not set("".join(lines)) & set("\x1b\r\u202e")
    assert max(map(cell_len, lines)) <= width


def test_json_is_strict() -> None:
    found = between([*searched(), run("a", 0.75, {"x": float("nan")}), run("b", 0.91, {"optimizer.lr": 0.01})], "a", "b")
    read = json.loads(diff_json(found), parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    assert (read["before"], read["after"]) == (["a"], ["b"])
    assert read["results"][0]["difference"]["value"] == pytest.approx(0.16)
    rate = read["settings"][0]
    assert (rate["key"], rate["before"], rate["after"], rate["told"]["verdict"]) == ("optimizer.lr", [0.001], [0.01], "clear")
    assert {one["key"]: (one["before"], one["after"]) for one in read["settings"]}["x"] == (["NaN"], [])
    assert [one["missing_after"] for one in read["settings"]] == [False, True]
