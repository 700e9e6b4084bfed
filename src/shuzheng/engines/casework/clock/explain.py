"""A clock in words: lines that a resident can check with a wall calendar and a finger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from shuzheng.engines.casework.clock.days import day_lines
from shuzheng.engines.casework.clock.event import ClockEvent
from shuzheng.engines.casework.clock.face import State
from shuzheng.engines.casework.clock.line import Account, Line, LineKind
from shuzheng.engines.casework.clock.measure import measure_of
from shuzheng.engines.casework.clock.phrases import Tongue, Words
from shuzheng.engines.casework.clock.reading import read
from shuzheng.engines.casework.clock.rule import ClockRule, Unit
from shuzheng.engines.casework.clock.tape import Tape
from shuzheng.engines.casework.clock.timeline import Suspension, gather
from shuzheng.engines.vocabulary.calendar import WorkCalendar
from shuzheng.kernel.moment import local

_DAY = timedelta(days=1)


def explain(
    rule: ClockRule,
    events: Iterable[ClockEvent],
    calendar: WorkCalendar,
    language: Tongue = "zh",
    now: datetime | None = None,
) -> list[Line]:
    """Return the clock in words, in order of time, in Chinese (``zh``) or English (``en``).

    Raises what ``read`` raises.
    """
    account = _account(rule, list(events), calendar, language, now)
    if account is None:
        return [Line(LineKind.START, Words(language, 0, rule.unit.counted).say("not_started"))]
    told = list(_happenings(account))
    if rule.unit.is_day:
        told += [(line.last or account.started.date(), 0, line) for line in day_lines(account)]
    told.sort(key=lambda entry: entry[:2])
    return [*_start(account), *(line for _, _, line in told), *_end(account)]


def _account(
    rule: ClockRule, events: list[ClockEvent], calendar: WorkCalendar, language: Tongue, now: datetime | None
) -> Account | None:
    reading = read(rule, events, calendar, now)
    if reading.started is None:
        return None
    refused = {refusal.event_id for refusal in reading.refused}
    return Account(
        rule,
        calendar,
        reading,
        reading.started,
        Tape.of(measure_of(rule, calendar), reading.started, reading.suspensions),
        tuple(e for e in gather(rule, events, now and now.astimezone(UTC)).extensions if e.id not in refused),
        Words(language, reading.started.year, rule.unit.counted),
    )


# -- what happened on the way ----------------------------------------------------------------------------------


def _happenings(account: Account) -> Iterator[tuple[date, int, Line]]:
    """Yield the lines of events with their day and their order after the counting of that day."""
    for suspension in account.reading.suspensions:
        day = local(suspension.since).date()
        yield day, 1, _suspended(account, suspension, day)
        if suspension.until is not None and suspension.until != account.reading.stopped:
            day = local(suspension.until).date()
            yield day, 2, _resumed(account, suspension, suspension.until, day)
    total = account.rule.limit
    for event in account.extensions:
        total += event.amount or 0
        day = local(event.at).date()
        yield day, 3, _extended(account, event.amount or 0, total, day)


def _suspended(account: Account, suspension: Suspension, day: date) -> Line:
    words = account.words
    parts = {"ground": words.ground(suspension.ground), "law": account.rule.laws[suspension.ground]}
    if account.rule.unit.is_day:
        text = words.say("suspend", next=words.date(day + _DAY), day=words.date(day), **parts)
    else:
        text = words.say("suspend_hours", moment=words.moment(local(suspension.since)), **parts)
    return Line(LineKind.SUSPENDED, text, day, day)


def _resumed(account: Account, suspension: Suspension, until: datetime, day: date) -> Line:
    words, tape = account.words, account.tape
    tick = tape.measure.tick(until)
    ground = words.ground(suspension.ground)
    if any(since < tick < end for since, end in tape.pauses):
        return Line(LineKind.RESUMED, words.say("resume_other", day=words.date(day), ground=ground), day, day)
    ended = [p for p in tape.pauses if p[1] == tick]
    lost = sum(tape.measure.count(end) - tape.measure.count(since) for since, end in ended) / tape.measure.unit
    parts = {"ground": ground, "lost": words.units(round(lost, 2))}
    if account.rule.unit.is_day:
        text = words.say("resume", next=words.date(day + _DAY), day=words.date(day), **parts)
    else:
        text = words.say("resume_hours", moment=words.moment(local(until)), **parts)
    return Line(LineKind.RESUMED, text, day, day)


def _extended(account: Account, amount: int, total: int, day: date) -> Line:
    words, extension = account.words, account.rule.extension
    law = words.say("law", law=extension.basis) if extension and extension.basis else ""
    unit = account.rule.unit
    parts = {"amount": words.limit(amount, unit), "total": words.limit(total, unit)}
    text = words.say("extend", day=words.date(day), law=law, **parts)
    return Line(LineKind.EXTENDED, text, day, day)


# -- beginning and end -----------------------------------------------------------------------------------------


def _start(account: Account) -> Iterator[Line]:
    words, rule, day = account.words, account.rule, account.started.date()
    parts = {"title": words.title(rule), "limit": words.limit(rule.limit, rule.unit)}
    phrase = "start" if rule.unit.is_day else "start_hours"
    text = words.say(phrase, day=words.day(day), moment=words.moment(account.started), **parts)
    yield Line(LineKind.START, text, day, day)
    if rule.unit is Unit.MONTH:
        yield _corresponding(account, day)


def _corresponding(account: Account, day: date) -> Line:
    """Say to which day the months lead, extensions included, and how many days that is."""
    words, total = account.words, account.reading.total
    until = day + timedelta(days=total)
    limit = words.limit(account.rule.limit + sum(e.amount or 0 for e in account.extensions), Unit.MONTH)
    phrase = "months" if until.day == day.day else "months_end"
    text = words.say(phrase, limit=limit, until=words.day(until), days=words.units(total), date=day.day)
    return Line(LineKind.START, text, day, until)


def _end(account: Account) -> Iterator[Line]:
    reading = account.reading
    if reading.due is not None:
        if account.rule.unit.is_day:
            yield from _moved(account, reading.due.date())
        yield _due(account, reading.due)
    elif reading.not_before is not None:
        day = reading.not_before.date()
        yield Line(LineKind.DUE, account.words.say("paused_now", day=account.words.day(day)), day, day)
    if reading.stopped is not None:
        yield _closed(account, reading.stopped.date())
    elif reading.state is State.LAPSED:
        yield from _lapsed(account)
    if reading.provisional and reading.not_before is not None:
        yield _provisional(account, reading.not_before.year)


def _moved(account: Account, due: date) -> Iterator[Line]:
    """Say why the due day is not the day on which the last unit was counted."""
    tape, words = account.tape, account.words
    tick = tape.finish(account.reading.total)
    counted = tape.measure.opens(tick).date() if tick is not None else due
    if tick is None or counted == due:
        return
    if any(since <= tick < until for since, until in tape.pauses):
        text = words.say("woken", unit=words.unit_name)
    else:
        text = words.say("rolled", last=words.day(counted))
    yield Line(LineKind.MOVED, text, counted, due)


def _due(account: Account, due: datetime) -> Line:
    words, day = account.words, due.date()
    if account.rule.unit.is_day:
        closing = account.rule.closes_at
        text = words.say("due", day=words.day(day), hour=f"{closing:%H:%M}" if closing else "24:00")
    else:
        text = words.say("due_hours", moment=words.moment(due))
    return Line(LineKind.DUE, text, day, day)


def _closed(account: Account, day: date) -> Line:
    words, reading = account.words, account.reading
    if reading.late:
        text = words.say("stopped_late", day=words.day(day), late=words.units(round(-reading.remaining, 2)))
    else:
        text = words.say("stopped", day=words.day(day), used=words.units(round(reading.counted, 2)))
    return Line(LineKind.STOPPED, text, day, day)


def _lapsed(account: Account) -> Iterator[Line]:
    words = account.words
    yield Line(LineKind.LAPSED, words.say("lapsed", late=words.units(round(-account.reading.remaining, 2))))
    effect = words.effect(account.rule.lapse)
    if effect:
        yield Line(LineKind.LAPSED, effect)


def _provisional(account: Account, until: int) -> Line:
    years = range(account.started.year, until + 1)
    year = next(y for y in years if account.calendar.is_provisional(date(y, 1, 1)))
    return Line(LineKind.PROVISIONAL, account.words.say("provisional", year=year))
