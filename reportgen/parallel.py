"""Work that is done side by side: in processes on this machine, or on a Dask cluster.

All of it goes through joblib, in pieces whose arguments and results can be pickled and whose results do not depend on where
they are computed.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeVar

from reportgen.errors import ClusterError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

Backend = Literal["processes", "dask"]
_MOST_JOBS = 8
"""Processes that are started without being asked for."""


@dataclass(frozen=True)
class Workers:
    """Who does the work.

    Attributes:
        jobs: How many processes at once; 0 for as many as there are cores, eight at most.
        backend: Where: "processes" of this machine, or the workers of a "dask" cluster.
        scheduler: The address of the cluster's scheduler, for example "tcp://10.0.0.1:8786".
    """

    jobs: int = 0
    backend: Backend = "processes"
    scheduler: str = ""

    @property
    def count(self) -> int:
        """How many processes work at once on this machine."""
        return self.jobs or min(os.cpu_count() or 1, _MOST_JOBS)


_HERE = Workers()
_workers: ContextVar[Workers] = ContextVar("workers", default=_HERE)


def workers() -> Workers:
    """Who does the work now."""
    return _workers.get()


@contextmanager
def using(chosen: Workers) -> Iterator[None]:
    """Everything inside is done by these workers.

    Raises:
        ClusterError: There is no scheduler at the address, or Dask is not installed.
    """
    before = _workers.set(chosen)
    try:
        if chosen.backend == "dask":
            with _cluster(chosen.scheduler):
                yield
        else:
            yield
    finally:
        _workers.reset(before)


def each(function: Callable[[_Item], _Result], items: Iterable[_Item]) -> Iterator[_Result]:
    """The function's results, in the order of the items, as they come."""
    from joblib import Parallel, delayed

    if workers().backend == "dask":
        return iter(Parallel(n_jobs=-1)(delayed(function)(item) for item in items))
    # joblib does a single worker's work in this process, where some of it cannot be done: so two, of which one waits.
    count = workers().count
    pool = Parallel(n_jobs=max(2, count), backend="loky", return_as="generator", pre_dispatch=1 if count == 1 else "2*n_jobs")
    results: Iterator[_Result] = pool(delayed(_with_parent)(os.getpid(), function, item) for item in items)
    return results


def batches(items: Sequence[_Item], weight: Callable[[_Item], float], most: float) -> Iterator[list[_Item]]:
    """The items in their order, in groups that weigh about `most` each."""
    batch: list[_Item] = []
    total = 0.0
    for item in items:
        batch.append(item)
        total += weight(item)
        if total >= most:
            yield batch
            batch, total = [], 0.0
    if batch:
        yield batch


@contextmanager
def _cluster(scheduler: str) -> Iterator[None]:
    try:
        from dask import distributed
    except ImportError:
        raise ClusterError("Dask is not installed; install it with: pip install 'reportgen[dask]'") from None
    from joblib import parallel_config

    connect: Any = distributed.Client
    try:
        client = connect(scheduler, timeout="10s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(f"no Dask scheduler answers at '{scheduler}': {error}") from None
    try:
        with parallel_config(backend="dask", client=client):
            yield
    finally:
        client.close()


def _with_parent(parent: int, function: Callable[[Any], Any], item: Any) -> Any:
    _leave_with(parent)
    return function(item)


@cache
def _leave_with(parent: int) -> None:
    """Ends this worker soon after the process that started it, also when that was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
