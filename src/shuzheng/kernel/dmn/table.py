"""A decision table and what it decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from types import SimpleNamespace
from typing import Any

from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.specs.model import DecisionTable as Spec
from SpiffWorkflow.dmn.specs.model import Rule as SpecRule
from SpiffWorkflow.exceptions import SpiffWorkflowException

from shuzheng.kernel.dmn.feel import compiled, evaluate

#: typeRef of a column → what its values are.
TYPES: Mapping[str, str] = {
    "string": "text",
    "boolean": "boolean",
    "number": "number",
    "integer": "number",
    "long": "number",
    "double": "number",
    "date": "date",
}
#: Hit policy → what it means; a policy not here is refused.
POLICIES = frozenset({"UNIQUE", "FIRST", "ANY", "RULE ORDER", "COLLECT"})
SINGLE = frozenset({"UNIQUE", "FIRST", "ANY"})
AGGREGATES = frozenset({"SUM", "MIN", "MAX", "COUNT"})


class WrongValue(ValueError):
    """An input is missing or not of its column's type; the message names the column."""


class NoRule(LookupError):
    """No rule of the table holds."""


class RulesDisagree(ValueError):
    """Rules hold together that must not: two of a UNIQUE table, or two of an ANY table with different outputs."""


@dataclass(frozen=True)
class Column:
    """An input or output column."""

    #: Variable that an input reads, or name of an output.
    name: str
    label: str
    #: text, number, boolean or date.
    type: str


@dataclass(frozen=True)
class Matched:
    """A rule that held."""

    #: Row of the table, from 1.
    number: int
    id: str
    #: What the table's author wrote beside the rule.
    description: str
    #: Each column that the rule looks at: label, test and value.
    conditions: tuple[str, ...]
    outputs: Mapping[str, Any]

    @property
    def why(self) -> str:
        """Return why the rule held, in a sentence."""
        looked = "；".join(self.conditions) or "任何情形"
        return f"第 {self.number} 条（{looked}）{'：' + self.description if self.description else ''}"


@dataclass(frozen=True)
class Decided:
    """What a table decided: the rules that count by its hit policy, and the aggregate if it collects one."""

    rules: tuple[Matched, ...]
    aggregate: Decimal | None = None

    @property
    def outputs(self) -> list[Mapping[str, Any]]:
        """Return the outputs, one row a rule."""
        return [rule.outputs for rule in self.rules]


@dataclass(frozen=True, eq=False)
class Table:
    """A decision table (决策表), parsed once per version."""

    code: str
    title: str
    policy: str
    #: SUM, MIN, MAX or COUNT of a collecting table, or empty.
    aggregation: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    #: SpiffWorkflow's specification; its tests are translated, its policy is COLLECT, so that every match is returned.
    spec: Spec
    #: The tests of each rule as they stand in the file.
    cells: Mapping[str, Sequence[str]]

    def typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the inputs in their types. Raises WrongValue; a value that is absent is null."""
        return {column.name: _typed(column, values.get(column.name)) for column in self.inputs}

    def decide(self, values: Mapping[str, Any]) -> Decided:
        """Return what the table decides. Raises WrongValue, NoRule, RulesDisagree."""
        given = self.typed(values)
        task = _task(given)
        try:
            held = DMNEngine(self.spec).decide(task)
            rules = [self._matched(rule, given, task) for rule in held]
        except (SpiffWorkflowException, TypeError, ArithmeticError) as error:
            raise WrongValue(f"“{self.title}”无法用所给的数据计算：{error}") from error
        return self._settle(rules)

    def _settle(self, rules: list[Matched]) -> Decided:
        if not rules:
            raise NoRule(f"“{self.title}”没有适用的规则")
        if self.policy == "UNIQUE" and len(rules) > 1:
            raise RulesDisagree(f"“{self.title}”有 {len(rules)} 条规则同时适用，但它声明只能有一条")
        if self.policy == "ANY" and any(rule.outputs != rules[0].outputs for rule in rules):
            raise RulesDisagree(f"“{self.title}”同时适用的规则结果不同")
        kept = rules[:1] if self.policy in SINGLE else rules
        return Decided(tuple(kept), self._aggregate(kept))

    def _aggregate(self, rules: list[Matched]) -> Decimal | None:
        if not self.aggregation:
            return None
        found = [rule.outputs[self.outputs[0].name] for rule in rules]
        return {"SUM": sum, "MIN": min, "MAX": max, "COUNT": lambda row: Decimal(len(row))}[self.aggregation](found)

    def _matched(self, rule: SpecRule, given: Mapping[str, Any], task: Any) -> Matched:
        looked = [
            f"{column.label} {_shown(given[column.name])} 符合 {cell.strip()}"
            for column, cell in zip(self.inputs, self.cells[rule.id], strict=True)
            if cell.strip() not in ("", "-")
        ]
        description = (rule.description or "").strip()
        return Matched(rule.row_number, rule.id, description, tuple(looked), dict(rule.output_as_dict(task)))


class _Interpreter:
    """Stands in for SpiffWorkflow's script engine and runs no Python."""

    @staticmethod
    def validate(text: str) -> None:
        """Refuse what is not an expression; SpiffWorkflow asks for SyntaxError."""
        try:
            compiled(text)
        except ValueError as error:
            raise SyntaxError(str(error)) from error

    @staticmethod
    def evaluate(task: Any, text: str, external_context: Mapping[str, Any] | None = None) -> Any:
        """Evaluate an expression over the inputs."""
        return evaluate(text, {**task.data, **(external_context or {})})


def _task(values: Mapping[str, Any]) -> Any:
    return SimpleNamespace(data=values, workflow=SimpleNamespace(script_engine=_Interpreter))


def _shown(value: Any) -> str:
    if value is None:
        return "（未填）"
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _typed(column: Column, value: Any) -> Any:
    if value is None or value == "":
        return None
    try:
        return _READ[column.type](value)
    except (ValueError, TypeError, KeyError, InvalidOperation) as error:
        raise WrongValue(f"“{column.label}”的值“{value}”不对") from error


def _number(value: Any) -> Decimal:
    if isinstance(value, bool):
        raise ValueError(value)
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(value)
    return number


def _boolean(value: Any) -> bool:
    return value if isinstance(value, bool) else {"true": True, "false": False}[str(value).lower()]


_READ: Mapping[str, Any] = {
    "text": str,
    "number": _number,
    "boolean": _boolean,
    "date": lambda value: value if isinstance(value, date) else date.fromisoformat(str(value)),
}
