"""Named things, registered once at start-up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Generic, TypeVar

T = TypeVar("T")


class DuplicateName(Exception):
    """Two things were registered under one name."""


class UnknownName(KeyError):
    """Nothing is registered under this name."""

    def __str__(self) -> str:
        """Return the message as it is, not quoted as a key."""
        return str(self.args[0])


class Registry(Mapping[str, T], Generic[T]):
    """A mapping from names to things that refuses a second thing under one name."""

    def __init__(self, what: str) -> None:
        """Name the sort of thing held, for messages."""
        self.what = what
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        """Register a thing. Raises DuplicateName if the name is taken by another."""
        if name in self._entries and self._entries[name] is not entry:
            raise DuplicateName(f"{self.what} {name!r} is declared twice")
        self._entries[name] = entry
        return entry

    def __getitem__(self, name: str) -> T:
        """Return the thing of a name. Raises UnknownName with a suggestion."""
        try:
            return self._entries[name]
        except KeyError:
            raise UnknownName(f"unknown {self.what} {name!r}{suggest(name, self._entries)}") from None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names in the order of registration."""
        return iter(self._entries)

    def __len__(self) -> int:
        """Return how many things are registered."""
        return len(self._entries)


def suggest(name: str, known: Mapping[str, object] | list[str]) -> str:
    """Return ``' (did you mean …?)'`` for the nearest known name, or nothing."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (did you mean {close[0]!r}?)" if close else ""
