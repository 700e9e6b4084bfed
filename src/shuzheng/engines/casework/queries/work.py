"""Work lists: what is to be done by me, by my unit, and what is late; the most urgent first, one statement a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from shuzheng.engines.casework.models import FAR_FUTURE, Case, SavedView, Task
from shuzheng.engines.casework.policies import SUPERVISE
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import scopes

ORDER = ("due_at", "id")
#: Most pairs of step and item that a filter offers.
CHOICES = 200


@dataclass(frozen=True)
class WorkFilter:
    """What a work list is narrowed to."""

    #: red, amber, green, or empty for all.
    card: str = ""
    step: str = ""
    item_code: str = ""
    kind: str = ""
    #: Title of the step, as people read it.
    title: str = ""
    #: mine (taken by me), free (taken by nobody), or empty for both.
    holder: str = ""
    #: Part of the applicant's name or of the case number.
    words: str = ""

    def apply(self, tasks: QuerySet[Task], actor: Actor, moment: datetime) -> QuerySet[Task]:
        """Narrow a query."""
        for field in ("step", "title", "item_code", "kind"):
            if value := getattr(self, field):
                tasks = tasks.filter(**{field: value})
        if self.words:
            tasks = tasks.filter(Q(case_number__startswith=self.words.upper()) | Q(applicant_name__contains=self.words))
        if self.holder:
            tasks = tasks.filter(assignee_id=actor.officer_id if self.holder == "mine" else None)
        return tasks.filter(card_condition(self.card, moment))


@dataclass(frozen=True)
class WorkChoices:
    """What a work list can be narrowed to."""

    steps: list[str]
    #: (code, title)
    items: list[tuple[str, str]]


def card_condition(card: str, moment: datetime) -> Q:
    """Return the condition for rows that show a card at a moment, from their stored instants."""
    red = Q(red_at__lte=moment) | Q(due_at__lt=moment)
    if card == "red":
        return red
    if card == "amber":
        return Q(amber_at__lte=moment) & ~red
    return Q(amber_at__gt=moment) & ~red if card == "green" else Q()


def my_tasks(actor: Actor, chosen: WorkFilter | None = None, *, after: str | None = None, size: int = 20) -> Page[Task]:
    """Return a page of the open tasks that are the actor's to do, the most urgent first."""
    tasks = (chosen or WorkFilter()).apply(_open().filter(_mine(actor)), actor, now())
    return page(tasks, order=ORDER, after=after, size=size)


def work_choices(actor: Actor) -> WorkChoices:
    """Return the steps and items that the actor's open tasks have, to filter by; one statement."""
    found = _open().filter(_mine(actor)).values_list("title", "item_code", "case_title").distinct()[:CHOICES]
    rows = list(found)
    return WorkChoices(
        sorted({title for title, _code, _item in rows}), sorted({code: item for _t, code, item in rows}.items())
    )


def board(actor: Actor, chosen: WorkFilter | None = None, *, after: str | None = None, size: int = 50) -> Page[Task]:
    """Return a page of the open tasks of the actor's units, whoever holds them."""
    tasks = (chosen or WorkFilter()).apply(_open().filter(unit_id__in=actor.unit_ids), actor, now())
    return page(tasks, order=ORDER, after=after, size=size)


def supervised(actor: Actor, card: str = "", *, after: str | None = None, size: int = 20) -> Page[Case]:
    """Return a page of the open cases with an amber or red card in the divisions that the actor supervises.

    ``watched`` says whether a case is under supervision already.
    """
    moment = now()
    area = Q(pk__in=[])
    for scope in scopes(actor, SUPERVISE):
        area |= Q(division_path__within=scope) if scope else Q(pk__isnull=False)
    late = card_condition(card, moment) if card else Q(amber_at__lte=moment) | Q(due_at__lt=moment)
    watching = _open().filter(case=OuterRef("pk"), kind=Task.Kind.SUPERVISION)
    cases = Case.objects.filter(area & late, due_at__lt=FAR_FUTURE).defer("answers").annotate(watched=Exists(watching))
    return page(cases, order=("due_at", "id"), after=after, size=size)


def tasks_of_case(case_id: UUID) -> list[Task]:
    """Return the open tasks of a case."""
    return list(_open().filter(case_id=case_id).order_by("opened_at"))


def saved_views(actor: Actor) -> list[SavedView]:
    """Return the actor's saved views by name."""
    return list(SavedView.objects.filter(officer_id=actor.officer_id).order_by("name"))


def lanes(actor: Actor, by: str = "title", *, each: int = 8) -> dict[str, list[Task]]:
    """Return the most urgent open tasks of the actor's units, grouped by step or by holder, in one statement.

    ``by`` is ``title`` (the step) or ``assignee_name``; tasks that nobody took stand under the empty name.
    """
    urgent = Window(RowNumber(), partition_by=[F(by)], order_by=[F("due_at"), F("id")])
    own = Task.objects.filter(state=Task.State.OPEN, unit_id__in=actor.unit_ids)
    first = own.annotate(place=urgent).filter(place__lte=each).values("pk")
    found: dict[str, list[Task]] = {}
    for task in _open().filter(pk__in=first).order_by("due_at", "id"):
        found.setdefault(getattr(task, by), []).append(task)
    return found


def _open() -> QuerySet[Task]:
    """Open tasks, with the kind of their applicants, whose names are masked by it.

    The kind is a subquery and no join, so that it is looked up for the rows of a page only and not before sorting.
    """
    kind = Case.objects.filter(pk=OuterRef("case_id")).values("applicant_kind")
    return Task.objects.filter(state=Task.State.OPEN).annotate(applicant_kind=Subquery(kind))


def _mine(actor: Actor) -> Q:
    """Tasks given to the actor, and tasks of the actor's posts that nobody took."""
    own: Q = Q(assignee_id=actor.officer_id)
    for unit_id, post in sorted(actor.posts, key=str):
        own |= Q(unit_id=unit_id, post=post, assignee_id=None)
    return own
