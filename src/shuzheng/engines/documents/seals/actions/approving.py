"""Approve or refuse the use of a seal (用印审批)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from shuzheng.engines.documents.seals.actions.requesting import locked, require_state
from shuzheng.engines.documents.seals.errors import OwnRequest
from shuzheng.engines.documents.seals.models import RequestState, SealRequest
from shuzheng.engines.documents.seals.policies import APPROVE
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now


class ApproveSealUseInput(Input):
    """Which request."""

    request_id: UUID


class ApproveSealUse(Action[ApproveSealUseInput, SealRequest]):
    """Approve; a key seal takes two approvers, and nobody approves what they asked for. Raises OwnRequest, RequestDecided."""

    name = "documents.approve_seal_use"
    permission = APPROVE
    title = _("批准用印")

    def scope(self, actor: Actor, given: ApproveSealUseInput) -> str:
        """Ask for the permission in the seal's division."""
        return _scope(given.request_id)

    def perform(self, actor: Actor, given: ApproveSealUseInput) -> SealRequest:
        """Approve, or approve half."""
        request = locked(given.request_id)
        require_state(request, RequestState.WAITING, RequestState.HALF_APPROVED)
        _require_another(actor, request)
        if request.first_approver_id is None:
            request.first_approver_id = actor.officer_id
        else:
            request.second_approver_id = actor.officer_id
        whole = not request.seal.key_seal or request.second_approver_id is not None
        request.state = RequestState.APPROVED if whole else RequestState.HALF_APPROVED
        request.decided_at = now()
        request.save()
        self.about(request, seal=request.seal.code, state=request.state)
        self.emit("documents.seal_use_approved", request.pk, whole=whole)
        return request


class RefuseSealUseInput(Input):
    """Which request and why."""

    request_id: UUID
    remark: str = Field(min_length=2, max_length=500)


class RefuseSealUse(Action[RefuseSealUseInput, SealRequest]):
    """Refuse, with the reason for the applicant. Raises OwnRequest, RequestDecided."""

    name = "documents.refuse_seal_use"
    permission = APPROVE
    title = _("不批准用印")

    def scope(self, actor: Actor, given: RefuseSealUseInput) -> str:
        """Ask for the permission in the seal's division."""
        return _scope(given.request_id)

    def perform(self, actor: Actor, given: RefuseSealUseInput) -> SealRequest:
        """Refuse."""
        request = locked(given.request_id)
        require_state(request, RequestState.WAITING, RequestState.HALF_APPROVED)
        _require_another(actor, request)
        request.state, request.remark, request.decided_at = RequestState.REFUSED, given.remark, now()
        request.save(update_fields=["state", "remark", "decided_at"])
        self.about(request, seal=request.seal.code)
        self.emit("documents.seal_use_refused", request.pk)
        return request


def _scope(request_id: UUID) -> str:
    found = SealRequest.objects.filter(pk=request_id).values_list("division_path", flat=True).first()
    if found is None:
        raise NotFound
    return str(found)


def _require_another(actor: Actor, request: SealRequest) -> None:
    """Refuse the applicant and whoever approved before; the platform itself approves nothing."""
    if actor.officer_id is None or actor.officer_id in (request.applicant_id, request.first_approver_id):
        raise OwnRequest
