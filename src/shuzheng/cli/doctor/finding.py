"""What an examination finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How bad it is."""

    FINE = "fine"
    #: Works, but somebody should look at it.
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One sentence, in Chinese and English, and what to do about it."""

    level: Level
    chinese: str
    english: str
    #: Command or step that mends it.
    cure: str = ""


def fine(chinese: str, english: str) -> Finding:
    """Return a finding that needs nothing done."""
    return Finding(Level.FINE, chinese, english)


def note(chinese: str, english: str, cure: str) -> Finding:
    """Return a finding that somebody should look at."""
    return Finding(Level.NOTE, chinese, english, cure)


def wrong(chinese: str, english: str, cure: str) -> Finding:
    """Return a finding that has to be mended."""
    return Finding(Level.WRONG, chinese, english, cure)


def guarded(examine: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what an examination finds; a defect that stops it is a finding too, and stops no other."""
    try:
        yield from examine()
    except Exception as error:
        name = examine.__name__.strip("_")
        yield wrong(
            f"“{name}”这一项无法检查。", f"Examining {name} failed: {error}", "Report this with the text 请反馈本条信息"
        )
