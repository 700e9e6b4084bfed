"""What the holder does with a licence: let others use it, take that back, report it lost."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.credentials.actions.base import CredentialInput, locked, told
from shuzheng.engines.documents.credentials.errors import NoSuchCredential, WrongState
from shuzheng.engines.documents.credentials.identifier import new_code
from shuzheng.engines.documents.credentials.models import Credential, CredentialState, UseAuthorisation
from shuzheng.engines.documents.credentials.policies import is_holder
from shuzheng.engines.documents.credentials.recording import Deed, record
from shuzheng.engines.identity import queries as identity
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN


class AuthoriseUseInput(CredentialInput):
    """To whom, for what, for how long, how often."""

    #: A unit of government, or anybody else by name.
    unit_id: UUID | None = None
    recipient: str = Field(default="", max_length=100)
    purpose: str = Field(min_length=2, max_length=200)
    hours: int = Field(ge=1, le=24 * 366)
    most_uses: int = Field(default=1, ge=1, le=100)


class AuthoriseUse(Action[AuthoriseUseInput, UseAuthorisation]):
    """Let somebody use a licence within bounds (授权用证). Raises NoSuchCredential, WrongState, InvalidInput."""

    name = "documents.authorise_use"
    permission = SIGNED_IN
    assurance = 2
    title = _("授权用证")

    def perform(self, actor: Actor, given: AuthoriseUseInput) -> UseAuthorisation:
        """Write the authorisation."""
        credential = own(actor, given.credential_id)
        if not credential.standing().good:
            raise WrongState(state=credential.standing().title)
        if (given.unit_id is None) == (not given.recipient):
            raise InvalidInput(FieldProblem("recipient", str(_("请选择一个单位，或写明授权给谁。"))))
        unit = identity.unit(given.unit_id) if given.unit_id else None
        found = UseAuthorisation.objects.create(
            credential=credential,
            unit=unit,
            recipient=given.recipient or (unit.name if unit else ""),
            purpose=given.purpose,
            code=new_code(),
            valid_until=now() + timedelta(hours=given.hours),
            most_uses=given.most_uses,
            given_by=actor.name,
            created_at=now(),
        )
        self.about(found, licence=str(credential.pk), hours=given.hours, most_uses=given.most_uses)
        return found


class RevokeUseInput(CredentialInput):
    """Which authorisation of which licence."""

    authorisation_id: UUID


class RevokeUse(Action[RevokeUseInput, UseAuthorisation]):
    """Take an authorisation back at once (收回授权); what was used stays on record. Raises NoSuchCredential."""

    name = "documents.revoke_use"
    permission = SIGNED_IN
    title = _("收回用证授权")

    def perform(self, actor: Actor, given: RevokeUseInput) -> UseAuthorisation:
        """Take it back; again does no harm."""
        credential = own(actor, given.credential_id)
        rows = UseAuthorisation.objects.select_for_update()
        found = rows.filter(pk=given.authorisation_id, credential=credential).first()
        if found is None:
            raise NoSuchCredential
        found.revoked_at = found.revoked_at or now()
        found.save(update_fields=["revoked_at"])
        self.about(found, licence=str(credential.pk))
        return found


class ReportLossInput(CredentialInput):
    """What happened."""

    reason: str = Field(min_length=2, max_length=500)


class ReportLoss(Action[ReportLossInput, Credential]):
    """Report a licence lost or misused (挂失): nobody can rely on it until the bureau resumes or replaces it."""

    name = "documents.report_loss"
    permission = SIGNED_IN
    assurance = 2
    title = _("挂失")

    def perform(self, actor: Actor, given: ReportLossInput) -> Credential:
        """Suspend it at the holder's own request. Raises NoSuchCredential, WrongState."""
        credential = own(actor, given.credential_id)
        if credential.state != CredentialState.VALID:
            raise WrongState(state=credential.get_state_display())
        record(actor, credential, Deed("lost", CredentialState.SUSPENDED, given.reason))
        self.about(credential)
        told(self, credential, "lost")
        return credential


def own(actor: Actor, credential_id: UUID) -> Credential:
    """Return a licence of the actor's own, or of whom they act for, locked. Raises NoSuchCredential."""
    found = locked(credential_id)
    if not is_holder(actor, found):
        raise NoSuchCredential
    return found
