"""A pack that is broken in more than ten ways: each is named with file, line and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuzheng.kernel import pack
from shuzheng.kernel.actions import LoadPacks
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.models import DefinitionRecord
from shuzheng.kernel.source import PackInvalid, Problem

BROKEN = Path(__file__).parent / "broken"
WRONG = [
    ("pack.yaml", 5, "依赖的包“genric-matter”不存在", ""),
    ("items/stall.yaml", 4, "summmary：没有这一项", "summary"),
    ("items/long-promise.yaml", 1, "“承诺时限”长于“法定时限”", ""),
    ("items/odd-limit.yaml", 5, "看不懂时限“三五天”", ""),
    ("items/no-form.yaml", 5, "主题“trafic”不在主题代码表中", "traffic"),
    ("items/no-form.yaml", 6, "没有叫“stal”的表单", "stall"),
    ("items/no-form.yaml", 8, "没有叫“resident-idcard”的证照类型", "resident-id-card"),
    ("items/no-form.yaml", 9, "请用 replaced_by 写明哪种证照", ""),
    ("items/notes.txt", 1, "没有哪个引擎读取这个文件", ""),
    ("forms/stall.yaml", 7, "没有数据元“person-nam”", "person-name"),
    ("processes/stall.bpmn", 6, "没有叫“casework.accept_cas”的动作", "casework.accept_case"),
    ("processes/stall.bpmn", 6, "环节“受理”没有时限", "5个工作日"),
    ("processes/stall.bpmn", 15, "“没人到得了”从开始事件走不到", ""),
    ("codelists/stall-kind.csv", 5, "代码“food”写了两次", ""),
    ("elements.yaml", 5, "代码表“stall-knd”不存在", "stall-kind"),
]


@pytest.fixture
def found(packs: None) -> dict[tuple[str, int], list[Problem]]:
    problems: dict[tuple[str, int], list[Problem]] = {}
    for problem in pack.check([BROKEN]):
        problems.setdefault((str(Path(problem.file).relative_to(BROKEN)), problem.line), []).append(problem)
    return problems


def test_every_mistake_is_named_with_file_and_line(found: dict[tuple[str, int], list[Problem]]) -> None:
    for file, line, message, suggestion in WRONG:
        here = [problem for problem in found.get((file, line), []) if message in problem.message]
        assert here, f"{file}:{line} {message} not among {sorted(found)}"
        assert suggestion in here[0].suggestion


def test_nothing_else_is_found_wrong(found: dict[tuple[str, int], list[Problem]]) -> None:
    assert sum(len(problems) for problems in found.values()) == len(WRONG) > 10


def test_a_broken_pack_is_loaded_not_at_all(packs: None) -> None:
    before = DefinitionRecord.objects.count()
    with pytest.raises(PackInvalid):
        LoadPacks.do(Actor.system("test"), paths=[BROKEN])
    assert DefinitionRecord.objects.count() == before
