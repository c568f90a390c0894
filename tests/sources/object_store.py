"""A real object store on loopback: moto's S3 server, in an environment of its own because its libraries need older ones than ours."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WANTED = ("moto[s3]>=5", "flask>=3", "flask-cors>=5")
_SECONDS_TO_START = 240


def installed(folder: Path) -> Path:
    """The program of the server, installed once and kept in a folder (pytest's cache: later runs find it there)."""
    program, is_complete = folder / "bin" / "moto_server", folder / "complete.txt"
    if not is_complete.exists() or is_complete.read_text() != " ".join(WANTED):
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)], check=True)
        environment = {name: value for name, value in os.environ.items() if name != "PIP_CONSTRAINT"}
        options = ["--quiet", "--disable-pip-version-check", "--no-compile", "--only-binary", ":all:"]
        command = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", *options, *WANTED]
        subprocess.run(command, check=True, env=environment)
        is_complete.write_text(" ".join(WANTED))
    return program


class ObjectStore:
    """A server that is running; `objects` are those of its bucket `runs`."""

    def __init__(self, address: str, process: subprocess.Popen[bytes]) -> None:
        from obstore.store import S3Store

        self.address, self.process = address, process
        keys = {"access_key_id": "me", "secret_access_key": "hunter2", "region": "us-east-1"}
        self.objects = S3Store("runs", endpoint=address, client_options={"allow_http": True}, **keys)

    def request(self, method: str, path: str, content: bytes | None = None, **headers: str) -> bytes:
        """A plain request: as long as `check_keys` was not called, the server asks for no signature."""
        heads = {"Content-Type": "application/octet-stream", **{name.replace("_", "-"): value for name, value in headers.items()}}
        asked = urllib.request.Request(self.address + path, content, heads, method=method)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=120) as answer:
            return bytes(answer.read())

    def make_bucket(self) -> None:
        """Makes the bucket `runs`."""
        self.request("PUT", "/runs")

    def check_keys(self) -> tuple[str, str]:
        """Makes a user who may read all, and from then on has the server check every signature; the user's key and secret."""
        for_iam = "AWS4-HMAC-SHA256 Credential=me/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none"

        def iam(**asked: str) -> str:
            form = urllib.parse.urlencode({**asked, "UserName": "reader", "Version": "2010-05-08"}).encode()
            return self.request("POST", "/", form, Content_Type="application/x-www-form-urlencoded", Authorization=for_iam).decode()

        rule = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
        iam(Action="CreateUser")
        iam(Action="PutUserPolicy", PolicyName="read", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [rule]}))
        made = iam(Action="CreateAccessKey")
        self.request("POST", "/moto-api/reset-auth", b"0")
        key, secret = (re.search(rf"<{name}>(.*?)</{name}>", made) for name in ("AccessKeyId", "SecretAccessKey"))
        assert key
        assert secret
        return key[1], secret[1]

    def put(self, path: str, content: bytes) -> None:
        """Makes an object of the bucket."""
        import obstore

        obstore.put(self.objects, path, content)

    def delete(self, path: str) -> None:
        """Removes an object of the bucket."""
        import obstore

        obstore.delete(self.objects, path)

    def put_folder(self, path: str, folder: Path) -> None:
        """Makes an object of each file of a folder."""
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                self.put(f"{path}/{file.relative_to(folder).as_posix()}", file.read_bytes())

    def asked(self, log: Path) -> list[str]:
        """The requests so far, as "GET /bucket/key"."""
        lines = re.sub(r"\x1b\[\d+m", "", log.read_text()).splitlines()
        return [line.split('"')[1].removesuffix(" HTTP/1.1") for line in lines if '" ' in line]


@contextmanager
def running(program: Path, port: int, log: Path) -> Iterator[ObjectStore]:
    """The server on a port of loopback; its log goes into a file."""
    with log.open("wb") as out:
        process = subprocess.Popen([str(program), "-H", "127.0.0.1", "-p", str(port)], stdout=out, stderr=out)
    store = ObjectStore(f"http://127.0.0.1:{port}", process)
    try:
        _wait(store)
        yield store
    finally:
        process.kill()
        process.wait()


def _wait(store: ObjectStore) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until and store.process.poll() is None:
        try:
            opener.open(f"{store.address}/moto-api/", timeout=20).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"no server at {store.address}")
