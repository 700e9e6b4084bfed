"""Bills and refunds of an office: found, opened, reduced, cancelled, refunded by two people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.payment import queries
from shuzheng.engines.payment.actions.bills import CancelBill, ExemptLine
from shuzheng.engines.payment.actions.due import ExtendBill
from shuzheng.engines.payment.actions.refund_requests import RequestRefund
from shuzheng.engines.payment.actions.refunds import DecideRefund, RetryRefund
from shuzheng.engines.payment.definitions import Charge
from shuzheng.engines.payment.models import Bill, Refund
from shuzheng.engines.payment.money import amount_in_fen, yuan
from shuzheng.engines.payment.policies import APPROVE_REFUND, MANAGE, READ, REQUEST_REFUND
from shuzheng.engines.trust.audit import PERSON, record_read
from shuzheng.kernel import definition
from shuzheng.kernel.audit import Entry, record
from shuzheng.kernel.error import NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import local
from shuzheng.kernel.policy import may
from shuzheng.kernel.spreadsheet import csv_file
from shuzheng.portals.office.rows import masked_applicant

#: Rows that one export takes away at most.
MOST = 5000
#: What lists are cut by: the states, and what is overdue.
STATES: dict[str, Any] = {"overdue": gettext_lazy("已逾期"), **dict(Bill.State.choices)}
COLUMNS = ("缴款码", "事由", "办件编号", "缴款人", "金额（元）", "已退付（元）", "状态", "开单时间", "缴款时间")


@require_GET
@access(READ)
def bills(request: Request) -> HttpResponse:
    """Search the bills of one's division."""
    text, state = request.GET.get("q", "").strip()[:200], request.GET.get("state", "")
    state = state if state in STATES else ""
    page = queries.office_bills(request.actor, text, state, after=request.GET.get("after"))
    rows = [(row, masked_applicant(row.payer_name, row.payer_kind)) for row in page.items]
    context = {"page": page, "rows": rows, "q": text, "state": state, "states": STATES.items(), "most": MOST}
    return render(request, "office/money/bills.html", context)


@require_GET
@access(READ)
def export(request: Request) -> HttpResponse:
    """Send the bills found as CSV, payers masked; that they were taken away is recorded."""
    text, state = request.GET.get("q", "").strip()[:200], request.GET.get("state", "")
    found = queries.office_bill_rows(request.actor, text, state if state in STATES else "")
    rows = [_exported(row) for row in found.order_by("-raised_at", "-id")[:MOST]]
    record(Entry(kind="read", name="office.export_bills", actor=request.actor, detail={"count": len(rows)}))
    return csv_file("bills.csv", COLUMNS, rows)


def _exported(row: Bill) -> list[str]:
    times = [f"{local(at):%Y-%m-%d %H:%M}" if at else "" for at in (row.raised_at, row.paid_at)]
    payer = masked_applicant(row.payer_name, row.payer_kind)
    amounts = [yuan(row.amount).replace(",", ""), yuan(row.refunded).replace(",", "")]
    return [row.number, row.title, row.case_number, payer, *amounts, str(row.get_state_display()), *times]


@require_GET
@access(READ)
def bill(request: Request, bill_id: UUID) -> HttpResponse:
    """Show one bill with its orders, entries, refunds and receipts."""
    whole = queries.bill_for(request.actor, bill_id)
    row, path = whole.bill, str(whole.bill.division_path)
    if row.payer_kind == "person":
        record_read(
            request.actor, _("核对缴款"), PERSON, row.payer_id, ["person-name"], row.case_id, name="office.bill"
        )
    context: dict[str, Any] = {
        "whole": whole,
        "bill": row,
        "entries": queries.entries_of(bill_id),
        "may_manage": row.state == Bill.State.OPEN and may(request.actor, MANAGE, path),
        "may_refund": row.kept > 0 and may(request.actor, REQUEST_REFUND, path),
        "reasons": [(code, title) for code, title in Refund.Reason.choices if code not in ("late", "unknown")],
        "grounds": [(line, _grounds(line.code)) for line in whole.lines] if row.state == Bill.State.OPEN else [],
    }
    return render(request, "office/money/bill.html", context)


