"""What jobs do for letters: give one after an act, finish those that waited, serve them, tell whom they wait for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from django.db.models import F
from django.db.models.functions import Least

from shuzheng.engines.casework.actions.lettering import IssueLetter, RegisterLetter
from shuzheng.engines.casework.actions.serving import NoteLetterServed, ServeLetter
from shuzheng.engines.casework.errors import LetterDelayed
from shuzheng.engines.casework.letters.issuing import MOST_ATTEMPTS, overtaken
from shuzheng.engines.casework.letters.said import EVENTS
from shuzheng.engines.casework.models import Case, Letter
from shuzheng.engines.documents.seals.granting import in_force
from shuzheng.engines.documents.seals.models import SealGrant, SealState
from shuzheng.engines.payment.models import Bill
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now

State = Letter.State
#: Letters that one run finishes; the next goes on.
BATCH = 100
PLATFORM = Actor.system("casework.letters")
log = structlog.get_logger()


def give(event: dict[str, Any]) -> Letter | None:
    """Give the letter of an act: registered, written, sealed; the same event gives the same letter.

    Raises LetterDelayed while storage or fonts do not answer, so that the job tries again.
    """
    case_id = event["data"].get("case_id") if event["type"].partition(".")[0] != "casework" else event["subject"]
    if not case_id or not Case.objects.filter(pk=case_id).exists():
        return None
    letter = RegisterLetter.do(PLATFORM, case_id=UUID(str(case_id)), event=event)
    if letter is None or not letter.content:
        return letter  # what could not be filled waits for an official to have it written anew
    return finish(letter.pk)


def finish(letter_id: UUID) -> Letter:
    """Write and seal a registered letter. Raises LetterDelayed."""
    letter = IssueLetter.do(PLATFORM, letter_id=letter_id)
    if letter.state == State.WRITING and not overtaken(letter):
        raise LetterDelayed(problem=letter.problem)
    return letter


def finish_waiting() -> int:
    """Try again what storage kept from being written, and what now has a seal; return how many were issued.

    A letter that fails stops no other: it is logged, and next time comes after those tried less often.
    """
    standing = Letter.objects.filter(superseded_at=None)
    late = standing.filter(state=State.WRITING, written_at__lt=now())
    sealed = SealGrant.objects.filter(in_force(), process=True, seal__state=SealState.IN_USE)
    ready = standing.filter(state=State.UNSEALED, unit_id__in=sealed.values("seal__unit_id"))
    found = [*late.order_by("attempts", "written_at", "id").values_list("pk", flat=True)[:BATCH]]
    found += ready.order_by("attempts", "written_at", "id").values_list("pk", flat=True)[:BATCH]
    return sum(_issued(pk) for pk in found)


def _issued(letter_id: UUID) -> bool:
    try:
        return IssueLetter.do(PLATFORM, letter_id=letter_id).state == State.ISSUED
    except Exception:
        log.exception("letter_left_out", letter=str(letter_id))
        Letter.objects.filter(pk=letter_id).update(attempts=Least(F("attempts") + 1, MOST_ATTEMPTS))
        return False


def serve(event: dict[str, Any]) -> Letter:
    """Begin the service of a letter that was just issued."""
    return ServeLetter.do(PLATFORM, letter_id=UUID(event["subject"]))


def served(event: dict[str, Any]) -> Letter | None:
    """Note that a letter was served, and give the return of service (送达回证)."""
    data = event["data"]
    if not data["case_id"]:
        return None
    noted = NoteLetterServed.do(
        PLATFORM,
        service_id=UUID(event["subject"]),
        case_id=UUID(data["case_id"]),
        digest=data["digest"],
        date=data["date"],
        way=data["way"],
    )
    return give(event) if noted is not None else None


def catch_up(case_id: UUID) -> list[Letter]:
    """Give and serve all letters of a case whose events nobody followed up, each at the moment of its act.

    For stories that are told without jobs, and after an outage; what was given before is left as it is.
    """
    subjects = [str(case_id), *map(str, Bill.objects.filter(case_id=case_id).values_list("pk", flat=True))]
    found: list[Letter] = []
    for record in _events(subjects):
        with at(record.time):
            letter = give(_envelope(record))
            if letter is not None:
                letter = ServeLetter.do(PLATFORM, letter_id=letter.pk)
                found.append(letter)
        if letter is not None and letter.service_id is not None:
            found += _follow_service(letter.service_id)
    return found


def _follow_service(service_id: UUID) -> list[Letter]:
    letters = []
    for record in _events([str(service_id)]):
        with at(record.time):
            letters.append(served(_envelope(record)))
    return [letter for letter in letters if letter is not None]


def _events(subjects: list[str]) -> list[EventRecord]:
    return list(EventRecord.objects.filter(subject__in=subjects, type__in=EVENTS).order_by("time", "id"))


def _envelope(record: EventRecord) -> dict[str, Any]:
    return {
        "id": str(record.pk),
        "type": record.type,
        "subject": record.subject,
        "time": record.time.isoformat(),
        "data": record.data,
    }
