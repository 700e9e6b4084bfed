"""The reads of identity; callers import names from here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.engines.identity import sessions
from shuzheng.engines.identity.errors import MandateDoesNotCover
from shuzheng.engines.identity.models import (
    Account,
    AccountSession,
    Appointment,
    Delegation,
    LegalPerson,
    Mandate,
    Officer,
    OrgUnit,
    Person,
    RoleAssignment,
)
from shuzheng.engines.identity.parties import PartyChoice, parties_for
from shuzheng.engines.vocabulary.divisions import lineage, pad
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import today

__all__ = [
    "PartyChoice", "appointments_in", "careers", "delegations_of", "find_unit", "live_sessions", "mandate", "mandate_covers",
    "mandates_of", "nearest_unit", "officer_posts", "officers_on", "parties_for", "party", "party_of", "require_mandate",
    "role_assignments_in", "unit", "units", "units_in",
]  # fmt: skip


def party_of(actor: Actor) -> Person | LegalPerson | None:
    """Return the person or firm on whose behalf an actor acts, whole; ``None`` for an officer on duty."""
    return party(actor.party) if actor.party else None


def party(reference: Party) -> Person | LegalPerson:
    """Return the person or firm behind a reference, in one statement. Raises NotFound."""
    model = Person if reference.kind == "person" else LegalPerson
    found = model._default_manager.filter(pk=reference.id).first()
    if found is None:
        raise NotFound
    return found


def mandate_covers(actor: Actor, item_code: str, on: date | None = None) -> bool:
    """Say whether an actor may handle a service item for the chosen party on a day (default today).

    Asked anew whenever something is done, not only when the party is chosen: one statement, none for oneself and for
    officers on duty.
    """
    chosen = actor.party
    if chosen is None:
        return actor.is_officer or actor.channel == "system"
    if actor.channel == "system" or (chosen.kind == "person" and chosen.id == actor.person_id):
        return True
    if actor.person_id is None:
        return False
    if actor.mandate_id is None:
        return LegalPerson.objects.filter(pk=chosen.id, representative_id=actor.person_id).exists()
    held = Mandate.objects.filter(pk=actor.mandate_id, operator_id=actor.person_id).first()
    return held is not None and held.grantor_id == chosen.id and held.in_force(on or today()) and held.covers(item_code)


def require_mandate(actor: Actor, item_code: str, on: date | None = None) -> None:
    """Raise MandateDoesNotCover unless ``mandate_covers``."""
    if not mandate_covers(actor, item_code, on):
        raise MandateDoesNotCover(party=actor.party.name if actor.party else "")


def mandates_of(person_id: UUID) -> QuerySet[Mandate]:
    """Return the mandates that a person gave (also for a firm represented) or holds, the latest first."""
    concerned = (
        Q(operator_id=person_id) | Q(grantor_person_id=person_id) | Q(grantor_legal__representative_id=person_id)
    )
    found = Mandate.objects.filter(concerned).select_related("operator", "grantor_person", "grantor_legal")
    return found.order_by("-created_at", "-id")


def mandate(mandate_id: UUID, person_id: UUID) -> Mandate:
    """Return a mandate that concerns a person. Raises NotFound."""
    found = mandates_of(person_id).filter(pk=mandate_id).first()
    if found is None:
        raise NotFound
    return found


def find_unit(division_code: str, kind: str) -> OrgUnit | None:
    """Return the open unit of a kind in a division (code padded or not), or ``None``."""
    return OrgUnit.objects.filter(division_code=pad(division_code), kind=kind, closed_on=None).first()


def nearest_unit(division_code: str, kind: str) -> OrgUnit | None:
    """Return the open unit of a kind in a division or in the nearest one above it, in one statement.

    A village's matter goes to its township, the township's to its county.
    """
    codes = [pad(code) for code in lineage(division_code)]
    found = OrgUnit.objects.filter(division_code__in=codes, kind=kind, closed_on=None)
    return max(found, key=lambda unit: codes.index(unit.division_code), default=None)


def unit(unit_id: UUID) -> OrgUnit:
    """Return a unit. Raises NotFound."""
    found = OrgUnit.objects.filter(pk=unit_id).first()
    if found is None:
        raise NotFound
    return found


def units(unit_ids: Iterable[UUID]) -> dict[UUID, OrgUnit]:
    """Return units by id in one statement."""
    return OrgUnit.objects.in_bulk(list(unit_ids))


def units_in(scope: str) -> QuerySet[OrgUnit]:
    """Return the open units within a division path, by code."""
    return OrgUnit.objects.filter(path__within=scope, closed_on=None).order_by("code")


def officers_on(unit_id: UUID, post_code: str, on: date | None = None) -> QuerySet[Officer]:
    """Return who answers for a post on a day: its holders and whoever carries their duties, with their persons."""
    day = on or today()
    holders = Appointment.objects.filter(_on(day), post__unit_id=unit_id, post__code=post_code).values("officer_id")
    delegates = Delegation.objects.filter(principal__in=holders, valid_from__lte=day, valid_to__gte=day).values(
        "delegate_id"
    )
    serving = Officer.objects.filter(Q(pk__in=holders) | Q(pk__in=delegates)).exclude(left_on__lte=day)
    return serving.select_related("person", "account").order_by("number")


def officer_posts(officer_id: UUID) -> QuerySet[Appointment]:
    """Return an officer's present appointments with posts and units."""
    found = Appointment.objects.filter(_on(today()), officer_id=officer_id)
    return found.select_related("post__unit").order_by("valid_from", "id")


def careers(officer_ids: Iterable[UUID]) -> dict[UUID, list[Appointment]]:
    """Return all appointments of officers, past ones too, with posts and units, in one statement; the oldest first."""
    found: dict[UUID, list[Appointment]] = {}
    held = Appointment.objects.filter(officer_id__in=set(officer_ids)).select_related("post__unit")
    for appointment in held.order_by("valid_from", "id"):
        found.setdefault(appointment.officer_id, []).append(appointment)
    return found


def appointments_in(scope: str) -> QuerySet[Appointment]:
    """Return the present appointments within a division path, with officers, persons, posts and units."""
    found = Appointment.objects.filter(_on(today()), post__unit__path__within=scope)
    return found.select_related("officer__person", "post__unit").order_by("officer__number", "id")


def role_assignments_in(scope: str) -> QuerySet[RoleAssignment]:
    """Return the present role assignments within a division path, with officers, persons and roles."""
    found = RoleAssignment.objects.filter(_on(today()), scope__within=scope)
    return found.select_related("officer__person", "role").order_by("officer__number", "id")


def delegations_of(officer_id: UUID) -> QuerySet[Delegation]:
    """Return the delegations, given or held, that have not passed, with both officers' persons."""
    concerned = Q(principal_id=officer_id) | Q(delegate_id=officer_id)
    found = Delegation.objects.filter(concerned, valid_to__gte=today())
    return found.select_related("principal__person", "delegate__person").order_by("valid_from", "id")


def live_sessions(account: Account) -> list[AccountSession]:
    """Return an account's sessions that have not ended, the latest first."""
    return sessions.live(account.pk)


def _on(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