def _grounds(code: str) -> list[Any]:
    """Return the grounds on which a charge may be reduced."""
    try:
        charge: Charge = definition.get("charge", code).body
    except NotFound:
        return []
    return charge.exemptions


@require_POST
@access(READ)
def change(request: Request, bill_id: UUID, verb: str) -> HttpResponse:
    """Cancel, reduce, or ask for a refund."""
    try:
        messages.success(request, _VERBS[verb](request, bill_id))
    except KeyError:
        raise NotFound from None
    except ShuzhengError as refused:
        messages.error(request, str(refused))
    return redirect("office:bill", bill_id=bill_id)


def _cancel(request: Request, bill_id: UUID) -> str:
    CancelBill.do(request.actor, bill_id=bill_id, reason=request.POST.get("reason", ""))
    return _("已取消。之后到账的钱会转为退付申请。")


def _exempt(request: Request, bill_id: UUID) -> str:
    given = {name: request.POST.get(name, "") for name in ("line_id", "ground", "document")}
    ExemptLine.do(request.actor, {"bill_id": bill_id, **given})
    return _("已减免。")


def _refund(request: Request, bill_id: UUID) -> str:
    amount = request.POST.get("amount", "").strip()
    given: dict[str, Any] = {"amount": amount_in_fen(amount)} if amount else {}
    RequestRefund.do(
        request.actor,
        {
            "bill_id": bill_id,
            "reason": request.POST.get("reason", "overpaid"),
            "note": request.POST.get("note", "")[:500],
            **given,
        },
    )
    return _("已提交退付申请，等待另一位同志审批。")


def _extend(request: Request, bill_id: UUID) -> str:
    given = {name: request.POST.get(name, "") for name in ("due_on", "reason")}
    ExtendBill.do(request.actor, {"bill_id": bill_id, **given})
    return _("已延期，到期前会再提醒缴款人。")


_VERBS = {"cancel": _cancel, "exempt": _exempt, "extend": _extend, "refund": _refund}


@require_GET
@access(READ)
def refunds(request: Request) -> HttpResponse:
    """List refunds, those that wait for somebody first."""
    state = request.GET.get("show", "requested")
    state = state if state in (*Refund.State, "all") else "requested"
    page = queries.refunds(request.actor, "" if state == "all" else state, after=request.GET.get("after"))
    shown = (Refund.State.REQUESTED, Refund.State.SECOND, Refund.State.APPROVED, Refund.State.FAILED, Refund.State.DONE)
    tabs = [{"key": s.value, "title": s.label, "url": f"?show={s.value}"} for s in shown]
    tabs.append({"key": "all", "title": _("全部"), "url": "?show=all"})
    rows = [(row, masked_applicant(row.bill.payer_name, row.bill.payer_kind)) for row in page.items]
    context = {"page": page, "rows": rows, "tabs": tabs, "show": state, "me": request.actor.account_id}
    context["may_decide"] = may(request.actor, APPROVE_REFUND)
    return render(request, "office/money/refunds.html", context)


@require_POST
@access(APPROVE_REFUND)
def decide(request: Request, refund_id: UUID, verb: str) -> HttpResponse:
    """Approve, decline, or send again."""
    if verb not in ("approve", "decline", "retry"):
        raise NotFound
    action = RetryRefund if verb == "retry" else DecideRefund
    try:
        decided = action.do(
            request.actor, refund_id=refund_id, approved=verb != "decline", note=request.POST.get("note", "")[:500]
        )
        messages.success(request, _TOLD[decided.state])
    except ShuzhengError as refused:
        messages.error(request, str(refused))
    return redirect("office:refunds")


#: What is said after a decision, by the state that the refund is in then.
_TOLD = {
    Refund.State.DECLINED: gettext_lazy("已记为不同意，并告知缴款人。"),
    Refund.State.SECOND: gettext_lazy("已同意。金额较大，还要另一位同志审批后才退款。"),
    Refund.State.APPROVED: gettext_lazy("已同意，正在按原路退款。"),
}
