"""Reads of connected applications for the office: lists, one with all that belongs to it, its calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q

from shuzheng.engines.identity.applications import desk, meter, trials
from shuzheng.engines.identity.applications.capabilities import Capability, capabilities
from shuzheng.engines.identity.models import (
    Application,
    ApplicationCall,
    ApplicationCapability,
    ApplicationCredential,
    ApplicationEvent,
    ApplicationTrial,
)
from shuzheng.engines.identity.policies import APPLY_CONNECTION, MANAGE_CONNECTION, REVIEW_CONNECTION
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import now
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import scopes

#: How long before its end a key is shown as ending.
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Held:
    """A capability with what is known of it."""

    row: ApplicationCapability
    declared: Capability
    used: int
    trial: ApplicationTrial | None


@dataclass(frozen=True)
class Whole:
    """An application with all that its page shows."""

    application: Application
    credentials: list[ApplicationCredential]
    in_force: list[Held]
    asked: list[Held]
    signature: ApplicationTrial | None
    events: list[ApplicationEvent]
    calls: list[ApplicationCall]
    #: What keeps it from going online, in words.
    missing: list[str]


def listed(actor: Actor, words: str, state: str, after: str | None, size: int = 20) -> Page[Application]:
    """Return the applications that an officer may see, the latest first."""
    found = Application.objects.filter(_seen(actor)).select_related("unit")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(code__icontains=words) | Q(unit__name__contains=words))
    if state:
        found = found.filter(state=state)
    return page(found, order=("-created_at", "-id"), after=after, size=size)


def waiting(actor: Actor, after: str | None = None) -> Page[Application]:
    """Return what an officer may review, the oldest first."""
    place = _within(scopes(actor, REVIEW_CONNECTION))
    found = Application.objects.filter(place, approvals_left__gt=0).select_related("unit", "contact__person")
    return page(found, order=("changed_at", "id"), after=after)


def waiting_count(actor: Actor, most: int = 100) -> int:
    """Return how many wait for review, up to a bound."""
    place = _within(scopes(actor, REVIEW_CONNECTION))
    return len(Application.objects.filter(place, approvals_left__gt=0).values_list("pk")[:most])


def application(actor: Actor, application_id: UUID) -> Application:
    """Return an application that an officer may see. Raises NotFound."""
    rows = Application.objects.select_related("unit", "contact__person", "account")
    found = rows.filter(pk=application_id).first()
    if found is None or not desk.may_read(actor, found):
        raise NotFound
    return found


def whole(found: Application) -> Whole:
    """Return an application with its keys, capabilities, trials, history and latest calls."""
    rows = list(
        ApplicationCapability.objects.filter(application=found, withdrawn_at=None).order_by("capability", "approved_at")
    )
    used = meter.used_today(row.pk for row in rows)
    tried = {trial.capability: trial for trial in ApplicationTrial.objects.filter(application=found)}
    held = [Held(row, capabilities()[row.capability], used.get(row.pk, 0), tried.get(row.capability)) for row in rows]
    testing = found.state == Application.State.TESTING
    return Whole(
        application=found,
        credentials=list(ApplicationCredential.objects.filter(application=found).order_by("-valid_from", "-id")[:20]),
        in_force=[one for one in held if one.row.approved_at],
        asked=[one for one in held if not one.row.approved_at],
        signature=tried.get(trials.SIGNATURE),
        events=list(ApplicationEvent.objects.filter(application=found).order_by("-at", "-id")[:50]),
        calls=calls(found, refused=False, after=None, size=10).items,
        missing=trials.missing(found) if testing else [],
    )


def calls(found: Application, *, refused: bool, after: str | None, size: int = 50) -> Page[ApplicationCall]:
    """Return an application's calls of the last days, the latest first; or only what was refused."""
    rows = ApplicationCall.objects.filter(application=found)
    return page(rows.filter(status__gte=400) if refused else rows, order=("-at", "-id"), after=after, size=size)


def ending() -> dict[str, int]:
    """Return how many live keys end within thirty days, by application code."""
    rows = ApplicationCredential.objects.filter(revoked_at=None, valid_to__gt=now(), valid_to__lte=now() + SOON)
    rows = rows.exclude(application__state=Application.State.OFFLINE)
    counted = rows.values_list("application__code").annotate(number=Count("pk")).order_by("application__code")
    return dict(counted[:100])


def _seen(actor: Actor) -> Q:
    """Return the condition of what an officer may see: their place's as a manager or reviewer, their unit's, their own."""
    watched = [*scopes(actor, REVIEW_CONNECTION), *scopes(actor, MANAGE_CONNECTION)]
    seen = Q(contact_id=actor.officer_id) if actor.officer_id else Q(pk=None)
    if watched:
        seen |= _within(watched)
    if scopes(actor, APPLY_CONNECTION):
        seen |= Q(unit_id__in=actor.unit_ids)
    return seen


def _within(held: list[str]) -> Q:
    """Return the condition of lying in one of these places; nowhere for none."""
    condition = Q(pk=None)
    for place in held:
        condition |= Q(division_path__within=place) if place else ~Q(pk=None)
    return condition
