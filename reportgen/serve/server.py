"""From a command to a running server, and to its end: the port, the threads, the signals."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from reportgen.errors import ReportgenError
from reportgen.parallel import Workers, using, workers
from reportgen.serve.request import Request

_HOST = "127.0.0.1"
_TRIES = 100
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class PortError(ReportgenError):
    """No port to listen at."""


def serve(request: Request, *, port: int, open_browser: bool, say: Callable[[str], None]) -> None:
    """Serves the site until the process is told to end (Ctrl-C). Called in the main thread.

    Args:
        port: Where to listen; the next free one where it is in use; 0 for any.
        open_browser: Whether to show the site.
        say: Takes lines for the terminal.

    Raises:
        PortError: There is no free port.
    """
    listening, number = listen(port)
    if number != port and port:
        say(f"port {port} is in use")
    address = f"http://{_HOST}:{number}/"
    say(f"{address}  (Ctrl-C ends it)")
    # Before any thread or worker begins: these inherit the mask, so that Ctrl-C reaches nobody but the line that waits for it.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    # Seconds of imports come after the address is said: who opens it at once is answered when they are done.
    import uvicorn

    from reportgen.serve.app import application
    from reportgen.serve.hub import Hub
    from reportgen.serve.published import Published
    from reportgen.serve.session import Session

    folder = Path(tempfile.mkdtemp(prefix="reportgen-serve-"))
    published = Published(folder)
    try:
        hub = Hub(published)
        quiet: dict[str, Any] = {"log_config": None, "access_log": False, "server_header": False}
        server = uvicorn.Server(uvicorn.Config(application(published, hub, number), lifespan="off", timeout_graceful_shutdown=1, **quiet))
        answering = threading.Thread(target=server.run, args=([listening],), name="reportgen-server", daemon=True)
        answering.start()
        session = Session(request, published, hub, say)
        building = threading.Thread(target=_in(workers(), session.run), name="reportgen-build", daemon=True)
        building.start()
        if open_browser:
            threading.Thread(target=_show, args=(address,), daemon=True).start()
        signal.sigwait(_SIGNALS)
        session.stop()
        hub.close()
        server.should_exit = True
        answering.join(3)
        building.join(2)
    finally:
        published.close()
        shutil.rmtree(folder, ignore_errors=True)
    if building.is_alive():
        # A build that takes long is not waited for: it has nowhere to write to, and its workers end with this process.
        sys.stdout.flush()
        os._exit(0)


def listen(port: int) -> tuple[socket.socket, int]:
    """A socket at a port of this machine, or at the next free one.

    Raises:
        PortError: There is none.
    """
    for number in range(port, min(port + _TRIES, 65_536)):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((_HOST, number))
            one.listen(128)
        except OSError as error:
            one.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise PortError(f"cannot listen at port {number}: {error.strerror}") from None
            continue
        return one, int(one.getsockname()[1])
    raise PortError(f"no free port from {port} on; give another one with --port")


def _in(chosen: Workers, work: Callable[[], None]) -> Callable[[], None]:
    """The work, to be done in a thread by the same workers as here."""

    def done() -> None:
        with using(chosen):
            work()

    return done


def _show(address: str) -> None:
    # The browser must not inherit the mask: it would be deaf to Ctrl-C for good.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
    with suppress(webbrowser.Error, OSError):
        webbrowser.open(address)
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
