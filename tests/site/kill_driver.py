"""Kills builds: forks children that build a site with the real code, kills each at a random moment, and looks at the site.

A program of its own, so that nothing but the imports of `build` happened before the forks.

    python kill_driver.py OUT SEED KILLS TARGET-A TARGET-B    (the caches are warm, OUT is a site of A or B)

Prints a line of JSON with what was seen. A kill that comes too late, because the build was quicker than those before, is tried again.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
import time
from pathlib import Path

import reportgen.site.pages.run
import reportgen.site.svg
import reportgen.sources
from reportgen.site.build import build
from reportgen.site.swap import MARKER

TRIES = 4
"""How often a kill may be tried, on the average."""


def start(target: str, out: Path) -> int:
    """A child that builds; its process id."""
    child = os.fork()
    if child == 0:
        try:
            build(target, out=out)
        finally:
            os._exit(0)
    return child


def is_whole(out: Path) -> bool:
    """Whether the folder has exactly the files that its list names, with their contents."""
    listed = {line[66:]: line[:64] for line in (out / MARKER).read_text().splitlines()[1:]}
    found = {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()} - {MARKER}
    return found == set(listed) and all(hashlib.sha256((out / name).read_bytes()).hexdigest() == listed[name] for name in listed)


def wait_for(child: int, event: str, out: Path, seconds: float, missing: list[str]) -> None:
    """Waits for a moment of the build, always watching whether a reader would find the site."""
    index, before = out / "index.html", (out / "index.html").stat().st_ino
    end = time.monotonic() + seconds
    while time.monotonic() < end and os.waitpid(child, os.WNOHANG)[0] == 0:
        try:
            changed = index.stat().st_ino != before
        except FileNotFoundError:
            missing.append(event)
            return
        written = any((folder / MARKER).exists() for folder in out.parent.glob(f".{out.name}.reportgen-*"))
        if (event == "before the swap" and written) or (event == "after the swap" and changed):
            time.sleep(random.random() * 0.002)
            return


def main() -> None:
    out, kills, targets = Path(sys.argv[1]), int(sys.argv[3]), sys.argv[4:]
    random.seed(int(sys.argv[2]))
    good = {}
    for target in targets:
        began = time.monotonic()
        os.waitpid(start(target, out), 0)
        duration = time.monotonic() - began
        good[(out / MARKER).read_text()] = target
    seen: dict[str, list[str]] = {"broken": [], "missing": [], "left": []}
    kinds: dict[str, list[int]] = {}  # Moment → kills, and how many of them came after the swap.
    standing: str | None = targets[-1]
    done = 0
    for _ in range(TRIES * kills):
        if done == kills:
            break
        new = next(target for target in targets if target != standing)
        child = start(new, out)
        event = ("any", "before the swap", "after the swap")[done % 3]
        limit = random.random() * duration if event == "any" else 10 * duration
        wait_for(child, event, out, limit, seen["missing"])
        try:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        except (ProcessLookupError, ChildProcessError):  # The build was done before.
            event = "too late"
        done += event != "too late"
        counts = kinds.setdefault(event, [0, 0])
        standing = good.get((out / MARKER).read_text()) if (out / MARKER).exists() else None
        if standing is None or not is_whole(out):
            seen["broken"].append(event)
        counts[0] += 1
        counts[1] += standing == new
    os.waitpid(start(targets[0], out), 0)
    seen["left"] = sorted(os.listdir(out.parent))
    print(json.dumps({**seen, "kinds": kinds, "sites": len(good), "seconds": round(duration, 2)}))


if __name__ == "__main__":
    assert reportgen.site.pages.run
    assert reportgen.site.svg
    assert reportgen.sources
    main()
