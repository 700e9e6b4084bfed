"""Letters of cases: as a case shows them, one of them, and those that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime

from shuzheng.engines.casework.letters.rules import DECISIONS, OCCASIONS, Occasion
from shuzheng.engines.casework.models import Letter, Task
from shuzheng.engines.casework.policies import is_applicant, may_read
from shuzheng.engines.documents.seals.granting import grants_of
from shuzheng.engines.documents.seals.models import SealGrant
from shuzheng.engines.messaging.models.service import Way
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.page import Page, page

#: What a case says of each of its letters.
FIELDS = (
    "id", "occasion", "title", "number", "state", "problem", "file_id", "written_at", "issued_at", "superseded_at",
    "service_id", "served_on", "served_way", "revision",
)  # fmt: skip
#: Days for reconsideration (行政复议法 §20) and months for going to court (行政诉讼法 §46), from the day after service.
RECONSIDER = timedelta(days=60)
SUE = relativedelta(months=6)
State = Letter.State


@dataclass(frozen=True)
class ListedLetter:
    """A letter as its case shows it."""

    id: UUID
    occasion: Occasion
    title: str
    number: str
    state: str
    problem: str
    file_id: UUID | None
    written_at: datetime
    issued_at: datetime | None
    superseded_at: datetime | None
    service_id: UUID | None
    served_on: date | None
    served_way: str
    revision: int

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> ListedLetter:
        """Return a letter from its row as JSON."""
        times = {name: parse_datetime(row[name]) if row[name] else None for name in ("issued_at", "superseded_at")}
        ids = {name: UUID(row[name]) if row[name] else None for name in ("file_id", "service_id")}
        known = {"id": UUID(row["id"]), "occasion": Occasion(row["occasion"]), **times, **ids}
        known["written_at"] = parse_datetime(row["written_at"])
        known["served_on"] = parse_date(row["served_on"]) if row["served_on"] else None
        return cls(**{**row, **known})

    @property
    def issued(self) -> bool:
        """Say whether the letter is out, and the applicant may have it."""
        return self.state == State.ISSUED

    @property
    def state_title(self) -> Any:
        """Return the state in words."""
        return State(self.state).label

    @property
    def occasion_title(self) -> Any:
        """Return what the letter is for, in words."""
        return OCCASIONS[self.occasion]

    @property
    def way_title(self) -> Any:
        """Return by which way it was served, in words; empty before."""
        return Way(self.served_way).label if self.served_way else ""

    @property
    def reconsider_until(self) -> date | None:
        """Return the last day for reconsideration, once a decision has been served."""
        return reconsider_until(self.served_on) if self.served_on and self.occasion in DECISIONS else None

    @property
    def sue_until(self) -> date | None:
        """Return the last day for going to court, once a decision has been served."""
        return sue_until(self.served_on) if self.served_on and self.occasion in DECISIONS else None


def reconsider_until(served_on: date) -> date:
    """Return the last day for reconsideration of what was served on a day."""
    return served_on + RECONSIDER


def sue_until(served_on: date) -> date:
    """Return the last day for going to court about what was served on a day."""
    return served_on + SUE


def shown(letters: Iterable[ListedLetter]) -> list[ListedLetter]:
    """Return the letters that an applicant sees, the latest first: those issued, and those that wait for the seal."""
    return [one for one in reversed(list(letters)) if one.state in (State.ISSUED, State.UNSEALED)]


def letter_for(actor: Actor, case_id: UUID, letter_id: UUID) -> Letter:
    """Return a letter of a case that the actor may read. Raises NotFound, also for an applicant before it is issued."""
    rows = Letter.objects.select_related("case", "file").filter(pk=letter_id, case_id=case_id)
    found = rows.first()
    if found is None or not may_open(actor, found):
        raise NotFound
    return found


def may_open(actor: Actor, letter: Letter) -> bool:
    """Say whether an actor may open a letter: whoever reads the case, and who may seal it; applicants once it is issued."""
    case = letter.case
    own = is_applicant(actor, case) or (actor.person_id is not None and actor.person_id == case.operator_id)
    if own and letter.state == State.ISSUED:
        return True
    if not actor.is_officer:
        return False
    tasks = list(Task.objects.filter(case=case, unit_id__in=actor.unit_ids)) if actor.unit_ids else []
    return may_read(actor, case, tasks) or letter.unit_id in sealing_units(actor)


def waiting(actor: Actor, state: str = "", after: str | None = None, size: int = 20) -> Page[Letter]:
    """Return a page of the letters that wait for the official's office, or for a seal that they hold, the oldest first."""
    rows = Letter.objects.exclude(state=State.ISSUED).filter(
        Q(unit_id__in=actor.unit_ids) | Q(unit_id__in=sealing_units(actor), state=State.UNSEALED)
    )
    if state:
        rows = rows.filter(state=state)
    return page(
        rows.select_related("case").defer("content", "event"), order=("written_at", "id"), after=after, size=size
    )


def sealing_units(actor: Actor) -> set[UUID]:
    """Return the units whose seals an official may use today."""
    if actor.officer_id is None:
        return set()
    return set(SealGrant.objects.filter(grants_of(actor)).values_list("seal__unit_id", flat=True))
