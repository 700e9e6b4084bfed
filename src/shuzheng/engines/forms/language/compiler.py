"""From the text of an expression to a function: Python's grammar, of which only a white list is understood."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from shuzheng.engines.forms.language import logic
from shuzheng.engines.forms.language.functions import FUNCTIONS
from shuzheng.engines.forms.language.grammar import parse
from shuzheng.engines.forms.language.names import TITLES, Name, Problem, Type, nearest
from shuzheng.engines.forms.language.parts import (
    Expression,
    Moment,
    Part,
    Run,
    check_arguments,
    comparison,
    date_literal,
)
from shuzheng.kernel.moment import local


def compile_expression(source: str | bool, names: Mapping[str, Name], *, gives: Type | None = None) -> Expression:
    """Compile an expression over names; ``gives`` demands a type. Raises Problem."""
    text = str(source) if isinstance(source, bool) else source
    compiler = _Compiler(names)
    part = compiler.part(parse(text))
    if gives and part.type != gives:
        raise Problem(f"这里要的是{TITLES[gives]}，表达式得出的是{TITLES[part.type]}。")
    return Expression(text, part.type, frozenset(compiler.reads), part.run)


class _Compiler:
    """Compiles one syntax tree, gathering what it reads."""

    def __init__(self, names: Mapping[str, Name]) -> None:
        self.names = names
        self.reads: set[str] = set()

    def part(self, node: ast.expr) -> Part:
        compile_node = getattr(self, f"_{type(node).__name__.lower()}", None)
        if compile_node is None:
            raise Problem("表达式里有不支持的写法；可用的有比较、and、or、not、in、加减乘除和函数。")
        return compile_node(node)

    # -- values --------------------------------------------------------------------------------------------

    def _constant(self, node: ast.Constant) -> Part:
        value = node.value
        if isinstance(value, bool):
            return Part("boolean", lambda _: value, literals=(value,))
        if isinstance(value, str):
            return Part("text", lambda _: value, literals=(value,))
        if isinstance(value, int | float):
            number = value if isinstance(value, int) else Decimal(repr(value))
            return Part("number", lambda _: number, literals=(number,))
        raise Problem("表达式里不能写 None；判断有没有填写请用 empty(字段)。", "empty(字段)")

    def _list(self, node: ast.List) -> Part:
        parts = [self.part(item) for item in node.elts]
        if not parts or any(part.literals is None for part in parts):
            raise Problem('列表里只能写固定的值，如 ["1", "2"]。')
        if len({part.type for part in parts}) > 1:
            raise Problem("列表里的值要是同一种类型。")
        values = tuple(part.literals[0] for part in parts if part.literals)
        return Part("list", lambda _: values, literals=values, items=parts[0].type)

    _tuple = _list

    def _name(self, node: ast.Name) -> Part:
        name, code = self._known(node.id, self.names, ""), node.id
        self.reads.add(code)
        if name.type in ("list", "rows"):
            return Part(name.type, lambda at: at.values.get(code) or [], name.choices)
        return Part(name.type, lambda at: _present(at.values.get(code)), name.choices)

    def _known(self, code: str, names: Mapping[str, Name], owner: str) -> Name:
        if code in names:
            return names[code]
        if code in FUNCTIONS:
            raise Problem(f"{code} 是函数，后面要有括号。", FUNCTIONS[code].usage)
        raise Problem(f"没有叫 {owner}{code} 的字段。", nearest(code, names))

    def _attribute(self, node: ast.Attribute) -> Part:
        if not isinstance(node.value, ast.Name):
            raise Problem("点号只能写在重复组后面，如 staff.wage。")
        owner, code = node.value.id, node.attr
        group = self._known(owner, self.names, "")
        if not group.members:
            raise Problem(f"{owner} 不是重复组，后面不能加点号。")
        member = self._known(code, group.members, f"{owner}.")
        self.reads.update((owner, f"{owner}.{code}"))
        if group.type == "record":
            return Part(member.type, lambda at: _present((at.values.get(owner) or {}).get(code)), member.choices)
        return Part("list", _column(owner, code), member.choices, items=member.type)

    # -- operators -----------------------------------------------------------------------------------------

    def _boolop(self, node: ast.BoolOp) -> Part:
        runs = [self._condition(value) for value in node.values]
        combine = logic.conjunction if isinstance(node.op, ast.And) else logic.disjunction
        return Part("boolean", lambda at: combine(_bound(run, at) for run in runs))

    def _condition(self, node: ast.expr) -> Run:
        part = self.part(node)
        if part.type != "boolean":
            raise Problem(f"and、or、not 和 if 只能用于条件，这里是{TITLES[part.type]}。")
        return part.run

    def _unaryop(self, node: ast.UnaryOp) -> Part:
        if isinstance(node.op, ast.Not):
            run = self._condition(node.operand)
            return Part("boolean", lambda at: logic.negation(run(at)))
        part = self.part(node.operand)
        if not isinstance(node.op, ast.USub) or part.type != "number":
            raise Problem("负号只能用于数字。")
        minus = logic.strict(lambda value: -value)
        return Part("number", lambda at: minus(part.run(at)), literals=part.literals and (-part.literals[0],))

    def _binop(self, node: ast.BinOp) -> Part:
        apply = logic.ARITHMETIC.get(type(node.op).__name__)
        left, right = self.part(node.left), self.part(node.right)
        wanted: tuple[Type, ...] = ("number", "text") if isinstance(node.op, ast.Add) else ("number",)
        if apply is None or left.type not in wanted or left.type != right.type:
            raise Problem(
                f"{TITLES[left.type]}和{TITLES[right.type]}不能这样计算。", "日期加天数用 add_days(日期, 天数)"
            )
        return Part(left.type, lambda at: apply(left.run(at), right.run(at)))

    def _compare(self, node: ast.Compare) -> Part:
        parts = [self.part(item) for item in (node.left, *node.comparators)]
        steps: list[Run] = []
        for left, operation, right in zip(parts[:-1], node.ops, parts[1:], strict=True):
            steps.append(comparison(left, type(operation).__name__, right))
        return Part("boolean", lambda at: logic.conjunction(_bound(step, at) for step in steps))

    def _ifexp(self, node: ast.IfExp) -> Part:
        test, yes, no = self._condition(node.test), self.part(node.body), self.part(node.orelse)
        if yes.type != no.type:
            raise Problem("if 两边的结果类型要一致。")
        return Part(yes.type, lambda at: None if (hit := test(at)) is None else (yes if hit else no).run(at))

    # -- functions -----------------------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> Part:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise Problem("函数只能写成 名称(参数, …)。")
        code = node.func.id
        if code == "date":
            return date_literal(node.args)
        function = FUNCTIONS.get(code)
        if function is None:
            raise Problem(f"没有叫 {code} 的函数。", nearest(code, [*FUNCTIONS, "date"]))
        parts = [self.part(argument) for argument in node.args]
        check_arguments(code, function, parts)
        gives = parts[0].type if code == "coalesce" else parts[0].items if code in ("min", "max") else function.gives
        runs, apply = [part.run for part in parts], function.apply
        if function.dated:
            return Part(gives, lambda at: apply(at.today, *(run(at) for run in runs)))
        return Part(gives, lambda at: apply(*(run(at) for run in runs)))


def _present(value: Any) -> Any:
    """Return a value as expressions see it: blanks are missing, times are days."""
    if isinstance(value, datetime):
        return local(value).date()
    return None if value == "" else value


def _column(owner: str, code: str) -> Run:
    return lambda at: [_present(row.get(code)) for row in at.values.get(owner) or ()]


def _bound(run: Run, at: Moment) -> Callable[[], Any]:
    return lambda: run(at)
