"""Which runs are repeats of each other."""

from __future__ import annotations

from table_runs import run

from reportgen.analysis.repeats import is_seed, repeats, seed_of


def test_seeds_make_repeats_and_nothing_else_does() -> None:
    runs = [
        run("a0", {"lr": 0.1, "seed": 0}),
        run("a1", {"lr": 0.1, "seed": 1}),
        run("a2", {"lr": 0.1, "seed": 2}, state="crashed"),
        run("b0", {"lr": 0.2, "seed": 0}),
        run("empty0"),
        run("empty1"),
    ]
    found = {name: tuple(one.name for one in family) for name, family in repeats(runs).items()}
    alone = {name: (name,) for name in ("a2", "b0", "empty0", "empty1")}
    assert found == {"a0": ("a0", "a1"), "a1": ("a0", "a1"), **alone}


def test_names_of_seeds() -> None:
    keys = ["seed", "trainer.random_seed", "data/Seed", "seedling", "lr"]
    assert [is_seed(key) for key in keys] == [True, True, True, False, False]


def test_the_seed_of_a_run() -> None:
    first, second = run("a", {"lr": 0.1, "seed": 1}), run("b", {"lr": 0.2, "seed": 1})
    assert seed_of(first) == seed_of(second)
    assert seed_of(first) != seed_of(run("c", {"seed": 2}))
    assert seed_of(run("d", {"lr": 0.1})) is None
