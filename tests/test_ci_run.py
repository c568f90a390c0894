"""`.ci/run` says with its status and its last line how the tests went, whether they pass or fail."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "run"
PASSED = "============ 3 passed in 0.01s ============"
FAILED = "====== 1 failed, 2 passed in 0.01s ======"


@pytest.mark.parametrize(
    ("recipe", "status", "last"),
    [
        (f"@echo '{PASSED}'", 0, PASSED),
        (f"@echo '{FAILED}'; echo 'after it'; exit 1", 2, FAILED),
        ("@echo 'ruff found something' >&2; exit 1", 2, "make: *** [Makefile:2: test] Error 1"),
    ],
)
def test_the_last_line_and_the_status_are_those_of_the_tests(tmp_path: Path, recipe: str, status: int, last: str) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy2(SCRIPT, tmp_path / ".ci" / "run")
    (tmp_path / "Makefile").write_text(f"test:\n\t{recipe}\n")
    environment = {"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path), "LC_ALL": "C"}
    done = subprocess.run([tmp_path / ".ci" / "run"], capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (status, "")
    assert done.stdout.splitlines()[-1] == last
    assert sorted(path.name for path in tmp_path.iterdir()) == [".ci", "Makefile"]
