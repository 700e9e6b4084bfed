"""Reading DMN 1.3 files: the table in them, and everything wrong with it at its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

from shuzheng.kernel.dmn.feel import Malformed, compiled, names_in, translate_test
from shuzheng.kernel.dmn.table import AGGREGATES, POLICIES, TYPES, Column, Table
from shuzheng.kernel.source import Lines, Located, Unreadable, nearest

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_PARSER: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False}


class DmnUnreadable(Exception):
    """The file holds no decision table that could be used."""


@dataclass(frozen=True)
class Finding:
    """Something wrong with a table."""

    #: Id of the element concerned, or ``xml``.
    element: str
    message: str
    suggestion: str = ""


def read_dmn(file: Path) -> list[tuple[tuple[str | int, ...], Located]]:
    """Read a DMN file for the packs; ids of elements lead to their lines. Raises Unreadable."""
    content = file.read_bytes()
    try:
        root = _root(content)
    except etree.XMLSyntaxError as error:
        raise Unreadable(error.lineno or 1, f"不是有效的 XML：{error.msg}") from error
    decision = root.find(f"{{{DMN}}}decision")
    if decision is None:
        raise Unreadable(1, "文件里没有 DMN 1.3 的决策（decision）")
    lines: Lines = {(element.get("id"),): element.sourceline for element in root.iter() if element.get("id")}
    line = decision.sourceline or 1
    lines |= {(): 1, ("code",): line, ("title",): line, ("xml",): line}
    body = {"code": decision.get("id", ""), "title": decision.get("name", ""), "xml": content.decode("utf-8")}
    return [((), Located(body, lines))]


def parse(xml: str) -> Table:
    """Return the table of a file. Raises DmnUnreadable with the first thing wrong with it."""
    for finding in problems(xml):
        raise DmnUnreadable(finding.message)
    root = _root(xml.encode())
    element = root.find(f".//{{{DMN}}}decisionTable")
    parser = DMNParser(None, root, {"dmn": DMN})
    parser.parse()
    decision_spec: Any = parser.decision  # SpiffWorkflow declares it as None until parsed
    spec = decision_spec.decisionTables[0]
    spec.hit_policy = "COLLECT"
    cells = {rule.id: [entry.text or "" for entry in rule.inputEntries] for rule in spec.rules}
    for rule in spec.rules:
        for entry in rule.inputEntries:
            entry.lhs = [translate_test(entry.text or "")]
    decision = element.getparent()
    return Table(
        code=decision.get("id"),
        title=decision.get("name", ""),
        policy=element.get("hitPolicy", "UNIQUE").upper(),
        aggregation=element.get("aggregation", "").upper(),
        inputs=tuple(Column(c.expression.strip(), c.label or c.expression, TYPES[c.typeRef]) for c in spec.inputs),
        outputs=tuple(Column(c.name, c.label or c.name, TYPES[c.typeRef]) for c in spec.outputs),
        spec=spec,
        cells=cells,
    )


def problems(xml: str) -> Iterator[Finding]:
    """Yield everything wrong with a file's table."""
    try:
        root = _root(xml.encode())
    except etree.XMLSyntaxError as error:
        yield Finding("xml", f"不是有效的 XML：{error.msg}")
        return
    tables = list(root.iter(f"{{{DMN}}}decisionTable"))
    if len(tables) != 1 or len(list(root.iter(f"{{{DMN}}}decision"))) != 1:
        yield Finding("xml", "一个文件应当有且只有一个决策和一张决策表", "多个决策请分成多个文件")
        return
    found = [*_check_policy(tables[0]), *_check_ids(tables[0]), *_check_columns(tables[0]), *_check_rules(tables[0])]
    yield from found
    if not found:
        yield from _check_by_engine(root)


def _check_by_engine(root: Any) -> Iterator[Finding]:
    try:
        DMNParser(None, root, {"dmn": DMN}).parse()
    except ValidationException as error:
        yield Finding("xml", f"决策表无法使用：{error}")


