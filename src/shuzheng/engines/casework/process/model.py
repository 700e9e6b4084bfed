"""A BPMN model, parsed once per version: its SpiffWorkflow specification and its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from lxml import etree
from pydantic import ValidationError
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.spiff.parser.process import SpiffBpmnParser

from shuzheng.engines.casework.definitions.parts import Limit
from shuzheng.engines.casework.process.definition import BPMN, SPIFF, ProcessDefinition, parse_xml
from shuzheng.engines.forms.language import Expression, Name, Problem, compile_expression
from shuzheng.kernel.definition import Stored, by_id

#: What the condition of a gateway may read: the outcome of the step before it.
NAMES: Mapping[str, Name] = {"outcome": Name("text")}


class ProcessUnreadable(Exception):
    """The model is not a BPMN process that can be run."""

    def __init__(self, element: str, message: str, suggestion: str = "") -> None:
        """Say at which element, why, and what to do."""
        self.element, self.suggestion = element, suggestion
        super().__init__(message)


@dataclass(frozen=True)
class Step:
    """A step that somebody on a post must do (环节)."""

    #: Id of the user task in the model.
    id: str
    title: str
    #: Code of the post that does it.
    post: str
    #: ``owner``, ``lead``, or a kind of bureau.
    unit: str
    #: Time for the step; its clock starts when it opens.
    limit: Limit | None
    #: Names of the actions that it offers.
    acts: tuple[str, ...]
    #: Token of the process engine, once it is open.
    token: str = ""

    def opened(self, token: object) -> Step:
        """Return the step as it stands open in one case."""
        return replace(self, token=str(token))


@dataclass(frozen=True)
class Service:
    """A service task: an action performed by the platform on the case."""

    id: str
    action: str
    fields: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class ProcessModel:
    """A parsed process."""

    xml: str
    spec: BpmnProcessSpec
    steps: Mapping[str, Step]
    services: Mapping[str, Service]
    #: Compiled conditions by their source.
    conditions: Mapping[str, Expression]


def model_of(process: Stored[ProcessDefinition]) -> ProcessModel:
    """Return the parsed model of a published process."""
    return _model_by_id(process.id)


@lru_cache(maxsize=500)
def _model_by_id(id: UUID) -> ProcessModel:
    return parse(by_id(id).body.xml)


def parse(xml: str) -> ProcessModel:
    """Parse a model. Raises ProcessUnreadable."""
    root = parse_xml(xml.encode())
    process = root.find(f"{{{BPMN}}}process")
    return ProcessModel(
        xml=xml,
        spec=_spec(root, process.get("id")),
        steps={task.get("id"): _step(task) for task in process.iter(f"{{{BPMN}}}userTask")},
        services={task.get("id"): _service(task) for task in process.iter(f"{{{BPMN}}}serviceTask")},
        conditions=dict(_conditions(process)),
    )


def _spec(root: Any, process_id: str) -> BpmnProcessSpec:
    parser = SpiffBpmnParser(validator=None)
    try:
        parser.add_bpmn_xml(root)
        spec = parser.get_spec(process_id)
    except ValidationException as error:
        raise ProcessUnreadable(str(getattr(error, "tag", "")), f"流程无法运行：{error}") from error
    except (KeyError, AttributeError, TypeError, etree.LxmlError) as error:
        raise ProcessUnreadable("", f"流程无法运行：{error}") from error
    if spec is None:
        raise ProcessUnreadable("", "文件里没有可运行的流程")
    return spec


def properties(task: Any) -> dict[str, str]:
    """Return the extension properties of an element."""
    return {p.get("name"): p.get("value", "") for p in task.iter(f"{{{SPIFF}}}property")}


def _step(task: Any) -> Step:
    given = properties(task)
    try:
        limit = Limit.model_validate(given["limit"]) if given.get("limit") else None
    except ValidationError as error:
        raise ProcessUnreadable(task.get("id"), str(error.errors()[0]["msg"])) from error
    return Step(
        id=task.get("id"),
        title=task.get("name") or task.get("id"),
        post=given.get("post", ""),
        unit=given.get("unit", "owner"),
        limit=limit,
        acts=tuple(given.get("acts", "").replace(",", " ").split()),
    )


def _service(task: Any) -> Service:
    operator = next(task.iter(f"{{{SPIFF}}}serviceTaskOperator"), None)
    if operator is None:
        raise ProcessUnreadable(task.get("id"), "服务任务没有写明要执行的动作（serviceTaskOperator 的 id）")
    return Service(id=task.get("id"), action=operator.get("id", ""), fields=properties(task))


def _conditions(process: Any) -> Any:
    for flow in process.iter(f"{{{BPMN}}}sequenceFlow"):
        condition = flow.find(f"{{{BPMN}}}conditionExpression")
        if condition is not None and condition.text:
            yield condition.text.strip(), compile_condition(flow.get("id"), condition.text)


def compile_condition(flow: str, source: str) -> Expression:
    """Compile the condition of a sequence flow. Raises ProcessUnreadable."""
    try:
        return compile_expression(source.strip(), NAMES, gives="boolean")
    except Problem as error:
        raise ProcessUnreadable(flow, error.message, error.suggestion) from error
