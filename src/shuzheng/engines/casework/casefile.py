"""The case file: one locked case with everything an act may change, saved once at the end of the outermost act."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Model
from django.utils import translation

from shuzheng.engines.casework import process
from shuzheng.engines.casework.clock import ClockKind, ClockRule, Unit, standard_rule
from shuzheng.engines.casework.clock_rows import CARD_FIELDS
from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.definitions.parts import Limit
from shuzheng.engines.casework.facts import facts_for
from shuzheng.engines.casework.models import Case, CaseStatus, ProcessInstance, Task
from shuzheng.engines.casework.timekeeping import Timekeeper
from shuzheng.engines.casework.units import unit_for_step
from shuzheng.kernel.action import perform_action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import Stored, by_id
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import now
from shuzheng.kernel.rows import Changed, find, find_all
from shuzheng.kernel.unit import UnitOfWork

TASK_FIELDS = [
    "state", "outcome", "answer", "done_by", "closed_at", "assignee_id", "assignee_name", "unit_id", "division_path",
    "case_state", *CARD_FIELDS,
]  # fmt: skip
#: What acts may change of a case, its answers apart.
CASE_FIELDS = [
    "state", "state_before", "result", "revision", "division_path", "handling_unit_id", "accepted_at", "decided_at",
    "closed_at", *CARD_FIELDS,
]  # fmt: skip


class CaseFile:
    """A case under change. Acts that call each other share it, so that each sees what the others did."""

    def __init__(
        self, case: Case, unit: UnitOfWork, *, tasks: list[Task], clocks: Timekeeper, instance: ProcessInstance
    ) -> None:
        """Bind a case and what belongs to it; use ``open_file`` or ``new_file``."""
        self.case = case
        self._unit = unit
        #: Open tasks, and those closed by the acts of this transaction.
        self.tasks = tasks
        self.clocks = clocks
        self.instance = instance
        self.depth = 0
        #: The answers changed.
        self.amended = False
        self._is_new = False
        self._new_tasks: list[Task] = []
        self._statuses: list[CaseStatus] = []
        self._process_moved = False

    @cached_property
    def item(self) -> ServiceItemDefinition:
        """Return the version of the service item that the case is pinned to."""
        return by_id(self.case.item_id).body

    @cached_property
    def process(self) -> Stored[Any] | None:
        """Return the version of the process that the case is pinned to."""
        return by_id(self.case.process_id) if self.case.process_id else None

    def open_tasks(self) -> list[Task]:
        """Return the tasks still to be done."""
        return [task for task in self.tasks if task.state == Task.State.OPEN]

    # -- history -------------------------------------------------------------------------------------------

    def move(self, state: str) -> None:
        """Put the case into a state."""
        self.case.state = state

    def tell(self, actor: Actor, act: str, public: object, internal: str = "") -> None:
        """Add a line to the history, with a text for the resident and one for insiders."""
        self.case.revision += 1
        self._statuses.append(
            CaseStatus(
                case=self.case,
                sequence=self.case.revision,
                state=self.case.state,
                act=act,
                actor_name=actor.name,
                officer_id=actor.officer_id,
                unit_id=next(iter(actor.unit_ids), None),
                public_text=in_our_words(public),
                internal_text=internal,
            )
        )

    # -- tasks and process ---------------------------------------------------------------------------------

    def begin(self, actor: Actor) -> None:
        """Open the first steps of the process."""
        if self.process is not None:
            self._advance(actor, process.begin(self.process))

    def complete_step(self, actor: Actor, task: Task, outcome: str, opinion: str = "", **data: Any) -> None:
        """Close a step's task with its outcome and let the process go on."""
        self.close_task(task, actor, outcome, opinion)
        if task.kind != Task.Kind.STEP or self.process is None:
            return
        given = {"outcome": outcome, **data}
        self._process_moved = True
        progress = process.complete(
            self.process, self.instance.state, task.token, given, lambda name, fields: self._call(actor, name, fields)
        )
        self._advance(actor, progress)

    def send_back(self, actor: Actor, step: str) -> None:
        """Open an earlier step again; what was open is cancelled."""
        assert self.process is not None
        for task in self.open_tasks():
            self.close_task(task, actor, "returned", state=Task.State.CANCELLED)
        self._process_moved = True
        self._advance(actor, process.send_back(self.process, self.instance.state, step))

    def close_task(self, task: Task, actor: Actor, outcome: str, answer: str = "", *, state: str = "done") -> None:
        """Close a task and stop its clock."""
        task.state, task.outcome, task.answer = state, outcome, answer
        task.done_by, task.closed_at = actor.name, now()
        self.clocks.stop(task_id=task.pk)

    def close_all(self, actor: Actor, outcome: str) -> None:
        """End everything: open tasks are cancelled, clocks stop, the process ends."""
        for task in self.open_tasks():
            self.close_task(task, actor, outcome, state=Task.State.CANCELLED)
        self.clocks.stop()
        self.instance.finished = True
        self._process_moved = True

    def open_task(self, *, limit: Limit | None = None, **fields: Any) -> Task:
        """Open a task, with a clock if it has a limit."""
        case = self.case
        task = Task(
            case=case,
            case_number=case.number,
            case_title=case.title,
            item_code=case.item_code,
            applicant_name=case.applicant_name,
            case_state=case.state,
            **fields,
        )
        self.tasks.append(task)
        self._new_tasks.append(task)
        if limit is not None:
            self.clocks.start(_step_rule(limit.amount, limit.unit, task.title), task=task)
        return task

    def _advance(self, actor: Actor, progress: process.Progress) -> None:
        self.instance.state = progress.state
        self.instance.finished = self.instance.finished or progress.finished
        cancelled = {task.token: task for task in self.open_tasks() if task.kind == Task.Kind.STEP}
        for token in progress.cancelled:
            if token in cancelled:
                self.close_task(cancelled[token], actor, "cancelled", state=Task.State.CANCELLED)
        for step in progress.opened:
            self._open_step(step)

    def _open_step(self, step: process.Step) -> None:
        unit_id, path = unit_for_step(self.case, step.unit)
        self.open_task(
            limit=step.limit,
            kind=Task.Kind.STEP,
            step=step.id,
            token=step.token,
            title=step.title,
            unit_id=unit_id,
            post=step.post,
            division_path=path,
            acts=list(step.acts),
        )

    def _call(self, actor: Actor, name: str, fields: dict[str, Any]) -> Any:
        """Perform a service task: an action on this case, as the platform, under the same correlation."""
        platform = replace(Actor.system(actor.name), correlation_id=actor.correlation_id)
        return perform_action(name, platform, {**facts_for(name, self.case), **fields})

    # -- saving --------------------------------------------------------------------------------------------

    def save(self, *others: Model) -> None:
        """Write everything that changed, and other new rows, in one statement."""
        for task in self.open_tasks():
            task.case_state = self.case.state
        self.clocks.compute(self.open_tasks())
        new, moved = self.clocks.take()
        old_tasks = [task for task in self.tasks if task not in self._new_tasks]
        changed = [(old_tasks, TASK_FIELDS), moved]
        if self._is_new:
            new.append(self.case)
        else:
            changed.append(([self.case], [*CASE_FIELDS, *(["answers", "answer_files"] if self.amended else [])]))
        if self._process_moved:
            self._keep_process(new, changed)
        self._unit.write([*new, *self._new_tasks, *self._statuses, *others], changed)
        self._is_new, self._new_tasks, self._statuses, self._process_moved = False, [], [], False

    def _keep_process(self, new: list[Model], changed: list[Changed]) -> None:
        """Keep the process once it has moved; at its beginning every case of a version is the same."""
        if self.instance._state.adding:
            new.append(self.instance)
        else:
            changed.append(([self.instance], ["state", "finished"]))


