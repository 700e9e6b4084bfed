"""Reading declarations from YAML so that every problem can name its file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.reader import ReaderError

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
        node = yaml.compose(text, Loader=_Loader)
        located.value = _build(node, (), located.lines, _Loader("")) if node else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(mark.line + 1 if mark else 1, f"不是有效的 YAML：{error.problem or error.context}") from error
    except ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Unreadable(line, f"有 YAML 不允许的字符：#x{error.character:04x}") from error
    except RecursionError as error:
        raise Unreadable(1, "嵌套得太深") from error
    return located


class _Loader(yaml.SafeLoader):
    """YAML without aliases: each thing is written where it stands, and no document refers to itself."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> Any:
        """Compose a node. Raises ComposerError on an alias."""
        if self.check_event(yaml.AliasEvent):
            raise ComposerError(None, None, "不能用别名（*），请照写一遍", self.peek_event().start_mark)
        return super().compose_node(parent, index)


def _build(node: yaml.Node, path: tuple[str | int, ...], lines: Lines, loader: Any) -> Any:
    lines[path] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _build_mapping(node, path, lines, loader)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*path, index), lines, loader) for index, child in enumerate(node.value)]
    return _scalar(node, loader)


def _scalar(node: yaml.Node, loader: Any) -> Any:
    if not isinstance(node, yaml.ScalarNode):
        raise Unreadable(node.start_mark.line + 1, "键应当是一个词")
    try:
        return loader.construct_object(node)
    except ValueError as error:  # 2026-02-30 looks like a date and is none
        raise Unreadable(node.start_mark.line + 1, f"“{node.value}”不存在或写法不对") from error


def _build_mapping(node: yaml.MappingNode, path: tuple[str | int, ...], lines: Lines, loader: Any) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = _scalar(key_node, loader)
        if key in result:
            raise Unreadable(key_node.start_mark.line + 1, f"“{key}”写了两次")
        result[key] = _build(value_node, (*path, key), lines, loader)
        lines[(*path, key)] = key_node.start_mark.line + 1
    return result


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``您要写的是“…”吗？`` for the known name that looks most like this one, or nothing."""
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"您要写的是“{close[0]}”吗？" if close else ""
