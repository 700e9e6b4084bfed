"""Put a seal on documents (用章)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, Field

from shuzheng.engines.documents import queries as files
from shuzheng.engines.documents.models.stored_file import StoredFile
from shuzheng.engines.documents.seals import desk, results
from shuzheng.engines.documents.seals.actions.requesting import Place, locked, require_state
from shuzheng.engines.documents.seals.desk import Order
from shuzheng.engines.documents.seals.granting import Wish
from shuzheng.engines.documents.seals.models import RequestState, SealRequest, SealRequestFile, SealUse
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.policy import OFFICER


class StampRequestInput(Input):
    """Which request, and how many of its documents at most; without a number all that are left."""

    request_id: UUID
    most: int | None = Field(default=None, ge=1)


class StampRequest(Action[StampRequestInput, SealRequest]):
    """Stamp the documents of an approved request that are left, or none of them; a refusal leaves the approval as it is.

    Raises NotPermitted, RequestDecided, StorageFull and what ``desk.stamp`` raises.
    """

    name = "documents.stamp_request"
    permission = OFFICER
    title = _("盖章")

    def perform(self, actor: Actor, given: StampRequestInput) -> SealRequest:
        """Stamp them."""
        request = locked(given.request_id)
        if request.applicant_id != actor.officer_id:
            raise NotPermitted
        require_state(request, RequestState.APPROVED)
        left = SealRequestFile.objects.filter(request=request, result=None).select_related("file").order_by("id")
        rows = list(left[: given.most])
        for row in rows:
            row.result, _use = _one(actor, _order(request, row.file.name), row.file)
            row.save(update_fields=["result"])
        self.about(request, seal=request.seal.code, files=len(rows))
        if not left.exists():
            request.state = RequestState.USED
            request.save(update_fields=["state"])
            self.emit("documents.seal_used", request.pk, seal=request.seal.code)
        return request


class StampDocumentInput(Input):
    """Which document, which seal, what for."""

    seal_code: str = Field(max_length=13)
    file_id: UUID
    document_kind: str = Field(min_length=1, max_length=40)
    item_code: str = Field(default="", max_length=60)
    case_id: UUID | None = None
    place: Place


class StampedDocument(BaseModel):
    """A stamped document."""

    file_id: UUID
    use_id: UUID
    #: The stamp's name in the ledger.
    digest: str
    ledger_entry: UUID


class StampDocument(Action[StampDocumentInput, StampedDocument]):
    """Stamp one document under a standing grant: an officer's, a post's, or that of the processes.

    Raises NotGranted, OutsideGrant, GrantSpent, NeedsApproval, SealUnusable, CertificateExpired, CannotStamp, StorageFull.
    """

    name = "documents.stamp_document"
    permission = OFFICER
    title = _("免审批用印")

    def perform(self, actor: Actor, given: StampDocumentInput) -> StampedDocument:
        """Stamp it."""
        ours = actor.channel == "system"
        source = StoredFile.objects.get(pk=given.file_id) if ours else files.file(given.file_id, actor)
        wish = Wish(given.document_kind, given.item_code)
        order = Order(given.seal_code, wish, source.name, given.place.meant(), given.case_id)
        result, use = _one(actor, order, source)
        self.about(use, case_id=given.case_id, seal=given.seal_code)
        self.emit("documents.seal_used", use.pk, seal=given.seal_code)
        return StampedDocument(file_id=result.pk, use_id=use.pk, digest=use.digest, ledger_entry=use.ledger_entry)


def _order(request: SealRequest, name: str) -> Order:
    return Order(
        request.seal.code,
        Wish(request.document_kind, request.item_code),
        name,
        Place.model_validate(request.place).meant(),
        request.case_id,
        request_id=request.pk,
        grant_id=request.grant_id,
    )


def _one(actor: Actor, order: Order, source: StoredFile) -> tuple[StoredFile, SealUse]:
    data, use = desk.stamp(actor, order, results.content_of(source))
    return results.keep_stamped(actor, data, source.name, use), use
