"""How much faster many small files are copied from another machine side by side than one by one.

    python tests/bench/remote_copy.py [--files 300] [--latency 20]

A web server on loopback answers after so many milliseconds, as one far away does. Both ways are measured by turns.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from reportgen.sources.remote.copying import copy
from reportgen.sources.remote.files import Files

TURNS = 3


class Slow(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    latency = 0.02

    def do_GET(self) -> None:
        time.sleep(self.latency)
        super().do_GET()

    def log_message(self, *arguments: object) -> None:
        pass


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--latency", type=float, default=20.0, help="milliseconds")
    asked = parser.parse_args()
    Slow.latency = asked.latency / 1000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "there"
        folder.mkdir()
        for i in range(asked.files):
            (folder / f"{i:04}.json").write_text("{}" * 500)
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Slow, directory=str(folder)))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        seconds: dict[int, list[float]] = {1: [], 16: []}
        place = Files(f"http://127.0.0.1:{server.server_port}/")
        files = place.files()
        for turn in range(TURNS):
            for threads, taken in seconds.items():
                place.threads = threads
                began = time.perf_counter()
                copy(place, files, Path(temporary) / f"{turn}-{threads}" / "here")
                taken.append(time.perf_counter() - began)
        server.shutdown()
    alone, beside = (min(taken) for taken in seconds.values())
    print(f"{asked.files} files, {asked.latency:g} ms away: alone {alone:.2f} s, 16 at once {beside:.2f} s, ratio {alone / beside:.1f}")


if __name__ == "__main__":
    main()
