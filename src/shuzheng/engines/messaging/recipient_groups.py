"""Lists of people who are written to again and again (常用收件人), as those see them who keep them, and nobody else."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.engines.identity.models import OrgUnit, Person
from shuzheng.engines.messaging.models import GroupMember, RecipientGroup
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.page import Page, page


def kept(actor: Actor) -> QuerySet[RecipientGroup]:
    """Return the lists that an actor keeps: those of their units, and those of no unit that they made themselves."""
    if actor.channel == "system":
        return RecipientGroup.objects.all()
    if actor.account_id is None:
        return RecipientGroup.objects.none()
    return RecipientGroup.objects.filter(
        Q(department__in=OrgUnit.objects.filter(pk__in=actor.unit_ids).values("code"))
        | Q(department="", made_by_id=actor.account_id)
    )


def groups(actor: Actor, after: str | None = None, *, words: str = "", size: int = 20) -> Page[RecipientGroup]:
    """Return one page of the lists that an actor keeps, those changed last first."""
    found = kept(actor).select_related("made_by__person")
    for word in words.split()[:5]:
        found = found.filter(title__icontains=word)
    return page(found, order=("-changed_at", "-id"), after=after, size=size)


def group(actor: Actor, id: UUID) -> RecipientGroup:
    """Return a list to whoever keeps it. Raises NotFound."""
    found = kept(actor).select_related("made_by__person").filter(pk=id).first()
    if found is None:
        raise NotFound
    return found


def members(group: RecipientGroup, after: str | None = None) -> tuple[Page[GroupMember], dict[UUID, Person]]:
    """Return one page of a list's members, and the persons by id."""
    found = page(GroupMember.objects.filter(group=group), order=("person_id",), after=after)
    return found, Person.objects.in_bulk([member.person_id for member in found.items])
