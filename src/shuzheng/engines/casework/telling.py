"""Who is told what of a case (办件通知)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from shuzheng.engines.casework.actions.working import AddNote
from shuzheng.engines.casework.models import Case, Task
from shuzheng.engines.identity.queries import officers_on
from shuzheng.engines.messaging.actions import SendMessage
from shuzheng.kernel.actor import Actor

#: Event → message template of the pack ``generic-matter``.
TEMPLATES = {
    "casework.case_filed": "case-filed",
    "casework.case_accepted": "case-accepted",
    "casework.case_deemed_accepted": "case-deemed-accepted",
    "casework.case_not_accepted": "case-not-accepted",
    "casework.supplement_asked": "supplement-asked",
    "casework.case_suspended": "case-suspended",
    "casework.case_resumed": "case-resumed",
    "casework.case_decided": "case-decided",
    "casework.case_closed": "case-closed",
    "casework.due_changed": "due-changed",
}
#: Cards of which officers are told, and who else.
SUPERVISED = ("red", "lapsed")


def tell_applicant(event: dict[str, Any]) -> None:
    """Send the event's message to the natural persons behind a case: applicant and operator."""
    case = Case.objects.filter(pk=event["subject"]).first()
    if case is None:
        return
    for person in persons_of(case):
        SendMessage.do(
            Actor.system("casework.tell_applicant"),
            template=TEMPLATES[event["type"]],
            recipient_person=person,
            values={"title": case.title, "number": case.number},
            link=f"/cases/{case.pk}/",
            case_id=case.pk,
            topic=f"case:{event['id']}",
        )


def persons_of(case: Case) -> list[UUID]:
    """Return the natural persons to tell of a case, each once."""
    applicant = [case.applicant_id] if case.applicant_kind == "person" else []
    operator = [case.operator_id] if case.operator_id else []
    return list(dict.fromkeys([*applicant, *operator]))


def tell_officers(event: dict[str, Any]) -> None:
    """Send the card's message to the holders of the case's open tasks, and for red cards to the supervisors."""
    data = event["data"]
    tasks = Task.objects.filter(case_id=event["subject"], state=Task.State.OPEN)
    for person in {person for task in tasks for person in _concerned(task, data["card"])}:
        SendMessage.do(
            Actor.system("casework.tell_officers"),
            template=f"card-{data['card']}",
            recipient_person=person,
            values={"number": data["number"], "clock": data["title"]},
            link=f"/office/cases/{event['subject']}/",
            case_id=event["subject"],
            topic=f"card:{event['id']}",
        )


def _concerned(task: Task, card: str) -> set[UUID]:
    """Return the persons who answer for a task, and for its being late."""
    holders = officers_on(task.unit_id, task.post)
    own = [officer for officer in holders if task.assignee_id in (None, officer.pk)]
    watching = list(officers_on(task.unit_id, "supervisor")) if card in SUPERVISED else []
    return {officer.person_id for officer in [*own, *watching]}


def note_service(event: dict[str, Any]) -> None:
    """Leave a note on the case with the day on which its document was served: periods run from the day after."""
    data = event["data"]
    text = gettext("文书已于 {day} 送达，复议、诉讼等期限自次日起算。").format(day=data["date"])
    if Case.objects.filter(pk=data["case_id"]).exists():
        actor = Actor.system("casework.note_service")
        AddNote.do(actor, {"case_id": data["case_id"], "text": text}, key=f"served:{event['id']}")
