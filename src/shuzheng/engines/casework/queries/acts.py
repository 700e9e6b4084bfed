"""Which acts are open to a person on a case now; pages show these and no others, and the actions refuse the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from shuzheng.engines.casework.actions.asking import AnswerTask
from shuzheng.engines.casework.actions.base import OPEN_STATES, ApplicantAct, CaseAct
from shuzheng.engines.casework.actions.working import AssignTask, TakeTask
from shuzheng.engines.casework.models import Task
from shuzheng.engines.casework.policies import holds, may_read
from shuzheng.engines.casework.queries.act_choices import earlier_steps, extendable, grounds, supplementable
from shuzheng.engines.casework.queries.act_field import Field
from shuzheng.engines.casework.queries.act_fields import fields_of
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.kernel.action import actions
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.policy import may

#: Acts of whoever holds an open step, offered beside what the step itself offers; in the order of the page.
BESIDE = (
    "casework.ask_supplement",
    "casework.suspend_case",
    "casework.resume_case",
    "casework.return_step",
    "casework.consult",
    "casework.countersign",
    "casework.request_extension",
    "casework.transfer_case",
)
#: Acts that need no task.
ANY_TIME = (
    "casework.correct_decision",
    "casework.reopen_case",
    "casework.supervise_case",
    "casework.link_cases",
    "casework.add_note",
)


@dataclass(frozen=True)
class Offer:
    """An act that a person may do now."""

    #: Name of the action.
    name: str
    title: Any
    #: Task that it is done on, for acts on one task.
    task: Task | None
    #: A step's own act; the others stand beside it.
    main: bool
    whole: WholeCase

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Return what is to be filled in; some choices are read from the database."""
        return fields_of(self.name, self.whole, self.task)


def offered(actor: Actor, whole: WholeCase) -> list[Offer]:
    """Return the acts open to an official on a case, the step's own first; no statement is needed."""
    if not actor.is_officer:
        return []
    held = [task for task in whole.open_tasks if holds(actor, task)]
    concerned = bool(held) or may_read(actor, whole.case, whole.open_tasks)
    return [offer for offer in _candidates(actor, whole, held) if concerned and _allowed(actor, offer)]


def _candidates(actor: Actor, whole: WholeCase, held: list[Task]) -> Iterator[Offer]:
    """Yield the acts that tasks and state make thinkable."""

    def offer(name: str, task: Task | None = None, *, main: bool = False) -> Offer:
        return Offer(name, actions()[name].title, task, main, whole)

    for task in held:
        yield from (offer(name, task, main=True) for name in task.acts if name in actions())
    for task in whole.open_tasks:
        if task in held and task.assignee_id is None:
            yield offer(TakeTask.name, task)
        if task.unit_id in actor.unit_ids and task.kind == Task.Kind.STEP:
            yield offer(AssignTask.name, task)
    if any(task.kind == Task.Kind.STEP for task in held):
        yield from (offer(name) for name in BESIDE)
    yield from (offer(name) for name in ANY_TIME)


def _allowed(actor: Actor, offer: Offer) -> bool:
    """Say whether permission, state and what the act itself needs allow it."""
    act, case = actions()[offer.name], offer.whole.case
    if not issubclass(act, CaseAct) or issubclass(act, ApplicantAct):
        return False
    if not may(actor, act.permission, str(case.division_path)) or case.state not in act.states:
        return False
    needs = NEEDS.get(offer.name)
    return needs is None or needs(actor, offer)


def _no_extension_open(whole: WholeCase) -> bool:
    return not any(task.kind == Task.Kind.EXTENSION for task in whole.open_tasks)


def _no_opinion_open(whole: WholeCase) -> bool:
    return not any(task.kind in (Task.Kind.CONSULT, Task.Kind.COUNTERSIGN) for task in whole.open_tasks)


def _others_extension(actor: Actor, offer: Offer) -> bool:
    """Say whether the extension was asked for by somebody else, who is not the case's handler either."""
    assert offer.task is not None
    handles = any(
        task.kind == Task.Kind.STEP and task.assignee_id == actor.officer_id for task in offer.whole.open_tasks
    )
    return offer.task.request.get("officer") != str(actor.officer_id) and not handles


def _supervisable(actor: Actor, offer: Offer) -> bool:
    whole = offer.whole
    watched = any(task.kind == Task.Kind.SUPERVISION for task in whole.open_tasks)
    return whole.case.state in OPEN_STATES and whole.case.handling_unit_id is not None and not watched


def _has_task_for_answer(actor: Actor, offer: Offer) -> bool:
    return offer.task is not None and AnswerTask.name in offer.task.acts


NEEDS: dict[str, Callable[[Actor, Offer], bool]] = {
    "casework.approve_case": lambda actor, offer: _no_opinion_open(offer.whole),
    "casework.reject_case": lambda actor, offer: _no_opinion_open(offer.whole),
    "casework.ask_supplement": lambda actor, offer: bool(supplementable(offer.whole)),
    "casework.suspend_case": lambda actor, offer: bool(grounds(offer.whole)),
    "casework.return_step": lambda actor, offer: bool(earlier_steps(offer.whole)),
    "casework.request_extension": lambda actor, offer: (
        bool(extendable(offer.whole)) and _no_extension_open(offer.whole)
    ),
    "casework.decide_extension": _others_extension,
    "casework.answer_task": _has_task_for_answer,
    "casework.correct_decision": lambda actor, offer: any(d.superseded_at is None for d in offer.whole.decisions),
    "casework.supervise_case": _supervisable,
}
