"""Running a process: from one state of a case to the next."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.task import Task, TaskState

from shuzheng.engines.casework.process.definition import ProcessDefinition
from shuzheng.engines.casework.process.model import ProcessModel, Step, model_of
from shuzheng.kernel.definition import Stored
from shuzheng.kernel.error import Conflict
from shuzheng.kernel.moment import today

#: Performs an action by its name on the case at hand.
Perform = Callable[[str, dict[str, Any]], Any]
REGISTRY = BpmnWorkflowSerializer.configure(SPIFF_CONFIG)


class StepGone(Conflict):
    """The step is not open any more."""

    code = "step-gone"


@dataclass(frozen=True)
class Progress:
    """What changed in a process."""

    #: State to keep; ``None`` stands for the beginning, which is the same for every case of a version.
    state: dict[str, Any] | None
    opened: list[Step] = field(default_factory=list)
    #: Tokens of open steps that the process took back.
    cancelled: list[str] = field(default_factory=list)
    finished: bool = False


@dataclass(frozen=True)
class Picture:
    """The diagram of a case: its BPMN XML, what is lit and what lies behind."""

    xml: str
    active: list[str]
    done: list[str]


class _Engine(PythonScriptEngine):
    """Evaluates conditions in the forms' small language and performs actions; runs no Python from a model."""

    def __init__(self, model: ProcessModel, perform: Perform) -> None:
        super().__init__()
        self.model = model
        self.perform = perform

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        """Evaluate a gateway's condition on the outcome of the step before it."""
        return self.model.conditions[expression.strip()].holds({"outcome": task.data.get("outcome", "")}, today())

    def execute(self, task: Task, script: str, external_context: Any = None) -> Any:
        """Refuse scripts; the check at load refuses the models that have them."""
        raise NotImplementedError("A process carries no scripts.")

    def call_service(self, task: Task, **kwargs: Any) -> str:
        """Perform the service task's action with the fields that the model gives."""
        service = self.model.services[_element(task)]
        self.perform(service.action, dict(service.fields))
        return "null"


def begin(process: Stored[ProcessDefinition]) -> Progress:
    """Return the first steps of a process; they are computed once per version."""
    _state, opened = _beginning(process.id, model_of(process))
    return Progress(state=None, opened=list(opened))


def complete(
    process: Stored[ProcessDefinition],
    state: dict[str, Any] | None,
    token: str,
    data: dict[str, Any],
    perform: Perform,
) -> Progress:
    """Complete an open step with its data and run on to the next steps. Raises StepGone."""
    model = model_of(process)
    workflow = _restore(process.id, model, state, perform)
    task = workflow.tasks.get(UUID(token))
    if task is None or task.state != TaskState.READY:
        raise StepGone
    before = _open(workflow)
    task.data.update(data)
    task.run()
    workflow.do_engine_steps()
    return _progress(workflow, model, before - {token})


def send_back(process: Stored[ProcessDefinition], state: dict[str, Any] | None, step: str) -> Progress:
    """Open an earlier step again; whatever came after it is forgotten. Raises StepGone."""
    model = model_of(process)
    workflow = _restore(process.id, model, state, _no_service)
    reached = [task for task in workflow.tasks.values() if _element(task) == step and task.has_state(_REACHED)]
    if not reached:
        raise StepGone
    before = _open(workflow)
    workflow.reset_from_task_id(reached[-1].id)
    workflow.completed = False
    workflow.do_engine_steps()
    return _progress(workflow, model, before, renew=True)


def picture(process: Stored[ProcessDefinition], state: dict[str, Any] | None, *, finished: bool = False) -> Picture:
    """Return the diagram with the open steps and those behind."""
    model = model_of(process)
    workflow = _restore(process.id, model, state, _no_service)
    done = [_element(t) for t in workflow.tasks.values() if t.state == TaskState.COMPLETED]
    active = [] if finished else [_element(t) for t in _ready(workflow)]
    return Picture(model.xml, active, [id for id in dict.fromkeys(done) if id])


_REACHED = TaskState.READY | TaskState.COMPLETED


def _no_service(name: str, fields: dict[str, Any]) -> None:
    """Stand where no service task can come up."""


def _element(task: Task) -> str:
    """Return the id of the model's element that a task stands for; the engine's own tasks stand for none."""
    return getattr(task.task_spec, "bpmn_id", None) or ""


def _ready(workflow: BpmnWorkflow) -> list[Task]:
    return [task for task in workflow.tasks.values() if task.state == TaskState.READY and task.task_spec.manual]


def _open(workflow: BpmnWorkflow) -> set[str]:
    return {str(task.id) for task in _ready(workflow)}


def _progress(workflow: BpmnWorkflow, model: ProcessModel, before: set[str], *, renew: bool = False) -> Progress:
    ready = _ready(workflow)
    known = set() if renew else before
    return Progress(
        state=_dump(workflow),
        opened=[model.steps[_element(t)].opened(t.id) for t in ready if str(t.id) not in known],
        cancelled=sorted(before - {str(task.id) for task in ready}),
        finished=workflow.completed,
    )


# -- keeping state ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=500)
def _beginning(process_id: UUID, model: ProcessModel) -> tuple[dict[str, Any], tuple[Step, ...]]:
    """Return the state at the first steps, and these; with the same tokens in every process of the platform."""
    workflow = BpmnWorkflow(model.spec, script_engine=_Engine(model, _no_service))
    workflow.do_engine_steps()
    state = _dump(workflow)
    text = json.dumps(state)
    tokens = {task["id"]: str(uuid5(process_id, str(place))) for place, task in enumerate(state["tasks"])}
    for token, lasting in tokens.items():
        text = text.replace(token, lasting)
    opened = tuple(model.steps[_element(task)].opened(tokens[str(task.id)]) for task in _ready(workflow))
    return json.loads(text), opened


def _dump(workflow: BpmnWorkflow) -> dict[str, Any]:
    """Return the state without the specification, which every case of a version shares."""
    return {
        "root": str(workflow.task_tree.id),
        "completed": workflow.completed,
        "success": workflow.success,
        "last": str(workflow.last_task.id) if workflow.last_task else None,
        "tasks": [REGISTRY.convert(task) for task in _parents_first(workflow)],
    }


def _parents_first(workflow: BpmnWorkflow) -> Iterator[Task]:
    waiting = [workflow.task_tree]
    while waiting:
        task = waiting.pop()
        yield task
        waiting += task.children


def _restore(process_id: UUID, model: ProcessModel, state: dict[str, Any] | None, perform: Perform) -> BpmnWorkflow:
    kept = state or _beginning(process_id, model)[0]
    workflow = BpmnWorkflow(model.spec, {}, script_engine=_Engine(model, perform), deserializing=True)
    workflow.tasks = {}
    for entry in kept["tasks"]:
        workflow.tasks[UUID(entry["id"])] = REGISTRY.restore(entry, workflow=workflow)
    workflow.task_tree = workflow.tasks[UUID(kept["root"])]
    workflow.completed, workflow.success = kept["completed"], kept["success"]
    workflow.last_task = workflow.tasks.get(UUID(kept["last"])) if kept["last"] else None
    return workflow
