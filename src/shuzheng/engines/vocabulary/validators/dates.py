"""Days and moments."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _

from shuzheng.engines.vocabulary.element import Element
from shuzheng.engines.vocabulary.errors import InvalidValue
from shuzheng.engines.vocabulary.validators.text import half_width
from shuzheng.kernel.moment import ZONE, local, today

#: 2026-11-22, 2026/11/22, 2026.11.22, 20261122, 2026年11月22日.
_DAY = re.compile(r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?|(\d{4})(\d{2})(\d{2})")


def bounded_date(element: Element, value: str) -> date:
    """Return a day within the element's bounds. Raises InvalidValue."""
    day = _day(value)
    _require_bounds(element, day)
    return day


def bounded_datetime(element: Element, value: str) -> datetime:
    """Return an aware moment within the element's bounds; without an offset it is legal local time. Raises InvalidValue."""
    written = half_width(value).replace("/", "-")
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise InvalidValue(_("时间不存在或写法不对，应如 2026-11-22 09:30。")) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
    _require_bounds(element, local(moment).date())
    return moment


def _day(value: str) -> date:
    match = _DAY.fullmatch(re.sub(r"\s", "", half_width(value)))
    if not match:
        raise InvalidValue(_("日期的写法不对，应如 2026-11-22。"))
    year, month, day = (int(part) for part in match.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        message = _("{year} 年 {month} 月没有 {day} 日这样的日期，请核对。")
        raise InvalidValue(message, year=year, month=month, day=day) from None


def _require_bounds(element: Element, day: date) -> None:
    earliest, latest = _bound(element.earliest), _bound(element.latest)
    if earliest and day < earliest:
        raise InvalidValue(_("不能早于 {earliest}，请核对年份。"), earliest=earliest.isoformat())
    if latest and day > latest:
        if element.latest == "today":
            raise InvalidValue(_("不能晚于今天（{today}），请核对。"), today=latest.isoformat())
        raise InvalidValue(_("不能晚于 {latest}，请核对年份。"), latest=latest.isoformat())


def _bound(bound: date | Literal["today"] | None) -> date | None:
    return today() if bound == "today" else bound
