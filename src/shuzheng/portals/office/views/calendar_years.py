"""The country's calendar (年度放假安排): entered or taken back by one officer, its effect, confirmed by another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuzheng.engines.vocabulary.actions import ConfirmCalendar, DiscardCalendar, ProposeWithdrawal, ProposeYear
from shuzheng.engines.vocabulary.calendar_keeping import require_everywhere
from shuzheng.engines.vocabulary.models import CalendarProposal, CalendarYear
from shuzheng.engines.vocabulary.notice import read_notice
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.engines.vocabulary.queries import work_calendar
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today
from shuzheng.portals.office.outcome import told

LIST = "office:calendar-years"
#: Longest notice, in bytes; the real ones have some 2,000.
LONGEST = 20_000
SETTLED = 10
VERBS = {"confirm": ConfirmCalendar, "discard": DiscardCalendar}


@dataclass(frozen=True)
class Span:
    """Days of one holiday in a row, as a table shows them."""

    name: str
    #: None where an earlier change of the day is taken back.
    working: bool | None
    first: date
    last: date

    @property
    def days(self) -> int:
        """Return how many days it is."""
        return (self.last - self.first).days + 1


@access(KEEP_CALENDAR)
@require_http_methods(["GET", "POST"])
def years(request: Request) -> HttpResponse:
    """Show what was entered and what waits for a second officer; take a new notice."""
    require_everywhere(request.actor)
    errors: tuple[FieldProblem, ...] = ()
    if request.method == "POST":
        try:
            _propose(request)
            messages.success(request, _("已录入，正在计算有多少办件的期限会变。算完后请另一人确认。"))
            return redirect(LIST)
        except InvalidInput as refused:
            errors = refused.errors
        except ShuzhengError as refused:
            errors = (FieldProblem("text", str(refused)),)
    proposals = list(CalendarProposal.objects.all()[:SETTLED])
    waiting = [proposal for proposal in proposals if proposal.state == CalendarProposal.State.PROPOSED]
    coming = today().year + 1
    context = {
        "waiting": [(proposal, spans(proposal.days), _own(request, proposal)) for proposal in waiting],
        "counting": any(not proposal.weighed for proposal in waiting),
        "settled": [proposal for proposal in proposals if proposal not in waiting],
        "entries": [(entry, entry.in_use(today())) for entry in _in_force()],
        "year": request.POST.get("year") or coming,
        "missing": coming if work_calendar().is_provisional(date(coming, 1, 1)) else None,
        "typed": request.POST,
        "errors": [_said(problem) for problem in errors],
    }
    return render(request, "office/calendar_years.html", context, status=422 if errors else 200)


@access(KEEP_CALENDAR)
@require_POST
def settle(request: Request, proposal_id: UUID, verb: str) -> HttpResponse:
    """Confirm what somebody else entered, or lay it aside."""
    act = VERBS.get(verb)
    if act is None:
        raise NotFound
    confirmed = _("已确认。在办办件的期限正在重新计算，有变化的会逐件记录并通知。")
    with told(request, confirmed if verb == "confirm" else _("已作废，日历没有改变。")):
        act.do(request.actor, proposal_id=proposal_id)
    return redirect(LIST)


@access(KEEP_CALENDAR)
@require_POST
def withdraw(request: Request, year: int) -> HttpResponse:
    """Ask for a year that has not begun to be taken back."""
    with told(request, _("已提出撤回，正在计算有多少办件的期限会变。算完后请另一人确认。")):
        ProposeWithdrawal.do(request.actor, {"year": year, "reason": request.POST.get("reason", "")})
    return redirect(LIST)


def spans(days: list[dict[str, Any]]) -> list[Span]:
    """Return the days of an entry as spans, in order."""
    found: list[Span] = []
    for special in sorted(days, key=lambda special: str(special["day"])):
        day, name, working = date.fromisoformat(str(special["day"])), str(special["name"]), special["working"]
        last = found[-1] if found else None
        if last and (last.name, last.working) == (name, working) and (day - last.last).days == 1:
            found[-1] = Span(name, working, last.first, day)
        else:
            found.append(Span(name, working, day, day))
    return found


def _propose(request: Request) -> None:
    """Read the notice and enter it. Raises InvalidInput, CalendarUnchanged."""
    typed = request.POST.get("year", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) == 4):
        raise InvalidInput(FieldProblem("year", _("年份应为四位数字，如 2027。")))
    holidays = read_notice(int(typed), _text(request))
    given = {"year": int(typed), "notice": request.POST.get("notice", "").strip(), "holidays": holidays}
    ProposeYear.do(request.actor, {**given, "holidays": [holiday.model_dump() for holiday in holidays]})


def _text(request: Request) -> str:
    """Return the notice that was uploaded, else the one pasted. Raises InvalidInput."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "")[:LONGEST]
    data = file.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise InvalidInput(FieldProblem("file", _("文件太大，通知原文一般只有几千字。")))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            FieldProblem("file", _("文件不是 UTF-8 编码的文本，请另存后再传，或直接粘贴原文。"))
        ) from error


def _in_force() -> list[CalendarYear]:
    """Return the latest entry of every year that has one in force."""
    latest = {entry.year: entry for entry in CalendarYear.objects.order_by("id")}
    announced = CalendarYear.Status.ANNOUNCED
    return sorted((e for e in latest.values() if e.status == announced), key=lambda e: e.year, reverse=True)


def _own(request: Request, proposal: CalendarProposal) -> bool:
    return proposal.proposed_by == request.actor.account_id


def _said(problem: FieldProblem) -> tuple[str, str]:
    """Return the control that a problem concerns, and its message; paragraphs are told by their number."""
    head, *rest = problem.path.split(".")
    if head == "holidays" and rest and rest[0].isdigit():
        return "text", _("第 {n} 段：{message}").format(n=int(rest[0]) + 1, message=problem.message)
    return (head if head in ("year", "notice", "file") else "text"), str(problem.message)
