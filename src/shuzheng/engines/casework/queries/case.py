"""One case, whole, in a fixed number of statements; and the cases of an applicant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Value
from django.db.models.functions import JSONObject

from shuzheng.engines.casework import process
from shuzheng.engines.casework.clock import Line, Reading, explain
from shuzheng.engines.casework.definitions.item import ServiceItemDefinition
from shuzheng.engines.casework.models import (
    Case,
    CaseRelation,
    CaseStatus,
    Clock,
    ClockFact,
    Decision,
    Letter,
    Material,
    Note,
    Participation,
    Rating,
    SupplementRequest,
    Task,
)
from shuzheng.engines.casework.policies import may_read
from shuzheng.engines.casework.queries.letters import FIELDS as LETTERS
from shuzheng.engines.casework.queries.letters import ListedLetter
from shuzheng.engines.casework.timekeeping import Timekeeper
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import by_id
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import now
from shuzheng.kernel.page import Page, page

#: Small lists that come with the case in one statement: name → (model, fields, order).
NOTES = ("id", "text", "author_name", "written_at")
PARTICIPANTS = ("role", "name", "party_kind")
SUPPLEMENTS = ("wanted", "asked_by", "asked_at", "answer_until", "answered_at")


@dataclass(frozen=True)
class WholeCase:
    """A case with everything that belongs to it, at most eight statements."""

    case: Case
    statuses: list[CaseStatus]
    tasks: list[Task]
    clocks: Timekeeper
    materials: list[Material]
    decisions: list[Decision]
    #: Relations, with the other case's number, title and state.
    relations: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    participations: list[dict[str, Any]]
    supplements: list[dict[str, Any]]
    #: The earliest first.
    letters: list[ListedLetter]

    @property
    def item(self) -> ServiceItemDefinition:
        """Return the version of the service item that the case is pinned to."""
        return by_id(self.case.item_id).body

    @property
    def rating(self) -> Rating | None:
        """Return the rating, if the applicant gave one."""
        return getattr(self.case, "rating", None)

    @cached_property
    def readings(self) -> list[tuple[Clock, Reading]]:
        """Return what every clock of the case shows now."""
        return [(clock, self.clocks.reading(clock)) for clock in self.clocks.clocks]

    @property
    def open_tasks(self) -> list[Task]:
        """Return the tasks still to be done."""
        return [task for task in self.tasks if task.state == Task.State.OPEN]

    def explanation(self, code: str, language: Literal["zh", "en"] = "zh") -> list[Line]:
        """Return a clock of the case explained day by day; nothing if there is no such clock."""
        clock = self.clocks.clock(code)
        if clock is None:
            return []
        return explain(clock.parsed_rule, self.clocks.events(clock), self.clocks.calendar, language, now())

    def picture(self) -> process.Picture | None:
        """Return the diagram of the process with the present step lit."""
        if self.case.process_id is None:
            return None
        instance = getattr(self.case, "process_instance", None)
        state, finished = (instance.state, instance.finished) if instance else (None, False)
        return process.picture(by_id(self.case.process_id), state, finished=finished)


def whole_case(case_id: UUID) -> WholeCase:
    """Return a case with everything that belongs to it. Raises NotFound. Check ``policies.may_read`` before showing it."""
    case = _annotated().filter(pk=case_id).first()
    if case is None:
        raise NotFound
    clocks = Timekeeper(
        case,
        clocks=Clock.objects.filter(case=case).order_by("started_at"),
        facts=ClockFact.objects.filter(case=case).order_by("at"),
    )
    small: dict[str, list[dict[str, Any]]] = vars(case)
    return WholeCase(
        case=case,
        statuses=list(CaseStatus.objects.filter(case=case).order_by("sequence")),
        tasks=list(Task.objects.filter(case=case).order_by("opened_at")),
        clocks=clocks,
        materials=list(Material.objects.filter(case=case).order_by("id")),
        decisions=list(Decision.objects.filter(case=case).order_by("decided_at")),
        relations=[*small["_relations"], *small["_related"]],
        notes=small["_notes"],
        participations=small["_participations"],
        supplements=small["_supplements"],
        letters=[ListedLetter.of(row, case.division_code) for row in small["_letters"]],
    )


def case_for(actor: Actor, case_id: UUID) -> WholeCase:
    """Return a case that the actor may read, or has a task of. Raises NotFound, also if the actor may not know of it."""
    whole = whole_case(case_id)
    if not may_read(actor, whole.case, whole.open_tasks):
        raise NotFound
    return whole


def case_by_number(actor: Actor, number: str) -> Case:
    """Return a case by its number. Raises NotFound, also if the actor may not know of it."""
    case = Case.objects.filter(number=number.strip().upper()).first()
    if case is None or not may_read(actor, case):
        raise NotFound
    return case


def cases_of(actor: Actor, *, after: str | None = None, size: int = 10, open_only: bool = False) -> Page[Case]:
    """Return a page of the cases of the party for whom the actor acts, the latest first."""
    if actor.party is None:
        return Page([], None, None)
    cases = Case.objects.filter(applicant_id=actor.party.id).defer("answers")
    if open_only:
        cases = cases.exclude(state__in=(Case.State.CLOSED, Case.State.NOT_ACCEPTED, Case.State.WITHDRAWN))
    return page(cases, order=("-filed_at", "-id"), after=after, size=size)


def _annotated() -> QuerySet[Case]:
    """Cases with their small lists as JSON, with rating and process joined."""
    return Case.objects.select_related("rating", "process_instance", "service_address").annotate(
        _notes=_json(Note.objects.order_by("written_at"), NOTES),
        _participations=_json(Participation.objects.order_by("id"), PARTICIPANTS),
        _supplements=_json(SupplementRequest.objects.order_by("asked_at"), SUPPLEMENTS),
        _letters=_json(Letter.objects.order_by("written_at", "id"), LETTERS),
        _relations=_relation("case", "other"),
        _related=_relation("other", "case"),
    )


def _json(rows: QuerySet[Any], fields: tuple[str, ...]) -> ArraySubquery:
    return ArraySubquery(rows.filter(case=OuterRef("pk")).values(json=JSONObject(**{field: field for field in fields})))


def _relation(own: str, other: str) -> ArraySubquery:
    fields = {name: f"{other}__{name}" for name in ("id", "number", "title", "state")}
    rows = CaseRelation.objects.filter(**{own: OuterRef("pk")}).order_by("created_at")
    return ArraySubquery(rows.values(json=JSONObject(kind="kind", direction=_side(own), **fields)))


def _side(own: str) -> Any:
    return Value("to" if own == "case" else "from")
