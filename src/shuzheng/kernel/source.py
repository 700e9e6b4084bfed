"""Reading declarations from YAML so that every problem can name its file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

Lines = dict[tuple[str | int, ...], int]


@dataclass(frozen=True)
class Problem:
    """Something wrong in a pack: where it is, what it is, what to do."""

    file: str
    line: int
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        """Return ``file:line: message (suggestion)`` as compilers print it."""
        hint = f" — {self.suggestion}" if self.suggestion else ""
        return f"{self.file}:{self.line}: {self.message}{hint}"


class PackInvalid(Exception):
    """A pack has problems and nothing of it was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        """Keep every problem found."""
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class Unreadable(Exception):
    """A file is not well-formed."""

    def __init__(self, line: int, message: str) -> None:
        """Say where and why."""
        self.line = line
        super().__init__(message)


@dataclass
class Located:
    """A parsed document and the line of everything in it."""

    value: Any
    lines: Lines = field(default_factory=dict)

    def line(self, path: tuple[str | int, ...]) -> int:
        """Return the line of a path, or of its nearest ancestor that the file has."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_yaml(file: Path) -> Located:
    """Parse one YAML document. Raises Unreadable on bad syntax, a repeated key or an alias."""
    return parse_yaml(file.read_text(encoding="utf-8"))


def parse_yaml(text: str) -> Located:
    """Parse YAML text. Raises Unreadable."""
    located = Located(None)
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        located.value = _build(node, (), located.lines, yaml.SafeLoader("")) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 1, f"不是有效的 YAML：{error.problem or error.context}") from error
    return located


def _build(node: yaml.Node, path: tuple[str | int, ...], lines: Lines, loader: Any) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(node, path, lines, loader)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*path, index), lines, loader) for index, child in enumerate(node.value)]
    return loader.construct_object(node)


def _build_mapping(node: yaml.MappingNode, path: tuple[str | int, ...], lines: Lines, loader: Any) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node)
        if key in result:
            raise Unreadable(key_node.start_mark.line + 1, f"“{key}”写了两次")
        result[key] = _build(value_node, (*path, key), lines, loader)
        lines[(*path, key)] = key_node.start_mark.line + 1
    return result


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``您要写的是“…”吗？`` for the known name that looks most like this one, or nothing."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"您要写的是“{close[0]}”吗？" if close else ""
