"""Reads runs from a W&B server: `wandb://entity/project`, or one run of it, `wandb://entity/project/run`.

The public service is asked, or the server in `WANDB_BASE_URL`, with the key in `WANDB_API_KEY` or netrc. This needs `httpx`
(extra `[wandb]`) and not W&B's SDK.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reportgen.model import Run
from reportgen.sources.addresses import as_path

name = "wandb-api"


def sniff(path: Path) -> bool:
    """Never: a server's runs are not in files."""
    return False


def read(path: Path) -> Iterator[Run]:
    """No runs, for the same reason."""
    return iter(())


def opens_address(address: str) -> bool:
    """Whether it is an address of W&B's."""
    return address.partition("://")[0].lower() == "wandb"


def read_address(address: str) -> Iterator[Run]:
    """The runs of a project, or one run.

    Raises:
        SourceError: There is no key or no such project, or the server does not come back.
    """
    from reportgen.sources.wandb_api.fetching import fetch
    from reportgen.sources.wandb_api.run import run_of

    for record in fetch(address):
        yield run_of(record, as_path(address), name)
