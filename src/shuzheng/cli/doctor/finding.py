"""What an examination finds."""

from __future__ import annotations

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