def _check_policy(table: Any) -> Iterator[Finding]:
    policy, aggregation = table.get("hitPolicy", "UNIQUE").upper(), table.get("aggregation", "").upper()
    if policy not in POLICIES:
        yield Finding(table.get("id"), f"不支持的命中策略“{policy}”", "请用 " + "、".join(sorted(POLICIES)))
    if aggregation and (policy != "COLLECT" or aggregation not in AGGREGATES):
        yield Finding(table.get("id"), f"汇总方式“{aggregation}”只能用于 COLLECT，且须是 SUM、MIN、MAX、COUNT")
    if aggregation and len(table.findall(f"{{{DMN}}}output")) != 1:
        yield Finding(table.get("id"), "汇总的决策表只能有一个输出列")


def _check_ids(table: Any) -> Iterator[Finding]:
    ids = [element.get("id", "") for element in table.iter() if isinstance(element.tag, str)]
    wanted = {"input", "output", "rule", "inputEntry", "outputEntry", "decisionTable"}
    for element in table.iter(*(f"{{{DMN}}}{name}" for name in wanted)):
        if not element.get("id"):
            yield Finding("xml", f"第 {element.sourceline} 行的元素没有 id")
    for id, times in Counter(id for id in ids if id).items():
        if times > 1:
            yield Finding(id, f"编号“{id}”用了 {times} 次")


def _check_columns(table: Any) -> Iterator[Finding]:
    inputs, outputs = table.findall(f"{{{DMN}}}input"), table.findall(f"{{{DMN}}}output")
    if not outputs:
        yield Finding(table.get("id"), "决策表没有输出列")
    for column in inputs:
        if not _variable(column).isidentifier():
            yield Finding(column.get("id"), "输入列的表达式应当是一个变量名", "例如 area")
    for column in outputs:
        if not column.get("name", "").isidentifier():
            yield Finding(column.get("id"), "输出列没有可用的名称（name）", "例如 price")
    for column in [*inputs, *outputs]:
        if _type(column) not in TYPES:
            yield Finding(
                column.get("id"), f"不认识的类型“{_type(column)}”", nearest(_type(column), TYPES) or "例如 number"
            )


def _check_rules(table: Any) -> Iterator[Finding]:
    known = {_variable(column) for column in table.findall(f"{{{DMN}}}input")}
    rules = table.findall(f"{{{DMN}}}rule")
    if not rules:
        yield Finding(table.get("id"), "决策表没有规则")
    for rule in rules:
        yield from _check_width(table, rule)
        for cell in rule:
            name = etree.QName(cell).localname if isinstance(cell.tag, str) else ""
            if name in ("inputEntry", "outputEntry"):
                yield from _check_cell(cell, name == "inputEntry", known)


def _check_width(table: Any, rule: Any) -> Iterator[Finding]:
    for cells, columns, what in (("inputEntry", "input", "输入"), ("outputEntry", "output", "输出")):
        given, wanted = len(rule.findall(f"{{{DMN}}}{cells}")), len(table.findall(f"{{{DMN}}}{columns}"))
        if given != wanted:
            yield Finding(rule.get("id"), f"规则有 {given} 个{what}格，决策表有 {wanted} 个{what}列")


def _check_cell(cell: Any, is_test: bool, known: set[str]) -> Iterator[Finding]:
    text = (cell.findtext(f"{{{DMN}}}text") or "").strip()
    if not is_test and not text:
        yield Finding(cell.get("id"), "输出格是空的", '写一个值，文字加引号，例如 "fee"')
        return
    try:
        source = translate_test(text) if is_test else text
        if source is None:
            return
        source = source.replace("?", "true") if is_test else source
        compiled(source)
        for name in sorted(names_in(source) - known):
            yield Finding(cell.get("id"), f"“{name}”不是输入列", nearest(name, known) or '文字要加引号，例如 "occupy"')
    except Malformed as error:
        yield Finding(cell.get("id"), str(error), '例如 "a","b" 或 < 10 或 [1..30]')


def _variable(column: Any) -> str:
    return (column.findtext(f"{{{DMN}}}inputExpression/{{{DMN}}}text") or "").strip()


def _type(column: Any) -> str:
    expression = column.find(f"{{{DMN}}}inputExpression")
    return (column if expression is None else expression).get("typeRef", "")


def _root(xml: bytes) -> Any:
    """Parse XML without entities or network. Raises XMLSyntaxError."""
    return etree.fromstring(xml, etree.XMLParser(**_PARSER))
