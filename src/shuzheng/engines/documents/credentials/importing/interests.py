"""Whose licences somebody may not take over, and that somebody asked the registers after people."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from shuzheng.engines.documents.credentials.importing.examining import Examined
from shuzheng.engines.identity.models import LegalPerson, Mandate
from shuzheng.engines.trust.audit import record_read
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today


def own_parties(actor: Actor) -> frozenset[UUID]:
    """Return the actor's own person, the firms that they represent and whoever gave them a mandate; two statements."""
    if actor.person_id is None:
        return frozenset()
    firms = LegalPerson.objects.filter(representative_id=actor.person_id).values_list("pk", flat=True)
    in_force = Q(valid_from__lte=today()) & (Q(valid_to=None) | Q(valid_to__gte=today()))
    held = Mandate.objects.filter(in_force, operator_id=actor.person_id, status=Mandate.Status.ACTIVE)
    grantors = [one.grantor_id for one in held if one.grantor_id]
    return frozenset({actor.person_id, *firms, *grantors})


def record_asked(actor: Actor, examined: Examined, name: str) -> None:
    """Record whom the registers were asked after and knew: a table tells that they are there."""
    if examined.found:
        record_read(actor, actor.purpose or name, "identity.party", sorted(examined.found), ["licence"], name=name)
