"""One's own bills: the list, a bill, paying it, waiting for the channel, receipts."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.payment import paying, receipts
from shuzheng.engines.payment.actions.ordering import OpenOrder
from shuzheng.engines.payment.errors import BillNotOpen
from shuzheng.engines.payment.gateways import channels
from shuzheng.engines.payment.models import Bill, Order
from shuzheng.engines.payment.policies import is_payer
from shuzheng.engines.payment.queries import GROUPS, WholeBill, bill_for, own_bills, receipt_for, taken_back
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.pauses import pause_of
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.views.cases import picture
from shuzheng.portals.citizen.views.refunding import refundable

#: Seconds after which a page that waits looks again, and how often before it leaves that to the person.
PAUSE, LOOKS = 2, 20
State = Bill.State


@require_GET
@access(SIGNED_IN)
def bill_list(request: Request) -> HttpResponse:
    """List the bills of the party acted for, the latest first."""
    group = request.GET.get("show", "")
    group = group if group in GROUPS else ""
    page = own_bills(request.actor, group, after=request.GET.get("after"))
    titles = {"": _("全部"), "open": _("待缴款"), "paid": _("已缴款")}
    tabs = [{"key": key, "title": title, "url": f"?show={key}"} for key, title in titles.items()]
    return render(request, "citizen/bills/list.html", {"page": page, "tabs": tabs, "show": group})


@require_GET
@access(SIGNED_IN)
@never_cache
def bill(request: Request, bill_id: UUID) -> HttpResponse:
    """Show one bill: what for, why, on which ground, how much; what to do, what was done."""
    return _show(request, bill_for(request.actor, bill_id))


def _show(request: Request, whole: WholeBill, alert: ShuzhengError | None = None) -> HttpResponse:
    row = whole.bill
    mine = is_payer(request.actor, row)
    context: dict[str, Any] = {
        "whole": whole,
        "bill": row,
        "mine": mine,
        "alert": alert,
        "channels": channels() if mine and row.state == State.OPEN else [],
        "paused": pause_of(OpenOrder.name),
        "waiting": next((o for o in whole.orders if o.state == Order.State.PENDING), None),
        "refunds": whole.refunds,
        "refundable": refundable(whole) if mine else 0,
        "crumbs": [(_("首页"), reverse("citizen:home")), (_("我的缴费"), reverse("citizen:bills")), (row.title, "")],
    }
    return render(request, "citizen/bills/bill.html", context, status=alert.status if alert else 200)


@require_POST
@access(SIGNED_IN)
def pay(request: Request, bill_id: UUID) -> HttpResponse:
    """Open an order and send the payer to the channel; a second click leads to the same order."""
    whole = bill_for(request.actor, bill_id)
    try:
        back = request.build_absolute_uri(reverse("citizen:bill-return", args=[bill_id]))
        order = paying.start(request.actor, bill_id, request.POST.get("channel", ""), return_url=back)
    except BillNotOpen:
        messages.info(request, _("这张缴款书不用再缴。"))
        return redirect("citizen:bill", bill_id=bill_id)
    except ShuzhengError as trouble:
        return _show(request, whole, trouble)
    if order.pay_url.startswith(("http://", "https://")):
        return _leave(request, whole.bill, order)
    context = {"bill": whole.bill, "order": order, "picture": picture(order.pay_url), "pause": PAUSE}
    return render(request, "citizen/bills/scan.html", context)


def _leave(request: Request, bill: Bill, order: Order) -> HttpResponse:
    """Lead to the channel's page; by a page of ours, since our policy lets no form lead to another site."""
    page = render(request, "citizen/bills/leave.html", {"bill": bill, "order": order})
    page["Refresh"] = f"0;url={order.pay_url}"
    return page


@require_GET
@access(SIGNED_IN)
@never_cache
def come_back(request: Request, bill_id: UUID) -> HttpResponse:
    """Wait honestly after paying: ask the channel, say what is known, and never say paid before it is."""
    whole = bill_for(request.actor, bill_id)
    waiting = [order for order in whole.orders if order.state == Order.State.PENDING]
    if whole.bill.state == State.OPEN and waiting:
        paying.ask(waiting[-1])
        whole = bill_for(request.actor, bill_id)
    looked = request.GET.get("looked", "0")
    times = min(int(looked), LOOKS) if looked.isdigit() and len(looked) < 4 else 0
    context = {
        "bill": whole.bill,
        "waiting": whole.bill.state == State.OPEN,
        "again": times + 1 if times < LOOKS else None,
        "pause": PAUSE,
    }
    partial = request.headers.get("HX-Request")
    return render(request, "citizen/bills/_waiting.html" if partial else "citizen/bills/return.html", context)


@require_GET
@access(SIGNED_IN)
def receipt(request: Request, receipt_id: UUID) -> HttpResponse:
    """Show a receipt as a page that prints."""
    found = receipt_for(request.actor, receipt_id)
    context = {
        "receipt": found,
        "bill": found.bill,
        "taken_back": 0 if found.is_red else taken_back(found),
        "lines": found.bill.lines.order_by("sequence"),
        "crumbs": [
            (_("我的缴费"), reverse("citizen:bills")),
            (found.bill.title, reverse("citizen:bill", args=[found.bill.pk])),
            (_("电子票据"), ""),
        ],
    }
    return render(request, "citizen/bills/receipt.html", context)


@require_GET
@access(SIGNED_IN)
def receipt_file(request: Request, receipt_id: UUID, form: Literal["ofd", "pdf"]) -> HttpResponse:
    """Send a receipt as OFD or PDF."""
    found = receipt_for(request.actor, receipt_id)
    content = receipts.rendered(found, form)
    kind = {"ofd": "application/ofd", "pdf": "application/pdf"}[form]
    name = f"{found.code}-{found.number}.{form}"
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
