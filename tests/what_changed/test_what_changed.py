"""What changed between two sides, as values: settings, results, code, environment, data, and what all runs say."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from artifact_runs import offline_runs
from what_changed.compared_runs import file, run, searched

import reportgen as rg
from reportgen.analysis.compared_rows import Missing
from reportgen.analysis.what_changed import Setting, WhatChanged
from reportgen.analysis.what_changed.environment import packages
from reportgen.analysis.what_changed.sides import same, texts
from reportgen.blocks.changes import changes_between, two_sides
from reportgen.errors import QueryError
from reportgen.model import Run, Runs

DATA = Path(__file__).parents[1] / "data"
NAN = math.nan


def between(runs: Runs | list[Run], before: Any, after: Any, *targets: str) -> WhatChanged:
    known = runs if isinstance(runs, Runs) else Runs(runs)
    return changes_between(*two_sides(known, before, after), known, targets)


# Settings ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "step"),
    [
        (0.001, 0.01, "×10"), (0.01, 0.001, "÷10"), (32, 16, "÷2"), (10, 12, "+2"), (0.5, 0.4, "−0.1"), (0, 3, "+3"), (-1, -4, "×4"),
        (-1, 1, "+2"), (1e-5, 3e-5, "×3"), (1e-300, 1e300, "+1e300"), (True, False, ""), (1, True, ""), ("a", "b", ""), (1, NAN, ""),
        (1, math.inf, ""), (None, 1, ""), (0.1, 0.125, "+0.025"), (7e-4, 1.3e-2, "×18.6"), ([1], [2], ""), (10**400, 1, ""),
    ],
)  # fmt: skip
def test_how_far_one_number_is_from_the_other(a: object, b: object, step: str) -> None:
    assert Setting("key", (a,), (b,)).step == step


def test_the_step_of_a_seed_says_nothing() -> None:
    assert Setting("seed", (1,), (10,), is_seed=True).step == ""


@pytest.mark.parametrize(
    ("a", "b", "is_same"),
    [
        ((1,), (1.0,), True), ((1,), (True,), False), ((1,), ("1",), False), ((NAN,), (NAN,), True), ((None,), (Missing(),), False),
        ((1, 2), (2, 1), True), ((1, 2), (1,), False), (([1, 2],), ([1, 2],), True), (([1, 2],), ([1, 3],), False),
    ],
)  # fmt: skip
def test_which_values_are_the_same(a: tuple[object, ...], b: tuple[object, ...], is_same: bool) -> None:
    assert same(a, b) is is_same


@pytest.mark.parametrize(
    ("a", "b", "shown"),
    [
        ((0.001,), (0.01,), ("0.001", "0.01")),
        ((0.001,), ("0.001",), ("0.001", '"0.001"')),
        ((0.12345678,), (0.12345679,), ("0.12345678", "0.12345679")),
        ((Missing(),), (None,), ("—", "null")),
        ((1,), ("",), ("1", '""')),
        ((3, 1, 2), (4,), ("1, 2, 3", "4")),
        ((5, 1, 2, 3, 4), (4,), ("1 to 5, 5 values", "4")),
        (("a", "b", "c", "d", "e"), ("a",), ("5 values", "a")),
        (("/data/" + "c/" * 40 + "train",), ("/data/" + "c/" * 40 + "test",), ("…/c/c/c/train", "…/c/c/c/test")),
        (("a" * 60 + "/end/of/it",), ("b" * 60 + "/end/of/it",), ("a" * 60 + "/end/of/…", "b" * 60 + "/end/of/…")),
        ((list(range(30)),), ([*range(29), 7],), ("…27, 28, 29]", "…27, 28, 7]")),
        (("x" * 50,), ("x" * 60,), ("…" + "x" * 8, "…" + "x" * 18)),
    ],
)
def test_how_values_are_read(a: tuple[object, ...], b: tuple[object, ...], shown: tuple[str, str]) -> None:
    assert texts(a, b) == shown


def test_settings_that_differ_and_those_that_are_equal() -> None:
    a = run("a", 0.88, {"only.a": 1, "optimizer.lr": 0.001})
    b = run("b", 0.91, {"optimizer.lr": 0.01, "seed": 3, "only.b": None})
    found = between([a, b], "a", "b")
    assert [(one.key, one.before, one.after, one.is_seed) for one, _told in found.settings] == [
        ("optimizer.lr", (0.001,), (0.01,), False),
        ("only.a", (1,), (Missing(),), False),
        ("only.b", (Missing(),), (None,), False),
        ("seed", (0,), (3,), True),
    ]
    assert found.equal == 2


def test_groups_differ_where_their_sets_of_values_do() -> None:
    runs = [
        run(f"{side}{i}", 0.9, {"optimizer.lr": lr, "layers": i % 2, "seed": i}) for side, lr in (("a", 0.1), ("b", 0.2)) for i in range(4)
    ]
    found = between(runs, "a*", "b*")
    assert [(one.key, one.before, one.after) for one, _told in found.settings] == [("optimizer.lr", (0.1,), (0.2,))]
    assert (found.equal, found.varied, found.is_clean) == (3, 1, False)


def test_runs_without_any_config_and_without_common_keys() -> None:
    found = between([Run("a", "a", run("a").source), run("b", 0.5, {"x": 1})], "a", "b")
    assert {setting.before for setting, _told in found.settings} == {(Missing(),)}
    assert found.equal == 0
    logs = rg.load(DATA / "mlflow-files")
    assert between(logs, "parent", "child").equal == 0


# Results -------------------------------------------------------------------------------------------------


def test_the_result_of_one_run_each() -> None:
    [result] = between([run("a", 0.88), run("b", 0.91)], "a", "b").results
    assert (result.metric, result.goal, result.before.n, result.after.n) == ("val/acc", "max", 1, 1)
    assert result.difference.value == pytest.approx(0.03)
    assert not result.difference.has_interval
    assert result.is_told is None
    assert result.repeats is None


def test_repeats_of_single_runs_are_found() -> None:
    runs = [
        run(f"{side}{i}", value + i / 1000, {"optimizer.lr": lr, "seed": i})
        for side, lr, value in (("a", 0.1, 0.8), ("b", 0.2, 0.9))
        for i in range(3)
    ]
    [result] = between(runs, "a0", "b0").results
    assert result.repeats is not None
    assert [one.n for one in result.repeats] == [3, 3]
    assert result.is_told is True
    [among_repeats] = between(runs, "a0", "a1").results
    assert among_repeats.repeats is None


def test_the_result_of_groups_has_an_interval() -> None:
    runs = [run(f"{side}{i}", value + i / 10, {"seed": i}) for side, value in (("a", 0.5), ("b", 0.55)) for i in range(3)]
    [result] = between(runs, "a*", "b*").results
    assert (result.before.mean, result.after.mean) == (pytest.approx(0.6), pytest.approx(0.65))
    assert result.difference.low < 0 < result.difference.high
    assert result.is_told is False
    assert result.needed is not None


def test_several_targets_and_those_that_are_none() -> None:
    runs = rg.load(Path(__file__).parents[2] / "examples/digits/wandb")
    found = between(runs, "sweep-07", "sweep-22", "val/acc", "min(val/loss)", "val/acc")
    assert [one.metric for one in found.results] == ["val/acc", "min(val/loss)"]
    with pytest.raises(QueryError, match="did you mean 'val/acc'"):
        between(runs, "sweep-07", "sweep-22", "val_acc")


def test_a_side_without_a_value_has_no_result() -> None:
    [result] = between([run("a"), run("b", 0.9)], "a", "b").results
    assert (result.is_known, result.before.missing, result.after.n) == (False, 1, 1)


# Code, environment, data ---------------------------------------------------------------------------------


def with_files(tmp_path: Path, name: str, files: dict[str, str], **more: Any) -> Run:
    return run(name, 0.9, files=tuple(file(tmp_path, path, text, name) for path, text in files.items()), **more)


def test_code_line_by_line(tmp_path: Path) -> None:
    a = with_files(
        tmp_path, "a", {"diff.patch": "+x\n", "code/train.py": "one\ntwo\n", "code/same.py": "x", "notes.txt": "a"}, git_commit="a" * 40
    )
    b = with_files(
        tmp_path, "b", {"code/train.py": "one\n2\n", "code/same.py": "x", "new.py": "y\n", "notes.txt": "b"}, git_commit="b" * 40
    )
    code = between([a, b], "a", "b").code
    assert [(one.name, one.kind, one.lines) for one in code.texts] == [
        ("diff.patch", "removed", ("+x",)),
        ("code/train.py", "changed", ("@@ -1,2 +1,2 @@", " one", "-two", "+2")),
        ("new.py", "added", ("y",)),
    ]
    assert [(fact.name, fact.before, fact.after) for fact in code.facts] == [("commit", ("a" * 40,), ("b" * 40,))]
    assert (code.equal, code.is_logged, code.differs) == (1, True, True)


def test_a_side_with_several_versions_is_not_compared_line_by_line(tmp_path: Path) -> None:
    runs = [with_files(tmp_path, name, {"train.py": text}) for name, text in (("a0", "x"), ("a1", "y"), ("b0", "x"), ("b1", "x"))]
    code = between(runs, "a*", "b*").code
    assert (code.texts, code.mixed) == ((), ("train.py",))


@pytest.mark.parametrize(
    ("before", "after", "unexplained"),
    [
        ("train.py --lr 0.001", "train.py --lr 0.010", False),
        ("train.py --optimizer.lr=1e-3", "train.py --optimizer.lr=0.01", False),
        ("train.py", "train.py --lr=0.01", False),
        ("train.py --lr 0.001", "train.py --lr 0.01 --fp16", True),
        ("train.py --data a", "train.py --data b", True),
        ("train.py", "train.py", False),
    ],
)
def test_arguments_that_say_what_the_config_says_are_no_other_change(before: str, after: str, unexplained: bool) -> None:
    found = between([run("a", 0.8, command=before), run("b", 0.9, {"optimizer.lr": 0.01}, command=after)], "a", "b")
    assert found.code.unexplained is unexplained
    assert found.is_clean is not unexplained


def test_a_password_in_a_remote_is_left_out() -> None:
    runs = [run(name, git_commit=name * 8, git_remote=f"https://kim:{name}secret@github.com/k/d.git") for name in "ab"]
    code = between(runs, "a", "b").code
    assert code.commits == (("aaaaaaaa", "https://github.com/k/d.git"), ("bbbbbbbb", "https://github.com/k/d.git"))
    assert [fact.name for fact in code.facts] == ["commit"]


def test_packages_as_pip_lists_them() -> None:
    lines = [
        "numpy==2.1.0", "Scikit_Learn == 1.5 ; python_version > '3'", "# a comment", "", "torch @ https://host/torch.whl", "-e git+https://h/x@1#egg=My.Own",
        "--index-url https://host", "bare", "jax[cuda]==0.4 # pinned",
    ]  # fmt: skip
    assert packages(lines) == {
        "numpy": "2.1.0", "scikit-learn": "1.5", "torch": "https://host/torch.whl", "my-own": "git+https://h/x@1#egg=My.Own", "bare": "",
        "jax": "0.4",
    }  # fmt: skip


def test_the_environment(tmp_path: Path) -> None:
    machine = {"python": "3.11.7", "memory": 25276502016, "sweep": "x"}
    a = with_files(tmp_path, "a", {"requirements.txt": "numpy==1.0\nold==1\nsame==1\n"}, environment=machine, host="box")
    b = with_files(
        tmp_path,
        "b",
        {"requirements.txt": "numpy==2.0\nnew==3\nsame==1\n"},
        environment={**machine, "python": "3.12.1", "sweep": "y"},
        host="box",
    )
    found = between([a, b], "a", "b").environment
    assert [(one.name, one.before, one.after) for one in found.facts] == [("python", ("3.11.7",), ("3.12.1",))]
    assert [(one.name, one.before, one.after) for one in found.packages] == [
        ("new", (), ("3",)),
        ("numpy", ("1.0",), ("2.0",)),
        ("old", ("1",), ()),
    ]
    assert (found.equal, found.with_packages) == (3, (True, True))
    without = between([a, run("c", 0.9)], "a", "c").environment
    assert (without.packages, without.with_packages) == ((), (True, False))


def test_packages_of_a_sacred_log() -> None:
    found = between(rg.load(DATA / "sacred"), "digits-1", "digits-2").environment
    assert (found.facts, found.packages, found.with_packages) == ((), (), (True, True))


def test_versions_of_the_data() -> None:
    found = between(offline_runs(), "train-1", "train-2").data
    [change] = found.changed
    assert (change.name, change.type, change.kind) == ("digits", "dataset", "changed")
    assert [[version.name for version in side] for side in (change.before, change.after)] == [["v0"], ["v1"]]
    assert change.changes is not None
    assert [(one.path, one.kind) for one in change.changes.files] == [
        ("labels.csv", "removed"),
        ("more.csv", "added"),
        ("train.npz", "changed"),
    ]
    same_data = between(offline_runs(), "train-0", "train-1").data
    assert (same_data.changed, same_data.equal, same_data.with_data) == ((), 1, (True, True))
    added = between(offline_runs(), "test", "train-2").data
    assert [(one.name, one.kind) for one in added.changed] == [("digits", "added"), ("cnn", "removed")]


# What all runs say ---------------------------------------------------------------------------------------


def test_what_all_runs_say_of_each_setting() -> None:
    search = searched()
    a = run("a", 0.75, {"optimizer.lr": 0.001, "layers": 3})
    b = run("b", 0.91, {"optimizer.lr": 0.01, "optimizer.name": "adam", "layers": 5, "seed": 1})
    found = between([*search, a, b], "a", "b")
    assert [(one.key, told.verdict if told else None) for one, told in found.settings] == [
        ("optimizer.lr", "clear"), ("optimizer.name", "noise"), ("layers", "alone"), ("seed", None),
    ]  # fmt: skip
    rate = found.settings[0][1]
    assert rate is not None
    assert rate.before is not None
    assert rate.after is not None
    assert 0.8 < rate.share.low < rate.share.value < rate.share.high <= 1
    # The curve is 0.9 - 0.15 (log10 rate + 2)²: 0.75 at 0.001 and 0.9 at 0.01.
    assert (rate.before.mean, rate.after.mean) == (pytest.approx(0.75, abs=0.02), pytest.approx(0.9, abs=0.02))
    assert rate.before.low < rate.before.mean < rate.before.high
    optimizer = found.settings[1][1]
    assert optimizer is not None
    assert optimizer.before is not None
    assert optimizer.after is not None
    assert optimizer.before.mean == pytest.approx(optimizer.after.mean, abs=0.02)


def test_few_runs_say_nothing() -> None:
    found = between(
        [run("a", 0.8), run("b", 0.9, {"layers": 4}), *(run(f"c{i}", 0.7 + i / 100, {"layers": i}) for i in range(5))], "a", "b"
    )
    assert [told.verdict for _setting, told in found.settings if told] == ["few"]


def test_twins_are_named() -> None:
    search = [run(f"t{i}", 0.5 + i / 100, {"a.lr": i, "log_lr": 2 * i}) for i in range(12)]
    found = between(search, "t0", "t5")
    said = {one.key: (told.verdict, told.reason) for one, told in found.settings if told}
    assert said["log_lr"] == ("ignored", "says the same as a.lr in these runs")


def test_groups_are_asked_for_at_the_means_of_their_curves() -> None:
    found = between(searched(), "config.optimizer.lr < 0.001", "config.optimizer.lr between 0.005 and 0.02")
    setting, told = found.settings[0]
    assert setting.key == "optimizer.lr"
    assert told is not None
    assert told.before is not None
    assert told.after is not None
    assert told.before.mean < 0.75 < told.after.mean


# Sides ---------------------------------------------------------------------------------------------------


def test_sides_that_do_not_fit() -> None:
    runs = Runs([run("a", 0.1), run("b", 0.2)])
    for before, after, message in (
        ("a", "all", "the run a is on both sides, of 'a' and of 'all'"),
        ("all", "all", "the run a and 1 more are on both sides"),
        ("c", "b", "no run 'c'"),
        ("a", "val/acc > 3", "no run fits 'val/acc > 3'"),
    ):
        with pytest.raises(QueryError, match=message.replace("/", ".")):
            two_sides(runs, before, after)


def test_runs_of_one_name_are_told_apart_by_their_ids() -> None:
    runs = Runs([run("x", 0.1, id="1"), run("x", 0.2, id="2")])
    assert [side.name for side in two_sides(runs, "1", "2")] == ["x (1)", "x (2)"]
