"""A real object store on loopback: moto's S3 server, in an environment of its own because its libraries need older ones than ours."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WANTED = "moto[server]>=5"


def installed(folder: Path) -> Path:
    """The program of the server, installed once for all tests of a run."""
    program = folder / "moto" / "bin" / "moto_server"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder / "moto")], check=True)
        environment = {name: value for name, value in os.environ.items() if name != "PIP_CONSTRAINT"}
        command = [str(folder / "moto" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", WANTED]
        subprocess.run(command, check=True, env=environment)
    return program


class ObjectStore:
    """A server that is running; `objects` are those of its bucket `runs`."""

    def __init__(self, address: str, process: subprocess.Popen[bytes]) -> None:
        from obstore.store import S3Store

        self.address, self.process = address, process
        keys = {"access_key_id": "me", "secret_access_key": "hunter2", "region": "us-east-1"}
        self.objects = S3Store("runs", endpoint=address, client_options={"allow_http": True}, **keys)

    def make_bucket(self) -> None:
        """Makes the bucket `runs`, by a plain request: the server asks for no signature."""
        request = urllib.request.Request(f"{self.address}/runs", method="PUT")
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=20).close()

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
        return [line.split('"')[1].removesuffix(" HTTP/1.1") for line in log.read_text().splitlines() if '" ' in line]


@contextmanager
def running(program: Path, port: int, log: Path) -> Iterator[ObjectStore]:
    """The server on a port of loopback; its log goes into a file."""
    with log.open("wb") as out:
        process = subprocess.Popen([str(program), "-H", "127.0.0.1", "-p", str(port)], stdout=out, stderr=out)
    store = ObjectStore(f"http://127.0.0.1:{port}", process)
    try:
        _wait(store.address)
        yield store
    finally:
        process.kill()
        process.wait()


def _wait(address: str) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    for _ in range(150):
        try:
            opener.open(f"{address}/moto-api/", timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"no server at {address}")
