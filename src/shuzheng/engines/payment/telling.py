"""Telling payers of their bills."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from shuzheng.engines.messaging.actions import SendMessage
from shuzheng.engines.payment.models import Bill
from shuzheng.engines.payment.money import yuan
from shuzheng.kernel.actor import Actor

#: Event → message template of the pack ``fees``.
TEMPLATES = {
    "payment.bill_raised": "bill-raised",
    "payment.bill_paid": "bill-paid",
    "payment.bill_refunded": "bill-refunded",
    "payment.refund_declined": "refund-declined",
    "payment.bill_due": "bill-due",
    "payment.bill_overdue": "bill-overdue",
}


def tell_payer(event: dict[str, Any]) -> None:
    """Send the message of an event to the payer, or to whoever acted for a firm."""
    bill = Bill.objects.filter(pk=UUID(event["subject"])).first()
    if bill is None:
        return
    person = bill.payer_id if bill.payer_kind == "person" else bill.operator_id
    if person is None:
        return
    SendMessage.do(
        Actor.system("payment"),
        template=TEMPLATES[event["type"]],
        recipient_person=person,
        values={"title": bill.title, "amount": yuan(event["data"]["amount"]), **_more(event["data"])},
        link=f"/bills/{bill.pk}/",
        case_id=bill.case_id,
        topic=f"{event['type']}:{event['data'].get('refund') or bill.pk}{event['data'].get('due_on', '')}",
    )


def _more(data: dict[str, Any]) -> dict[str, str]:
    """Return what only some messages say: the day on which a bill is due, why a refund was declined."""
    told: dict[str, str] = {}
    if "due_on" in data:
        day = date.fromisoformat(data["due_on"])
        told["day"] = f"{day.year}年{day.month}月{day.day}日"
    if "reason" in data:
        told["reason"] = data["reason"]
    return told
