"""Remembering for a few seconds what hardly ever changes (divisions, units), in one process."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_memories: list[dict[Any, Any]] = []
#: Entries of one function beyond which all are forgotten.
MOST = 20_000


def remembered(seconds: float) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Remember a function's results by its arguments for so many seconds.

    Only for rows that may be a few seconds old without harm; never for anything that decides who may do what.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        memory: dict[object, tuple[float, R]] = {}
        _memories.append(memory)

        @wraps(function)
        def lookup(*args: P.args, **kwargs: P.kwargs) -> R:
            place = (args, tuple(sorted(kwargs.items())))
            known = memory.get(place)
            if known is not None and known[0] > time.monotonic():
                return known[1]
            if len(memory) > MOST:
                memory.clear()
            result = function(*args, **kwargs)
            memory[place] = (time.monotonic() + seconds, result)
            return result

        return lookup

    return decorate


def memory() -> dict[Any, Any]:
    """Return a dictionary of one process that ``forget_remembered`` empties; its owner bounds it."""
    _memories.append({})
    return _memories[-1]


def forget_remembered() -> None:
    """Forget everything; tests call it between databases."""
    for memory in _memories:
        memory.clear()
