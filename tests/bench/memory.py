"""Peak memory of reading a log, measured in a process of its own. Shared by the benchmarks of readers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import re, sys
import reportgen as rg

def peak():
    # Not `ru_maxrss`, which a process inherits from the one that started it.
    return int(re.search(r"VmHWM:\\s*(\\d+) kB", open("/proc/self/status").read())[1]) * 1024

rg.load(sys.argv[1], cache=False)
before = peak()
runs = rg.load(sys.argv[2], cache=False)
points = sum(len(series) for run in runs for series in run.history.values())
print((peak() - before) / points)
"""


def bytes_per_point(path: Path, small: Path) -> float:
    """How much the peak of memory grows per point read, in bytes.

    Args:
        path: The log.
        small: A log of the same format, read before, so that imports do not count.
    """
    done = subprocess.run([sys.executable, "-c", _SCRIPT, str(small), str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)
