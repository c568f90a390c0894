"""The same computation on many seeds, by the workers where that is quicker.

Each replicate has a generator of its own, from its own seed, so that its result does not depend on who computes it, nor on
which replicates came before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from reportgen.parallel import each, workers

_WORTH_PROCESSES = 8_000_000
"""Values sorted by trees from which it pays to start processes: about 5 s, where a process needs 2 s to import what it uses."""
_BATCH = 8
"""Replicates that a worker computes at a time."""

_Problem = TypeVar("_Problem")
_Result = TypeVar("_Result")


def replicates(
    function: Callable[[_Problem, np.random.Generator], _Result],
    problem: _Problem,
    seeds: Sequence[np.random.SeedSequence],
    by_workers: bool,
) -> list[_Result]:
    """The function's result for each seed, in their order, the same whoever computes it.

    Args:
        function: One replicate; of a module, so that it can be sent to a worker.
        problem: What all replicates have in common.
        by_workers: Whether the workers compute them, see `is_worth_workers`.
    """
    size = _BATCH if by_workers else max(1, len(seeds))
    parts = [_Batch(function, problem, seeds[i : i + size]) for i in range(0, len(seeds), size)]
    return [result for part in (each(_batch, parts) if by_workers else map(_batch, parts)) for result in part]


def is_worth_workers(cost: int) -> bool:
    """Whether workers are quicker than this process, for replicates that sort so many values by trees in all.

    The workers of a cluster run already.
    """
    return workers().backend != "processes" or (workers().count > 1 and cost >= _WORTH_PROCESSES)


@contextmanager
def one_thread() -> Iterator[None]:
    """Inside, linear algebra uses one thread: the last bits of a sum over many runs depend on how many share it."""
    import scipy.optimize  # noqa: F401  (only libraries that are loaded can be limited)
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1, "blas"):
        yield


@dataclass(frozen=True, eq=False)
class _Batch:
    function: Callable[[Any, np.random.Generator], Any]
    problem: Any
    seeds: Sequence[np.random.SeedSequence]


def _batch(batch: _Batch) -> list[Any]:
    with one_thread():
        return [batch.function(batch.problem, np.random.default_rng(seed)) for seed in batch.seeds]
