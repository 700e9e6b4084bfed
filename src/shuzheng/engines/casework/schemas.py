"""What casework's HTTP API takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Schema

from shuzheng.engines.casework.queries.letters import ListedLetter


class StatusOut(Schema):
    """One line of a case's history."""

    sequence: int
    at: datetime
    state: str
    act: str
    actor_name: str
    public_text: str
    #: Text for insiders; empty for applicants.
    internal_text: str


class ClockOut(Schema):
    """What a clock of a case shows."""

    code: str
    title: str
    state: str
    card: str
    due: datetime | None
    #: Counted and in all, in the rule's unit.
    counted: float
    total: int
    provisional: bool


class LineOut(Schema):
    """One line of a clock's explanation."""

    kind: str
    text: str
    first: date | None
    last: date | None


class ExplainedOut(ClockOut):
    """A clock explained day by day."""

    lines: list[LineOut]


class MaterialOut(Schema):
    """A material of a case."""

    code: str
    title: str
    state: str
    problem: str
    files: list[dict[str, Any]]


class DecisionOut(Schema):
    """A decision."""

    number: str
    kind: str
    decided_at: datetime
    reasons: str
    legal_basis: list[str]
    effective_on: date
    expires_on: date | None
    superseded_at: datetime | None


class LetterOut(Schema):
    """A letter of a case; ``file_id`` is what ``/files/<id>`` sends, once it is issued."""

    id: UUID
    occasion: str
    title: str
    number: str
    #: ``writing``, ``failed``, ``unsealed``, ``issued``; overtaken by a later act: ``void`` before issue, ``superseded`` after.
    state: str
    file_id: UUID | None
    issued_at: datetime | None
    superseded_at: datetime | None
    served_on: date | None
    served_way: str
    #: Last days for reconsideration and for going to court, once a decision has been served.
    reconsider_until: date | None
    sue_until: date | None

    @staticmethod
    def resolve_state(letter: ListedLetter | LetterOut) -> str:
        """Return what the letter is worth today; what was made of it is read again as it stands."""
        return letter.state if isinstance(letter, LetterOut) else str(letter.standing)


class CaseOut(Schema):
    """A whole case, without the answers to its form."""

    id: UUID
    number: str
    title: str
    item_code: str
    state: str
    result: str
    #: To be sent with an act, which is refused if the case has moved on.
    revision: int
    #: Masked for everybody but the applicant.
    applicant_name: str
    division_code: str
    channel: str
    filed_at: datetime
    accepted_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    clocks: list[ClockOut]
    materials: list[MaterialOut]
    decisions: list[DecisionOut]
    #: Applicants see those that are issued.
    letters: list[LetterOut]


class TaskOut(Schema):
    """A task that waits."""

    id: UUID
    case_id: UUID
    case_number: str
    case_title: str
    step: str
    title: str
    kind: str
    assignee_name: str
    acts: list[str]
    card: str
    due_at: datetime


class TasksOut(Schema):
    """A page of tasks."""

    items: list[TaskOut]
    next: str | None
    previous: str | None


class ItemOut(Schema):
    """A service item as a search shows it."""

    code: str
    title: str
    kind: str
    summary: str
    owner_name: str
    audiences: list[str]
    themes: list[str]
    online: bool


class ItemsOut(Schema):
    """What a search found."""

    items: list[ItemOut]
    next: str | None
    #: Nothing fits every word; these are only likely.
    approximate: bool


class WorkQuery(Schema):
    """What a work list is narrowed to; empty conditions do not restrict."""

    card: Literal["", "red", "amber", "green"] = ""
    step: str = ""
    item_code: str = ""
    kind: str = ""
    holder: Literal["", "mine", "free"] = ""
    words: str = ""
