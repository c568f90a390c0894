from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from site_samples import write_report

from reportgen.site.build import build

KILLS = 60
"""The milestone asks for 50."""


def test_a_build_that_is_killed_leaves_the_old_site_or_the_new_one(tmp_path: Path) -> None:
    targets = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        targets.append(str(write_report(tmp_path / name, f"The {name} report")))
        build(targets[-1], out=tmp_path / "sites" / "site")  # Draws what the builds below find in the cache.
    driver = Path(__file__).with_name("kill_driver.py")
    command = [sys.executable, str(driver), str(tmp_path / "sites" / "site"), "7", str(KILLS), *targets]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1500)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["sites"] == 2
    assert (seen["broken"], seen["missing"]) == ([], [])
    assert seen["left"] == ["site"]
    kills = {kind: counts for kind, counts in seen["kinds"].items() if kind != "too late"}
    assert sum(count for count, _ in kills.values()) >= 50, seen["kinds"]
    new = sum(count for _, count in kills.values())
    assert 0 < new < sum(count for count, _ in kills.values()), "all kills came on one side of the swap"
