"""A `reportgen serve` in a process of its own, as a terminal starts it."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PATIENCE = 120
"""Seconds after which something that was waited for is said not to come."""


def until(holds: Callable[[], Any], what: str = "") -> Any:
    """Waits until something holds, and gives it."""
    end = time.monotonic() + PATIENCE
    while not (found := holds()):
        assert time.monotonic() < end, f"waited in vain: {what}"
        time.sleep(0.02)
    return found


@dataclass
class Serving:
    """A server that runs.

    Attributes:
        lines: What it has written to its terminal.
        temporary: The folder in which it has its own.
    """

    process: subprocess.Popen[str]
    temporary: Path
    lines: list[str] = field(default_factory=list)
    address: str = ""

    def get(self, path: str = "", **headers: str) -> tuple[int, str]:
        """Status and text of an answer."""
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def has(self, text: str, path: str = "") -> bool:
        """Whether a page says something now."""
        return text in self.get(path)[1]

    def said(self, text: str) -> bool:
        """Whether a line of the terminal has this text."""
        return any(text in line for line in self.lines)

    def stop(self) -> int:
        """Ctrl-C, which a terminal sends to all processes of a command."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(*arguments: str | Path, folder: Path, temporary: Path, port: int = 0) -> Iterator[Serving]:
    """Starts a server and ends it at last."""
    temporary.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "reportgen", "serve", *map(str, arguments), "--port", str(port)]
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    found = Serving(process, temporary)
    addresses: queue.Queue[str] = queue.Queue()

    def read() -> None:
        assert process.stdout
        for line in process.stdout:
            found.lines.append(line.rstrip("\n"))
            if address := re.match(r"http://127\.0\.0\.1:\d+/", line):
                addresses.put(address[0])

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        until(lambda: not addresses.empty() or process.poll() is not None, "the address")
        assert not addresses.empty(), found.lines
        found.address = addresses.get()
        yield found
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        reader.join(PATIENCE)
        assert process.stdout
        process.stdout.close()
