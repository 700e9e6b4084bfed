"""From a heap of events to what they mean: one start, at most one stop, suspensions, extensions.

Everything is defined by sets, never by the order in which events arrive, so that any permutation reads the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from shuzheng.engines.casework.clock.event import ClockEvent, EventKind
from shuzheng.engines.casework.clock.ground import Ground
from shuzheng.engines.casework.clock.rule import ClockRule


class RefusalReason(StrEnum):
    """Why an event has no effect."""

    #: The clock had not started or had stopped.
    NOT_RUNNING = "not_running"
    #: The rule names no law for this ground.
    GROUND_NOT_ALLOWED = "ground_not_allowed"
    #: The rule knows no extension, or none of this length, or no more of them.
    NOT_EXTENDABLE = "not_extendable"
    TOO_LONG = "too_long"
    TOO_OFTEN = "too_often"
    NO_APPROVER = "no_approver"
    #: Approved when the limit had already lapsed.
    TOO_LATE = "too_late"


class Refusal(NamedTuple):
    """An event without effect, and why."""

    event_id: str
    reason: RefusalReason


class Suspension(NamedTuple):
    """A span in which time does not count."""

    event_id: str
    ground: Ground
    since: datetime
    #: ``None`` while it lasts.
    until: datetime | None


class Timeline(NamedTuple):
    """What the events of one clock mean."""

    #: ``None`` if it has not started.
    start: datetime | None
    stop: datetime | None
    suspensions: tuple[Suspension, ...]
    #: Extensions asked for, in order of time; the reading decides which were granted in time.
    extensions: tuple[ClockEvent, ...]
    refused: tuple[Refusal, ...]
    #: The moment of reading: the one asked for, else the last event's.
    latest: datetime | None


# Looking up a member of an enumeration is slow before Python 3.12, and this module is the innermost loop.
_START, _STOP, _RESTART = EventKind.START, EventKind.STOP, EventKind.RESTART
_SUSPEND, _RESUME, _EXTEND = EventKind.SUSPEND, EventKind.RESUME, EventKind.EXTEND

NOTHING = Timeline(None, None, (), (), (), None)


def gather(rule: ClockRule, events: Iterable[ClockEvent], now: datetime | None = None) -> Timeline:
    """Return what the events up to ``now`` mean.

    The earliest start counts, or the latest restart, before which everything is history; the earliest stop after it
    ends the clock. A suspension ends with the earliest resumption that names it or names none.
    Raises ValueError if two different events share an id.
    """
    kinds = _by_kind(events, now)
    starts = kinds.get(_START)
    restarts = kinds.get(_RESTART)
    if restarts:
        restart = max(restarts, key=_order)
        kinds, starts = _since(restart, kinds), [restart]
    if not starts:
        return NOTHING
    start = min([e.at for e in starts])
    stop = min([e.at for e in kinds.get(_STOP, ()) if e.at >= start], default=None)
    refused: list[Refusal] = []
    suspends = _live(kinds.get(_SUSPEND), start, stop, refused)
    extends = _live(kinds.get(_EXTEND), start, stop, refused)
    extends.sort(key=_order)
    spans = _suspensions(rule, suspends, kinds.get(_RESUME, []), stop, refused) if suspends else ()
    latest = max([start, *[e.at for kind in kinds.values() for e in kind]]) if now is None else now
    return Timeline(start, stop, spans, tuple(extends), tuple(refused), latest)


def _by_kind(events: Iterable[ClockEvent], now: datetime | None) -> dict[EventKind, list[ClockEvent]]:
    """Sort out the events known at a moment, each once."""
    known: dict[str, ClockEvent] = {}
    kinds: dict[EventKind, list[ClockEvent]] = {}
    for event in events:
        if now is not None and event.at > now:
            continue
        same = known.setdefault(event.id, event)
        if same is event:
            kinds.setdefault(event.kind, []).append(event)
        elif same != event:
            raise ValueError(f"two different clock events share the id {event.id}")
    return kinds


def _order(event: ClockEvent) -> tuple[datetime, str]:
    return event.at, event.id


def _since(restart: ClockEvent, kinds: dict[EventKind, list[ClockEvent]]) -> dict[EventKind, list[ClockEvent]]:
    """Drop the history before a restart; of events in the same instant the smaller id (UUIDv7) came first."""
    return {kind: [e for e in events if _order(e) > _order(restart)] for kind, events in kinds.items()}


def _live(
    events: list[ClockEvent] | None, start: datetime, stop: datetime | None, refused: list[Refusal]
) -> list[ClockEvent]:
    live: list[ClockEvent] = []
    for event in events or ():
        if event.at < start or (stop is not None and event.at > stop):
            refused.append(Refusal(event.id, RefusalReason.NOT_RUNNING))
        else:
            live.append(event)
    return live


def _begins(span: Suspension) -> tuple[datetime, str]:
    return span.since, span.event_id


def _suspensions(
    rule: ClockRule,
    suspends: list[ClockEvent],
    resumes: list[ClockEvent],
    stop: datetime | None,
    refused: list[Refusal],
) -> tuple[Suspension, ...]:
    laws = rule.laws
    spans: list[Suspension] = []
    for event in suspends:
        if event.ground is None or event.ground not in laws:
            refused.append(Refusal(event.id, RefusalReason.GROUND_NOT_ALLOWED))
            continue
        ends = [r.at for r in resumes if r.at >= event.at and (r.closes is None or r.closes == event.id)]
        if stop is not None:
            ends.append(stop)
        spans.append(Suspension(event.id, event.ground, event.at, min(ends, default=None)))
    spans.sort(key=_begins)
    return tuple(spans)