@lru_cache(maxsize=1000)
def _step_rule(amount: int, unit: Unit, title: str) -> ClockRule:
    return standard_rule(ClockKind.STEP, amount, unit, title=title)


def in_our_words(text: object) -> str:
    """Return a text for the record in the house's language, whatever language the person at work reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(text)


def new_file(case: Case, unit: UnitOfWork) -> CaseFile:
    """Return the file of a case that is being filed."""
    file = CaseFile(case, unit, tasks=[], clocks=Timekeeper(case), instance=ProcessInstance(case=case))
    file._is_new = True
    unit.shared["case", case.pk] = file
    return file


def open_file(case_id: UUID, unit: UnitOfWork) -> CaseFile:
    """Lock a case and return its file, or the one already open in this transaction. Raises NotFound."""
    shared = unit.shared.get(("case", case_id))
    if shared is not None:
        return shared
    case = next(iter(find_all(Case, lock=True, pk=case_id)), None)
    if case is None:
        raise NotFound
    instance = find(ProcessInstance, case=case_id) or ProcessInstance(case=case)
    tasks = find_all(Task, case=case_id, state=Task.State.OPEN)
    file = CaseFile(case, unit, tasks=tasks, clocks=Timekeeper.load(case), instance=instance)
    unit.shared["case", case_id] = file
    return file
