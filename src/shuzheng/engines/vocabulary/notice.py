"""The State Council's notice of a year's holidays (放假安排通知), read from its own words and checked; pure functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from pydantic import Field

from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.input import Input

#: Longest holiday that a notice has ever announced in one piece, with room.
LONGEST = 15
_FRIDAY = 4
_DECEMBER = 12
_ASIDE = re.compile(r"[（(][^）)]*[）)]")
_PARAGRAPH = re.compile(r"(?:[一二三四五六七八九十]+、|\d{1,2}[.、])?\s*(?P<name>\w[\w、]{0,39})[：:](?P<rest>.+)")
_DAY = re.compile(r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日")


class AnnouncedHoliday(Input):
    """One paragraph of a notice: the days off from ``first`` to ``last`` and the weekend days worked for them (调休)."""

    name: str = Field(min_length=2, max_length=40)
    first: date
    last: date
    worked: tuple[date, ...] = ()


def read_notice(year: int, text: str) -> list[AnnouncedHoliday]:
    """Return the holidays that a notice announces, from its paragraphs such as ``春节：2月15日至23日放假调休，共9天。2月14日上班。``.

    What stands in brackets and lines without a holiday are passed over. Raises InvalidInput naming the lines that cannot
    be read, or that there is none.
    """
    found: list[AnnouncedHoliday] = []
    problems: list[FieldProblem] = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _PARAGRAPH.match(_ASIDE.sub("", line).strip())
        if match is None or "放假" not in match["rest"]:
            continue
        try:
            found.append(_holiday(year, match["name"], match["rest"]))
        except ValueError:
            message = _("看不懂第 {line} 行的日期，请写成“3月1日至3日放假”。").format(line=number)
            problems.append(FieldProblem("text", message))
    if not found and not problems:
        problems.append(FieldProblem("text", _("没有读到放假安排，请粘贴国务院办公厅通知的原文。")))
    if problems:
        raise InvalidInput(*problems)
    return found


def _holiday(year: int, name: str, rest: str) -> AnnouncedHoliday:
    """Return the holiday of a paragraph. Raises ValueError."""
    off: list[date] = []
    worked: list[date] = []
    for sentence in re.split("[。；;]", rest):
        if "上班" in sentence:
            worked += _days(year, sentence)
        elif "放假" in sentence and not off:
            off = _days(year, sentence.split("放假", maxsplit=1)[0])
    if len(off) not in (1, 2):
        raise ValueError(rest)
    return AnnouncedHoliday(name=name, first=off[0], last=off[-1], worked=tuple(worked))


def _days(year: int, text: str) -> list[date]:
    """Return the days in a text; a month left out is that of the day before it. Raises ValueError."""
    days: list[date] = []
    for match in _DAY.finditer(text):
        month = int(match["month"] or (days[-1].month if days else 0))
        given = int(match["year"] or 0)
        # A notice that begins with the New Year names December of the year before without its year at times.
        crosses = month == _DECEMBER and not given and not days and "1月" in text[match.end() :]
        days.append(date(given or (year - 1 if crosses else year), month, int(match["day"])))
    return days


def special_days(holiday: AnnouncedHoliday) -> Iterator[dict[str, Any]]:
    """Yield the days off and the days worked of a holiday, as a calendar keeps them."""
    for n in range((holiday.last - holiday.first).days + 1):
        yield {"day": (holiday.first + timedelta(days=n)).isoformat(), "working": False, "name": holiday.name}
    for day in holiday.worked:
        yield {"day": day.isoformat(), "working": True, "name": holiday.name}


def contradictions(year: int, holidays: Iterable[AnnouncedHoliday]) -> Iterator[FieldProblem]:
    """Yield what a notice cannot say; a notice may touch the last days of the year before."""
    seen: set[object] = set()
    for n, holiday in enumerate(holidays):
        path = f"holidays.{n}"
        if not 0 <= (holiday.last - holiday.first).days < LONGEST:
            yield FieldProblem(f"{path}.last", _("放假的最后一天不能早于第一天，也不能相隔半个月以上。"))
            continue
        if any(day.weekday() <= _FRIDAY for day in holiday.worked):
            yield FieldProblem(f"{path}.worked", _("调休上班的日子应是周六或周日，请核对日期。"))
        days = [special["day"] for special in special_days(holiday)]
        if any(not f"{year - 1}-12-01" <= str(day) <= f"{year}-12-31" for day in days):
            yield FieldProblem(path, _("日期不在这一年内，请核对年份。"))
        if seen.intersection(days) or len(set(days)) < len(days):
            yield FieldProblem(path, _("同一天写了两次，请核对。"))
        seen.update(days)
