"""Ask for the use of a seal (用印申请) and withdraw."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, Field, model_validator

from shuzheng.engines.documents import queries as files
from shuzheng.engines.documents.seals import granting
from shuzheng.engines.documents.seals.errors import GrantSpent, NoSuchSeal, RequestDecided
from shuzheng.engines.documents.seals.granting import Wish
from shuzheng.engines.documents.seals.models import RequestState, Seal, SealRequest, SealRequestFile
from shuzheng.engines.documents.seals.places import OnPage, Riding
from shuzheng.kernel.action import Action
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.input import Input
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import OFFICER

#: Documents of one request.
MOST_FILES = 200


class Place(BaseModel):
    """Where the seal goes: on a page, or across an edge of all pages."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    page: int | None = Field(default=None, ge=1, le=10_000)
    #: Millimetres.
    x: float = Field(default=0, ge=-50, le=2000)
    y: float = Field(default=0, ge=-50, le=2000)
    edge: Literal["left", "right", "top", "bottom"] | None = None
    along: float = Field(default=120, ge=0, le=2000)

    @model_validator(mode="after")
    def _one(self) -> Place:
        if (self.page is None) == (self.edge is None):
            raise ValueError(str(_("请选择盖在某一页上，或者盖骑缝章。")))
        return self

    def meant(self) -> OnPage | Riding:
        """Return the place in the library's words."""
        return OnPage(self.page, self.x, self.y) if self.page else Riding(self.edge or "right", self.along)


class RequestSealUseInput(Input):
    """Which documents, which seal, what for."""

    seal_id: UUID
    title: str = Field(min_length=2, max_length=200)
    reason: str = Field(min_length=2, max_length=500)
    document_kind: str = Field(min_length=1, max_length=40)
    item_code: str = Field(default="", max_length=60)
    case_id: UUID | None = None
    files: list[UUID] = Field(min_length=1, max_length=MOST_FILES)
    place: Place


class RequestSealUse(Action[RequestSealUseInput, SealRequest]):
    """Hand in documents to be stamped, under a grant of one's own. Raises NotGranted, OutsideGrant, GrantSpent, NoSuchSeal."""

    name = "documents.request_seal_use"
    permission = OFFICER
    title = _("申请用印")

    def perform(self, actor: Actor, given: RequestSealUseInput) -> SealRequest:
        """Keep the request; a seal that stands still now may be asked for all the same."""
        seal = Seal.objects.filter(pk=given.seal_id).first()
        if seal is None or actor.officer_id is None:
            raise NoSuchSeal
        wanted = list(dict.fromkeys(given.files))
        grant = granting.find(actor, seal, Wish(given.document_kind, given.item_code), asking=True)
        if grant.left is not None and grant.left < len(wanted):
            raise GrantSpent(most=grant.most_uses)
        if len(files.owned(wanted, actor)) != len(wanted):
            raise InvalidInput(FieldProblem("files", str(_("有文件不是您上传的，或者已被销毁。请重新上传。"))))
        fields = given.model_dump(exclude={"files", "place"})
        request = SealRequest.objects.create(
            **fields,
            place=given.place.model_dump(mode="json", exclude_none=True),
            grant=grant,
            applicant_id=actor.officer_id,
            division_path=seal.division_path,
            created_at=now(),
        )
        SealRequestFile.objects.bulk_create([SealRequestFile(request=request, file_id=pk) for pk in wanted])
        self.about(request, seal=seal.code, files=len(wanted))
        self.emit("documents.seal_use_requested", request.pk, seal=seal.code)
        return request


class WithdrawSealRequestInput(Input):
    """Which request."""

    request_id: UUID


class WithdrawSealRequest(Action[WithdrawSealRequestInput, SealRequest]):
    """Take back a request of one's own that has not been stamped. Raises NotPermitted, RequestDecided."""

    name = "documents.withdraw_seal_request"
    permission = OFFICER
    title = _("撤回用印申请")

    def perform(self, actor: Actor, given: WithdrawSealRequestInput) -> SealRequest:
        """Withdraw it."""
        request = locked(given.request_id)
        if request.applicant_id != actor.officer_id:
            raise NotPermitted
        require_state(request, RequestState.WAITING, RequestState.HALF_APPROVED, RequestState.APPROVED)
        request.state = RequestState.WITHDRAWN
        request.save(update_fields=["state"])
        self.about(request)
        return request


def locked(request_id: UUID) -> SealRequest:
    """Return a request, locked. Raises NotFound."""
    rows = SealRequest.objects.select_for_update(of=("self",)).select_related("seal")
    found = rows.filter(pk=request_id).first()
    if found is None:
        raise NotFound
    return found


def require_state(request: SealRequest, *states: RequestState) -> None:
    """Refuse a request that stands elsewhere. Raises RequestDecided."""
    if request.state not in states:
        raise RequestDecided(state=RequestState(request.state).label)
