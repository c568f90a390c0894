"""The fence `diff`: which two sides, what it shows, and that nothing of a log becomes HTML."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from artifact_runs import offline_runs
from markupsafe import Markup
from what_changed.compared_runs import file, run, searched

from reportgen.blocks.block import Context, Fragment
from reportgen.blocks.diff import Options, render
from reportgen.charts.style import ChartStyle
from reportgen.errors import Place, QueryError
from reportgen.model import Run, Runs

EVIL = "<img src=x onerror=alert(1)>\u202e\x1b[31m"


def drawn(logged: Runs | list[Run], **options: Any) -> Fragment:
    known = logged if isinstance(logged, Runs) else Runs(logged)
    given = {"from" if name == "before" else "to" if name == "after" else name: value for name, value in options.items()}
    chosen = known.select(given["runs"]) if "runs" in given else known
    return render(Options(**given), Context(chosen, known, "../", Place(Path("report.md"), 1), ChartStyle(), lambda _: None, known))


def html(fragment: Fragment) -> str:
    return "\n".join(map(str, fragment.parts))


def text(fragment: Fragment) -> str:
    return " ".join(str(Markup(re.sub(r"<[^>]*>", " ", html(fragment))).unescape()).split())


def pair() -> list[Run]:
    return [run("a", 0.88), run("b", 0.91, {"optimizer.lr": 0.01, "seed": 1})]


def test_two_runs_in_their_order() -> None:
    fragment = drawn([*pair(), run("c", 0.5)], runs=["b", "a"])
    assert (fragment.title, fragment.kind, fragment.label, fragment.width) == ("What changed from b to a", "diff", "Table", "wide")
    assert text(fragment).startswith("a reached 0.88 in val/acc, b reached 0.91: a difference of −0.03 (one run each).")
    assert '<a class="run" href="../runs/a.html">' in html(fragment)
    assert "optimizer. lr 0.01 0.001 ÷10" in text(fragment)
    assert "2 settings are equal." in text(fragment)


def test_heads_that_sort_hold_no_link() -> None:
    heads = re.findall(r"<thead>.*?</thead>", html(drawn(pair(), target=["val/acc", "min(val/acc)"])), re.DOTALL)
    assert len(heads) == 2
    assert "<a " not in "".join(heads)
    assert heads[1].count('class="run-dot"') == 2


def test_a_report_of_two_runs_needs_no_option() -> None:
    assert drawn(pair()).title == "What changed from a to b"


def test_groups_by_selections() -> None:
    fragment = drawn(searched(), before="config.optimizer.lr < 0.001", after=["top(3, val/acc)"])
    assert "<code>config.optimizer.lr &lt; 0.001</code>" in html(fragment)
    assert fragment.title == "What changed from config.optimizer.lr < 0.001 to top(3, val/acc)"
    assert "That is more than the spread of the runs explains" in text(fragment)
    assert any("no proof" in note for note in fragment.notes)


def test_the_settings_that_matter_stand_first() -> None:
    runs = [*searched(), run("a", 0.75), run("b", 0.91, {"layers": 5, "optimizer.lr": 0.01, "optimizer.name": "adam", "seed": 1})]
    keys = re.findall(r'<th class="text" scope="row" data-value="([^"]*)">', html(drawn(runs, runs=["a", "b"])))
    assert keys == ["optimizer.lr", "optimizer.name", "layers", "seed"]


def test_several_targets_are_a_table() -> None:
    fragment = drawn(pair(), target=["val/acc", "min(val/acc)", "duration"])
    assert 'aria-label="Results"' in html(fragment)
    assert 'aria-label="Results"' not in html(drawn(pair(), target="val/acc"))


def test_parts_that_are_asked_for() -> None:
    fragment = drawn(pair(), parts=["data", "code"])
    assert [word for word in ("Settings that differ", "Data", "Code", "Environment") if word in html(fragment)] == ["Data", "Code"]
    assert text(fragment).index("Data nothing") < text(fragment).index("Code nothing")
    assert fragment.notes == ("Not logged by both sides: code, packages, datasets.",)


def test_code_environment_and_data(tmp_path: Path) -> None:
    remote = {"git_remote": "git@github.com:k/d.git"}
    sources = {"a": "one\ntwo\n", "b": "one\n<b>2</b>\n"}
    runs = [
        run(name, 0.9, command=f"train.py --x {name}", git_commit=name * 40, host=name, **remote,
            files=(file(tmp_path, "train.py", sources[name], name), file(tmp_path, "requirements.txt", f"numpy=={ord(name)}", name)))
        for name in "ab"
    ]  # fmt: skip
    page = html(drawn(runs))
    assert f'href="https://github.com/k/d/commit/{"a" * 40}"' in page
    assert f'href="https://github.com/k/d/compare/{"a" * 40}...{"b" * 40}"' in page
    assert '<span class="gd">-two</span>\n<span class="gi">+&lt;b&gt;2&lt;/b&gt;</span>' in page
    assert "train.py --x <del>a</del>" in page
    assert "train.py --x <ins>b</ins>" in page
    assert ">97</span>" in page
    assert ">98</span>" in page


def test_versions_of_data_lead_to_their_pages() -> None:
    fragment = drawn(offline_runs(), runs=["train-1", "train-2"], parts=["data"])
    assert re.search(r'href="\.\./artifacts/dataset-digits-\w+\.html#v1">v1</a>', html(fragment))
    assert "Files: 1 added, 1 removed, 1 changed." in text(fragment)
    assert "Between them the version of digits changed." in text(fragment)


def test_long_parts_are_folded(tmp_path: Path) -> None:
    def packages(version: int) -> str:
        return "\n".join(f"package-{i}=={version}" for i in range(30))

    texts = {name: "\n".join(f"{name}{i}" for i in range(1000)) for name in "ab"}
    runs = [
        run(name, 0.9, files=(file(tmp_path, "requirements.txt", packages(i), name), file(tmp_path, "train.py", texts[name], name)))
        for i, name in enumerate("ab")
    ]
    page = html(drawn(runs))
    assert '<details class="diff-part"><summary><strong>Environment</strong> <span class="count">30 differences' in page
    assert '<details class="logged-text"><summary>train.py' in page
    assert "And 1,601 more lines." in page
    assert '<div class="data-table boxed">' in page


def test_nothing_of_a_log_becomes_html(tmp_path: Path) -> None:
    runs = [
        run(f"{name}{EVIL}", 0.9, {EVIL: f"{name}{EVIL}", f"{EVIL}.{name}": [EVIL]}, id=name,
            command=f"{EVIL} {name}", git_commit=f"{EVIL}{name}", git_remote=EVIL,
            host=f"{EVIL}{name}", environment={EVIL: f"{EVIL}{name}"},
            files=(file(tmp_path, "diff.patch", f"+{EVIL}{name}", name), file(tmp_path, "requirements.txt", f"x @ {EVIL}{name}", name)))
        for name in "ab"
    ]  # fmt: skip
    page = html(drawn(runs, target="val/acc"))
    assert "<img" not in page
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_runs_without_config() -> None:
    plain = [Run(name, name, run(name).source) for name in "ab"]
    assert "Neither side has a config." in text(drawn(plain))
    assert "No setting differs. 4 settings are equal." in text(drawn([run("a", 0.1), run("b", 0.2)]))


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        ({"runs": "all"}, "two runs are compared, and option 'runs' names 3", "[baseline, wider], or two groups by from: and to:"),
        ({"runs": ["a"]}, "two runs are compared, and option 'runs' names 1", "name two as in"),
        ({"before": "a"}, "option 'from' needs the option to beside it", "name the other side as to: …"),
        ({"after": "a"}, "option 'to' needs the option from beside it", "name the other side as from: …"),
        ({"before": "x-a", "after": "b"}, "no run 'x-a'", "did you mean"),
        ({"before": "val/acc > 5", "after": "b"}, "no run fits 'val/acc > 5'", ""),
        ({"before": "a", "after": "a"}, "the run a is on both sides", "name others"),
        ({"runs": ["a", "b"], "target": "val/ac"}, "no column 'val/ac'", "did you mean 'val/acc'?"),
        ({"before": "a", "after": "c", "runs": ["a", "b"]}, "no run 'c'", ""),
    ],
)  # fmt: skip
def test_sides_that_are_none(options: dict[str, Any], message: str, hint: str) -> None:
    with pytest.raises(QueryError) as error:
        drawn([*pair(), run("xx-a", 0.5), run("c", 0.5)][: 4 if "c" in str(options) else 3], **options)
    assert error.value.message.startswith(message)
    assert hint in (error.value.hint or "")
