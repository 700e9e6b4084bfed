"""What is wrong with a declared form."""

from __future__ import annotations

from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """Something wrong with a form: where in its declaration, what, and what to write instead."""

    path: Path
    message: str
    suggestion: str = ""


class Findings(list[Finding]):
    """Everything found wrong with one form."""

    def add(self, path: Path, message: str, suggestion: str = "") -> None:
        """Note something wrong."""
        self.append(Finding(path, message, suggestion))
