"""Processes: what is refused at load, how parallel branches join, how a case comes back to a step."""

from __future__ import annotations

from pathlib import Path

import pytest

from shuzheng.engines.casework import process
from shuzheng.engines.casework.process.check import check_process
from shuzheng.engines.casework.process.definition import ProcessDefinition, read_bpmn
from shuzheng.kernel.declaration import Declared, Workspace
from shuzheng.kernel.definition import Stored
from shuzheng.kernel.id import new_id
from shuzheng.kernel.source import Problem, Unreadable

HEAD = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d" targetNamespace="t">
<bpmn:process id="p" name="流程" isExecutable="true">
"""
TAIL = "\n</bpmn:process></bpmn:definitions>"
POST = {"post": "handler", "limit": "3个工作日", "acts": "casework.forward_step"}


def user(id: str, **properties: str) -> str:
    given = "".join(f'<spiffworkflow:property name="{k}" value="{v}"/>' for k, v in {**POST, **properties}.items() if v)
    inside = (
        f"<bpmn:extensionElements><spiffworkflow:properties>{given}</spiffworkflow:properties></bpmn:extensionElements>"
    )
    return f'<bpmn:userTask id="{id}" name="{id}">{inside}</bpmn:userTask>\n'


def service(id: str, action: str) -> str:
    inside = f'<spiffworkflow:serviceTaskOperator id="{action}" resultVariable="r"/>'
    return f'<bpmn:serviceTask id="{id}"><bpmn:extensionElements>{inside}</bpmn:extensionElements></bpmn:serviceTask>\n'


def flow(source: str, target: str, condition: str = "") -> str:
    inside = f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
    return f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside if condition else ""}</bpmn:sequenceFlow>\n'


def event(kind: str) -> str:
    return f'<bpmn:{kind}Event id="{kind}"/>\n'


def bpmn(*parts: str) -> str:
    return HEAD + "".join(parts) + TAIL


def stored(xml: str) -> Stored[ProcessDefinition]:
    body = ProcessDefinition(code="p", title="流程", xml=xml)
    return Stored(new_id(), "process", "p", "1.0.0", "流程", "", "published", None, None, "", body)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    """Make a process runnable without storing it."""

    def make(xml: str) -> Stored[ProcessDefinition]:
        model = process.model.parse(xml)
        monkeypatch.setattr(process.run, "model_of", lambda _stored: model)
        return stored(xml)

    return make


def problems(tmp_path: Path, xml: str) -> list[Problem]:
    file = tmp_path / "p.bpmn"
    file.write_text(xml, encoding="utf-8")
    ((_at, located),) = read_bpmn(file)
    model = ProcessDefinition.model_validate(located.value)
    declared = Declared("process", "p", located.value, str(file), located, (), model)
    return list(check_process(declared, Workspace(lambda _k, _key: None, lambda _kind: [])))


SOUND = (event("start"), user("a"), event("end"), flow("start", "a"), flow("a", "end"))


def test_a_sound_process_has_no_problems(tmp_path) -> None:
    assert problems(tmp_path, bpmn(*SOUND)) == []


@pytest.mark.parametrize(
    ("xml", "words"),
    [
        (bpmn(event("start"), user("a"), flow("start", "a")), "没有结束事件"),
        (bpmn(event("start"), user("a"), user("b"), event("end"), flow("start", "a"), flow("a", "end")), "走不到"),
        (
            bpmn(*SOUND, user("b"), flow("start", "b"), flow("b", "b")),
            "之后走不到结束",
        ),
        (bpmn(event("start"), user("a", limit=""), event("end"), flow("start", "a"), flow("a", "end")), "没有时限"),
        (bpmn(event("start"), user("a", post=""), event("end"), flow("start", "a"), flow("a", "end")), "没有写明岗位"),
        (
            bpmn(event("start"), user("a", acts="casework.aprove_case"), event("end"), flow("start", "a"), flow("a", "end")),
            "没有叫“casework.aprove_case”的动作",
        ),
        (bpmn(event("start"), service("a", "no.such"), event("end"), flow("start", "a"), flow("a", "end")), "没有叫"),
        (bpmn(*SOUND, '<bpmn:scriptTask id="s"><bpmn:script>x=1</bpmn:script></bpmn:scriptTask>'), "不支持的流程元素"),
        (
            bpmn(
                event("start"), user("a"), '<bpmn:exclusiveGateway id="g"/>', event("end"), user("b"),
                flow("start", "a"), flow("a", "g"), flow("g", "end", "outcome == 'x'"), flow("g", "b"), flow("b", "end"),
            ),
            "没有默认出口",
        ),
        (
            bpmn(
                event("start"), user("a"), '<bpmn:exclusiveGateway id="g" default="g_b"/>', event("end"), user("b"),
                flow("start", "a"), flow("a", "g"), flow("g", "end", "__import__('os')"), flow("g", "b"), flow("b", "end"),
            ),
            "",
        ),
    ],
)  # fmt: skip
def test_a_process_that_cannot_work_is_refused_with_its_line(tmp_path, xml, words) -> None:
    found = problems(tmp_path, xml)
    assert any(words in problem.message for problem in found), found
    assert all(problem.line > 1 for problem in found if "结束事件" not in problem.message)


def test_a_misspelt_action_is_answered_with_the_right_one(tmp_path) -> None:
    xml = bpmn(
        event("start"), user("a", acts="casework.aprove_case"), event("end"), flow("start", "a"), flow("a", "end")
    )
    assert "casework.approve_case" in problems(tmp_path, xml)[0].suggestion


def test_what_is_not_xml_names_its_line(tmp_path) -> None:
    file = tmp_path / "p.bpmn"
    file.write_text(HEAD + "<bpmn:userTask id='a'>", encoding="utf-8")
    with pytest.raises(Unreadable) as raised:
        read_bpmn(file)
    assert raised.value.line > 1


def nothing(name: str, fields: dict) -> None:
    raise AssertionError(name)


def test_parallel_steps_open_together_and_join(run) -> None:
    gateway = '<bpmn:parallelGateway id="{0}"/>\n'
    p = run(
        bpmn(
            event("start"), gateway.format("split"), user("a"), user("b"), gateway.format("join"), user("c"), event("end"),
            flow("start", "split"), flow("split", "a"), flow("split", "b"), flow("a", "join"), flow("b", "join"),
            flow("join", "c"), flow("c", "end"),
        )
    )  # fmt: skip
    first = process.begin(p)
    tokens = {step.id: step.token for step in first.opened}
    assert set(tokens) == {"a", "b"}
    after_a = process.complete(p, first.state, tokens["a"], {"outcome": "forward"}, nothing)
    assert after_a.opened == []
    after_b = process.complete(p, after_a.state, tokens["b"], {"outcome": "forward"}, nothing)
    assert [step.id for step in after_b.opened] == ["c"]
    end = process.complete(p, after_b.state, after_b.opened[0].token, {"outcome": "forward"}, nothing)
    assert end.finished
    with pytest.raises(process.StepGone):
        process.complete(p, end.state, tokens["a"], {}, nothing)


def test_a_service_task_performs_its_action_on_the_way(run) -> None:
    performed: list[str] = []
    p = run(
        bpmn(
            event("start"), user("a"), service("s", "casework.close_case"), event("end"),
            flow("start", "a"), flow("a", "s"), flow("s", "end"),
        )
    )  # fmt: skip
    first = process.begin(p)
    end = process.complete(p, None, first.opened[0].token, {}, lambda name, fields: performed.append(name))
    assert performed == ["casework.close_case"]
    assert end.finished


def test_sending_back_opens_the_earlier_step_and_forgets_what_came_after(run) -> None:
    p = run(
        bpmn(event("start"), user("a"), user("b"), event("end"), flow("start", "a"), flow("a", "b"), flow("b", "end"))
    )
    first = process.begin(p)
    second = process.complete(p, None, first.opened[0].token, {}, nothing)
    back = process.send_back(p, second.state, "a")
    assert [step.id for step in back.opened] == ["a"]
    assert back.cancelled == [second.opened[0].token]
    again = process.complete(p, back.state, back.opened[0].token, {}, nothing)
    assert [step.id for step in again.opened] == ["b"]
    assert process.picture(p, again.state).active == ["b"]
    assert "a" in process.picture(p, again.state).done
