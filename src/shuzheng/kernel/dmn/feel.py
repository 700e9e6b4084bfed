"""The small part of S-FEEL that cells are written in: unary tests and arithmetic, interpreted without running Python."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

#: Stands for the value of the column in a translated test; SpiffWorkflow puts it in place of ``?``.
PLACE = "dmninputexpr"
LONGEST = 500
_INTERVAL = re.compile(r"^([\[(\]])(.+?)\.\.(.+)([\])\[])$", re.DOTALL)
_COMPARISON = re.compile(r"^(<=|>=|!=|<|>|=)\s*(.+)$", re.DOTALL)
_NEGATION = re.compile(r"^not\s*\((.*)\)$", re.DOTALL)
_NAMES: Mapping[str, Any] = {"true": True, "false": False, "null": None}
_BINARY: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def _rounded(number: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-int(places)), rounding=ROUND_HALF_UP)


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "date": date.fromisoformat,
    "min": min,
    "max": max,
    "abs": abs,
    "round": _rounded,
    "ceiling": lambda number: number.to_integral_value(ROUND_CEILING),
    "floor": lambda number: number.to_integral_value(ROUND_FLOOR),
}
_LEAVES = (ast.Constant, ast.Name, ast.Load, ast.Expression, *_BINARY, ast.And, ast.Or, ast.Not, ast.USub)
_BRANCHES = (ast.BoolOp, ast.UnaryOp, ast.BinOp, ast.Compare, ast.Call)


class Malformed(ValueError):
    """A cell is not written in the language; the message says what is wrong with it."""


def translate_test(text: str) -> str | None:
    """Return a cell of S-FEEL unary tests as one expression over ``?``; ``None`` if any value will do. Raises Malformed."""
    cell = text.strip()
    if cell in ("", "-"):
        return None
    negated = _NEGATION.match(cell)
    parts = _split(negated.group(1) if negated else cell)
    tests = " or ".join(f"({_one_test(part)})" for part in parts)
    return f"not ({tests})" if negated else tests


def _one_test(part: str) -> str:
    interval = _INTERVAL.match(part)
    if interval:
        opening, low, high, closing = interval.groups()
        return f"({low}) {'<=' if opening == '[' else '<'} ? {'<=' if closing == ']' else '<'} ({high})"
    comparison = _COMPARISON.match(part)
    if comparison:
        sign = "==" if comparison.group(1) == "=" else comparison.group(1)
        return f"? {sign} ({comparison.group(2)})"
    return f"? == ({part})"


def _split(text: str) -> list[str]:
    """Split at commas outside of quotes and brackets. Raises Malformed on an empty part or an open quote."""
    parts, depth, quoted, current = [], 0, False, ""
    for character in text:
        quoted = quoted != (character == '"')
        depth += 0 if quoted else (character in "([") - (character in ")]")
        if character == "," and not quoted and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += character
    parts.append(current)
    if quoted or any(not part.strip() for part in parts):
        raise Malformed(f"“{text}”的引号或逗号不完整")
    return [part.strip() for part in parts]


@lru_cache(maxsize=10_000)
def compiled(text: str) -> ast.expr:
    """Return the syntax tree of an expression. Raises Malformed on anything but comparisons, arithmetic and known calls."""
    if len(text) > LONGEST:
        raise Malformed("表达式太长")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Malformed(f"“{text}”不是完整的表达式") from error
    for node in ast.walk(tree):
        _require_known(node, text)
    return tree.body


def _require_known(node: ast.AST, text: str) -> None:
    if not isinstance(node, (*_LEAVES, *_BRANCHES)):
        raise Malformed(f"“{text}”里有不支持的写法")
    if isinstance(node, ast.Call) and (
        not isinstance(node.func, ast.Name) or node.func.id not in _FUNCTIONS or node.keywords
    ):
        raise Malformed(f"“{text}”里有不认识的函数，可用：{'、'.join(_FUNCTIONS)}")
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | bool | None):
        raise Malformed(f"“{text}”里有不支持的写法")


def names_in(text: str) -> set[str]:
    """Return the names that an expression reads, functions and the column's own value apart. Raises Malformed."""
    tree = compiled(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called}
    return names - set(_NAMES) - {PLACE}


def evaluate(text: str, values: Mapping[str, Any]) -> Any:
    """Return the value of an expression. Raises Malformed, or what arithmetic raises (TypeError, ArithmeticError)."""
    return _value(compiled(text), {**_NAMES, **values}, text)


def _value(node: ast.expr, values: Mapping[str, Any], text: str) -> Any:
    if isinstance(node, ast.Constant):
        is_number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        return Decimal(str(node.value)) if is_number else node.value
    if isinstance(node, ast.Name):
        if node.id not in values:
            raise Malformed(f"“{text}”里的“{node.id}”没有值")
        return values[node.id]
    if isinstance(node, ast.Compare):
        return _compare(node, values, text)
    return _combined(node, values, text)


def _combined(node: ast.expr, values: Mapping[str, Any], text: str) -> Any:
    if isinstance(node, ast.BoolOp):
        parts = (_value(part, values, text) for part in node.values)
        return all(parts) if isinstance(node.op, ast.And) else any(parts)
    if isinstance(node, ast.UnaryOp):
        value = _value(node.operand, values, text)
        return not value if isinstance(node.op, ast.Not) else -value
    if isinstance(node, ast.BinOp):
        return _BINARY[type(node.op)](_value(node.left, values, text), _value(node.right, values, text))
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    return _FUNCTIONS[node.func.id](*(_value(argument, values, text) for argument in node.args))


def _compare(node: ast.Compare, values: Mapping[str, Any], text: str) -> bool:
    """Compare in a chain; a value that is not there is in no order with anything."""
    left = _value(node.left, values, text)
    for sign, part in zip(node.ops, node.comparators, strict=True):
        right = _value(part, values, text)
        if isinstance(sign, _ORDERED) and (left is None or right is None):
            return False
        if not _BINARY[type(sign)](left, right):
            return False
        left = right
    return True
