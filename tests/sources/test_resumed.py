"""A run that was resumed has several logs; they come back as the run that they are, and what was done is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources import wandb_log_writer as log

import reportgen as rg
from reportgen.model import Run


def part(folder: Path, minute: int, steps: range, *more: object, clock: int | None = None, code: int = 0) -> None:
    """One job of the run: `loss` is minute + step, so that every value tells where it comes from."""
    start = log.run({"lr": 0.1, "part": minute})
    start.run.start_time.seconds = log.START + 60 * minute
    rows = [log.history(i, {"loss": 1000 * minute + i, **({} if clock is None else {"epoch": clock + n})}) for n, i in enumerate(steps)]
    log.write(folder / f"offline-run-{minute}-abc", start, *rows, log.update("summary", {"loss": minute}), *more, log.finish(code))  # type: ignore[arg-type]


def loaded(folder: Path) -> list[Run]:
    return list(rg.load(folder))


def steps_and_values(run: Run) -> dict[int, float]:
    return dict(zip(run.history["loss"].step.tolist(), run.history["loss"].value.tolist(), strict=True))


def test_steps_that_go_on_are_appended(tmp_path: Path) -> None:
    part(tmp_path, 1, range(3), log.output("first\n"), code=1)
    part(tmp_path, 2, range(3, 5), log.output("second\n"))
    (run,) = loaded(tmp_path)
    assert steps_and_values(run) == {0: 1000, 1: 1001, 2: 1002, 3: 2003, 4: 2004}
    assert (run.state, run.config["part"], run.summary["loss"]) == ("finished", 2, 2)
    assert [line.text.strip() for line in run.console] == ["first", "second"]
    assert [warning.text for warning in run.warnings] == ["This run was resumed: offline-run-1-abc and offline-run-2-abc are joined."]


def test_a_checkpoint_replaces_what_came_behind_it(tmp_path: Path) -> None:
    part(tmp_path, 1, range(10))
    part(tmp_path, 2, range(6, 8))
    part(tmp_path, 3, range(7, 9))
    (run,) = loaded(tmp_path)
    assert steps_and_values(run) == {**{i: 1000 + i for i in range(6)}, 6: 2006, 7: 3007, 8: 3008}
    assert "begins at step 6 again, and 4 values" in run.warnings[0].text
    assert "begins at step 7 again, and 1 value that" in run.warnings[1].text


def test_an_offline_resume_counts_from_zero_while_the_epoch_goes_on(tmp_path: Path) -> None:
    part(tmp_path, 1, range(3), clock=0)
    part(tmp_path, 2, range(3), clock=3)
    (run,) = loaded(tmp_path)
    assert steps_and_values(run) == {0: 1000, 1: 1001, 2: 1002, 3: 2000, 4: 2001, 5: 2002}
    assert "counts from 0 again while epoch goes on: its steps are shifted by 3" in run.warnings[0].text


@pytest.mark.parametrize("clock", [None, 0])
def test_what_begins_anew_stays_a_run_of_its_own(tmp_path: Path, clock: int | None) -> None:
    part(tmp_path, 1, range(3), clock=clock)
    part(tmp_path, 2, range(3), clock=clock)
    first, second = loaded(tmp_path)
    assert (first.id, second.id) == ("abc12345", "abc12345-2")
    assert not first.warnings
    assert "shown as two runs" in second.warnings[0].text


def test_a_part_that_logged_nothing(tmp_path: Path) -> None:
    part(tmp_path, 1, range(3), code=1)
    part(tmp_path, 2, range(0), code=1)
    (run,) = loaded(tmp_path)
    assert steps_and_values(run) == {0: 1000, 1: 1001, 2: 1002}
    assert run.state == "failed"


def test_system_metrics_count_on(tmp_path: Path) -> None:
    stats = log.pb.Record()
    stats.stats.item.add(key="cpu", value_json="5")
    part(tmp_path, 1, range(2), stats)
    part(tmp_path, 2, range(2, 4), stats)
    (run,) = loaded(tmp_path)
    assert run.system["cpu"].step.tolist() == [0, 1]
