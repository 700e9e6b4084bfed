"""Use a licence (用证): under a case, under the holder's authorisation, shown in person, or printed; each leaves a record."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.documents.credentials import content, counting, showing
from shuzheng.engines.documents.credentials.actions.authorising import own
from shuzheng.engines.documents.credentials.actions.base import CredentialInput
from shuzheng.engines.documents.credentials.cases import may_use_in_case
from shuzheng.engines.documents.credentials.errors import NoSuchCredential, NotAuthorised
from shuzheng.engines.documents.credentials.identifier import read_code
from shuzheng.engines.documents.credentials.models import Credential, CredentialUse, UseAuthorisation
from shuzheng.engines.documents.credentials.models.use import UseWay
from shuzheng.engines.documents.credentials.policies import SHARE
from shuzheng.engines.identity import queries as identity
from shuzheng.engines.trust.audit import record_read
from shuzheng.engines.trust.masking import mask
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import PUBLIC, SIGNED_IN, may


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


class UseCredential(Action[UseCredentialInput, UsedCredential]):
    """Use a licence under a case or an authorisation (调用证照).

    A licence that is expired, held or revoked is shown as such: whoever decides judges, nothing is refused by itself.
    Raises NoSuchCredential, NotAuthorised.
    """

    name = "documents.use_credential"
    permission = SIGNED_IN
    title = _("调用证照")

    def perform(self, actor: Actor, given: UseCredentialInput) -> UsedCredential:
        """Check the ground, look, write down."""
        if given.authorisation:
            leave = _leave(actor, given.authorisation)
            credential, way = shared(leave.credential_id), UseWay.AUTHORISATION
        else:
            leave, way = None, UseWay.CASE
            credential = shared(given.credential_id)
            if given.case_id is None or not _may_use(actor, given.case_id, credential):
                raise NotAuthorised
        use = write(actor, credential, way, given, leave)
        self.about(use, case_id=given.case_id, licence=str(credential.pk), way=str(way))
        if actor.channel != "system":
            _record(actor, credential, given)
        if way == UseWay.CASE and actor.channel == "system":
            counting.count(credential.type_code, "used")
        return seen(credential, use)


class ShowCredentialInput(Input):
    """The code that the holder shows."""

    token: str = Field(max_length=200)


class ShowCredential(Action[ShowCredentialInput, UsedCredential]):
    """Read the code that a holder shows in person (扫码核验), within its minute. Raises NotAuthorised."""

    name = "documents.show_credential"
    permission = PUBLIC
    title = _("扫码核验证照")

    def perform(self, actor: Actor, given: ShowCredentialInput) -> UsedCredential:
        """Look and write down."""
        credential_id = showing.read(given.token)
        if credential_id is None:
            raise NotAuthorised
        credential = shared(credential_id)
        use = write(actor, credential, UseWay.SHOWN, UseCredentialInput(purpose=str(_("当面出示核验"))))
        self.about(use, licence=str(credential.pk))
        return seen(credential, use)


class PrintCredentialInput(CredentialInput):
    """What the copy is for."""

    purpose: str = Field(min_length=2, max_length=60)
    form: Literal["pdf"] = "pdf"


class PrintCredential(Action[PrintCredentialInput, CredentialUse]):
    """Write down that the holder prints a copy, and what for (打印复印件). Raises NoSuchCredential."""

    name = "documents.print_credential"
    permission = SIGNED_IN
    title = _("打印证照复印件")

    def perform(self, actor: Actor, given: PrintCredentialInput) -> CredentialUse:
        """Write it down; the copy itself is rendered by ``facing.print_copy``."""
        credential = own(actor, given.credential_id)
        use = write(actor, credential, UseWay.PRINT, UseCredentialInput(purpose=given.purpose))
        self.about(use, licence=str(credential.pk))
        return use


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


def _may_use(actor: Actor, case_id: UUID, credential: Credential) -> bool:
    return actor.channel == "system" or may_use_in_case(actor, case_id, credential.holder_id)


def _leave(actor: Actor, code: str) -> UseAuthorisation:
    """Return the authorisation of a code, counted. Raises NotAuthorised."""
    found = UseAuthorisation.objects.select_for_update().filter(code=read_code(code) or code).first()
    if found is None or not found.in_force(now()):
        raise NotAuthorised
    allowed = found.unit_id in actor.unit_ids if found.unit_id else actor.is_officer or may(actor, SHARE)
    if not allowed and not (found.unit_id and may(actor, SHARE)):
        raise NotAuthorised
    found.used += 1
    found.save(update_fields=["used"])
    return found


def _record(actor: Actor, credential: Credential, given: UseCredentialInput) -> None:
    """Let the holder see in 谁看过我的数据 who looked at the licence."""
    subject = "identity.person" if credential.holder_kind == "person" else "identity.legalperson"
    elements = [one.element for one in credential.type.elements]
    record_read(
        actor, given.purpose, subject, credential.holder_id, elements, given.case_id, name="documents.use_credential"
    )
