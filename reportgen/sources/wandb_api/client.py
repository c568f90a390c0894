"""Requests to a W&B server, which may be away or want to be asked more slowly."""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from reportgen.errors import SourceError
from reportgen.sources.wandb_api.key import key_for, key_page, server

_BUSY = frozenset({408, 425, 500, 502, 503, 504})
_PATIENCE = 180.0
"""Seconds without any answer after which a server is given up (`REPORTGEN_SERVER_PATIENCE`)."""
_KEPT = "what was fetched is kept, and the next build goes on from there"


class Client:
    """Asks a W&B server by its GraphQL API.

    The key goes into the head of requests to this server and nowhere else: redirects are not followed, and files that lie on other
    hosts are fetched without it. It may be used by several threads.
    """

    def __init__(self, patience: float | None = None) -> None:
        try:
            import httpx
        except ImportError:
            raise SourceError("runs on a W&B server need httpx", hint="pip install 'reportgen[wandb]'") from None
        self.address = server()
        self._httpx = httpx
        self._key = httpx.BasicAuth("api", key_for(self.address))
        self._patience = patience if patience is not None else float(os.environ.get("REPORTGEN_SERVER_PATIENCE") or _PATIENCE)
        self._pace = _Pace()
        timeout = httpx.Timeout(60.0, connect=10.0)
        self._http = httpx.Client(headers={"User-Agent": "reportgen"}, timeout=timeout, follow_redirects=False)

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The data that a query gives.

        Raises:
            Refused: The server understood the query and said no.
            SourceError: The server does not come back, does not take the key, or answers something else than GraphQL does.
        """
        body = {"query": query, "variables": dict(variables)}
        response = self._sent("POST", f"{self.address}/graphql", body)
        if response.status_code == 401:
            hint = f"set WANDB_API_KEY to the one that {key_page(self.address)} shows"
            raise SourceError(f"'{self.address}' does not accept the W&B key", hint=hint)
        try:
            answer = response.json()
        except ValueError:
            answer = None
        data = answer.get("data") if isinstance(answer, dict) else None
        if response.is_error or (not isinstance(data, dict) and _messages(answer)):
            said = _messages(answer) or f"status {response.status_code}"
            raise Refused(f"'{self.address}' refuses a request: {said}")
        if not response.is_success or not isinstance(data, dict):
            raise SourceError(f"'{self.address}' does not answer as a W&B server does (status {response.status_code})")
        return data

    def pages(self, query: str, variables: Mapping[str, Any], way: tuple[str, ...], size: int) -> Iterator[dict[str, Any]]:
        """The nodes of an answer that comes in pages of `size`; `way` leads through the data to what has the `edges`.

        Raises:
            Missing: Something on the way is not there.
        """
        cursor: str | None = None
        seen: set[str | None] = set()
        while cursor not in seen:
            seen.add(cursor)
            connection = found(self.ask(query, {**variables, "cursor": cursor, "perPage": size}), way)
            edges = connection.get("edges")
            listed = [edge for edge in (edges if isinstance(edges, list) else []) if isinstance(edge, dict)]
            yield from (edge["node"] for edge in listed if isinstance(edge.get("node"), dict))
            about = connection.get("pageInfo")
            if not isinstance(about, dict) or not about.get("hasNextPage") or not listed:
                return
            cursor = about.get("endCursor") or listed[-1].get("cursor")

    def download(self, address: str, target: Path, most: int) -> bool:
        """Writes a file of at most so many bytes; whether it is there whole now. The key is sent to the server itself only.

        Raises:
            SourceError: The server does not come back.
        """
        try:
            mine, there = _origin(self.address), _origin(address)
        except ValueError:
            return False
        if there != mine and there[0] != "https":
            return False
        response = self._sent("GET", address, None, with_key=there == mine)
        if not response.is_success or len(response.content) > most:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{os.getpid()}.{threading.get_ident()}.part")
        try:
            partial.write_bytes(response.content)
            partial.replace(target)
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)
        return True

    def _sent(self, method: str, address: str, body: Mapping[str, Any] | None, with_key: bool = True) -> Any:
        """The response to a request, which is repeated with growing pauses while the server is away or busy."""
        until, pause = time.monotonic() + self._patience, 0.25
        while True:
            self._pace.wait()
            wanted = 0.0
            try:
                response = self._http.request(method, address, json=body, auth=self._key if with_key else None)
                if response.status_code == 429:
                    said, wanted = "it wants to be asked more slowly", _seconds_to_wait(response) or pause
                elif response.status_code in _BUSY:
                    said = f"it answers {response.status_code}"
                else:
                    self._pace.note(response)
                    return response
            except self._httpx.TransportError as error:
                said = str(error) or type(error).__name__
            except (self._httpx.HTTPError, self._httpx.InvalidURL) as error:
                raise SourceError(f"'{self.address}' cannot be asked: {error}") from None
            if time.monotonic() + max(pause, wanted) > until:
                hint = f"waited {self._patience:.0f} s at most; {_KEPT}"
                if wanted > self._patience:
                    hint = f"for {wanted:.0f} s, which is longer than {self._patience:.0f} s (REPORTGEN_SERVER_PATIENCE); {_KEPT}"
                raise SourceError(f"the W&B server '{self.address}' does not answer ({said})", hint=hint)
            if wanted:
                self._pace.hold(wanted)
            else:
                time.sleep(pause)
            pause = min(pause * 2, 5.0)


class Refused(SourceError):
    """The server understood a request and said no."""


class Missing(SourceError):
    """What was asked for is not there, or is not shown to this user."""


def found(data: Mapping[str, Any], way: tuple[str, ...]) -> dict[str, Any]:
    """The object at the end of a way through an answer.

    Raises:
        Missing: The server has nothing there.
    """
    here: Any = data
    for name in way:
        here = here.get(name) if isinstance(here, dict) else None
    if not isinstance(here, dict):
        raise Missing(f"the W&B server has no {way[-1]}")
    return here


class _Pace:
    """The moment before which no thread may ask again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._moment = 0.0

    def wait(self) -> None:
        with self._lock:
            moment = self._moment
        if (pause := moment - time.monotonic()) > 0:
            time.sleep(pause)

    def hold(self, seconds: float) -> None:
        with self._lock:
            self._moment = max(self._moment, time.monotonic() + seconds)

    def note(self, response: Any) -> None:
        """Slow down before the server says no: W&B tells with each answer what is left of the quota."""
        left, reset = _number(response.headers.get("RateLimit-Remaining")), _number(response.headers.get("RateLimit-Reset"))
        if left is not None and left <= 0 and reset is not None:
            self.hold(min(reset, 60.0))


def _seconds_to_wait(response: Any) -> float | None:
    """What a refused request says of when to come again, in seconds."""
    for name in ("Retry-After", "RateLimit-Reset"):
        if (seconds := _number(response.headers.get(name))) is not None:
            return seconds
    return None


def _number(text: str | None) -> float | None:
    try:
        number = float(text) if text else None
    except ValueError:
        return None
    return number if number is not None and math.isfinite(number) and number >= 0 else None


def _messages(answer: Any) -> str:
    """What an answer says went wrong, in one line; "" when it says nothing."""
    errors = answer.get("errors", answer.get("error")) if isinstance(answer, dict) else None
    listed = errors if isinstance(errors, list) else [errors]
    texts = [one.get("message") if isinstance(one, dict) else one for one in listed]
    return " ".join("; ".join(str(text) for text in texts if text).split())[:200]


def _origin(address: str) -> tuple[str, str | None, int]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
