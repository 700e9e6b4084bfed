"""The working calendar (工作日历): a year at a glance, local changes, and what a change would do."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.engines.casework.queries.finding import cases_counting_on
from shuzheng.engines.vocabulary.actions import OverrideWorkday, ProposeWorkday
from shuzheng.engines.vocabulary.calendar import FIRST, LAST, WorkCalendar
from shuzheng.engines.vocabulary.models import WorkdayOverride
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.engines.vocabulary.queries import division, work_calendar
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import OFFICER, may, scopes
from shuzheng.portals.office.outcome import told

_SATURDAY = 5


@dataclass(frozen=True)
class Day:
    """One day of a month; ``None`` of ``day`` fills the week."""

    day: date | None
    #: Classes by which it is drawn.
    style: str = ""
    #: What it is, in words.
    title: str = ""


@access(OFFICER)
@require_http_methods(["GET", "POST"])
def calendar(request: Request) -> HttpResponse:
    """Show a year; whoever keeps the calendar may see what a change would do, and make it."""
    year = _year(request.GET.get("year", ""))
    code = _own_division(request)
    known = work_calendar(code or None)
    chosen = _day(request.POST.get("day") or request.GET.get("day"))
    if request.method == "POST" and "preview" not in request.POST:
        return _override(request, code, year)
    overrides = list(WorkdayOverride.objects.filter(day__year=year).order_by("day", "id"))
    local = {o.day for o in overrides if o.working is not None}
    may_keep = may(request.actor, KEEP_CALENDAR)
    context = {
        "year": year,
        "years": [y for y in (year - 1, year + 1) if FIRST.year <= y <= LAST.year],
        "months": [(month, _weeks(known, year, month, local)) for month in range(1, 13)],
        "provisional": known.is_provisional(date(year, 1, 1)),
        "working_days": known.count(date(year - 1, 12, 31), date(year, 12, 31)) if year > FIRST.year else None,
        "overrides": overrides,
        "may_keep": may_keep,
        "keeps_years": scopes(request.actor, KEEP_CALENDAR) == [""],
        "chosen": chosen,
        "works": known.is_working(chosen) if chosen else None,
        "typed": request.POST,
        "effect": cases_counting_on(chosen, _scope(request)) if chosen and may_keep else None,
        "weekdays": _("一二三四五六日"),
        "ways": [("work", _("上班")), ("rest", _("休息")), ("clear", _("取消以前的调整"))],
    }
    return render(request, "office/calendar.html", context)


def _scope(request: Request) -> str:
    return scopes(request.actor, KEEP_CALENDAR)[0]


def _own_division(request: Request) -> str:
    """Return the code of the division that the officer keeps the calendar of; empty for the country."""
    held = scopes(request.actor, KEEP_CALENDAR)
    return division(held[0].rsplit(".", 1)[-1]).code if held and held[0] else ""


def _year(text: str) -> int:
    year = int(text) if text.isdigit() else today().year
    return min(max(year, FIRST.year), LAST.year)


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None


def _weeks(known: WorkCalendar, year: int, month: int, local: set[date]) -> list[list[Day]]:
    """Return the weeks of a month, Monday first."""
    weeks = months.Calendar().monthdatescalendar(year, month)
    return [[_drawn(known, day, local) if day.month == month else Day(None) for day in week] for week in weeks]


def _drawn(known: WorkCalendar, day: date, local: set[date]) -> Day:
    special, working, weekend = known.special(day), known.is_working(day), day.weekday() >= _SATURDAY
    style = "is-makeup" if working and weekend else "" if working else "is-holiday" if special else "is-off"
    marks = [style, "is-local" if day in local else "", "is-today" if day == today() else ""]
    what = _("上班") if working else _("休息")
    return Day(day, " ".join(mark for mark in marks if mark), f"{what} {special.name}" if special else what)


def _override(request: Request, code: str, year: int) -> HttpResponse:
    """Let the division work or rest on a day otherwise; for the whole country somebody else confirms it."""
    working = {"work": True, "rest": False}.get(request.POST.get("working", ""))
    given = {"day": request.POST.get("day", ""), "working": working, "reason": request.POST.get("reason", "")}
    if not code and scopes(request.actor, KEEP_CALENDAR) == [""]:
        with told(request, _("已录入，正在计算有多少办件的期限会变。算完后请另一人确认。")):
            ProposeWorkday.do(request.actor, given)
        return redirect("office:calendar-years")
    with told(request, _("工作日已调整。在办办件的期限正在重新计算，有变化的会通知当事人。")):
        OverrideWorkday.do(request.actor, {**given, "division_code": code})
    return redirect(f"{reverse('office:calendar')}?year={year}")
