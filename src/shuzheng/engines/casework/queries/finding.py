"""Finding cases for an official: by number, by the applicant's name, by the applicant's id number or credit code."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from shuzheng.engines.casework.models import FAR_FUTURE, Case
from shuzheng.engines.casework.policies import readable
from shuzheng.engines.identity.models import LegalPerson, Person
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import ZONE
from shuzheng.kernel.page import Page, page

ORDER = ("-filed_at", "-id")


def find_cases(actor: Actor, words: str, *, after: str | None = None, size: int = 20) -> Page[Case]:
    """Return the cases that an official may open whose number, applicant's name or credit code is what was typed."""
    wanted = words.strip()
    if not wanted:
        return Page([], None, None)
    cases = _readable(actor)
    if wanted[:6].isdigit() and len(wanted) >= 12:
        firm = LegalPerson.objects.filter(uscc=wanted.upper()).values_list("pk", flat=True).first()
        found = cases.filter(applicant_id=firm) if firm else cases.filter(number__startswith=wanted.upper())
    else:
        found = cases.filter(applicant_name__startswith=wanted)
    return page(found, order=ORDER, after=after, size=size)


def find_cases_of_person(
    actor: Actor, id_number: str, purpose: str, *, after: str | None = None, size: int = 20
) -> Page[Case]:
    """Return a person's cases that an official may open, found by the blind index of the id number.

    That somebody was looked up, and for which purpose, goes to the audit. Raises PurposeMissing.
    """
    person = Person.objects.by_id_number(id_number.strip().upper())
    record_read(
        actor, purpose, PERSON, person.pk if person else "", ["resident-id"], name="casework.find_cases_of_person"
    )
    if person is None:
        return Page([], None, None)
    return page(_readable(actor).filter(applicant_id=person.pk), order=ORDER, after=after, size=size)


def _readable(actor: Actor) -> QuerySet[Case]:
    """Return the cases that the official may open, without their answers."""
    return Case.objects.filter(readable(actor)).defer("answers")


def cases_counting_on(day: date, scope: str, *, most: int = 1000) -> int:
    """Return how many open cases below a division path count a day towards their limits, ``most`` at most."""
    begins = datetime.combine(day, time.min, tzinfo=ZONE)
    counting = Case.objects.filter(due_at__gte=begins, due_at__lt=FAR_FUTURE, filed_at__lt=begins + timedelta(days=1))
    if scope:
        counting = counting.filter(division_path__within=scope)
    return len(counting.values_list("pk")[:most])
