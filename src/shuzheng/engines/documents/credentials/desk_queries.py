"""What officials read of licences: for a purpose, in their scope, on record."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.engines.documents.credentials.counting import Rate, rates
from shuzheng.engines.documents.credentials.errors import NoSuchCredential, PurposeNeeded
from shuzheng.engines.documents.credentials.models import Credential, CredentialBatch, CredentialState
from shuzheng.engines.documents.credentials.policies import ISSUE, READ
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.engines.identity.models import LegalPerson, Person
from shuzheng.engines.trust.audit import record_read
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import Stored, listing
from shuzheng.kernel.moment import today
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import may, scopes

#: Days ahead that the list of expiring licences shows.
SOON = 90
#: Rows that one export takes away at most.
MOST = 5000


def search(actor: Actor, words: str, purpose: str, after: str | None = None) -> Page[Credential]:
    """Find licences by number, identifier, or the holder's whole name or number, for a purpose that is recorded.

    Raises PurposeNeeded.
    """
    listed = page(_matching(actor, words, purpose), order=("-created_at", "-id"), after=after)
    ids = [one.holder_id for one in listed.items]
    if ids:
        record_read(actor, purpose, "identity.party", ids, ["licence"], name="documents.search_credentials")
    return listed


def _matching(actor: Actor, words: str, purpose: str) -> QuerySet[Credential]:
    """Return what is found by words, each of them through an index. Raises PurposeNeeded."""
    if len(purpose.strip()) < 2:
        raise PurposeNeeded
    wanted = words.strip()
    condition = Q(number=wanted) | Q(identifier=wanted.upper()) | Q(holder_name=wanted)
    firm = LegalPerson.objects.filter(uscc=wanted.upper()).values_list("pk", flat=True).first()
    person = None if firm else Person.objects.by_id_number(wanted.upper())
    holder = firm or (person.pk if person else None)
    return in_scope(actor).filter(condition | Q(holder_id=holder) if holder else condition)


def exported(actor: Actor, words: str, purpose: str) -> list[Credential]:
    """Return at most ``MOST`` licences to be taken away: those found by words, or without them those that will expire.

    Raises PurposeNeeded; who took what away, and for what, is recorded.
    """
    found = _matching(actor, words, purpose).order_by("-created_at", "-id") if words else _ending(actor, purpose)
    listed = list(found[:MOST])
    if listed:
        ids = [one.holder_id for one in listed]
        record_read(actor, purpose, "identity.party", ids, ["licence"], name="documents.export_credentials")
    return listed


def _ending(actor: Actor, purpose: str) -> QuerySet[Credential]:
    if len(purpose.strip()) < 2:
        raise PurposeNeeded
    until = today() + timedelta(days=SOON)
    found = in_scope(actor).filter(state=CredentialState.VALID, valid_until__range=(today(), until))
    return found.order_by("valid_until", "id")


def batches(actor: Actor, after: str | None = None) -> Page[CredentialBatch]:
    """Return the tables taken over in an official's scope, the latest first."""
    condition = Q(pk__in=[])
    for scope in scopes(actor, ISSUE):
        condition |= Q(division_path__within=scope) if scope else Q(pk__isnull=False)
    rows = CredentialBatch.objects.filter(condition).select_related("unit").defer("rows")
    return page(rows, order=("-created_at", "-id"), after=after)


def in_scope(actor: Actor) -> QuerySet[Credential]:
    """Return the licences that an official may look up."""
    condition = Q(pk__in=[])
    for scope in scopes(actor, READ):
        condition |= Q(division_path__within=scope) if scope else Q()
        if not scope:
            condition = Q(pk__isnull=False)
            break
    return Credential.objects.filter(condition).select_related("unit")


def official(credential_id: UUID, actor: Actor, purpose: str = "") -> Credential:
    """Return a licence that an official may look up; that they did is recorded. Raises NoSuchCredential."""
    rows = Credential.objects.select_related("unit", "original", "previous")
    found = rows.filter(pk=credential_id).first()
    if found is None or not may(actor, READ, str(found.division_path)):
        raise NoSuchCredential
    subject = "identity.person" if found.holder_kind == "person" else "identity.legalperson"
    elements = [one.element for one in found.type.elements]
    why = purpose or actor.purpose or "documents.manage_credentials"
    record_read(actor, why, subject, found.holder_id, elements, found.case_id, name="documents.read_credential")
    return found


def expiring(actor: Actor, after: str | None = None, days: int = SOON) -> Page[Credential]:
    """Return licences in an official's scope that will expire soon, the first first."""
    until: date = today() + timedelta(days=days)
    found = in_scope(actor).filter(state=CredentialState.VALID, valid_until__range=(today(), until))
    return page(found, order=("valid_until", "id"), after=after)


def waiting(actor: Actor, after: str | None = None) -> Page[Credential]:
    """Return licences in scope that are registered and not issued yet, the oldest first."""
    found = in_scope(actor).filter(state=CredentialState.ISSUING)
    return page(found, order=("created_at", "id"), after=after)


def catalogue() -> list[tuple[Stored[CredentialType], Rate]]:
    """Return the types in force with their counts of the last days."""
    counted = rates()
    return [(stored, counted.get(stored.key, Rate())) for stored in listing(KIND)]
