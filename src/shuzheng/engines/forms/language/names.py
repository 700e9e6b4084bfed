"""What an expression may read, and what is said when it reads something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

Type = Literal["number", "text", "boolean", "date", "list", "rows", "record", "any"]

#: Types in the words of an analyst.
TITLES: dict[str, str] = {
    "number": "数字",
    "text": "文字",
    "boolean": "是否",
    "date": "日期",
    "list": "列表",
    "rows": "重复组",
    "record": "对象",
    "any": "任意",
}


class Problem(Exception):
    """The expression cannot be used; the message is for the analyst who wrote it."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        """Keep the message and, where one is known, the nearest right thing to write."""
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


@dataclass(frozen=True)
class Name:
    """A name that expressions may read: a field, a repeated group, or a record of the context such as ``party``."""

    type: Type
    #: Codes that the value can have, when it comes from a code list.
    choices: frozenset[str] | None = None
    #: Fields of a repeated group or attributes of a record.
    members: Mapping[str, Name] = field(default_factory=dict)


def nearest(word: str, known: Any) -> str:
    """Return the known word that looks most like this one, or nothing."""
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else ""
