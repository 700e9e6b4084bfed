"""Templates in packs: gaps are checked with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuzheng.engines.messaging.definitions import NOTICE, TEMPLATE, MessageTemplate, check
from shuzheng.kernel.definition import Declared, Workspace

GOOD = """\
code: case.closed
title: 办结通知
subject: 已办结：{item}
body: 您申请的“{item}”已于 {day} 办结。
placeholders:
  item: {title: 事项名称}
  day: {title: 日期, personal: false}
"""


def declared(folder: Path, text: str) -> list[Declared[MessageTemplate]]:
    """Read a file as a pack is read."""
    file = folder / "closed.yaml"
    file.write_text(text, "utf-8")
    found = []
    for place, located in TEMPLATE.read(file):
        body = located.value
        for step in place:
            body = body[step]
        model = MessageTemplate.model_validate(body)
        found.append(Declared(TEMPLATE.name, body["code"], body, str(file), located, place, model))
    return found


def problems(folder: Path, text: str) -> list[str]:
    """Return what is wrong with a file, each with its line."""
    workspace = Workspace(lambda kind, key: None, lambda kind: [])
    return [f"{p.line}: {p.message}" for one in declared(folder, text) for p in check(one, workspace)]


def test_a_good_template_passes_and_says_something_neutral_outside(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []
    (one,) = declared(tmp_path, GOOD)
    assert one.model is not None
    assert one.model.notice == NOTICE


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("已办结：{item}", "已办结：{itme}", 3, "itme"),
        ("办结。", "{办结。", 4, "花括号"),
        ("  day:", "  reason: {title: 理由}\n  day:", 7, "reason"),
        ("placeholders:", "notice: 您的{item}已办结\nplaceholders:", 5, "个人信息"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    (problem,) = problems(tmp_path, GOOD.replace(old, new))
    assert problem.startswith(f"{line}: ")
    assert said in problem


def test_a_file_may_hold_a_list_of_templates(tmp_path: Path) -> None:
    entry = "- " + GOOD.replace("\n", "\n  ").rstrip() + "\n"
    both = entry + entry.replace("case.closed", "case.opened")
    assert [one.key for one in declared(tmp_path, both)] == ["case.closed", "case.opened"]
    assert problems(tmp_path, both) == []
