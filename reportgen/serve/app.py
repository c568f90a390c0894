"""The answers to a browser: the files of the site, to this machine only, to be read only."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from reportgen.serve.hub import Hub
from reportgen.serve.light import light, named, pictures
from reportgen.serve.published import Published

OWN = "/.reportgen/"
"""What the addresses of the server's own answers begin with; no file of a site does."""
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
_NAMED_BY_CONTENT = re.compile(r"(?:^|[./])[0-9a-f]{10,12}\.[a-z0-9]+$")
_POLICY = b"default-src 'none';"
_WAITING = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>reportgen</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'">
<style>body { font: 16px system-ui, sans-serif; margin: 20vh auto; text-align: center; color: GrayText; background: Canvas }</style>
</head><body><p>The site is being built …</p></body></html>
"""

_App = Callable[[Any, Any, Any], Awaitable[None]]


def application(published: Published, hub: Hub, port: int) -> _App:
    """The server's answers.

    Args:
        port: Where it listens: requests for another one, or another host, are refused.
    """

    async def events(request: Request) -> Response:
        path = _path(unquote(request.query_params.get("page", "")))
        return StreamingResponse(hub.stream(path), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def script(_request: Request) -> Response:
        return Response(_script(), media_type="text/javascript", headers={"Cache-Control": "no-store"})

    async def page(request: Request) -> Response:
        path = _path(request.path_params["path"])
        if not published.builds:
            return _html(_WAITING.encode(), "waiting")
        return await run_in_threadpool(_answer, published, path)

    async def light_page(request: Request) -> Response:
        path = _path(unquote(request.query_params.get("of", "")))
        return await run_in_threadpool(_light, published, path)

    async def pictures_of_page(request: Request) -> Response:
        path, names = _path(unquote(request.query_params.get("of", ""))), request.query_params.get("names", "")
        return await run_in_threadpool(_pictures, published, path, frozenset(names.split(",")))

    async def icon(_request: Request) -> Response:
        return Response(status_code=204)

    # HEAD comes with GET.
    own = {"events": events, "live.js": script, "page": light_page, "pictures": pictures_of_page}
    routes = [*(Route(OWN + name, answer) for name, answer in own.items()), Route("/favicon.ico", icon), Route("/{path:path}", page)]
    return _guarded(Starlette(routes=routes), port)


def _guarded(inner: _App, port: int) -> _App:
    """Only what is asked of this server by its own name, and only reading."""
    ends = (f":{port}", "") if port == 80 else (f":{port}",)
    hosts = {f"{name}{end}".encode() for name in ("127.0.0.1", "localhost", "[::1]") for end in ends}

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        asked = [value for name, value in scope["headers"] if name == b"host"]
        if len(asked) != 1 or asked[0].lower() not in hosts:
            await PlainTextResponse("this server answers only to its own name\n", 421)(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD"):
            await PlainTextResponse("there is nothing to be changed here\n", 405, {"Allow": "GET, HEAD"})(scope, receive, send)
            return

        async def sent(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((name.lower().encode(), value.encode()) for name, value in _HEADERS.items())]
            await send(message)

        await inner(scope, receive, sent)

    return guarded


def _path(address: str) -> str:
    """The path below the site's root of an address."""
    path = address.lstrip("/")
    return f"{path}index.html" if not path or path.endswith("/") else path


def _light(published: Published, path: str) -> Response:
    """A page without the pictures of its charts, for one that is open."""
    if path not in published.pages:
        return PlainTextResponse("there is no such page\n", 404)
    digest = published.pages[path]
    return _html(light((published.folder / path).read_bytes()), digest)


def _pictures(published: Published, path: str, names: frozenset[str]) -> Response:
    """Pictures of a page by their names, as JSON."""
    if path not in published.pages:
        return PlainTextResponse("there is no such page\n", 404)
    found = {name: picture.decode() for name, picture in pictures((published.folder / path).read_bytes()) if name in names}
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


def _answer(published: Published, path: str) -> Response:
    try:
        if path in published.pages:
            return _html(named((published.folder / path).read_bytes()), published.pages[path])
        if file := published.file(path):
            kept = "max-age=31536000, immutable" if _NAMED_BY_CONTENT.search(path) else "no-cache"
            return FileResponse(file, headers={"Cache-Control": kept}, stat_result=file.stat())
        if "404.html" in published.pages:
            return _html((published.folder / "404.html").read_bytes(), "", 404)
    except FileNotFoundError:
        pass
    return PlainTextResponse("there is no such page\n", 404)


def _html(content: bytes, digest: str, status: int = 200) -> Response:
    """A page with the script that keeps it up to date, and the permission to ask this server."""
    head, found, rest = content.partition(_POLICY)
    if found and b"connect-src" not in rest[:400]:
        content = head + found + b" connect-src 'self';" + rest
    tag = f'<script src="{OWN}live.js" data-page="{digest}"></script>\n'.encode()
    # Before all other scripts, so that it sees the page as it was sent.
    before, _, after = content.partition(b"</title>\n")
    if not after:
        before, _, after = content.partition(b"</title>")
    return Response(before + b"</title>\n" + tag + after, status, media_type="text/html", headers={"Cache-Control": "no-store"})


@cache
def _script() -> bytes:
    return (Path(__file__).parent / "live.js").read_bytes()
