"""An applicant's own cases, as a list that says in one line each where they stand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from shuzheng.engines.casework.models import Case, CaseStatus, Material, Rating
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from shuzheng.kernel.page import page

State = Case.State
CLOSED = (State.CLOSED, State.NOT_ACCEPTED, State.WITHDRAWN)
ORDER = ("-filed_at", "-id")
#: Days after closing for which a missing rating is a to-do.
RATING_DAYS = 30
#: Acts of the applicant's own, which tell them nothing new.
OWN_ACTS = ("casework.file_case", "casework.supply", "casework.withdraw_case")
#: To-dos on the home page.
MOST_TO_DOS = 5


@dataclass(frozen=True)
class ListedCase:
    """A case of a list with what its one line needs."""

    case: Case
    #: Titles of what must still be supplemented.
    wanted: tuple[str, ...]
    rated: bool
    #: Something happened since the applicant last opened it.
    fresh: bool


@dataclass(frozen=True)
class ListedPage:
    """One page of listed cases; cursors as of ``kernel.page``."""

    items: list[ListedCase]
    next: str | None
    previous: str | None


def own_cases(actor: Actor, group: str = "", *, after: str | None = None, size: int = 10) -> ListedPage:
    """Return a page of the cases of the party acted for, the latest first, in one statement.

    ``group``: ``todo`` waits for the applicant, ``open``, ``done``, ``operated`` (filed by the person for others), or all.
    Raises BadCursor.
    """
    cases = _GROUPS.get(group, _all)(_of_party(actor) if group != "operated" else _operated(actor))
    found = page(_annotated(cases), order=ORDER, after=after, size=size)
    return ListedPage([_listed(case) for case in found.items], found.next, found.previous)


def to_dos(actor: Actor) -> list[ListedCase]:
    """Return the cases that wait for the applicant, the latest first, in one statement."""
    return [_listed(case) for case in _annotated(_todo(_of_party(actor))).order_by(*ORDER)[:MOST_TO_DOS]]


def _of_party(actor: Actor) -> QuerySet[Case]:
    return Case.objects.filter(applicant_id=actor.party.id) if actor.party else Case.objects.none()


def _operated(actor: Actor) -> QuerySet[Case]:
    cases = Case.objects.filter(operator_id=actor.person_id) if actor.person_id else Case.objects.none()
    return cases.exclude(applicant_id=actor.person_id)


def _all(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases


def _open(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.exclude(state__in=CLOSED)


def _done(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(state__in=CLOSED)


def _todo(cases: QuerySet[Case]) -> QuerySet[Case]:
    unrated = Q(state=State.CLOSED, closed_at__gt=now() - timedelta(days=RATING_DAYS), rating=None)
    return cases.filter(Q(state=State.SUPPLEMENT) | unrated)


_GROUPS: dict[str, Callable[[QuerySet[Case]], QuerySet[Case]]] = {"todo": _todo, "open": _open, "done": _done}


def _annotated(cases: QuerySet[Case]) -> QuerySet[Case]:
    wanted = Material.objects.filter(case=OuterRef("pk"), state=Material.State.WANTED).order_by("id")
    seen = Coalesce(OuterRef("seen_at"), OuterRef("filed_at"))
    # What the applicant did themselves is no news.
    newer = CaseStatus.objects.filter(case=OuterRef("pk"), at__gt=seen).exclude(act__in=OWN_ACTS)
    return cases.defer("answers", "corrections", "location").annotate(
        wanted_titles=ArraySubquery(wanted.values("title")),
        has_rating=Exists(Rating.objects.filter(case=OuterRef("pk"))),
        has_news=Exists(newer),
    )


def _listed(case: Case) -> ListedCase:
    extra = vars(case)
    return ListedCase(case, tuple(extra["wanted_titles"]), extra["has_rating"], extra["has_news"])
