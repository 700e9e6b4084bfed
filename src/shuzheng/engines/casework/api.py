"""HTTP API: a case whole, its history, its clocks explained; the work that waits; service items and their guides."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from ninja import Query, Router

from shuzheng.engines.casework.clock_rows import card_at
from shuzheng.engines.casework.models import Case
from shuzheng.engines.casework.policies import is_applicant
from shuzheng.engines.casework.queries.case import WholeCase, case_by_number, case_for
from shuzheng.engines.casework.queries.items import search_items
from shuzheng.engines.casework.queries.work import WorkFilter, my_tasks
from shuzheng.engines.casework.schemas import (
    CaseOut,
    ClockOut,
    DecisionOut,
    ExplainedOut,
    ItemOut,
    ItemsOut,
    LetterOut,
    LineOut,
    MaterialOut,
    StatusOut,
    TaskOut,
    TasksOut,
    WorkQuery,
)
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.engines.trust.masking import mask
from shuzheng.kernel.api import Allow
from shuzheng.kernel.definition import get
from shuzheng.kernel.http import Request
from shuzheng.kernel.policy import OFFICER, PUBLIC, SIGNED_IN

router = Router()


@router.get("/cases/{number}", auth=Allow(SIGNED_IN), response=CaseOut, summary="按编号查办件")
def case_whole(request: Request, number: str) -> CaseOut:
    """Return a whole case to its applicant or to an official who may open it; the read goes to the audit."""
    whole = _whole(request, number)
    own = is_applicant(request.actor, whole.case)
    fields = {name: getattr(whole.case, name) for name in CaseOut.model_fields if hasattr(whole.case, name)}
    name = whole.case.applicant_name
    fields["applicant_name"] = name if own or whole.case.applicant_kind == "legal" else mask(name, "person_name")
    fields["clocks"] = _clocks(whole)
    fields["materials"] = [MaterialOut.from_orm(material) for material in whole.materials]
    fields["decisions"] = [DecisionOut.from_orm(decision) for decision in whole.decisions]
    letters = [letter for letter in whole.letters if letter.issued or (request.actor.is_officer and not own)]
    fields["letters"] = [LetterOut.from_orm(letter) for letter in letters]
    return CaseOut(**fields)


@router.get("/cases/{number}/timeline", auth=Allow(SIGNED_IN), response=list[StatusOut], summary="办件进展")
def case_timeline(request: Request, number: str) -> list[StatusOut]:
    """Return the history of a case, the earliest first; the texts for insiders go to officials only."""
    whole = _whole(request, number)
    lines = [StatusOut.from_orm(status) for status in whole.statuses]
    if request.actor.is_officer:
        return lines
    return [line.model_copy(update={"internal_text": ""}) for line in lines]


@router.get("/cases/{number}/clocks", auth=Allow(SIGNED_IN), response=list[ExplainedOut], summary="办件时限说明")
def case_clocks(request: Request, number: str) -> list[ExplainedOut]:
    """Return the clocks of a case, each explained day by day in the language of the request."""
    whole = _whole(request, number)
    language = "en" if (get_language() or "").startswith("en") else "zh"
    return [
        ExplainedOut(**clock.model_dump(), lines=[_line(line) for line in whole.explanation(clock.code, language)])
        for clock in _clocks(whole)
    ]


@router.get("/work", auth=Allow(OFFICER), response=TasksOut, summary="我的待办")
def work(request: Request, wanted: Query[WorkQuery], after: str | None = None) -> TasksOut:
    """Return a page of the open tasks that are the official's to do, the most urgent first."""
    page = my_tasks(request.actor, WorkFilter(**wanted.model_dump()), after=after)
    plain = [name for name in TaskOut.model_fields if name != "card"]
    rows = [TaskOut(card=str(card_at(t)), **{name: getattr(t, name) for name in plain}) for t in page.items]
    return TasksOut(items=rows, next=page.next, previous=page.previous)


@router.get("/items", auth=Allow(PUBLIC), response=ItemsOut, summary="查找事项")
def items(request: Request, q: str = "", after: str | None = None) -> Any:
    """Find service items in residents' own words; without words, the most asked for come first."""
    found = search_items(q, after=after)
    rows = [ItemOut.from_orm(item) for item in found.page.items]
    return ItemsOut(items=rows, next=found.page.next, approximate=found.approximate)


@router.get("/items/{code}", auth=Allow(PUBLIC), response=dict[str, Any], summary="办事指南")
def item_guide(request: Request, code: str) -> dict[str, Any]:
    """Return the version of a service item in force: conditions, materials, limits, results, questions."""
    stored = get("service_item", code)
    return {"version": stored.version, "valid_from": stored.valid_from, **stored.body.model_dump(mode="json")}


def _whole(request: Request, number: str) -> WholeCase:
    """Return a case that the caller may read, recording an official's read."""
    case: Case = case_by_number(request.actor, number)
    if request.actor.is_officer:
        kind = PERSON if case.applicant_kind == "person" else "identity.legalperson"
        purpose = request.headers.get("X-Purpose", "办理办件")[:100]
        record_read(request.actor, purpose, kind, case.applicant_id, ["name"], case.pk, name="casework.api")
    return case_for(request.actor, case.pk)


def _clocks(whole: WholeCase) -> list[ClockOut]:
    return [
        ClockOut(
            code=clock.code,
            title=clock.parsed_rule.title,
            state=str(reading.state),
            card=str(reading.card),
            due=reading.due,
            counted=reading.counted,
            total=reading.total,
            provisional=reading.provisional,
        )
        for clock, reading in whole.readings
        if clock.task_id is None
    ]


def _line(line: Any) -> LineOut:
    return LineOut(kind=str(line.kind), text=line.text, first=line.first, last=line.last)
