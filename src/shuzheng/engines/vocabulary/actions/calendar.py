"""Keeping the working calendar: local overrides, and years that the State Council has just announced."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.vocabulary.calendar import FIRST, LAST, WorkCalendar
from shuzheng.engines.vocabulary.errors import CalendarUnchanged
from shuzheng.engines.vocabulary.models import CalendarYear, WorkdayOverride
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.engines.vocabulary.queries.calendar import Almanac, forget_calendars
from shuzheng.engines.vocabulary.queries.division import division
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import scopes

#: Longest holiday that a notice has ever announced in one piece, with room.
LONGEST = 15
_FRIDAY = 4


class OverrideWorkdayInput(Input):
    """A day, whether a division works on it, and why."""

    day: date = Field(ge=FIRST, le=LAST)
    #: ``None`` takes an earlier override of the day back.
    working: bool | None
    reason: str = Field(min_length=2, max_length=200)
    #: Empty for everywhere.
    division_code: str = Field(default="", max_length=12)


class OverrideWorkday(Action[OverrideWorkdayInput, WorkdayOverride]):
    """Let a division work or rest on a day otherwise than the country (地方工作日调整), e.g. after a flood.

    It holds for every division below. Announces ``vocabulary.calendar_changed``, whose followers recompute open clocks.
    Raises UnknownDivision, and CalendarUnchanged where the day is so already.
    """

    name = "vocabulary.override_workday"
    permission = KEEP_CALENDAR
    title = _("调整工作日")

    def scope(self, actor: Actor, given: OverrideWorkdayInput) -> str:
        """Return the division's path."""
        return division(given.division_code).path if given.division_code else ""

    def check(self, actor: Actor, given: OverrideWorkdayInput) -> None:
        """Leave an override of everywhere to those whose permission holds everywhere."""
        if not given.division_code:
            _require_everywhere(actor)

    def perform(self, actor: Actor, given: OverrideWorkdayInput) -> WorkdayOverride:
        """Enter the override."""
        place = division(given.division_code) if given.division_code else None
        code, path = (place.code, place.path) if place else ("", "")
        before = Almanac.load().calendar(code)
        override = WorkdayOverride.objects.create(
            day=given.day,
            division_code=code,
            path=path,
            working=given.working,
            reason=given.reason,
            recorded_by=actor.name,
        )
        changed = _changed(before, Almanac.load().calendar(code))
        if not changed:
            raise CalendarUnchanged
        self.about(override, division=path, day=given.day.isoformat(), working=given.working, reason=given.reason)
        self.emit("vocabulary.calendar_changed", override.pk, division=path, days=changed, years=[])
        return override


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
        _require_everywhere(actor)
        problems = tuple(_problems(given))
        if problems:
            raise InvalidInput(*problems)

    def perform(self, actor: Actor, given: AnnounceYearInput) -> CalendarYear:
        """Enter the year."""
        before = Almanac.load().calendar(None)
        entry = CalendarYear.objects.create(
            year=given.year,
            status=CalendarYear.Status.ANNOUNCED,
            notice=given.notice,
            days=[day for holiday in given.holidays for day in _special_days(holiday)],
            recorded_by=actor.name,
        )
        changed = _changed(before, Almanac.load().calendar(None), given.year)
        self.about(entry, year=given.year, notice=given.notice)
        self.emit("vocabulary.calendar_changed", entry.pk, division="", days=changed, years=[given.year])
        return entry


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
        _require_everywhere(actor)

    def perform(self, actor: Actor, given: WithdrawYearInput) -> CalendarYear:
        """Enter that the year is provisional."""
        last = CalendarYear.objects.filter(year=given.year).order_by("id").last()
        if last is None or last.status != CalendarYear.Status.ANNOUNCED:
            raise CalendarUnchanged
        before = Almanac.load().calendar(None)
        entry = CalendarYear.objects.create(
            year=given.year, status=CalendarYear.Status.PROVISIONAL, notice=given.reason, recorded_by=actor.name
        )
        changed = _changed(before, Almanac.load().calendar(None), given.year)
        self.about(entry, year=given.year, reason=given.reason)
        self.emit("vocabulary.calendar_changed", entry.pk, division="", days=changed, years=[given.year])
        return entry


def _require_everywhere(actor: Actor) -> None:
    if scopes(actor, KEEP_CALENDAR) != [""]:
        raise NotPermitted


def _changed(before: WorkCalendar, after: WorkCalendar, year: int | None = None) -> list[str]:
    """Return the days that differ, and the first and last of a year that is announced now or no longer.

    This process looks again once the change is committed.
    """
    transaction.on_commit(forget_calendars)
    days = set(before.differences(after))
    if year is not None and before.is_provisional(date(year, 1, 1)) != after.is_provisional(date(year, 1, 1)):
        days |= {date(year, 1, 1), date(year, 12, 31)}
    return [day.isoformat() for day in sorted(days)]


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
