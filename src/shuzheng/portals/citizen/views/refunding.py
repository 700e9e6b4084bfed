"""Asking for one's own money back (申请退款), and verifying a receipt without signing in (票据查验)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from shuzheng.engines.payment.actions.refund_requests import ApplyForRefund
from shuzheng.engines.payment.errors import BillNotOpen, NoSuchBill
from shuzheng.engines.payment.models import Bill, Refund
from shuzheng.engines.payment.money import amount_in_fen, yuan
from shuzheng.engines.payment.policies import is_payer
from shuzheng.engines.payment.queries import WholeBill, bill_for, verify_receipt
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import PUBLIC, SIGNED_IN

#: Reasons that a payer may give, the usual first.
REASONS = ("overpaid", "duplicate", "withdrawn", "refused", "exempt", "other")


def refundable(whole: WholeBill) -> int:
    """Return what may still be asked for of a bill, in fen."""
    if whole.bill.state not in (Bill.State.PAID, Bill.State.PARTLY_REFUNDED):
        return 0
    return sum(order.amount - order.refunding for order in whole.orders if order.settles)


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
@never_cache
def refund(request: Request, bill_id: UUID) -> HttpResponse:
    """Ask for money back: why, and how much at most."""
    whole = bill_for(request.actor, bill_id)
    if not is_payer(request.actor, whole.bill):
        raise NoSuchBill
    refused: ShuzhengError | None = None
    if request.method == "POST":
        try:
            ApplyForRefund.do(request.actor, {"bill_id": bill_id, **_given(request)})
            messages.success(request, _("退款申请已提交。经办人会核对并答复，结果会发消息告诉您。"))
            return redirect("citizen:bill", bill_id=bill_id)
        except BillNotOpen:
            return redirect("citizen:bill", bill_id=bill_id)
        except ShuzhengError as error:
            refused = error
    most = refundable(whole)
    if not most:
        return redirect("citizen:bill", bill_id=bill_id)
    problems = refused.errors if isinstance(refused, InvalidInput) else ()
    names = dict(Refund.Reason.choices)
    context: dict[str, Any] = {
        "bill": whole.bill,
        "most": most,
        "typed": request.POST or {"amount": yuan(most).replace(",", "")},
        "reasons": [(code, names[code]) for code in REASONS],
        "refused": refused,
        "errors": {problem.path: problem.message for problem in problems},
        "crumbs": [
            (_("我的缴费"), reverse("citizen:bills")),
            (whole.bill.title, reverse("citizen:bill", args=[bill_id])),
            (_("申请退款"), ""),
        ],
    }
    return render(request, "citizen/bills/refund.html", context, status=refused.status if refused else 200)


def _given(request: Request) -> dict[str, Any]:
    """Return what was typed. Raises InvalidInput for an amount that is none."""
    amount = amount_in_fen(request.POST.get("amount", ""))
    return {
        "amount": amount,
        "reason": request.POST.get("reason", ""),
        "note": request.POST.get("note", "").strip()[:500],
    }


@require_GET
@access(PUBLIC)
@never_cache
def verify(request: Request) -> HttpResponse:
    """Say how a receipt stands to whoever has its three numbers; nothing of who paid is shown."""
    typed = {name: request.GET.get(name, "").strip()[:20] for name in ("code", "number", "check_code")}
    context: dict[str, Any] = {"typed": typed}
    status = 200
    if all(typed.values()):
        try:
            context["found"] = verify_receipt(**typed, address=request.META.get("REMOTE_ADDR", ""))
        except ShuzhengError as refused:
            context["refused"], status = refused, refused.status
    elif any(typed.values()):
        context["missing"] = True
    return render(request, "citizen/bills/verify.html", context, status=status)
