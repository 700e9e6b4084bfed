"""HTTP API: bills of one's own, paying them, asking for money back; for offices bills and reconciliation."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from ninja import Router
from ninja.params.functions import Query

from shuzheng.engines.payment import paying, queries
from shuzheng.engines.payment.actions.refund_requests import ApplyForRefund
from shuzheng.engines.payment.gateways import channels
from shuzheng.engines.payment.models import Bill, Order, Refund
from shuzheng.engines.payment.policies import READ, RECONCILE, is_payer
from shuzheng.engines.payment.schemas import (
    BillOut,
    BillsOut,
    ChannelOut,
    DiscrepancyOut,
    OfficeBillOut,
    OfficeBillsOut,
    OrderIn,
    OrderOut,
    RefundIn,
    RefundOut,
    StatementOut,
    StatementsOut,
    WholeBillOut,
    WholeStatementOut,
)
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.engines.trust.masking import mask
from shuzheng.kernel.api import Allow
from shuzheng.kernel.http import Request
from shuzheng.kernel.policy import PUBLIC, SIGNED_IN

router = Router()


@router.get("/channels", auth=Allow(PUBLIC), response=list[ChannelOut], summary="支付渠道")
def channel_list(request: Request) -> list[ChannelOut]:
    """Return the ways to pay, in the order in which payers see them."""
    return [ChannelOut(name=channel.name, title=str(channel.title)) for channel in channels()]


@router.get("/bills", auth=Allow(SIGNED_IN), response=BillsOut, summary="我的缴款书")
def own_bills(request: Request, show: Literal["", "open", "paid"] = "", after: str | None = None) -> dict[str, Any]:
    """Return a page of the bills of the party acted for, the latest first."""
    page = queries.own_bills(request.actor, show, after=after)
    return {"items": page.items, "next": page.next}


@router.get("/bills/{uuid:bill_id}", auth=Allow(SIGNED_IN), response=WholeBillOut, summary="一张缴款书")
def bill_whole(request: Request, bill_id: UUID) -> WholeBillOut:
    """Return a bill whole to its payer, or to an official of its division; an official's read goes to the audit."""
    whole = queries.bill_for(request.actor, bill_id)
    if not is_payer(request.actor, whole.bill) and whole.bill.payer_kind == "person":
        reads = (request.actor, _("核对缴款"), PERSON, whole.bill.payer_id, ["person-name"], whole.bill.case_id)
        record_read(*reads, name="api.payment.bill")
    plain = BillOut.from_orm(whole.bill).model_dump()
    parts = {name: getattr(whole, name) for name in ("lines", "orders", "refunds", "receipts")}
    return WholeBillOut.model_validate({**plain, **parts, "payer_name": whole.bill.payer_name}, from_attributes=True)


@router.post("/bills/{uuid:bill_id}/orders", auth=Allow(SIGNED_IN), response=OrderOut, summary="发起支付")
def order(request: Request, bill_id: UUID, given: OrderIn) -> Order:
    """Begin to pay a bill and return where it is paid; again returns the open order, and nobody pays twice."""
    back = settings.PAYMENT_ADDRESS.rstrip("/") + given.return_url if given.return_url else ""
    return paying.start(request.actor, bill_id, given.channel, return_url=back)


@router.get("/orders/{number}", auth=Allow(SIGNED_IN), response=OrderOut, summary="支付结果")
def order_status(request: Request, number: str) -> Order:
    """Return how an order stands; one that waits is asked about at its channel first, not too often."""
    found = queries.order_for(request.actor, number)
    return paying.ask(found) if found.state == Order.State.PENDING else found


@router.post("/bills/{uuid:bill_id}/refunds", auth=Allow(SIGNED_IN), response=RefundOut, summary="申请退款")
def ask_refund(request: Request, bill_id: UUID, given: RefundIn) -> Refund:
    """Ask for one's own money back; a person decides. The same that still waits is not asked for twice."""
    return ApplyForRefund.do(request.actor, {"bill_id": bill_id, **given.model_dump()})


@router.get("/refunds/{number}", auth=Allow(SIGNED_IN), response=RefundOut, summary="退款进度")
def refund_status(request: Request, number: str) -> Refund:
    """Return how a refund stands, to the payer or to an official of the bill's division."""
    return queries.refund_for(request.actor, number)


@router.get("/receipts/{code}/{number}", auth=Allow(PUBLIC), response=queries.ReceiptStanding, summary="票据查验")
def receipt_standing(
    request: Request, code: str, number: str, check_code: Annotated[str, Query(min_length=6, max_length=6)]
) -> queries.ReceiptStanding:
    """Say how a receipt stands to whoever knows its three numbers; nothing of who paid is told."""
    return queries.verify_receipt(code, number, check_code, request.META.get("REMOTE_ADDR", ""))


@router.get("/office/bills", auth=Allow(READ), response=OfficeBillsOut, summary="按状态查缴款书")
def office_bills(
    request: Request, state: Literal["", "open", "overdue", "paid", "waived", "cancelled", "partly_refunded", "refunded"] = "",
    q: Annotated[str, Query(max_length=200)] = "", after: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return a page of the bills of one's division, the latest first; persons are masked."""
    page = queries.office_bills(request.actor, q.strip(), state, after=after)
    return {"items": [_office(row) for row in page.items], "next": page.next}


def _office(row: Bill) -> OfficeBillOut:
    payer = row.payer_name if row.payer_kind == "legal" else mask(row.payer_name, "person_name")
    return OfficeBillOut.model_validate({**BillOut.from_orm(row).model_dump(), "payer": payer})


@router.get("/office/statements", auth=Allow(RECONCILE), response=StatementsOut, summary="对账结果")
def statement_list(request: Request, after: str | None = None) -> dict[str, Any]:
    """Return a page of reconciled days, the latest first."""
    page = queries.statements(after=after)
    return {"items": page.items, "next": page.next}


@router.get(
    "/office/statements/{uuid:statement_id}",
    auth=Allow(RECONCILE),
    response=WholeStatementOut,
    summary="一天的对账结果",
)
def statement_whole(request: Request, statement_id: UUID) -> dict[str, Any]:
    """Return a day with what differs and how it was settled."""
    found = queries.statement(statement_id)
    differences = queries.discrepancies(found)
    unsettled = sum(d.state in ("open", "proposed") for d in differences)
    plain = {name: getattr(found, name) for name in StatementOut.model_fields if name != "open"}
    return {**plain, "open": unsettled, "differences": [DiscrepancyOut.from_orm(d) for d in differences]}
