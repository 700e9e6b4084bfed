"""What the case page shows, laid out for its template from one whole case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework import process
from shuzheng.engines.casework.clock import Reading, State
from shuzheng.engines.casework.models import CaseStatus, Clock, Task
from shuzheng.engines.casework.queries.acts import Offer
from shuzheng.engines.casework.queries.case import WholeCase
from shuzheng.engines.forms.engine import Answers, Correction, RowGroup, form_version, open_answers, review
from shuzheng.engines.identity.queries import units
from shuzheng.engines.trust.audit import PERSON
from shuzheng.engines.trust.masking import mask
from shuzheng.kernel.action import actions
from shuzheng.kernel.definition import by_id

#: Purposes for which an official may see what is masked (个人信息保护法 §6).
PURPOSES = (
    ("examine", _("审查申请材料")),
    ("verify", _("核验身份")),
    ("contact", _("联系申请人")),
    ("decide", _("制作决定文书")),
    ("supervise", _("督办检查")),
)
#: Keys that press an act, by its action's name.
KEYS = {
    "casework.accept_case": "a", "casework.approve_case": "a", "casework.forward_step": "f", "casework.close_case": "d",
    "casework.refuse_acceptance": "x", "casework.reject_case": "x", "casework.ask_supplement": "s",
    "casework.suspend_case": "p", "casework.resume_case": "r", "casework.return_step": "b", "casework.consult": "c",
    "casework.countersign": "v", "casework.request_extension": "e", "casework.decide_extension": "e",
    "casework.transfer_case": "z", "casework.assign_task": "i", "casework.take_task": "t", "casework.answer_task": "o",
    "casework.supervise_case": "u", "casework.add_note": "m", "casework.link_cases": "l",
}  # fmt: skip
REFUSING = {"casework.refuse_acceptance", "casework.reject_case"}


@dataclass(frozen=True)
class Act:
    """An act as a button."""

    offer: Offer
    key: str
    #: primary, secondary or danger.
    kind: str
    #: Part of a query that names the task.
    query: str


@dataclass(frozen=True)
class ClockView:
    """A clock as the page shows it."""

    clock: Clock
    reading: Reading
    title: str
    basis: str
    #: The clock's card; grey while it does not run.
    card: str
    lines: list[Any]


@dataclass(frozen=True)
class StepView:
    """A step of the process, in words for whoever does not see the diagram."""

    title: str
    #: done, now or later.
    state: str


@dataclass(frozen=True)
class Moment:
    """One line of the history."""

    status: CaseStatus
    act: Any
    #: Who acted; a resident's name is masked.
    who: str


def acts_of(offers: list[Offer]) -> list[Act]:
    """Return the acts as buttons; each key is given once."""
    taken: set[str] = set()
    found = []
    for offer in offers:
        key = KEYS.get(offer.name, "")
        kind = "danger" if offer.name in REFUSING else "primary" if offer.main else "secondary"
        query = f"?task={offer.task.pk}" if offer.task else ""
        found.append(Act(offer, "" if key in taken else key, kind, query))
        taken.add(key)
    return found


def answers_of(whole: WholeCase, *, revealed: bool = False) -> list[RowGroup]:
    """Return the application section by section, personal answers masked unless revealed."""
    case = whole.case
    if case.form_id is None:
        return []
    form = form_version(case.form_id)
    answers = Answers(
        form_key=form.key,
        form_id=case.form_id,
        values=open_answers(form, case.answers),
        corrections=tuple(Correction(**entry) for entry in case.corrections),
    )
    return review(form, answers, revealed=revealed, audience="officer")


def elements_shown(groups: Iterable[RowGroup]) -> list[str]:
    """Return the codes of the data elements that are on the page."""
    return sorted({row.element for group in groups for row in group.rows})


def subject_of(whole: WholeCase) -> str:
    """Return the type under which the audit knows the applicant."""
    return PERSON if whole.case.applicant_kind == "person" else "identity.legalperson"


def clocks_of(whole: WholeCase) -> list[ClockView]:
    """Return the clocks of the case itself with their explanations, then those of open steps."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    open_tasks = {task.pk for task in whole.open_tasks}
    found = []
    for clock, reading in whole.readings:
        if clock.task_id is not None and clock.task_id not in open_tasks:
            continue
        lines = whole.explanation(clock.code, language) if clock.task_id is None else []
        rule = clock.parsed_rule
        found.append(ClockView(clock, reading, rule.title, rule.basis, _card(reading), lines))
    return sorted(found, key=lambda view: (view.clock.task_id is not None, view.reading.state == State.STOPPED))


def _card(reading: Reading) -> str:
    counts = reading.state in (State.RUNNING, State.LAPSED) or reading.late
    return str(reading.card) if counts else "grey"


def case_card(whole: WholeCase) -> tuple[str, Reading | None]:
    """Return the card of the case and the reading of the clock that governs now."""
    running = [r for c, r in whole.readings if c.task_id is None and r.state in (State.RUNNING, State.LAPSED)]
    dues = [(r.due, place) for place, r in enumerate(running) if r.due]
    if not dues:
        return "grey", None
    governing = running[min(dues)[1]]
    return str(governing.card), governing


def steps_of(whole: WholeCase) -> list[StepView]:
    """Return the steps of the process in the model's order, with those behind and those open."""
    picture = whole.picture()
    if picture is None or whole.case.process_id is None:
        return []
    model = process.model_of(by_id(whole.case.process_id))
    states = {**dict.fromkeys(picture.done, "done"), **dict.fromkeys(picture.active, "now")}
    return [StepView(step.title, states.get(step.id, "later")) for step in model.steps.values()]


def history_of(whole: WholeCase, since: int = -1) -> list[Moment]:
    """Return the history, the latest first, of revisions later than ``since``."""
    known = actions()
    # What a process does on its own is recorded under the name of the officer whose act made it go on.
    officers = {status.actor_name for status in whole.statuses if status.officer_id is not None}
    return [
        Moment(status, known[status.act].title if status.act in known else status.act, _who(status, officers))
        for status in reversed(whole.statuses)
        if status.sequence > since
    ]


def _who(status: CaseStatus, officers: set[str]) -> str:
    name = status.actor_name
    return name if name in officers or "." in name else mask(name, "person_name")


def unit_names(whole: WholeCase) -> dict[UUID, str]:
    """Return the names of the units that deal with the case, in one statement."""
    case = whole.case
    wanted = {case.handling_unit_id, case.receiving_unit_id, case.lead_unit_id, *(task.unit_id for task in whole.tasks)}
    return {id: unit.name for id, unit in units(id for id in wanted if id is not None).items()}


def opinions_of(whole: WholeCase, names: dict[UUID, str]) -> list[tuple[Task, str]]:
    """Return the tasks with the names of their units, open ones first, then the latest."""
    ordered = sorted(whole.tasks, key=lambda task: (task.state != Task.State.OPEN, -task.opened_at.timestamp()))
    return [(task, names.get(task.unit_id, "")) for task in ordered]
