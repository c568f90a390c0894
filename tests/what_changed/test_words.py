"""What changed in words, sentence by sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from artifact_runs import offline_runs
from what_changed.compared_runs import file, run, searched
from what_changed.test_what_changed import between

import reportgen as rg
from reportgen.analysis.what_changed.words import answer, caveat, not_logged, predicted_text, signs, told_text
from reportgen.model import Run, Runs
from reportgen.words import using_language

EXAMPLES = Path(__file__).parents[2] / "examples"


def repeated(*values: float) -> list[Run]:
    """Three seeds of each of two learning rates."""
    return [
        run(f"{side}{i}", value + i / 100, {"optimizer.lr": lr, "seed": i})
        for side, lr, value in zip("ab", (0.1, 0.2), values, strict=True)
        for i in range(3)
    ]  # fmt: skip


CASES: dict[str, tuple[list[Run], str, str, list[str]]] = {
    "two seeds": (
        [run("a", 0.88), run("b", 0.91, {"seed": 1})], "a", "b",
        [
            "b reached 0.91 in val/acc, a reached 0.88: a difference of +0.03 (one run each).",
            "How much of that is chance, one run each cannot tell.",
            "Of all that both sides logged, only the seed differs: how far the results lie apart is what chance does.",
        ],
    ),
    "one setting": (
        [run("a", 0.88), run("b", 0.91, {"optimizer.lr": 0.01})], "a", "b",
        [
            "b reached 0.91 in val/acc, a reached 0.88: a difference of +0.03 (one run each).",
            "How much of that is chance, one run each cannot tell.",
            "Of all that both sides logged, only optimizer.lr differs: a clean comparison of this one setting.",
        ],
    ),
    "one setting besides the seed, with repeats": (
        repeated(0.8, 0.9), "a0", "b1",
        [
            "b1 reached 0.91 in val/acc, a0 reached 0.80: a difference of +0.11 (one run each).",
            "With their repeats, which differ in the seed only, it is 0.91 ± 0.01 (3 runs) against 0.81 ± 0.01 (3 runs).",
            "That is more than the spread of the runs explains (Welch’s t test, 5 %).",
            "Of all that both sides logged, only optimizer.lr differs, besides the seed: a clean comparison of this one setting.",
        ],
    ),
    "groups that cannot be told apart": (
        repeated(0.9, 0.905), "a*", "b*",
        [
            "In val/acc, b* has a mean of 0.915 ± 0.010 (3 runs), a* one of 0.910 ± 0.010 (3 runs): a difference of +0.005 "
            "(−0.018 to +0.028).",
            "That is no more than the spread of the runs explains (Welch’s t test, 5 %).",
            "To show a difference of this size, each side would need some 64 runs.",
            "Of all that both sides logged, only optimizer.lr differs: a clean comparison of this one setting.",
        ],
    ),
    "a group against one run": (
        repeated(0.8, 0.9), "a*", "b0",
        [
            "In val/acc, b0 has a mean of 0.90 (1 run), a* one of 0.81 ± 0.01 (3 runs): a difference of +0.09.",
            "Whether that is more than chance cannot be told: it takes at least two runs on each side.",
            "Of all that both sides logged, only optimizer.lr differs, besides the seed: a clean comparison of this one setting.",
        ],
    ),
    "nothing": (
        [run("a", 0.9), run("b", 0.9)], "a", "b",
        ["b and a both reached 0.9 in val/acc (one run each).", "Nothing that both sides logged differs."],
    ),
    "no metric": (
        [run("a"), run("b", None, {"layers": 5, "optimizer.name": "adam"})], "a", "b", ["Between them 2 settings changed."],
    ),
    "a run that failed without a value": (
        [run("a", 0.9), run("b", None, {"layers": 5}, state="crashed")], "a", "b",
        [
            "b has no finite value of val/acc.", "b did not come to its end.",
            "Of all that both sides logged, only layers differs: a clean comparison of this one setting.",
        ],
    ),
    "machines and scripts": (
        [
            run("a", 0.9, host="x", command="train.py", git_commit="a" * 40, environment={"gpu": "T4"}),
            run("b", 0.9, host="y", command="fit.py --fast", git_commit="b" * 40, environment={"gpu": "A100"}),
        ], "a", "b",
        [
            "b and a both reached 0.9 in val/acc (one run each).",
            "Between them the commit, the script and 2 facts of the environment changed.",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_answer(name: str) -> None:
    runs, before, after, expected = CASES[name]
    assert answer(between(runs, before, after)) == expected


def test_what_matters_by_all_runs() -> None:
    a, b = run("a", 0.75), run("b", 0.91, {"optimizer.lr": 0.01, "optimizer.name": "adam"})
    found = between([*searched(), a, b], "a", "b")
    told = found.settings[0][1]
    assert told is not None
    share, step = told_text(told), predicted_text(told, found.results[0].format)
    assert answer(found) == [
        "b reached 0.91 in val/acc, a reached 0.75: a difference of +0.16 (one run each).",
        "How much of that is chance, one run each cannot tell.",
        "Between them 2 settings changed.",
        f"Over all 42 runs, optimizer.lr matters most of what changed: it explains {share} of the variance of val/acc.",
        f"For this step its curve goes {step}.",
    ]
    assert "over 42 runs (Sobol index)" in caveat(found)
    assert "no proof" in caveat(found)


def test_changes_that_no_other_run_varies_and_those_within_the_noise() -> None:
    alone = between([*searched(), run("a", 0.75), run("b", 0.9, {"layers": 5, "new": 1})], "a", "b")
    assert answer(alone)[-1] == "No other run varies these settings, so no run tells how much they matter."
    noise = between([*searched(), run("a", 0.75), run("b", 0.76, {"layers": 5, "optimizer.name": "adam"})], "a", "b")
    assert answer(noise)[-1] == "Over all 42 runs, no setting that changed can be told from noise in val/acc."


def test_data_and_code_are_counted(tmp_path: Path) -> None:
    runs = offline_runs()
    assert answer(between(runs, "train-1", "train-2"))[-1] == "Between them the version of digits changed."
    commit = {"git_commit": "1" * 40}
    patched = run("b", 0.9, files=(file(tmp_path, "diff.patch", "+x", "b"), file(tmp_path, "requirements.txt", "numpy==2", "b")), **commit)
    whole = run("a", 0.9, files=(file(tmp_path, "requirements.txt", "numpy==1", "a"),), command="train.py --x", **commit)
    assert answer(between([whole, patched], "a", "b"))[-1] == "Between them 1 file of code and 1 package changed."


def test_what_one_side_did_not_log_is_no_change(tmp_path: Path) -> None:
    logged = run("a", 0.9, git_commit="1" * 40, command="train.py", host="x", environment={"gpu": "T4"},
                 files=(file(tmp_path, "train.py", "x", "a"), file(tmp_path, "requirements.txt", "numpy==1", "a")))  # fmt: skip
    found = between([logged, run("b", 0.9)], "a", "b")
    assert answer(found)[-1] == "Nothing that both sides logged differs."
    assert [fact.name for fact in found.code.facts] == ["commit", "script", "command"]
    assert not_logged(found) == "Not logged by both sides: code, packages, datasets."
    offline = offline_runs()
    without = between([*offline, run("alone", 0.9)], "train-1", "alone")
    assert [one.kind for one in without.data.changed] == ["removed"]
    assert "artifact" not in answer(without)[-1]


def test_what_the_signs_mean() -> None:
    said = "±: the standard deviation of the runs. In brackets behind a difference: its 95 % interval."
    assert signs(between(repeated(0.9, 0.905), "a*", "b*")) == said
    assert signs(between([run("a", 0.8), run("b", 0.9)], "a", "b")) == ""


def test_what_the_logs_do_not_hold_is_said() -> None:
    three = rg.load(EXAMPLES / "three-runs/wandb")
    assert not_logged(between(three, "cnn-8ch-lr0.001", "cnn-16ch-lr0.001")) == "Not logged by both sides: code, packages."


def test_korean() -> None:
    with using_language("ko"):
        said = answer(between(Runs(repeated(0.8, 0.9)), "a0", "b1"))
    assert "b1" in said[0]
    assert not any(word in " ".join(said) for word in ("reached", "differs", "runs"))
