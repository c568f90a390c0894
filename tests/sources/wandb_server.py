"""A small W&B server on loopback: GraphQL over runs that a test holds, by the real `graphql-core`.

The service itself cannot be reached from a test. The schema below has the types, fields and arguments that the SDK 0.31 asks for, in
the queries of `wandb.apis.public` and those in its `wandb-core`; `test_wandb_api_sdk.py` lets the real SDK read from it. What the
schema does not have is refused, as the service does.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import graphql

KEY = "k" * 40
SCHEMA = graphql.build_schema("""
scalar JSON
scalar JSONString
scalar Int64
scalar DateTime
type Query {
  project(name: String, entityName: String): Project
  models(entityName: String, after: String, first: Int): Projects
  viewer: User
  serverInfo: ServerInfo
}
type ServerInfo { features: [Feature] }
type Feature { name: String! isEnabled: Boolean! }
type User {
  id: ID name: String username: String entity: String email: String admin: Boolean flags: JSON deletedAt: DateTime
  teams: Teams apiKeys: ApiKeys
}
type Teams { edges: [TeamEdge] }
type TeamEdge { node: Entity }
type ApiKeys { edges: [ApiKeyEdge] }
type ApiKeyEdge { node: ApiKey }
type ApiKey { id: ID name: String description: String }
type Entity { id: ID name: String }
type PageInfo { endCursor: String hasNextPage: Boolean! }
type Projects { edges: [ProjectEdge] pageInfo: PageInfo }
type ProjectEdge { node: Project cursor: String }
type Project {
  id: ID internalId: ID name: String entityName: String entity: Entity createdAt: DateTime isBenchmark: Boolean user: User
  readOnly: Boolean
  runCount(filters: JSONString): Int
  runs(filters: JSONString, after: String, first: Int, order: String): Runs
  run(name: String): Run
  sweep(sweepName: String): Sweep
}
type Runs { edges: [RunEdge] pageInfo: PageInfo totalCount: Int }
type RunEdge { node: Run cursor: String }
type Run {
  id: ID projectId: Int name: String displayName: String state: String config: JSONString group: String jobType: String commit: String
  tags: [String] description: String notes: String sweepName: String createdAt: DateTime heartbeatAt: DateTime readOnly: Boolean
  systemMetrics: JSONString summaryMetrics: JSONString historyLineCount: Int eventsLineCount: Int historyKeys: JSON user: User
  fileCount: Int
  history(minStep: Int64, maxStep: Int64, samples: Int): [String]
  events(samples: Int): [String]
  parquetHistory(liveKeys: [String!]!): ParquetHistory
  files(names: [String], pattern: String, after: String, first: Int): Files
  outputArtifacts(after: String, first: Int): Artifacts
  inputArtifacts(after: String, first: Int): Artifacts
}
type ParquetHistory { parquetUrls: [String!]! liveData: [JSON!] }
type Files { edges: [FileEdge] pageInfo: PageInfo }
type FileEdge { node: File cursor: String }
type File {
  id: ID name: String url(upload: Boolean): String directUrl: String sizeBytes: Int64 mimetype: String updatedAt: DateTime md5: String
}
type Artifacts { totalCount: Int edges: [ArtifactEdge] pageInfo: PageInfo }
type ArtifactEdge { node: Artifact cursor: String }
type ArtifactType { name: String }
interface ArtifactCollection { id: ID name: String project: Project }
type ArtifactSequence implements ArtifactCollection { id: ID name: String project: Project }
type ArtifactAlias { id: ID alias: String artifactCollection: ArtifactCollection }
type Tag { id: ID name: String }
type Artifact {
  id: ID versionIndex: Int digest: String digestAlgorithm: String description: String metadata: JSONString size: Int64 state: String
  commitHash: String fileCount: Int createdAt: DateTime updatedAt: DateTime ttlDurationSeconds: Int64 ttlIsInherited: Boolean
  historyStep: Int64
  tags: [Tag] aliases: [ArtifactAlias] artifactType: ArtifactType artifactSequence: ArtifactSequence
}
type Sweep {
  id: ID name: String displayName: String method: String state: String description: String bestLoss: Float config: String
  createdAt: DateTime updatedAt: DateTime runCount: Int runCountExpected: Int
}
""")


@dataclass
class RunOnServer:
    """A run: its fields, its history as rows with `_step`, its system metrics, files by name, and artifacts."""

    name: str
    fields: dict[str, Any] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    made: list[dict[str, Any]] = field(default_factory=list)
    used: list[dict[str, Any]] = field(default_factory=list)


Trouble = Callable[[str, dict[str, Any]], "tuple[int, dict[str, str], bytes] | str | None"]


class WandbServer:
    """Holds one project, `kim/digits`.

    Attributes:
        trouble: Asked before each request with the operation's name (or the path) and its variables: an answer (status,
            headers, body) in place of the real one, "drop" to end the connection in the middle of the answer, or None.
        asked: Operations and variables of all requests, also of those with trouble; a file is ("GET", {"path": …}).
        keys: What came as authorization.
    """

    def __init__(self) -> None:
        self.runs: dict[str, RunOnServer] = {}
        self.sweeps: dict[str, str] = {}
        self.trouble: Trouble = lambda operation, variables: None
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.keys: set[str | None] = set()
        self.samples_sparse_ranges = False
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def end(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def add(self, run: RunOnServer) -> RunOnServer:
        self.runs[run.name] = run
        return run

    def operations(self) -> list[str]:
        return [operation for operation, _ in self.asked]

    def answer(self, query: str, variables: dict[str, Any], operation: str | None) -> dict[str, Any]:
        found = graphql.graphql_sync(SCHEMA, query, self._root(), variable_values=variables, operation_name=operation)
        return {"data": found.data, **({"errors": [{"message": one.message} for one in found.errors]} if found.errors else {})}

    def _root(self) -> dict[str, Any]:
        project = {
            "id": "P1", "internalId": "1", "name": "digits", "entityName": "kim", "entity": {"id": "E1", "name": "kim"},
            "createdAt": "2026-01-01T00:00:00Z", "readOnly": False, "isBenchmark": False,
            "runCount": lambda info, **rest: len(self.runs),
            "runs": lambda info, after=None, first=50, **rest: paged([self._run(run) for run in self.runs.values()], after, first),
            "run": lambda info, name: self._run(self.runs[name]) if name in self.runs else None,
            "sweep": lambda info, sweepName: self._sweep(sweepName),  # noqa: N803
        }  # fmt: skip
        others = [{**project, "name": name} for name in ("digits", "letters")]
        return {
            "project": lambda info, name, entityName: project if (entityName, name) == ("kim", "digits") else None,  # noqa: N803
            "models": lambda info, after=None, first=50, **rest: paged(others, after, first),
            "viewer": {"id": "U1", "name": "Kim", "username": "kim", "entity": "kim", "admin": False, "flags": "{}",
                       "teams": {"edges": [{"node": {"name": "kim"}}]}, "apiKeys": {"edges": []}},
            "serverInfo": {"features": []},
        }  # fmt: skip

    def _sweep(self, name: str) -> dict[str, Any] | None:
        return {"id": "S1", "name": name, "state": "FINISHED", "config": self.sweeps[name], "runCount": 1} if name in self.sweeps else None

    def _run(self, run: RunOnServer) -> dict[str, Any]:
        files = [
            {
                "id": name, "name": name, "url": f"{self.address}/files/{run.name}/{name}", "sizeBytes": len(content),
                "directUrl": f"{self.address}/storage/{run.name}/{name}", "mimetype": "text/plain",
                "md5": base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode(),
            }
            for name, content in run.files.items()
        ]  # fmt: skip
        steps = [row["_step"] for row in run.rows]
        return {
            "id": f"R-{run.name}", "projectId": 1, "name": run.name, "state": "finished", "config": "{}", "summaryMetrics": "{}",
            "systemMetrics": "{}", "tags": [], "readOnly": False, "createdAt": "2026-01-02T03:04:05", "heartbeatAt": "2026-01-02T04:00:00Z",
            "user": {"name": "Kim", "username": "kim"}, "displayName": run.name, "fileCount": len(files),
            "historyLineCount": len(run.rows), "eventsLineCount": len(run.events),
            "historyKeys": {"lastStep": max(steps, default=-1), "keys": {}, "sets": []},
            "history": lambda info, minStep=0, maxStep=2**62, samples=500: self._history(run, minStep, maxStep, samples),  # noqa: N803
            "events": lambda info, samples=500: [json.dumps(row) for row in run.events[:samples]],
            "parquetHistory": {"parquetUrls": [], "liveData": None},
            "files": lambda info, after=None, first=50, names=None, **rest: paged(
                [file for file in files if not names or file["name"] in names], after, first),
            "outputArtifacts": lambda info, after=None, first=50: paged(run.made, after, first),
            "inputArtifacts": lambda info, after=None, first=50: paged(run.used, after, first),
            **run.fields,
        }  # fmt: skip

    def _history(self, run: RunOnServer, low: int, high: int, samples: int) -> list[str]:
        """The rows of a range of steps, a sample of them where there are more than asked for; some servers sample a wide range anyway."""
        rows = [row for row in run.rows if low <= row["_step"] < high]
        if self.samples_sparse_ranges and high - low > samples:
            rows = rows[::2]
        if len(rows) > samples:
            rows = rows[:: len(rows) // samples + 1]
        return [json.dumps(row) for row in rows]


def paged(nodes: list[dict[str, Any]], after: str | None, first: int | None) -> dict[str, Any]:
    begin = int(after) if after else 0
    end = min(begin + (first or 50), len(nodes))
    edges = [{"node": node, "cursor": str(begin + i + 1)} for i, node in enumerate(nodes[begin:end])]
    page = {"endCursor": str(end) if edges else None, "hasNextPage": end < len(nodes)}
    return {"edges": edges, "pageInfo": page, "totalCount": len(nodes)}


def _handler(server: WandbServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != "/graphql":  # the SDK's own telemetry
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = json.loads(content)
            document = graphql.parse(body["query"])
            (first, *_) = [one for one in document.definitions if isinstance(one, graphql.OperationDefinitionNode)]
            operation, variables = first.name.value if first.name else "", body.get("variables") or {}
            self.reply(operation, variables, lambda: self.graphql(body, variables))

        def do_GET(self) -> None:
            self.reply("GET", {"path": self.path}, self.file)

        def graphql(self, body: dict[str, Any], variables: dict[str, Any]) -> tuple[int, bytes]:
            answer = server.answer(body["query"], variables, body.get("operationName") or None)
            return (200 if answer["data"] is not None else 400), json.dumps(answer).encode()

        def file(self) -> tuple[int, bytes]:
            _, _, run, name = self.path.split("/", 3)
            content = server.runs[run].files.get(name) if run in server.runs else None
            return (404, b"") if content is None else (200, content)

        def reply(self, operation: str, variables: dict[str, Any], make: Callable[[], tuple[int, bytes]]) -> None:
            server.asked.append((operation, variables))
            server.keys.add(self.headers["Authorization"])
            trouble = server.trouble(operation, variables)
            if isinstance(trouble, tuple):
                status, headers, content = trouble
            elif self.headers["Authorization"] != "Basic " + base64.b64encode(f"api:{KEY}".encode()).decode():
                status, headers, content = 401, {}, b'{"errors": [{"message": "user is not logged in"}]}'
            else:
                (status, content), headers = make(), {}
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if trouble == "drop" else content)
            if trouble == "drop":
                self.close_connection = True

        def log_message(self, *arguments: Any) -> None:
            pass

    return Handler
