"""The reads of licences; what somebody may not know of is not found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from shuzheng.engines.documents.credentials.counting import Rate, rates
from shuzheng.engines.documents.credentials.errors import NoSuchCredential, PurposeNeeded
from shuzheng.engines.documents.credentials.models import (
    Credential,
    CredentialEvent,
    CredentialState,
    CredentialUse,
    UseAuthorisation,
)
from shuzheng.engines.documents.credentials.policies import READ, is_holder
from shuzheng.engines.documents.credentials.standing import Change, Standing, standing
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.engines.trust.audit import record_read
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.definition import Stored, listing
from shuzheng.kernel.moment import today
from shuzheng.kernel.page import Page, page
from shuzheng.kernel.policy import may, scopes

#: Days ahead that the list of expiring licences shows.
SOON = 90
_GONE = (CredentialState.REPLACED,)


def mine(actor: Actor) -> list[Credential]:
    """Return the licences of the person or firm that an actor acts for, as far as a mandate covers; the latest first."""
    if actor.party is None:
        return []
    rows = Credential.objects.filter(holder_id=actor.party.id, holder_kind=actor.party.kind)
    found = rows.exclude(state__in=_GONE).select_related("unit").order_by("-created_at", "-id")[:200]
    allowed: dict[UUID, bool] = {}
    for one in found:
        if one.type_id not in allowed:
            allowed[one.type_id] = is_holder(actor, one)
    return [one for one in found if allowed[one.type_id]]


def my_credential(credential_id: UUID, actor: Actor) -> Credential:
    """Return a licence of the actor's own, or of whom they act for. Raises NoSuchCredential."""
    found = Credential.objects.select_related("unit", "original", "previous").filter(pk=credential_id).first()
    if found is None or not is_holder(actor, found):
        raise NoSuchCredential
    return found


def history(credential: Credential) -> list[CredentialEvent]:
    """Return what happened to a licence, the latest first."""
    rows = CredentialEvent.objects.filter(credential=credential).select_related("officer__person")
    return list(rows.order_by("-at", "-id")[:200])


def uses(credential: Credential, after: str | None = None, size: int = 20) -> Page[CredentialUse]:
    """Return the uses of a licence, the latest first."""
    return page(CredentialUse.objects.filter(credential=credential), order=("-at", "-id"), after=after, size=size)


def authorisations(credential: Credential) -> list[UseAuthorisation]:
    """Return what the holder permitted, the latest first."""
    rows = UseAuthorisation.objects.filter(credential=credential).select_related("unit")
    return list(rows.order_by("-created_at", "-id")[:100])


@dataclass(frozen=True)
class Reconsidered:
    """A past use, and how the licence stood then by what is known now."""

    use: CredentialUse
    standing: Standing

    @property
    def differs(self) -> bool:
        """Say whether whoever used it then relied on what has turned out otherwise."""
        return self.standing.state != self.use.state


def reconsidered(credential: Credential) -> list[Reconsidered]:
    """Return the past uses in the light of what is known now, those that turned out otherwise first; two statements."""
    rows = CredentialEvent.objects.filter(credential=credential).exclude(state="")
    changes = [Change(row.state, row.effective_at, row.at, row.reason) for row in rows]
    used = CredentialUse.objects.filter(credential=credential).order_by("-at", "-id")[:500]
    dates = (credential.valid_from, credential.valid_until)
    found = [Reconsidered(use, standing(changes, *dates, use.at)) for use in used]
    return sorted(found, key=lambda one: not one.differs)


def of_case(case_id: UUID) -> list[Credential]:
    """Return the licences that a case issued, whoever's permission was checked by the case; one statement."""
    rows = Credential.objects.filter(case_id=case_id).select_related("unit")
    return list(rows.order_by("created_at", "id")[:20])


def held(party: Party, codes: Iterable[str]) -> dict[str, Credential]:
    """Return a party's best licence of each type, in one statement: a good one before others, then the latest."""
    wanted = list(codes)
    if not wanted:
        return {}
    rows = Credential.objects.filter(holder_id=party.id, holder_kind=party.kind, type_code__in=wanted)
    rows = rows.exclude(state__in=(*_GONE, CredentialState.ISSUING)).select_related("unit")
    found: dict[str, Credential] = {}
    for one in rows.order_by("-created_at", "-id")[:100]:
        best = found.get(one.type_code)
        if best is None or (one.standing_now.good and not best.standing_now.good):
            found[one.type_code] = one
    return found


# -- for officials ---------------------------------------------------------------------------------------------


def search(actor: Actor, words: str, purpose: str, after: str | None = None) -> Page[Credential]:
    """Find licences by number, identifier or the holder's whole name, for a purpose that is recorded.

    Raises PurposeNeeded.
    """
    if len(purpose.strip()) < 2:
        raise PurposeNeeded
    wanted = words.strip()
    found = in_scope(actor).filter(Q(number=wanted) | Q(identifier=wanted.upper()) | Q(holder_name=wanted))
    listed = page(found, order=("-created_at", "-id"), after=after)
    ids = [one.holder_id for one in listed.items]
    if ids:
        record_read(actor, purpose, "identity.party", ids, ["licence"], name="documents.search_credentials")
    return listed


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


@dataclass(frozen=True)
class UsedInCase:
    """A licence that a case takes a material from: how it stood then, and how it stands now."""

    use: CredentialUse
    then: Standing
    now: Standing


def used_in(case_id: UUID) -> list[UsedInCase]:
    """Return the licences that a case uses; whoever reads them may read the case. One statement."""
    rows = CredentialUse.objects.filter(case_id=case_id, way="case").select_related("credential__unit")
    latest = {row.credential_id: row for row in rows.order_by("-at", "-id")[:50]}
    return [UsedInCase(row, Standing(row.state), row.credential.standing_now) for row in latest.values()]
