"""A use of a licence: what whoever looks learns, and the record that the holder reads."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from shuzheng.engines.documents.credentials import content
from shuzheng.engines.documents.credentials.errors import NoSuchCredential
from shuzheng.engines.documents.credentials.models import Credential, CredentialUse, UseAuthorisation
from shuzheng.engines.identity import queries as identity
from shuzheng.engines.trust.masking import mask
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class UseCredentialInput(Input):
    """Which licence, on what ground, for what."""

    #: With a case; an authorisation names its licence itself.
    credential_id: UUID | None = None
    case_id: UUID | None = None
    case_number: str = Field(default="", max_length=30)
    #: Code of the holder's authorisation.
    authorisation: str = Field(default="", max_length=40)
    #: On whose behalf, where that is not the actor's own unit.
    organisation: str = Field(default="", max_length=200)
    purpose: str = Field(min_length=2, max_length=200)


class UsedCredential(BaseModel):
    """What whoever uses a licence learns: how it stands now, and what it says, masked."""

    use_id: UUID
    credential_id: UUID
    identifier: str
    title: str
    number: str
    issuer: str
    holder: str
    valid_from: date
    valid_until: date | None
    state: str
    state_title: str
    #: Why it cannot be relied on, where somebody decided so.
    reason: str
    elements: list[tuple[str, str]]
    digest: str


def shared(credential_id: UUID | None) -> Credential:
    """Return a licence so that nobody changes its state until the transaction ends. Raises NoSuchCredential."""
    rows = Credential.objects.raw("SELECT * FROM documents_credential WHERE id = %s FOR SHARE", [credential_id])
    found = next(iter(rows), None) if credential_id else None
    if found is None:
        raise NoSuchCredential
    return found


def write(
    actor: Actor, credential: Credential, way: str, given: UseCredentialInput, leave: UseAuthorisation | None = None
) -> CredentialUse:
    """Write a use down, with how the licence stood at that moment."""
    units = identity.units(actor.unit_ids) if actor.unit_ids else {}
    return CredentialUse.objects.create(
        credential=credential,
        at=now(),
        way=way,
        who=actor.name,
        organisation=given.organisation or next((unit.name for unit in units.values()), ""),
        officer_id=actor.officer_id,
        case_id=given.case_id,
        case_number=given.case_number,
        authorisation=leave,
        purpose=given.purpose,
        state=credential.standing().state,
    )


def seen(credential: Credential, use: CredentialUse) -> UsedCredential:
    """Return what is shown of a licence to whoever uses it: every element, masked."""
    standing = credential.standing()
    return UsedCredential(
        use_id=use.pk,
        credential_id=credential.pk,
        identifier=credential.identifier,
        title=credential.title,
        number=credential.number,
        issuer=credential.unit.name,
        holder=credential.holder_name if credential.holder_kind == "legal" else _masked(credential),
        valid_from=credential.valid_from,
        valid_until=credential.valid_until,
        state=standing.state,
        state_title=str(standing.title),
        reason=standing.reason,
        elements=content.shown(credential.type.elements, credential.values),
        digest=credential.digest,
    )


def _masked(credential: Credential) -> str:
    return mask(credential.holder_name, "person_name")
