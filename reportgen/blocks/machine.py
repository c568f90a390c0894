"""What the readers' names for facts of a machine are called on the page, and how their values are read."""

from __future__ import annotations

from reportgen.analysis.column_format import plain_text, size_text
from reportgen.words import _


def machine_names() -> dict[str, str]:
    """The reader's name of a fact → what it is called."""
    return {
        "os": _("system"), "python": "Python", "docker": _("Docker image"), "cpu": "CPU", "cpu_count": _("CPU cores"),
        "cpu_threads": _("CPU threads"), "memory": _("memory"), "gpu": "GPU", "gpu_count": _("GPUs"), "gpu_memory": _("memory of a GPU"),
        "cuda": "CUDA", "wandb": "wandb SDK", "sweep": _("sweep"), "host": _("host"),
    }  # fmt: skip


def is_size(key: str, value: object) -> bool:
    """Whether a value is a number of bytes."""
    return key.endswith("memory") and isinstance(value, int) and not isinstance(value, bool)


def machine_text(key: str, value: object) -> str:
    """A value in short: sizes of memory in a unit that can be read, text in full."""
    if is_size(key, value) and isinstance(value, int):
        return size_text(value)
    return value if isinstance(value, str) else plain_text(value)
