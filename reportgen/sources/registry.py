"""The readers of log formats, in the order in which they are asked: our own, then those of other packages.

A package adds a reader by an entry point of the group `reportgen.sources` that names a module or an object
with the attributes of `Reader`:

    [project.entry-points."reportgen.sources"]
    mytracker = "mytracker.reportgen"
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Protocol, cast

import reportgen.sources.mlflow as mlflow
import reportgen.sources.optuna as optuna
import reportgen.sources.plain as plain
import reportgen.sources.tensorboard as tensorboard
import reportgen.sources.trackio as trackio
import reportgen.sources.wandb as wandb
import reportgen.sources.wandb_api as wandb_api
from reportgen.errors import SourceError
from reportgen.model import Run
from reportgen.sources.frameworks import FRAMEWORKS

GROUP = "reportgen.sources"


class Reader(Protocol):
    """A reader of one log format; a module can be one.

    It may also have `nested = True` (a directory that it reads may hold further runs, which are looked for),
    `opens(path) -> bool` (whether it can read a file that the user named, where `sniff` is stricter for
    files that were merely found), `owns(path) -> Iterable[Path]` (directories below that are read with it and not looked
    through), and `parts(path) -> Iterable[Path]` (the files and directories whose change means
    that the log has to be read again; by default all that a directory holds), and `lasts = True` (a directory is a log of this
    format, and has no other parts, for as long as these do not change: then it is not looked at again).

    `read_on(path, continued) -> Iterable[Run]` does what `read` does, and may read files that grew from where they ended: `continued` is a
    `Continued` for what it wants to keep of a file, by its path.

    A reader of what is not in files has `opens_address(address) -> bool`, whether it can read an address with `://`, and
    `read_address(address) -> Iterable[Run]`. Both may raise a `SourceError`, whose text must hold no password (see
    `reportgen.sources.addresses`). What comes from an address is not kept in the store, but
    `read_address_on(address) -> Iterable[Run]` does what `read_address` does and may take from the cache folder what cannot have changed.
    """

    @property
    def name(self) -> str:
        """The name of the format, for `Source.format`."""

    def sniff(self, path: Path) -> bool:
        """Whether this directory or file, by its content, holds runs of the format. Must be quick and must not raise."""

    def read(self, path: Path) -> Iterable[Run]:
        """The runs in a directory or file that `sniff` or `opens` said yes to.

        Damage becomes a `LogWarning` of the run.

        Raises:
            OSError: A file cannot be read.
        """


@cache
def readers() -> tuple[Reader, ...]:
    """All readers.

    Raises:
        SourceError: An installed package announces a reader that cannot be loaded.
    """
    found = [cast(Reader, module) for module in (wandb, wandb_api, mlflow, optuna, trackio, *FRAMEWORKS, tensorboard, plain)]
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            found.append(entry.load())
        except Exception as error:
            raise SourceError(f"the reader '{entry.name}' of another package cannot be loaded: {error}") from error
    return tuple(found)
