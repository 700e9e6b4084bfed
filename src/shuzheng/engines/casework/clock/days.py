"""The days of a clock in runs: which were counted, which were not and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby

from shuzheng.engines.casework.clock.line import Account, Line, LineKind
from shuzheng.engines.casework.clock.phrases import Words
from shuzheng.engines.casework.clock.rule import Unit
from shuzheng.kernel.moment import ZONE, local

_DAY = timedelta(days=1)
_FRIDAY = 4


class _Nature(StrEnum):
    FIRST = "first"
    COUNTED = "counted"
    MAKEUP = "makeup"
    HOLIDAY = "holiday"
    WEEKEND = "weekend"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class _Day:
    day: date
    nature: _Nature
    #: Which unit of the limit it is, if it is one.
    number: int = 0
    #: The festival, if it is one.
    name: str = ""


_Block = list[_Day]


def day_lines(account: Account) -> Iterator[Line]:
    """Yield a line for every run of days, plain weekends inside a run included; suspended days are told by events."""
    run: list[_Block] = []
    for nature, group in groupby(_walk(account), key=lambda d: d.nature):
        block = list(group)
        if nature is _Nature.COUNTED or (nature is _Nature.WEEKEND and run):
            run.append(block)
            continue
        yield from _run(run, account.words)
        run = []
        if nature is not _Nature.PAUSED:
            yield _single(block, account.words)
    yield from _run(run, account.words)


def _walk(account: Account) -> Iterator[_Day]:
    """Yield every day after the start up to the last one worth telling."""
    day, end, number = account.started.date(), _last_told(account), 0
    while number < account.reading.total and day < end:
        day += _DAY
        told = _nature(account, day, number)
        number = told.number or number
        yield told


def _last_told(account: Account) -> date:
    """Return the day of the stop or the due day, while suspended that of the last suspension."""
    reading = account.reading
    ends = [e.date() for e in (reading.stopped, reading.due) if e is not None]
    return min(ends) if ends else max(local(s.since).date() for s in reading.suspensions)


def _nature(account: Account, day: date, number: int) -> _Day:
    """Return what a day is; ``number`` units have been counted before it."""
    tape, special = account.tape, account.calendar.special(day)
    tick = tape.measure.tick(datetime.combine(day, time(), ZONE))
    if tape.paused(tick):
        return _Day(day, _Nature.PAUSED)
    if tape.measure.count(tick) == tape.measure.count(tick - 1):
        name = special.name if special else ""
        return _Day(day, _Nature.HOLIDAY if name else _Nature.WEEKEND, name=name)
    if number == 0:
        return _Day(day, _Nature.FIRST, 1)
    working_days = account.rule.unit is Unit.WORKING_DAY
    makeup = working_days and special is not None and special.working and day.weekday() > _FRIDAY
    return _Day(day, _Nature.MAKEUP if makeup else _Nature.COUNTED, number + 1)


def _single(block: _Block, words: Words) -> Line:
    """Return the line of days that do not belong to an ordinary run."""
    first, last, nature = block[0].day, block[-1].day, block[0].nature
    if nature in (_Nature.WEEKEND, _Nature.HOLIDAY):
        name = words.festivals(list(dict.fromkeys(d.name for d in block)))
        text = words.say(str(nature), name=name, span=words.span(first, last))
        return Line(LineKind.SKIPPED, text, first, last)
    phrase = "makeup" if nature is _Nature.MAKEUP else "one"
    said = [words.say(phrase, n=d.number, unit=words.unit_name, day=words.day(d.day)) for d in block]
    return Line(LineKind.COUNTED, words.joined(said), first, last)


def _run(run: list[_Block], words: Words) -> Iterator[Line]:
    """Yield the line of days counted in a row; a weekend at the end of it stands alone."""
    trailing = run.pop() if run and run[-1][0].nature is _Nature.WEEKEND else None
    if run:
        yield _counted(run, words)
    if trailing:
        yield _single(trailing, words)


def _counted(run: list[_Block], words: Words) -> Line:
    days = [d for block in run if block[0].nature is _Nature.COUNTED for d in block]
    weekends = [words.span(b[0].day, b[-1].day) for b in run if b[0].nature is _Nature.WEEKEND]
    first, last, unit = days[0], days[-1], words.unit_name
    if first is last:
        text = words.say("one", n=first.number, unit=unit, day=words.day(first.day))
    else:
        text = words.say("many", n=first.number, m=last.number, unit=unit, span=words.span(first.day, last.day))
    if len(weekends) == 1:
        text += words.say("weekends", spans=weekends[0])
    elif weekends:
        text += words.say("weekends_many", n=len(weekends))
    return Line(LineKind.COUNTED, text, first.day, last.day)
