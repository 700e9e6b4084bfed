"""What a pack may declare of a service, and what is said about what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuzheng.engines.resources.services import service
from shuzheng.kernel.pack import PackInvalid, read

PACK = "code: trial\ntitle: 试验\nversion: 1.0.0\neffective: 2026-01-01\n"
GOOD = """code: weather
title: 天气服务
owner: 气象局
measures: ["view:weather:*", action:messaging.send_message]
objectives:
  - {code: available, title: 正常应答, target: 0.99}
modes:
  - {code: quiet, title: 停发, notice: 天气短信暂停。, pauses: [messaging.send_message]}
runbook: |
  先看气象局的数据接口是否可用，再看排队任务的最长等待。
"""


def problems(folder: Path, text: str, **files: str) -> list[str]:
    """Return what is wrong with a pack that declares one service, as ``line: message``."""
    (folder / "objectives").mkdir()
    (folder / "pack.yaml").write_text(PACK, "utf-8")
    (folder / "objectives/weather.yaml").write_text(text, "utf-8")
    for name, content in files.items():
        (folder / "objectives" / f"{name}.md").write_text(content, "utf-8")
    try:
        read([folder])
    except PackInvalid as found:
        return [f"{problem.line}: {problem.message}" for problem in found.problems]
    return []


def test_a_service_is_declared_in_one_file_or_with_its_runbook_beside_it(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []
    other = tmp_path / "other"
    other.mkdir()
    assert problems(other, GOOD.split("runbook:")[0], weather="先看气象局的数据接口是否可用，再看排队任务。") == []


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ("[messaging.send_message]", "[messaging.sent_message]", "messaging.sent_message"),
        ("action:messaging.send_message", "action:messaging.sent_message", "messaging.sent_message"),
        ('"view:weather:*"', "weather", "view:"),
        ("pauses: [messaging.send_message]", "longest_minutes: 10", "pauses"),
        ("target: 0.99", "target: 0.99, within: 3", "within"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, wrong: str, right: str, told: str) -> None:
    (found,) = problems(tmp_path, GOOD.replace(wrong, right))
    assert told in found
    assert int(found.split(":")[0]) > 1


def test_the_shipped_services_have_runbooks_and_promises() -> None:
    for code in ("identity", "seal", "licence", "payment", "message", "evidence"):
        declared = service(code)
        assert "怎么处置" in declared.runbook
        assert {objective.within is None for objective in declared.objectives} == {True, False}
