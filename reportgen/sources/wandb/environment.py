"""The machine and the software of a W&B run: from environment records, else from `wandb-metadata.json`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from reportgen.model import Value

_FROM_RECORD = {
    "os": "os", "python": "python", "docker": "docker", "cpu_count": "cpu_count", "cpu_count_logical": "cpu_threads",
    "gpu_type": "gpu", "gpu_count": "gpu_count", "cuda_version": "cuda",
}  # fmt: skip
_FROM_METADATA = {
    "os": "os", "python": "python", "docker": "docker", "cpu_count": "cpu_count", "cpu_count_logical": "cpu_threads",
    "gpu": "gpu", "gpu_count": "gpu_count", "gpucount": "gpu_count", "cuda": "cuda", "cudaVersion": "cuda",
}  # fmt: skip


class Environment:
    """Collects what is known of where a run ran. Paths of that machine are left out, but for the command.

    Attributes:
        values: `os`, `python`, `cpu`, `cpu_count`, `cpu_threads`, `memory` (bytes), `gpu`, `gpu_count`,
            `gpu_memory` (bytes, of one), `cuda`, `docker`, `wandb` (the SDK's version), `sweep`: those that are known.
    """

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}
        self.program = ""
        self.args: list[str] = []
        self.user = ""
        self.host = ""
        self.git_commit = ""
        self.git_remote = ""

    @property
    def command(self) -> str:
        """The program and its arguments, as a shell takes them."""
        return " ".join(part for part in (self.program, shlex.join(self.args)) if part)

    def add_record(self, record: Any) -> None:
        """Take in an environment record; several complete each other."""
        for field, name in _FROM_RECORD.items():
            self._set(name, getattr(record, field))
        self._set("cpu", record.cpu.model or record.apple.name)
        self._set("memory", record.memory.total)
        for gpu in record.gpu_nvidia[:1]:
            self._set("gpu", gpu.name)
            self._set("gpu_memory", gpu.memory_total)
        self.program = record.program or self.program
        self.args = list(record.args) or self.args
        self.user = record.username or self.user
        self.host = record.host or self.host
        self.git_commit = record.git.commit or self.git_commit
        self.git_remote = record.git.remote_url or self.git_remote

    def add_metadata(self, metadata: Any) -> None:
        """Fill what is not known yet from the content of `wandb-metadata.json`."""
        if not isinstance(metadata, Mapping):
            return
        for field, name in _FROM_METADATA.items():
            value = metadata.get(field)
            if name not in self.values and isinstance(value, str | int):
                self._set(name, value)
        git = metadata.get("git")
        git = git if isinstance(git, Mapping) else {}
        args = metadata.get("args")
        self.args = self.args or [str(arg) for arg in (args if isinstance(args, list) else [])]
        self.program = self.program or _text(metadata, "program")
        self.user = self.user or _text(metadata, "username")
        self.host = self.host or _text(metadata, "host")
        self.git_commit = self.git_commit or _text(git, "commit")
        self.git_remote = self.git_remote or _text(git, "remote")

    def add_run(self, record: Any) -> None:
        """Take in what the run record tells of the software."""
        self._set("wandb", record.telemetry.cli_version)
        self._set("sweep", record.sweep_id)
        if "python" not in self.values:
            self._set("python", record.telemetry.python_version)

    def _set(self, name: str, value: Value) -> None:
        if value:
            self.values[name] = value


def _text(mapping: Mapping[str, Any], name: str) -> str:
    value = mapping.get(name)
    return value if isinstance(value, str) else ""
