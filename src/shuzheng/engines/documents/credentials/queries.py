"""The reads of licences; what somebody may not know of is not found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from shuzheng.engines.documents.credentials.errors import NoSuchCredential
from shuzheng.engines.documents.credentials.models import (
    Credential,
    CredentialEvent,
    CredentialState,
    CredentialUse,
    UseAuthorisation,
)
from shuzheng.engines.documents.credentials.policies import is_holder
from shuzheng.engines.documents.credentials.standing import Change, Standing, standing
from shuzheng.kernel.actor import Actor, Party
from shuzheng.kernel.page import Page, page

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
