"""What a division's code meant on a day, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from shuzheng.engines.vocabulary.divisions import pad
from shuzheng.engines.vocabulary.models import Division, DivisionChange

#: Changes that end a division without making another of it.
ENDING = DivisionChange.Kind.ABOLISHED


@dataclass(frozen=True)
class Meaning:
    """What a code named on a day."""

    code: str
    name: str
    #: False where only the year of a change is known and the day lies in that year, and for townships and villages,
    #: whose history is not recorded.
    certain: bool


def code_on(code: str, day: date) -> Meaning | None:
    """Return what a code, padded or not, named on a day, or ``None`` if it named nothing then."""
    code = pad(code)
    changes = _touching(code)
    if not changes:
        present = Division.objects.filter(code=code).first()
        known = present is not None and not (present.valid_to and present.valid_to <= day)
        return Meaning(code, present.name, present.level <= Division.Level.COUNTY) if present and known else None
    name = changes[0].old_name if changes[0].old_code == code else ""
    for change in changes:
        if change.effective_on <= day:
            name = _after(change, code, name)
    certain = all(change.effective_on.year != day.year or change.effective_on == day for change in changes)
    return Meaning(code, name, certain) if name else None


def succession(code: str, on: date | None = None) -> list[DivisionChange]:
    """Return the changes that lead from the division a code named to what it is today, in order.

    ``on`` says which holder of the code is meant, as codes were reused; without it, the last one. A present division
    has none; a change without ``new_code`` at the end means that nothing followed.
    """
    code = pad(code)
    if on is None and Division.objects.filter(code=code, valid_to__isnull=True).exists():
        return []
    steps: list[DivisionChange] = []
    step = _leaving(code, after=on) if on else _last_leaving(code)
    while step:
        steps.append(step)
        step = _leaving(step.new_code, after=step.effective_on) if step.new_code else None
    return steps


def successor(code: str, on: date | None = None) -> Division | None:
    """Return the present division that a code's division became, or ``None``; a present one is its own successor."""
    steps = succession(code, on)
    last = steps[-1].new_code if steps else pad(code)
    return Division.objects.filter(code=last, valid_to__isnull=True).first()


def outcomes(changes: Iterable[DivisionChange]) -> list[tuple[DivisionChange, str]]:
    """Return each change with the code its division has today, in as many statements as the longest chain has links.

    Divisions of which nothing followed are left out.
    """
    last = {change.pk: (change, change) for change in changes}
    moving = set(last)
    while moving:
        codes = {last[pk][1].new_code for pk in moving}
        following = list(
            DivisionChange.objects.filter(old_code__in=codes).exclude(new_code=F("old_code")).order_by("effective_on")
        )
        moved = set()
        for pk in moving:
            first, latest = last[pk]
            step = next((c for c in following if _follows(c, latest)), None)
            if step:
                last[pk] = (first, step)
                moved.add(pk)
        moving = moved
    return [(first, latest.new_code) for first, latest in last.values() if latest.new_code]


def _follows(later: DivisionChange, earlier: DivisionChange) -> bool:
    return later.old_code == earlier.new_code and later.effective_on > earlier.effective_on


def _touching(code: str) -> list[DivisionChange]:
    """Return a code's changes by day; within a day the holder leaves before the next one arrives."""
    found = DivisionChange.objects.filter(Q(old_code=code) | Q(new_code=code))
    own: Iterable[DivisionChange] = (c for c in found if c.old_code == code or c.kind != ENDING)
    return sorted(own, key=lambda change: (change.effective_on, change.old_code != code))


def _after(change: DivisionChange, code: str, name: str) -> str:
    """Return what a code names after a change."""
    if change.new_code == code and change.kind != ENDING:
        return change.new_name
    return "" if change.old_code == code else name


def _leaving(code: str, *, after: date) -> DivisionChange | None:
    """Return the first change after a day by which a division leaves its code."""
    return _leavings(code).filter(effective_on__gt=after).order_by("effective_on").first()


def _last_leaving(code: str) -> DivisionChange | None:
    return _leavings(code).order_by("-effective_on").first()


def _leavings(code: str) -> QuerySet[DivisionChange]:
    return DivisionChange.objects.filter(old_code=code).exclude(new_code=code)
