"""Years whose holidays the State Council has announced, entered and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.vocabulary.calendar import FIRST, LAST
from shuzheng.engines.vocabulary.calendar_keeping import changed_days, require_everywhere
from shuzheng.engines.vocabulary.errors import CalendarUnchanged
from shuzheng.engines.vocabulary.models import CalendarYear
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.engines.vocabulary.queries.calendar import Almanac
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.input import Input

#: Longest holiday that a notice has ever announced in one piece, with room.
LONGEST = 15
_FRIDAY = 4


class AnnouncedHoliday(Input):
    """One paragraph of a notice: the days off from ``first`` to ``last`` and the weekend days worked for them (调休)."""

    name: str = Field(min_length=2, max_length=40)
    first: date
    last: date
    worked: tuple[date, ...] = ()


class AnnounceYearInput(Input):
    """A year, the notice that announced its holidays, and its paragraphs."""

    year: int = Field(ge=FIRST.year, le=LAST.year)
    notice: str = Field(min_length=4, max_length=80)
    holidays: tuple[AnnouncedHoliday, ...] = Field(min_length=1, max_length=20)


class AnnounceYear(Action[AnnounceYearInput, CalendarYear]):
    """Enter the holidays of a year that the State Council has announced (公布年度放假安排).

    The year is provisional no longer; entering it again replaces the earlier entry. Announces
    ``vocabulary.calendar_changed``. Raises InvalidInput with what contradicts itself.
    """

    name = "vocabulary.announce_year"
    permission = KEEP_CALENDAR
    title = _("录入年度放假安排")

    def check(self, actor: Actor, given: AnnounceYearInput) -> None:
        """Refuse whoever keeps only part of the country's calendar, and a notice that contradicts itself."""
        require_everywhere(actor)
        problems = tuple(_problems(given))
        if problems:
            raise InvalidInput(*problems)

    def perform(self, actor: Actor, given: AnnounceYearInput) -> CalendarYear:
        """Enter the year."""
        days = [day for holiday in given.holidays for day in _special_days(holiday)]
        return _enter(self, given.year, CalendarYear.Status.ANNOUNCED, given.notice, days=days)


class WithdrawYearInput(Input):
    """A year and why its entry is taken back."""

    year: int
    reason: str = Field(min_length=2, max_length=80)


class WithdrawYear(Action[WithdrawYearInput, CalendarYear]):
    """Take the entry of a year back (撤回年度放假安排): what the library says counts again, else plain weeks.

    Announces ``vocabulary.calendar_changed``. Raises CalendarUnchanged where there is no entry.
    """

    name = "vocabulary.withdraw_year"
    permission = KEEP_CALENDAR
    title = _("撤回年度放假安排")

    def check(self, actor: Actor, given: WithdrawYearInput) -> None:
        """Refuse whoever keeps only part of the country's calendar."""
        require_everywhere(actor)

    def perform(self, actor: Actor, given: WithdrawYearInput) -> CalendarYear:
        """Enter that the year is provisional."""
        last = CalendarYear.objects.filter(year=given.year).order_by("id").last()
        if last is None or last.status != CalendarYear.Status.ANNOUNCED:
            raise CalendarUnchanged
        return _enter(self, given.year, CalendarYear.Status.PROVISIONAL, given.reason)


def _enter(action: Action[Any, CalendarYear], year: int, status: str, notice: str, **facts: Any) -> CalendarYear:
    """Enter a year's status in the name of an action and announce the days that differ from before."""
    before = Almanac.load().calendar(None)
    entry = CalendarYear.objects.create(year=year, status=status, notice=notice, recorded_by=action.actor.name, **facts)
    changed = changed_days(before, Almanac.load().calendar(None), year)
    action.about(entry, year=year, notice=notice)
    action.emit("vocabulary.calendar_changed", entry.pk, division="", days=changed, years=[year])
    return entry


def _special_days(holiday: AnnouncedHoliday) -> Iterator[dict[str, object]]:
    for n in range((holiday.last - holiday.first).days + 1):
        yield {"day": (holiday.first + timedelta(days=n)).isoformat(), "working": False, "name": holiday.name}
    for day in holiday.worked:
        yield {"day": day.isoformat(), "working": True, "name": holiday.name}


def _problems(given: AnnounceYearInput) -> Iterator[FieldProblem]:
    """Yield what a notice cannot say; a notice may touch the last days of the year before."""
    seen: set[object] = set()
    for n, holiday in enumerate(given.holidays):
        path = f"holidays.{n}"
        if not 0 <= (holiday.last - holiday.first).days < LONGEST:
            yield FieldProblem(f"{path}.last", str(_("放假的最后一天不能早于第一天，也不能相隔半个月以上。")))
            continue
        if any(day.weekday() <= _FRIDAY for day in holiday.worked):
            yield FieldProblem(f"{path}.worked", str(_("调休上班的日子应是周六或周日，请核对日期。")))
        days = [special["day"] for special in _special_days(holiday)]
        if any(not f"{given.year - 1}-12-01" <= str(day) <= f"{given.year}-12-31" for day in days):
            yield FieldProblem(path, str(_("日期不在这一年内，请核对年份。")))
        if seen.intersection(days) or len(set(days)) < len(days):
            yield FieldProblem(path, str(_("同一天写了两次，请核对。")))
        seen.update(days)
