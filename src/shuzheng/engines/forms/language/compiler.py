"""From the text of an expression to a function: Python's grammar, of which only a white list is understood."""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from shuzheng.engines.forms.language import logic
from shuzheng.engines.forms.language.functions import FUNCTIONS, Function
from shuzheng.engines.forms.language.names import TITLES, Name, Problem, Type, nearest
from shuzheng.kernel.moment import local

#: Longest expression that is read, in characters; also bounds its depth.
LONGEST = 500
#: Most parts (nodes of the syntax tree) of an expression.
LARGEST = 120


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
class _Part:
    type: Type
    run: Run
    choices: frozenset[str] | None = None
    #: The value of a literal, or of every literal in a list.
    literals: tuple[Any, ...] | None = None
    #: Type of the items of a list.
    items: Type = "text"


def compile_expression(source: str | bool, names: Mapping[str, Name], *, gives: Type | None = None) -> Expression:
    """Compile an expression over names; ``gives`` demands a type. Raises Problem."""
    text = str(source) if isinstance(source, bool) else source
    compiler = _Compiler(names)
    part = compiler.part(_parse(text))
    if gives and part.type != gives:
        raise Problem(f"这里要的是{TITLES[gives]}，表达式得出的是{TITLES[part.type]}。")
    return Expression(text, part.type, frozenset(compiler.reads), part.run)


