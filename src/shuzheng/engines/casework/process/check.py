"""What makes a process acceptable: it can finish, every step has a post, a limit and acts, every action is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from lxml import etree

from shuzheng.engines.casework.process.definition import BPMN, ProcessDefinition, parse_xml
from shuzheng.engines.casework.process.model import ProcessModel, ProcessUnreadable, parse
from shuzheng.kernel.action import actions
from shuzheng.kernel.declaration import Declared, Workspace
from shuzheng.kernel.source import Problem, nearest

#: Elements that are run; anything else in the model is refused.
KNOWN = frozenset(
    "startEvent endEvent userTask manualTask serviceTask exclusiveGateway parallelGateway inclusiveGateway "
    "sequenceFlow laneSet extensionElements documentation textAnnotation association".split()
)
Finding = tuple[str, str, str]


def check_process(declared: Declared[ProcessDefinition], workspace: Workspace) -> Iterator[Problem]:
    """Yield what is wrong with a process, at the line of the element concerned."""
    if declared.model is None:
        return
    process = parse_xml(declared.model.xml.encode()).find(f"{{{BPMN}}}process")
    findings = [*_check_elements(process), *_check_graph(process)]
    try:
        findings += _check_steps(parse(declared.model.xml))
    except ProcessUnreadable as error:
        if not findings:
            findings.append((error.element or "xml", str(error), error.suggestion))
    for element, message, suggestion in findings:
        yield declared.problem(message, element, suggestion=suggestion)


def _check_elements(process: Any) -> Iterator[Finding]:
    for element in process:
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if name and name not in KNOWN:
            yield element.get("id", "xml"), f"不支持的流程元素“{name}”", "请改用用户任务、服务任务和网关"


def _check_steps(model: ProcessModel) -> Iterator[Finding]:
    for step in model.steps.values():
        if not step.post:
            yield step.id, f"环节“{step.title}”没有写明岗位（post）", "例如 handler"
        if step.limit is None:
            yield step.id, f"环节“{step.title}”没有时限（limit）", "例如 5个工作日"
        if not step.acts:
            yield step.id, f"环节“{step.title}”没有可用的操作（acts）", "例如 casework.forward_step"
        for act in step.acts:
            yield from _check_action(step.id, act)
    for service in model.services.values():
        yield from _check_action(service.id, service.action)


def _check_action(element: str, name: str) -> Iterator[Finding]:
    if name not in actions():
        yield element, f"没有叫“{name}”的动作", nearest(name, actions())


def _check_graph(process: Any) -> Iterator[Finding]:
    """Every element can be reached from the start and can reach an end; every decision has a way out."""
    after, before = _edges(process)
    starts = [e.get("id") for e in process.iter(f"{{{BPMN}}}startEvent")]
    ends = [e.get("id") for e in process.iter(f"{{{BPMN}}}endEvent")]
    if len(starts) != 1:
        yield "xml", "流程应当有且只有一个开始事件", ""
    if not ends:
        yield "xml", "流程没有结束事件，办件无法办结", "请添加结束事件"
        return
    reached, finishing = _closure(starts, after), _closure(ends, before)
    for element in _nodes(process):
        id, name = element.get("id"), element.get("name") or element.get("id")
        if id not in reached:
            yield id, f"“{name}”从开始事件走不到", "请连上前一个环节，或删去"
        elif id not in finishing:
            yield id, f"“{name}”之后走不到结束", "请连到结束事件"
    yield from _check_decisions(process)


def _check_decisions(process: Any) -> Iterator[Finding]:
    for gateway in process.iter(f"{{{BPMN}}}exclusiveGateway"):
        flows = [f for f in process.iter(f"{{{BPMN}}}sequenceFlow") if f.get("sourceRef") == gateway.get("id")]
        bare = [f for f in flows if f.find(f"{{{BPMN}}}conditionExpression") is None]
        if len(flows) > 1 and gateway.get("default") is None:
            yield gateway.get("id"), "排他网关没有默认出口，条件都不满足时办件会卡住", "请设一条默认出口（default）"
        for flow in bare:
            if len(flows) > 1 and flow.get("id") != gateway.get("default"):
                yield flow.get("id"), "网关的出口既没有条件也不是默认出口", "请写条件，如 outcome == 'approved'"


def _nodes(process: Any) -> list[Any]:
    unconnected = {"sequenceFlow", "laneSet", "extensionElements", "documentation", "textAnnotation", "association"}
    return [e for e in process if isinstance(e.tag, str) and etree.QName(e).localname not in unconnected]


def _edges(process: Any) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    after: dict[str, list[str]] = defaultdict(list)
    before: dict[str, list[str]] = defaultdict(list)
    for flow in process.iter(f"{{{BPMN}}}sequenceFlow"):
        after[flow.get("sourceRef")].append(flow.get("targetRef"))
        before[flow.get("targetRef")].append(flow.get("sourceRef"))
    return after, before


def _closure(starts: list[str], edges: dict[str, list[str]]) -> set[str]:
    seen, waiting = set(starts), list(starts)
    while waiting:
        for other in edges[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen
