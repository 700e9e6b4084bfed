"""Letters of cases: as a case shows them, one of them, and those that wait for somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils.dateparse import parse_date, parse_datetime

from shuzheng.engines.casework.letters.addressing import person_to_serve
from shuzheng.engines.casework.letters.rules import DECISIONS, OCCASIONS, USUAL, Occasion
from shuzheng.engines.casework.models import Case, Letter, Standing, Task
from shuzheng.engines.casework.objecting import reconsider_until, sue_until
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
    #: Of the case; its calendar decides on which day a period ends.
    division_code: str

    @classmethod
    def of(cls, row: Mapping[str, Any], division_code: str) -> ListedLetter:
        """Return a letter of a case in a division from its row as JSON."""
        times = {name: parse_datetime(row[name]) if row[name] else None for name in ("issued_at", "superseded_at")}
        ids = {name: UUID(row[name]) if row[name] else None for name in ("file_id", "service_id")}
        known = {"id": UUID(row["id"]), "occasion": Occasion(row["occasion"]), **times, **ids}
        known["written_at"] = parse_datetime(row["written_at"])
        known["served_on"] = parse_date(row["served_on"]) if row["served_on"] else None
        return cls(**{**row, **known}, division_code=division_code)

    @property
    def issued(self) -> bool:
        """Say whether the letter is out, and the applicant may have it."""
        return self.state == State.ISSUED

    @property
    def standing(self) -> Standing:
        """Return what the letter is worth today."""
        return Standing.of(self.state, self.superseded_at)

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
        if self.served_on is None or self.occasion not in DECISIONS:
            return None
        return reconsider_until(self.served_on, self.division_code)

    @property
    def sue_until(self) -> date | None:
        """Return the last day for going to court, once a decision has been served."""
        if self.served_on is None or self.occasion not in DECISIONS:
            return None
        return sue_until(self.served_on, self.division_code)


def shown(letters: Iterable[ListedLetter]) -> list[ListedLetter]:
    """Return the letters that an applicant sees, the latest first: those issued, and those that wait for the seal."""
    return [one for one in reversed(list(letters)) if one.issued or one.standing == Standing.UNSEALED]


def letter_for(actor: Actor, case_id: UUID, letter_id: UUID) -> Letter:
    """Return a letter of a case that the actor may read. Raises NotFound, also for an applicant before it is issued."""
    rows = Letter.objects.select_related("case", "file").filter(pk=letter_id, case_id=case_id)
    found = rows.first()
    if found is None or not may_open(actor, found):
        raise NotFound
    return found


def may_open(actor: Actor, letter: Letter) -> bool:
    """Say whether an actor may open a letter: whoever reads the case, and who may seal it.

    The applicant's side has it once it is issued, and not before for being an official as well.
    """
    case = letter.case
    if _on_the_applicants_side(actor, case):
        return letter.state == State.ISSUED
    if not actor.is_officer:
        return False
    tasks = list(Task.objects.filter(case=case, unit_id__in=actor.unit_ids)) if actor.unit_ids else []
    return may_read(actor, case, tasks) or bool(sealable(actor, [letter]))


def _on_the_applicants_side(actor: Actor, case: Case) -> bool:
    """Say whether the actor applied, or acts for who did; an official who filed it at the window without a mandate does not."""
    if actor.person_id is None or is_applicant(actor, case):
        return is_applicant(actor, case)
    if actor.person_id == case.operator_id and (case.mandate_id is not None or not actor.is_officer):
        return True
    return actor.is_officer and actor.person_id == person_to_serve(case.applicant_kind, case.applicant_id)


def waiting(actor: Actor, state: str = "", after: str | None = None, size: int = 20) -> Page[Letter]:
    """Return a page of the letters that wait for the official's office, or for a seal that they hold, the oldest first."""
    rows = Letter.objects.exclude(state=State.ISSUED).filter(
        Q(unit_id__in=actor.unit_ids) | _covered(actor), superseded_at=None
    )
    if state:
        rows = rows.filter(state=state)
    return page(
        rows.select_related("case").defer("content", "event"), order=("written_at", "id"), after=after, size=size
    )


def sealable(actor: Actor, letters: Iterable[Letter]) -> set[UUID]:
    """Return which of these letters wait for a seal that the official may put on them today."""
    waiting = [letter.pk for letter in letters if letter.standing == Standing.UNSEALED]
    found = Letter.objects.filter(_covered(actor), pk__in=waiting) if waiting else Letter.objects.none()
    return set(found.values_list("pk", flat=True))


def _covered(actor: Actor) -> Q:
    """Return the condition for letters that wait for a seal, and for kind and item are covered by a grant of the official."""
    covered = Q(pk__in=[])
    if actor.officer_id is None:
        return covered
    unspent = Q(most_uses=None) | Q(used__lt=F("most_uses"))
    for grant in SealGrant.objects.filter(grants_of(actor) & unspent).select_related("seal"):
        seal = grant.seal
        covered |= Q(
            unit_id=seal.unit_id,
            rule__seal=seal.kind,
            rule__seal_purpose__in=["", seal.purpose],
            occasion__in=[rule.occasion for rule in USUAL.values() if rule.document_kind in grant.document_kinds],
            case__item_code__in=grant.item_codes,
        )
    return Q(covered, state=State.UNSEALED, superseded_at=None)
