"""Parts of expressions, and the rules by which they fit together."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuzheng.engines.forms.language import logic
from shuzheng.engines.forms.language.functions import Function
from shuzheng.engines.forms.language.names import TITLES, Problem, Type, nearest


@dataclass(frozen=True)
class Moment:
    """Where an expression is evaluated: the values it may read and the day."""

    values: Mapping[str, Any]
    today: date


Run = Callable[[Moment], Any]
_SUMMABLE: dict[str, tuple[Type, ...]] = {"sum": ("number",), "min": ("number", "date"), "max": ("number", "date")}


@dataclass(frozen=True)
class Expression:
    """A compiled expression."""

    source: str
    type: Type
    #: What it reads: ``field``, ``group`` or ``group.field``.
    reads: frozenset[str]
    run: Run

    def value(self, values: Mapping[str, Any], today: date) -> Any:
        """Return the value, ``None`` where something it needs is missing. Never raises."""
        return self.run(Moment(values, today))

    def holds(self, values: Mapping[str, Any], today: date) -> bool:
        """Say whether the expression is certainly true."""
        return self.value(values, today) is True

    def fails(self, values: Mapping[str, Any], today: date) -> bool:
        """Say whether the expression is certainly false."""
        return self.value(values, today) is False


@dataclass(frozen=True)
class Part:
    """A part of an expression: its type and what computes it."""

    type: Type
    run: Run
    choices: frozenset[str] | None = None
    #: The value of a literal, or of every literal in a list.
    literals: tuple[Any, ...] | None = None
    #: Type of the items of a list.
    items: Type = "text"


def fits(given: Type, wanted: tuple[Type, ...]) -> bool:
    """Say whether a type is one of those wanted."""
    return given in wanted or "any" in (given, *wanted)


def comparison(left: Part, operation: str, right: Part) -> Run:
    """Return what compares two parts. Raises Problem where they can never be equal or cannot be compared."""
    apply = logic.COMPARISON.get(operation)
    if apply is None:
        raise Problem("没有这种比较；判断有没有填写请用 empty(字段)。", "empty(字段)")
    if operation in ("In", "NotIn"):
        if right.type != "list" or left.type != right.items:
            raise Problem("in 的右边要是同类型的列表或多选字段；查找文字请用 contains。", 'contains(文字, "部分")')
    elif left.type != right.type or left.type in ("rows", "record", "list"):
        suggestion = 'date("2026-01-01")' if "date" in (left.type, right.type) else ""
        raise Problem(f"{TITLES[left.type]}不能和{TITLES[right.type]}比较。", suggestion)
    _check_codes(left, right)
    _check_codes(right, left)
    return lambda at: apply(left.run(at), right.run(at))


def _check_codes(coded: Part, other: Part) -> None:
    """Refuse a literal that can never equal a value of the code list."""
    if coded.choices is None or other.literals is None:
        return
    for literal in other.literals:
        if literal not in coded.choices:
            raise Problem(f"代码 {literal!r} 不在该字段的代码表里。", nearest(str(literal), coded.choices))


def date_literal(arguments: list[ast.expr]) -> Part:
    """Return the part of ``date("2026-01-01")``. Raises Problem."""
    written = [argument.value for argument in arguments if isinstance(argument, ast.Constant)]
    try:
        day = date.fromisoformat(str(written[0]))
    except (ValueError, IndexError):
        raise Problem("date 的参数要是带引号的日期。", 'date("2026-01-01")') from None
    return Part("date", lambda _: day, literals=(day,))


def check_arguments(code: str, function: Function, parts: list[Part]) -> None:
    """Refuse arguments that a function does not take. Raises Problem."""
    most = len(function.takes)
    enough = len(parts) >= most - function.optional
    if not enough or (len(parts) > most and not function.variadic):
        raise Problem(f"{code} 的参数个数不对。", function.usage)
    for index, part in enumerate(parts):
        wanted = function.takes[min(index, most - 1)]
        if not fits(part.type, wanted):
            raise Problem(f"{code} 的第 {index + 1} 个参数要是{'或'.join(TITLES[t] for t in wanted)}。", function.usage)
    if code in ("sum", "min", "max") and parts[0].items not in _SUMMABLE[code]:
        raise Problem(f"{code} 不能用于{TITLES[parts[0].items]}。", function.usage)
    if code == "coalesce" and len({part.type for part in parts}) > 1:
        raise Problem("coalesce 的各个参数类型要一致。", function.usage)
    if code == "contains" and parts[0].type == "list":
        _check_codes(parts[0], parts[1])
