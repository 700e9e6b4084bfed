"""Limits as offices write them (办理时限的写法), read into a number and a unit."""

from __future__ import annotations

import re

from shuzheng.engines.casework.clock.rule import Unit

#: How many of which unit a word stands for.
_UNITS = {
    "工作日": (1, Unit.WORKING_DAY),
    "天": (1, Unit.CALENDAR_DAY),
    "日": (1, Unit.CALENDAR_DAY),
    "自然日": (1, Unit.CALENDAR_DAY),
    "日历日": (1, Unit.CALENDAR_DAY),
    "周": (7, Unit.CALENDAR_DAY),
    "星期": (7, Unit.CALENDAR_DAY),
    "月": (1, Unit.MONTH),
    "年": (12, Unit.MONTH),
    "小时": (1, Unit.HOUR),
    "时": (1, Unit.HOUR),
    "工作小时": (1, Unit.WORKING_HOUR),
}
_NUMBER = r"\d{1,4}|[零〇一二两三四五六七八九十百]{1,7}"
_LIMIT = re.compile(rf"(?:自?受理(?:之日|后)?起?)?({_NUMBER})\s*[（(]?\s*个?({'|'.join(_UNITS)})\s*[)）]?(?:以?之?内)?")
_AT_ONCE = re.compile(r"(?:即办|即时|即刻|当场|现场|马上|立等)(?:即?可取|即?办结|办理|办|件)?")
_HALF_A_YEAR = re.compile(r"半年(?:以?之?内)?")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def parse_limit(text: str) -> tuple[int, Unit] | None:
    """Read a limit such as ``20(工作日)``, ``五个工作日内``, ``60天``, ``3个月``, ``1年`` or ``即办``.

    A year is twelve months. Done at once (即办) is one working hour. Returns ``None`` where no limit is given (``无``,
    empty) or it cannot be read; a limit of zero counts as done at once.
    """
    text = text.strip()
    if _AT_ONCE.fullmatch(text):
        return 1, Unit.WORKING_HOUR
    if _HALF_A_YEAR.fullmatch(text):
        return 6, Unit.MONTH
    match = _LIMIT.fullmatch(text)
    number = _number(match[1]) if match else None
    if match is None or number is None:
        return None
    factor, unit = _UNITS[match[2]]
    return (number * factor, unit) if number else (1, Unit.WORKING_HOUR)


def _number(text: str) -> int | None:
    """Return a number below a thousand in Chinese numerals, or any in digits; ``None`` for numerals in no order."""
    if text.isdecimal():
        return int(text)
    match = re.fullmatch(
        r"(?:([一二两三四五六七八九])百)?(零)?(?:([一二两三四五六七八九])?(十))?([零〇一二两三四五六七八九])?", text
    )
    if match is None:
        return None
    hundreds, _zero, tens, ten, ones = match.groups()
    return (
        100 * _DIGITS.get(hundreds or "", 0)
        + 10 * (_DIGITS.get(tens or "", 1) if ten else 0)
        + _DIGITS.get(ones or "", 0)
    )