@lru_cache(maxsize=4096)
def _parse(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise Problem(f"表达式太长，最多 {LONGEST} 个字符。")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _unreadable(text) from None
    if sum(1 for _ in ast.walk(tree)) > LARGEST:
        raise Problem("表达式太复杂，请拆成几个计算字段。")
    return tree.body


def _unreadable(text: str) -> Problem:
    halfwidth = unicodedata.normalize("NFKC", text).translate(str.maketrans("“”‘’", "\"\"''"))
    if halfwidth != text:
        return Problem("表达式里有全角标点，请改用英文标点。", halfwidth)
    if "=" in text.replace("==", "").replace("!=", "").replace("<=", "").replace(">=", ""):
        return Problem("表达式读不懂：比较相等要写两个等号。", text.replace("=", "=="))
    return Problem("表达式读不懂，请检查括号、引号和运算符。")


def _fits(given: Type, wanted: tuple[Type, ...]) -> bool:
    return given in wanted or "any" in (given, *wanted)


class _Compiler:
    """Compiles one syntax tree, gathering what it reads."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self.names = names
        self.reads: set[str] = set()

    def part(self, node: ast.expr) -> _Part:
        compile_node = getattr(self, f"_{type(node).__name__.lower()}", None)
        if compile_node is None:
            raise Problem("表达式里有不支持的写法；可用的有比较、and、or、not、in、加减乘除和函数。")
        return compile_node(node)

    # -- values --------------------------------------------------------------------------------------------

    def _constant(self, node: ast.Constant) -> _Part:
        value = node.value
        if isinstance(value, bool):
            return _Part("boolean", lambda _: value, literals=(value,))
        if isinstance(value, str):
            return _Part("text", lambda _: value, literals=(value,))
        if isinstance(value, int | float):
            number = value if isinstance(value, int) else Decimal(repr(value))
            return _Part("number", lambda _: number, literals=(number,))
        raise Problem("表达式里不能写 None；判断有没有填写请用 empty(字段)。", "empty(字段)")

    def _list(self, node: ast.List) -> _Part:
        parts = [self.part(item) for item in node.elts]
        if not parts or any(part.literals is None for part in parts):
            raise Problem('列表里只能写固定的值，如 ["1", "2"]。')
        if len({part.type for part in parts}) > 1:
            raise Problem("列表里的值要是同一种类型。")
        values = tuple(part.literals[0] for part in parts if part.literals)
        return _Part("list", lambda _: values, literals=values, items=parts[0].type)

    _tuple = _list

    def _name(self, node: ast.Name) -> _Part:
        name, code = self._known(node.id, self.names, ""), node.id
        self.reads.add(code)
        if name.type in ("list", "rows"):
            return _Part(name.type, lambda at: at.values.get(code) or [], name.choices)
        return _Part(name.type, lambda at: _present(at.values.get(code)), name.choices)

    def _known(self, code: str, names: Mapping[str, Name], owner: str) -> Name:
        if code in names:
            return names[code]
        if code in FUNCTIONS:
            raise Problem(f"{code} 是函数，后面要有括号。", FUNCTIONS[code].usage)
        raise Problem(f"没有叫 {owner}{code} 的字段。", nearest(code, names))

    def _attribute(self, node: ast.Attribute) -> _Part:
        if not isinstance(node.value, ast.Name):
            raise Problem("点号只能写在重复组后面，如 staff.wage。")
        owner, code = node.value.id, node.attr
        group = self._known(owner, self.names, "")
        if not group.members:
            raise Problem(f"{owner} 不是重复组，后面不能加点号。")
        member = self._known(code, group.members, f"{owner}.")
        self.reads.update((owner, f"{owner}.{code}"))
        if group.type == "record":
            return _Part(member.type, lambda at: _present((at.values.get(owner) or {}).get(code)), member.choices)
        return _Part("list", _column(owner, code), member.choices, items=member.type)

    # -- operators -----------------------------------------------------------------------------------------

    def _boolop(self, node: ast.BoolOp) -> _Part:
        runs = [self._condition(value) for value in node.values]
        combine = logic.conjunction if isinstance(node.op, ast.And) else logic.disjunction
        return _Part("boolean", lambda at: combine(_bound(run, at) for run in runs))

    def _condition(self, node: ast.expr) -> Run:
        part = self.part(node)
        if part.type != "boolean":
            raise Problem(f"and、or、not 和 if 只能用于条件，这里是{TITLES[part.type]}。")
        return part.run

    def _unaryop(self, node: ast.UnaryOp) -> _Part:
        if isinstance(node.op, ast.Not):
            run = self._condition(node.operand)
            return _Part("boolean", lambda at: logic.negation(run(at)))
        part = self.part(node.operand)
        if not isinstance(node.op, ast.USub) or part.type != "number":
            raise Problem("负号只能用于数字。")
        minus = logic.strict(lambda value: -value)
        return _Part("number", lambda at: minus(part.run(at)), literals=part.literals and (-part.literals[0],))

    def _binop(self, node: ast.BinOp) -> _Part:
        apply = logic.ARITHMETIC.get(type(node.op).__name__)
        left, right = self.part(node.left), self.part(node.right)
        wanted: tuple[Type, ...] = ("number", "text") if isinstance(node.op, ast.Add) else ("number",)
        if apply is None or left.type not in wanted or left.type != right.type:
            raise Problem(
                f"{TITLES[left.type]}和{TITLES[right.type]}不能这样计算。", "日期加天数用 add_days(日期, 天数)"
            )
        return _Part(left.type, lambda at: apply(left.run(at), right.run(at)))

    def _compare(self, node: ast.Compare) -> _Part:
        parts = [self.part(item) for item in (node.left, *node.comparators)]
        steps: list[Run] = []
        for left, operation, right in zip(parts[:-1], node.ops, parts[1:], strict=True):
            steps.append(_comparison(left, type(operation).__name__, right))
        return _Part("boolean", lambda at: logic.conjunction(_bound(step, at) for step in steps))

    def _ifexp(self, node: ast.IfExp) -> _Part:
        test, yes, no = self._condition(node.test), self.part(node.body), self.part(node.orelse)
        if yes.type != no.type:
            raise Problem("if 两边的结果类型要一致。")
        return _Part(yes.type, lambda at: None if (hit := test(at)) is None else (yes if hit else no).run(at))

    # -- functions -----------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> _Part:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise Problem("函数只能写成 名称(参数, …)。")
        code = node.func.id
        if code == "date":
            return _date_literal(node.args)
        function = FUNCTIONS.get(code)
        if function is None:
            raise Problem(f"没有叫 {code} 的函数。", nearest(code, [*FUNCTIONS, "date"]))
        parts = [self.part(argument) for argument in node.args]
        _check_arguments(code, function, parts)
        gives = parts[0].type if code == "coalesce" else parts[0].items if code in ("min", "max") else function.gives
        runs, apply = [part.run for part in parts], function.apply
        if function.dated:
            return _Part(gives, lambda at: apply(at.today, *(run(at) for run in runs)))
        return _Part(gives, lambda at: apply(*(run(at) for run in runs)))


def _present(value: Any) -> Any:
    """Return a value as expressions see it: blanks are missing, times are days."""
    if isinstance(value, datetime):
        return local(value).date()
    return None if value == "" else value


def _column(owner: str, code: str) -> Run:
    return lambda at: [_present(row.get(code)) for row in at.values.get(owner) or ()]


def _bound(run: Run, at: Moment) -> Callable[[], Any]:
    return lambda: run(at)


def _comparison(left: _Part, operation: str, right: _Part) -> Run:
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


def _check_codes(coded: _Part, other: _Part) -> None:
    """Refuse a literal that can never equal a value of the code list."""
    if coded.choices is None or other.literals is None:
        return
    for literal in other.literals:
        if literal not in coded.choices:
            raise Problem(f"代码 {literal!r} 不在该字段的代码表里。", nearest(str(literal), coded.choices))


def _date_literal(arguments: list[ast.expr]) -> _Part:
    try:
        (argument,) = arguments
        day = date.fromisoformat(argument.value)  # type: ignore[attr-defined] - anything else is the error below
    except (ValueError, TypeError, AttributeError):
        raise Problem("date 的参数要是带引号的日期。", 'date("2026-01-01")') from None
    return _Part("date", lambda _: day, literals=(day,))


def _check_arguments(code: str, function: Function, parts: list[_Part]) -> None:
    most = len(function.takes)
    enough = len(parts) >= most - function.optional
    if not enough or (len(parts) > most and not function.variadic):
        raise Problem(f"{code} 的参数个数不对。", function.usage)
    for index, part in enumerate(parts):
        wanted = function.takes[min(index, most - 1)]
        if not _fits(part.type, wanted):
            raise Problem(f"{code} 的第 {index + 1} 个参数要是{'或'.join(TITLES[t] for t in wanted)}。", function.usage)
    if code in ("sum", "min", "max") and parts[0].items not in _SUMMABLE[code]:
        raise Problem(f"{code} 不能用于{TITLES[parts[0].items]}。", function.usage)
    if code == "coalesce" and len({part.type for part in parts}) > 1:
        raise Problem("coalesce 的各个参数类型要一致。", function.usage)
    if code == "contains" and parts[0].type == "list":
        _check_codes(parts[0], parts[1])
