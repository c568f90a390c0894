"""Requests to an MLflow tracking server, which may be away for a while."""

from __future__ import annotations

import base64
import os
import re
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from reportgen.errors import SourceError
from reportgen.sources.addresses import without_password

_API = "/api/2.0/mlflow/"
_TRUE = ("true", "1", "yes")
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_PATIENCE = 180.0
"""Seconds without any answer after which a server is given up (`REPORTGEN_SERVER_PATIENCE`)."""


class Client:
    """Asks a server by its REST API.

    The address may be that of a page of its interface (`http://host:5000/#/experiments/3`). User and password come from the address, or as
    `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`, or a token as `MLFLOW_TRACKING_TOKEN`, from the environment. They go into
    the head of requests to this server, and nowhere else.
    """

    def __init__(self, address: str, patience: float | None = None) -> None:
        try:
            import httpx
        except ImportError:
            shown = without_password(address)
            raise SourceError(f"'{shown}' is a server, which needs httpx", hint="pip install 'reportgen[mlflow]'") from None
        self.shown = re.split(r"[?#]", without_password(address))[0].rstrip("/")
        self._httpx = httpx
        self._patience = patience if patience is not None else float(os.environ.get("REPORTGEN_SERVER_PATIENCE") or _PATIENCE)
        user, _, password = re.split(r"[?#]", address)[0].partition("://")[2].rpartition("@")[0].partition(":")
        self._http = httpx.Client(
            headers={"Accept": "application/json", **_authorization(user, password)},
            verify=_verification(),
            timeout=httpx.Timeout(60.0, connect=10.0),
            follow_redirects=True,
        )

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def ask(self, path: str, query: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answer to a GET request, or with a body a POST request.

        Raises:
            SourceError: The server does not come back, refuses the request, or answers something else than JSON.
        """
        response = self._sent("GET" if body is None else "POST", _API + path, query, body)
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise SourceError(f"'{self.shown}' does not answer as an MLflow server does ({path})")
        return answer

    def pages(self, method: str, path: str, name: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The objects of an answer that comes in pages; `query` stands in the address of a GET and in the body of a POST request."""
        token, seen = "", set()
        while True:
            asked = {**query, **({"page_token": token} if token else {})}
            answer = self.ask(path, query=asked) if method == "GET" else self.ask(path, body=asked)
            listed = answer.get(name)
            yield from (one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict))
            seen.add(token)
            token = str(answer.get("next_page_token") or "")
            if not token or token in seen:
                return

    def download(self, path: str, query: Mapping[str, Any], target: Path, most: int) -> bool:
        """Writes a file of at most so many bytes; whether it is there whole now.

        Raises:
            SourceError: The server does not come back.
        """
        try:
            content = self._sent("GET", path, query, None).content
        except Refused:
            return False
        if len(content) > most:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.{os.getpid()}.part")
        partial.write_bytes(content)
        partial.replace(target)
        return True

    def is_mlflow(self) -> bool | None:
        """Whether the address answers as MLflow does, None when it does not answer now."""
        try:
            for method, path in (("POST", "experiments/search"), ("GET", "experiments/list")):
                body = {"max_results": 1} if method == "POST" else None
                response = self._http.request(method, self.shown + _API + path, json=body, timeout=10.0)
                if response.status_code in _BUSY:
                    return None
                if response.status_code in (401, 403) or _is_list_of_experiments(response):
                    return True
        except self._httpx.TransportError:
            return None
        except (self._httpx.HTTPError, self._httpx.InvalidURL):
            return False
        return False

    def _sent(self, method: str, path: str, query: Mapping[str, Any] | None, body: Mapping[str, Any] | None) -> Any:
        """The response to a request, which is repeated with growing pauses while the server is away or busy."""
        until, pause, said = time.monotonic() + self._patience, 0.25, ""
        while True:
            try:
                response = self._http.request(method, self.shown + path, params=query, json=body)
                if response.status_code not in _BUSY:
                    break
                said = f"it answers {response.status_code}"
            except self._httpx.TransportError as error:
                said = str(error) or type(error).__name__
            except (self._httpx.HTTPError, self._httpx.InvalidURL) as error:
                raise SourceError(f"'{self.shown}' cannot be asked: {error}") from None
            if time.monotonic() + pause > until:
                raise SourceError(
                    f"the MLflow server '{self.shown}' does not answer ({said})", hint=f"waited {self._patience:.0f} s; is it running?"
                )
            time.sleep(pause)
            pause = min(pause * 2, 5.0)
        if response.status_code in (401, 403):
            hint = "set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
            raise SourceError(f"'{self.shown}' refuses access ({response.status_code})", hint=hint)
        if response.is_error:
            raise Refused(f"'{self.shown}' refuses a request ({response.status_code} for {path}): {_message(response)}")
        return response


class Refused(SourceError):
    """The server understood a request and said no."""


def _authorization(user: str, password: str) -> dict[str, str]:
    user = unquote(user) or os.environ.get("MLFLOW_TRACKING_USERNAME", "")
    password = unquote(password) or os.environ.get("MLFLOW_TRACKING_PASSWORD", "")
    token = os.environ.get("MLFLOW_TRACKING_TOKEN", "")
    if user:
        return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
    return {"Authorization": f"Bearer {token}"} if token else {}


def _verification() -> Any:
    """How certificates are checked, as MLflow's own client takes it from the environment."""
    if os.environ.get("MLFLOW_TRACKING_INSECURE_TLS", "").lower() in _TRUE:
        return False
    if path := os.environ.get("MLFLOW_TRACKING_SERVER_CERT_PATH"):
        import ssl

        return ssl.create_default_context(cafile=path)
    return True


def _is_list_of_experiments(response: Any) -> bool:
    """Whether it is JSON that can be a list of experiments: an empty one is an empty object."""
    try:
        content = response.json()
    except ValueError:
        return False
    return response.is_success and isinstance(content, dict) and (not content or "experiments" in content)


def _message(response: Any) -> str:
    try:
        return str(response.json().get("message", ""))[:200]
    except (ValueError, AttributeError):
        return str(response.reason_phrase)
