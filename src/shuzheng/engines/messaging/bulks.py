"""Bulks (群发) as those see them whose unit sends them, and those who may approve them; nobody else does."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.messaging.models import Bulk, BulkRecipient
from shuzheng.engines.messaging.policies import APPROVE
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import scopes


def units(actor: Actor) -> QuerySet[OrgUnit]:
    """Return the units in whose name, and at whose expense, an actor may send to many."""
    return OrgUnit.objects.filter(pk__in=actor.unit_ids, closed_on=None).order_by("code")


def seen(actor: Actor) -> QuerySet[Bulk]:
    """Return the bulks that an actor may look at, stop and go on with: those of their units and those they may approve.

    A bulk of no unit is its maker's alone, and of those who may approve everywhere.
    """
    if actor.channel == "system":
        return Bulk.objects.all()
    if actor.account_id is None:
        return Bulk.objects.none()
    own = OrgUnit.objects.filter(pk__in=actor.unit_ids).values("code")
    return Bulk.objects.filter(
        Q(department__in=own) | Q(department="", made_by_id=actor.account_id) | _below(scopes(actor, APPROVE))
    )


def approvable(actor: Actor) -> QuerySet[Bulk]:
    """Return the bulks of the units in those divisions where an actor's word counts."""
    if actor.channel == "system":
        return Bulk.objects.all()
    return Bulk.objects.filter(_below(scopes(actor, APPROVE)))


def bulk(actor: Actor, id: UUID) -> Bulk:
    """Return a bulk with whoever made and approved it. Raises NotFound for anybody who does not see it too."""
    found = seen(actor).select_related("made_by__person", "approved_by__person", "group").filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def bulks(actor: Actor, after: str | None = None, *, status: str = "", words: str = "") -> Page[Bulk]:
    """Return one page of the bulks that an actor sees, newest first, narrowed to a state and to words in the name."""
    found = seen(actor).select_related("made_by__person", "group")
    if status:
        found = found.filter(status=status)
    for word in words.split()[:5]:
        found = found.filter(Q(title__icontains=word) | Q(template__icontains=word))
    return page(found, order=("-created_at", "-id"), after=after)


def listed(bulk: Bulk) -> int:
    """Return how many people are on the list of a bulk; asked while it is being written only."""
    return BulkRecipient.objects.filter(bulk=bulk).count()


def _below(held: list[str]) -> Q:
    """Match the bulks of units within these division paths; every bulk where one of them is everywhere."""
    if held == [""]:
        return ~Q(pk=None)
    places = Q(pk__in=[])
    for scope in held:
        places |= Q(division_path__within=scope)
    return Q(department__in=OrgUnit.objects.filter(places).values("code"))
