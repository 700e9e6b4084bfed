"""HTTP API: notices of other government systems, and the receipts of SMS providers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from shuzheng.engines.messaging.actions import CancelNotice, RecordReceipts, SubmitNotice
from shuzheng.engines.messaging.actions.notices import (
    MOST_RECIPIENTS,
    RecipientInput,
    SubmitNoticeInput,
    Taken,
)
from shuzheng.engines.messaging.errors import BadSignature
from shuzheng.engines.messaging.gateways.sms import provider_named
from shuzheng.engines.messaging.gateways.sms.http import HttpProvider
from shuzheng.engines.messaging.notice_queries import statuses
from shuzheng.engines.messaging.policies import SUBMIT
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.api import Allow
from shuzheng.kernel.http import Request
from shuzheng.kernel.moment import now
from shuzheng.kernel.policy import PUBLIC

router = Router()


class NoticeIn(Schema):
    """A notice to named people, at once or at a time."""

    key: str
    template: str
    values: dict[str, str] = {}
    recipients: list[RecipientInput] = Field(max_length=MOST_RECIPIENTS)
    link: str = ""
    send_at: AwareDatetime | None = None


class WayOut(Schema):
    """What became of one way of telling."""

    channel: str
    status: str
    sent_at: datetime | None
    receipt_at: datetime | None
    reason: str


class RecipientOut(Schema):
    """What became of telling one recipient."""

    #: Place in the list handed in.
    number: int
    #: ``scheduled``, ``told``, ``read``, ``unknown-recipient`` or ``cancelled``.
    status: str
    read_at: datetime | None
    ways: list[WayOut]


class NoticeOut(Schema):
    """What became of a notice."""

    key: str
    recipients: list[RecipientOut]


class Counted(Schema):
    """How many receipts were known."""

    known: int


class SignedReceipts(Allow):
    """Lets providers call; the operation itself asks the provider whether the signature is its own."""

    def __call__(self, request: Request) -> bool:
        """Let the request pass: there is no session that a foreign page could abuse."""
        return True


@router.post("/notices", auth=Allow(SUBMIT), response=Taken, summary="提交通知")
def submit(request: Request, given: NoticeIn) -> Taken:
    """Tell named people something, at once or at ``send_at``. The same key is taken once and answered alike."""
    typed = SubmitNoticeInput.read({"reference": given.key, **given.model_dump(exclude={"key"})})
    return SubmitNotice.do(request.actor, typed)


@router.get("/notices/{key}", auth=Allow(SUBMIT), response=NoticeOut, summary="查询回执")
def receipts(request: Request, key: str) -> NoticeOut:
    """Return for each recipient whether they were told, by which ways, and whether they have read it."""
    rows = statuses(request.actor, key)
    return NoticeOut(key=key, recipients=[_recipient(*row) for row in rows])


@router.delete("/notices/{key}", auth=Allow(SUBMIT), response={204: None}, summary="取消定时通知")
def cancel(request: Request, key: str) -> Status[None]:
    """Take back a notice that has not gone out."""
    CancelNotice.do(request.actor, reference=key)
    return Status(204, None)


@router.post("/receipts/{provider}", auth=SignedReceipts(PUBLIC), response=Counted, summary="短信回执")
def provider_receipts(request: Request, provider: str) -> Counted:
    """Take receipts that an SMS provider signed; a forged call changes nothing."""
    known = provider_named(provider)
    if not isinstance(known, HttpProvider):
        raise BadSignature
    found = known.read_receipts(dict(request.headers), request.body)
    done = RecordReceipts.do(
        Actor.system("messaging"), provider=provider, receipts=[vars(receipt) for receipt in found[:1000]]
    )
    return Counted(known=sum(done.known))


def _recipient(notice: Any, deliveries: list[Any], message: Any) -> RecipientOut:
    ways = [
        WayOut(channel=d.channel, status=d.status, sent_at=d.sent_at, receipt_at=d.receipt_at, reason=d.reason)
        for d in deliveries
    ]
    read_at = message.read_at if message else None
    return RecipientOut(number=notice.number, status=_status(notice, deliveries, message), read_at=read_at, ways=ways)


def _status(notice: Any, deliveries: list[Any], message: Any) -> str:
    if notice.refused:
        return notice.refused
    due = message.created_at if message else max((d.due_at for d in deliveries if d.attempts == 0), default=now())
    if due > now():
        return "scheduled"
    return "read" if message and message.read_at else "told"
