"""Answering a proposed mandate and ending one: accepting, confirming at the window, declining, revoking."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.identity.errors import MandateStateChanged
from shuzheng.engines.identity.mandating import authority_changed, facts, locked, put_in_force
from shuzheng.engines.identity.models import Mandate
from shuzheng.engines.identity.models.account import Assurance
from shuzheng.engines.identity.policies import CONFIRM_IDENTITY
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import SIGNED_IN

Status = Mandate.Status


class MandateInput(Input):
    """Which mandate."""

    mandate_id: UUID


class AcceptMandate(Action[MandateInput, Mandate]):
    """Agree to a mandate that the other side proposed (接受授权): the operator to an offer, the person to a request.

    Raises NotPermitted for anybody else, MandateStateChanged when it is no longer waiting.
    """

    name = "identity.accept_mandate"
    permission = SIGNED_IN
    assurance = Assurance.REAL_NAME
    title = _("接受授权")

    def perform(self, actor: Actor, given: MandateInput) -> Mandate:
        """Put the mandate in force."""
        mandate = locked(given.mandate_id, actor)
        if mandate.status not in (Status.OFFERED, Status.REQUESTED):
            raise MandateStateChanged
        asked = mandate.operator_id if mandate.status == Status.OFFERED else mandate.grantor_person_id
        if actor.person_id != asked:
            raise NotPermitted
        return put_in_force(self, mandate)


class ConfirmMandateInput(MandateInput):
    """What the officer saw."""

    evidence: str = Field(min_length=2, max_length=500)


class ConfirmMandate(Action[ConfirmMandateInput, Mandate]):
    """Put a requested mandate in force from documents shown at the window (窗口确认代办关系).

    For persons who have no account themselves. Raises MandateStateChanged; NotPermitted to whom it concerns.
    """

    name = "identity.confirm_mandate"
    permission = CONFIRM_IDENTITY
    title = _("窗口确认代办关系")

    def perform(self, actor: Actor, given: ConfirmMandateInput) -> Mandate:
        """Record the evidence and put the mandate in force."""
        mandate = Mandate.objects.select_for_update().filter(pk=given.mandate_id).first()
        if mandate is None:
            raise NotFound
        if mandate.status != Status.REQUESTED:
            raise MandateStateChanged
        if actor.person_id in (mandate.operator_id, mandate.grantor_person_id):
            raise NotPermitted(_("不能确认与本人有关的代办关系，请由其他工作人员办理。"))
        mandate.evidence = given.evidence
        return put_in_force(self, mandate)


class RevokeMandate(Action[MandateInput, Mandate]):
    """End a mandate at once (撤销授权), or decline one that is waiting; either side may, and an officer at the window.

    Raises MandateStateChanged when it has ended already.
    """

    name = "identity.revoke_mandate"
    permission = SIGNED_IN
    title = _("撤销授权")

    def perform(self, actor: Actor, given: MandateInput) -> Mandate:
        """End the mandate; the operator's sessions notice at their next request."""
        mandate = locked(given.mandate_id, actor)
        if mandate.status in (Status.DECLINED, Status.REVOKED):
            raise MandateStateChanged
        was_active = mandate.status == Status.ACTIVE
        mandate.status = Status.REVOKED if was_active else Status.DECLINED
        mandate.ended_by_id, mandate.ended_at = actor.account_id, now()
        mandate.save(update_fields=["status", "ended_by", "ended_at"])
        authority_changed(mandate)
        self.about(mandate, status=mandate.status)
        self.emit(f"identity.mandate_{'revoked' if was_active else 'declined'}", mandate.pk, **facts(mandate))
        return mandate
