"""What a process that builds again and again need not compute again.

`remembered` is asked wherever a build computes something that is a function of values which mostly stay as they were. Outside of
`using` it just computes: a single build keeps nothing and gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

_Value = TypeVar("_Value")
_KEPT = 3
"""After so many builds without having been asked for, a value is forgotten: who undoes an edit finds it again."""


class Same:
    """A part of a question that is the same only if it is the very same object, whatever its `==` says. Keeps it alive."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value

    def __hash__(self) -> int:
        return id(self.value)


class Memory:
    """Values by the question that they answer.

    Attributes:
        logs: A number that is another one when run logs have changed since the last build: only then are they looked for again.
    """

    def __init__(self) -> None:
        self.logs = 0
        self._values: dict[Hashable, Any] = {}
        self._asked: dict[Hashable, int] = {}
        self._build = 0

    def __len__(self) -> int:
        return len(self._values)

    def get(self, question: Hashable) -> Any:
        """The value, or None."""
        if question in self._values:
            self._asked[question] = self._build
        return self._values.get(question)

    def put(self, question: Hashable, value: Any) -> None:
        """Keeps a value."""
        self._values[question] = value
        self._asked[question] = self._build

    def forget(self) -> None:
        """Called after a build that succeeded: drops what the last builds did not ask for."""
        for question in [one for one, build in self._asked.items() if build <= self._build - _KEPT]:
            del self._values[question], self._asked[question]
        self._build += 1


_memory: ContextVar[Memory | None] = ContextVar("memory", default=None)


@contextmanager
def using(memory: Memory) -> Iterator[None]:
    """Inside, `remembered` keeps what it computes there."""
    token = _memory.set(memory)
    try:
        yield
    finally:
        _memory.reset(token)


def logs_seen() -> int:
    """See `Memory.logs`."""
    memory = _memory.get()
    return memory.logs if memory else 0


def is_remembering() -> bool:
    """Whether this process builds again and again."""
    return _memory.get() is not None


def remembered(question: Callable[[], Hashable], compute: Callable[[], _Value]) -> _Value:
    """What `compute` gives, from an earlier build if that asked the same; what it raises is not kept.

    Args:
        question: All that the value depends on, in a tuple that begins with a name of its own; objects in `Same` where they are not
            values. Only called where something is remembered.
    """
    memory = _memory.get()
    if memory is None:
        return compute()
    asked = question()
    kept: tuple[_Value] | None = memory.get(asked)
    if kept is None:
        kept = (compute(),)
        memory.put(asked, kept)
    return kept[0]


def remembered_while(question: Hashable, state: Callable[[_Value], Hashable], compute: Callable[[], _Value]) -> _Value:
    """As `remembered`, for what is read from files that are only known once they have been read.

    Args:
        state: The state of what a value was made from, as it is now: while that is the same, so is the value.
    """
    memory = _memory.get()
    if memory is None:
        return compute()
    kept: tuple[_Value, Hashable] | None = memory.get(question)
    if kept is None or state(kept[0]) != kept[1]:
        value = compute()
        kept = (value, state(value))
        memory.put(question, kept)
    return kept[0]
