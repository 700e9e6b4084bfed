"""Decision tables: hit policies, types, explanations, and what is refused with its line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.kernel.dmn import (
    DmnUnreadable,
    NoRule,
    RulesDisagree,
    Table,
    WrongValue,
    parse,
    problems,
    read_dmn,
)
from shuzheng.kernel.source import Unreadable

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:test">'
INPUTS = [("use", "string"), ("area", "number")]
OUTPUTS = [("code", "string"), ("amount", "number")]


def xml(*rules: list[str], policy: str = "UNIQUE", inputs: Any = INPUTS, outputs: Any = OUTPUTS, more: str = "") -> str:
    """Return a table; each rule is its input cells, then its output cells."""
    columns = "".join(
        f'<input id="i{n}" label="{name}"><inputExpression id="e{n}" typeRef="{kind}"><text>{name}</text></inputExpression></input>\n'
        for n, (name, kind) in enumerate(inputs)
    ) + "".join(f'<output id="o{n}" name="{name}" typeRef="{kind}"/>\n' for n, (name, kind) in enumerate(outputs))
    rows = ""
    for n, cells in enumerate(rules, 1):
        rows += f'<rule id="r{n}"><description>说明{n}</description>\n'
        for m, cell in enumerate(cells):
            name = "inputEntry" if m < len(inputs) else "outputEntry"
            text = cell.replace("&", "&amp;").replace("<", "&lt;")
            rows += f'<{name} id="c{n}_{m}"><text>{text}</text></{name}>\n'
        rows += "</rule>\n"
    return f'{HEAD}\n<decision id="fee" name="费用"><decisionTable id="t" hitPolicy="{policy}"{more}>\n{columns}{rows}</decisionTable></decision></definitions>'


def a_table(*rules: list[str], **more: Any) -> Table:
    """Return the parsed table."""
    return parse(xml(*rules, **more))


def test_a_rule_is_found_and_says_why() -> None:
    table = a_table(['"occupy"', "<= 10", '"A"', "area * 0.5"], ['"excavate"', "-", '"B"', "area * 300"])
    decided = table.decide({"use": "occupy", "area": "4"})
    assert decided.outputs == [{"code": "A", "amount": Decimal("2.0")}]
    assert decided.rules[0].why == '第 1 条（use occupy 符合 "occupy"；area 4 符合 <= 10）：说明1'


@pytest.mark.parametrize(
    ("cell", "holds", "fails"),
    [
        ("[1..10]", ["1", "10"], ["0.99", "10.01"]),
        ("(1..10]", ["1.5", "10"], ["1"]),
        ("]1..10[", ["5"], ["1", "10"]),
        ("< 3, > 7", ["2", "8"], ["3", "7"]),
        ("not(3, 4)", ["5"], ["3", "4"]),
        ("!= 3", ["4"], ["3"]),
        ("= 3", ["3.0"], ["4"]),
        ("-", ["3", None], []),
        ("null", [None], ["3"]),
        (">= 2 + 1", ["3"], ["2"]),
    ],
)
def test_a_cell_is_a_unary_test(cell: str, holds: list[Any], fails: list[Any]) -> None:
    table = a_table(["-", cell, '"A"', "1"])
    assert all(table.decide({"area": value}).rules for value in holds)
    for value in fails:
        with pytest.raises(NoRule):
            table.decide({"area": value})


def test_dates_truth_and_lists_of_words_are_compared_in_their_types() -> None:
    inputs = [("day", "date"), ("poor", "boolean"), ("kind", "string")]
    table = a_table(['>= date("2026-01-01")', "true", '"a, b","c?"', '"A"', "1"], inputs=inputs)
    assert table.decide({"day": "2026-03-01", "poor": True, "kind": "a, b"}).rules
    assert table.decide({"day": "2026-03-01", "poor": "true", "kind": "c?"}).rules
    with pytest.raises(NoRule):
        table.decide({"day": "2025-12-31", "poor": True, "kind": "c?"})


def test_a_missing_value_is_in_no_order_with_anything() -> None:
    with pytest.raises(NoRule):
        a_table(["-", "< 3", '"A"', "1"]).decide({})


def test_two_rules_of_a_unique_table_are_not_silently_one() -> None:
    with pytest.raises(RulesDisagree):
        a_table(["-", "< 5", '"A"', "1"], ["-", "< 9", '"B"', "2"]).decide({"area": 3})


def test_first_any_and_rule_order_mean_what_the_standard_says() -> None:
    rules = ["-", "< 5", '"A"', "1"], ["-", "< 9", '"B"', "2"]
    assert [r["code"] for r in a_table(*rules, policy="FIRST").decide({"area": 3}).outputs] == ["A"]
    assert [r["code"] for r in a_table(*rules, policy="RULE ORDER").decide({"area": 3}).outputs] == ["A", "B"]
    with pytest.raises(RulesDisagree):
        a_table(*rules, policy="ANY").decide({"area": 3})
    same = ["-", "< 5", '"A"', "1"], ["-", "< 9", '"A"', "1"]
    assert len(a_table(*same, policy="ANY").decide({"area": 3}).rules) == 1


@pytest.mark.parametrize(("how", "wanted"), [("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3)])
def test_a_collecting_table_aggregates(how: str, wanted: int) -> None:
    rules = [["-", "-", str(n)] for n in (1, 2, 3)]
    table = a_table(*rules, policy="COLLECT", outputs=[("amount", "number")], more=f' aggregation="{how}"')
    assert table.decide({}).aggregate == wanted


@given(st.decimals(min_value=0, max_value=10**6, places=2), st.decimals(min_value=0, max_value=10**4, places=2))
def test_arithmetic_is_exact(area: Decimal, price: Decimal) -> None:
    table = a_table(["-", "-", '"A"', f"area * {price}"])
    assert table.decide({"area": str(area)}).outputs[0]["amount"] == area * price


@pytest.mark.parametrize("value", ["viel", "NaN", "Infinity", True, [1]])
def test_a_value_of_another_type_is_named(value: Any) -> None:
    with pytest.raises(WrongValue, match="area"):
        a_table(["-", "-", '"A"', "1"]).decide({"area": value})


def test_arithmetic_on_a_missing_value_is_a_wrong_value() -> None:
    with pytest.raises(WrongValue):
        a_table(["-", "-", '"A"', "area * 2"]).decide({})


@pytest.mark.parametrize(
    ("broken", "element", "message"),
    [
        (xml(["-", "-", '"A"', "areа * 2"]), "c1_3", "不是输入列"),
        (xml(["-", "-", '"A"', "__import__('os')"]), "c1_3", "不认识的函数"),
        (xml(["-", "-", '"A"', "use.__class__"]), "c1_3", "不支持"),
        (xml(["-", "-", '"A"', "[x for x in area]"]), "c1_3", "不支持"),
        (xml(["-", "< ", '"A"', "1"]), "c1_1", "表达式"),
        (xml(["-", "occupy", '"A"', "1"]), "c1_1", "不是输入列"),
        (xml(['"a', "-", '"A"', "1"]), "c1_0", "引号"),
        (xml(["-", "-", '"A"', ""]), "c1_3", "空"),
        (xml(["-", "-", '"A"']), "r1", "2 个输出列"),
        (xml(["-", "-", '"A"', "1"], policy="PRIORITY"), "t", "命中策略"),
        (xml(["-", "-", '"A"', "1"], more=' aggregation="SUM"'), "t", "汇总"),
        (xml(["-", "-", '"A"', "1"], inputs=[("use", "strin"), ("area", "number")]), "i0", "类型"),
        (xml(["-", "-", '"A"', "1"], inputs=[("a b", "string"), ("area", "number")]), "i0", "变量名"),
        (xml(), "t", "没有规则"),
        (xml(["-", "-", '"A"', "1"]).replace('id="c1_2"', 'id="c1_1"'), "c1_1", "用了 2 次"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_at_its_element(broken: str, element: str, message: str) -> None:
    found = [(finding.element, finding.message) for finding in problems(broken)]
    assert any(where == element and message in what for where, what in found), found
    with pytest.raises(DmnUnreadable):
        parse(broken)


def test_a_file_leads_from_elements_to_lines(tmp_path: Path) -> None:
    file = tmp_path / "fee.dmn"
    file.write_text(xml(["-", "-", '"A"', "1"]), "utf-8")
    [(_path, located)] = read_dmn(file)
    assert located.value["code"] == "fee"
    assert 'id="c1_2"' in file.read_text("utf-8").splitlines()[located.line(("c1_2",)) - 1]


@pytest.mark.parametrize("content", ["<definitions", "<a/>", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'])
def test_a_file_that_is_no_table_is_unreadable(tmp_path: Path, content: str) -> None:
    file = tmp_path / "fee.dmn"
    file.write_text(content, "utf-8")
    with pytest.raises(Unreadable):
        read_dmn(file)


@given(st.text(max_size=60))
def test_no_cell_breaks_the_check(cell: str) -> None:
    text = "".join(c for c in cell if c.isprintable() and c not in "<>&")
    for finding in problems(xml(["-", text, '"A"', text])):
        assert finding.message
