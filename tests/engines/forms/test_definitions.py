"""A form broken in any way is refused with line and suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuzheng.kernel.pack import check
from shuzheng.kernel.source import Problem
from tests.engines.forms.conftest import LICENCE

pytestmark = pytest.mark.usefixtures("_base", "db")


def findings(folder: Path, form: str) -> list[Problem]:
    (folder / "pack.yaml").write_text("code: t\ntitle: 测试\nversion: 1.0.0\neffective: 2026-01-01\n", encoding="utf-8")
    (folder / "forms").mkdir()
    (folder / "forms" / "f.yaml").write_text(form.lstrip(), encoding="utf-8")
    return check([folder])


def test_the_form_of_the_tests_has_no_problem(tmp_path: Path) -> None:
    assert findings(tmp_path, LICENCE) == []


HEAD = """
code: f
title: 表
sections:
  - code: a
    title: 甲
    fields:
"""


@pytest.mark.parametrize(
    ("fields", "line", "word", "suggestion"),
    [
        ("      - {element: person-nam}", 7, "没有数据元", "person-name"),
        ("      - {element: sex}\n      - {element: sex}", 8, "用了两次", "sex_2"),
        ("      - {element: sex}\n      - {element: remark, when: 'sexx == \"1\"'}", 8, "没有叫 sexx", "sex"),
        ("      - {element: sex}\n      - {element: remark, when: 'sex == \"7\"'}", 8, "不在该字段的代码表", ""),
        (
            "      - {element: sex, when: 'remark == \"甲\"'}\n      - {element: remark, when: 'sex == \"1\"'}",
            7,
            "循环依赖",
            "when",
        ),
        (
            "      - {element: amount, computed: fee + 1}\n      - {element: fee, computed: amount + 1}",
            7,
            "循环依赖",
            "",
        ),
        ("      - {element: amount, computed: '\"甲\"'}", 7, "要的是数字", ""),
        ("      - {element: sex, options: ['1', '3']}", 7, "不在代码表", ""),
        ("      - {element: remark, options: ['1']}", 7, "没有代码表", ""),
        ("      - {element: remark, multiple: true}", 7, "多选", ""),
        ("      - {element: remark, prefill: account.nam}", 7, "预填来源", "account.name"),
        ("      - {element: remark, readonly: true}", 7, "只读", ""),
        ("      - {element: sex, default: '8'}", 7, "默认值", ""),
        ('      - {element: sex}\n      - {element: remark, when: \'sex == "1" and sex == "2"\'}', 8, "永远不成立", ""),
        ("      - {element: remark, when: false}", 7, "永远不成立", ""),
        ("      - {element: remark, hlep: 提示}", 7, "hlep", "help"),
        ("      - {element: remark, required: maybe}", 7, "没有叫 maybe", ""),
    ],
)
def test_a_mistake_in_a_field_is_named(tmp_path: Path, fields: str, line: int, word: str, suggestion: str) -> None:
    found = findings(tmp_path, HEAD.lstrip() + fields)
    assert len(found) == 1
    assert found[0].line == line
    assert found[0].file.endswith("forms/f.yaml")
    assert word in found[0].message
    assert suggestion in found[0].suggestion


def test_a_check_names_its_field_and_its_condition(tmp_path: Path) -> None:
    form = HEAD + "      - {element: sex}\nchecks:\n  - {assert: 'sex == 1', message: 错, field: sax}"
    found = {problem.message: problem for problem in findings(tmp_path, form)}
    assert any("没有叫 sax" in message for message in found)
    assert any("不能和" in message for message in found)
    assert {problem.line for problem in found.values()} == {9}


def test_a_section_that_depends_on_itself_is_a_cycle(tmp_path: Path) -> None:
    form = HEAD.replace("    title: 甲\n", '    title: 甲\n    when: sex == "1"\n') + "      - {element: sex}"
    (found,) = findings(tmp_path, form)
    assert "循环" in found.message
