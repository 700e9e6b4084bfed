"""Reconciliation and the books: days, differences settled by a person, trial balance."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.payment import queries, reconciling
from shuzheng.engines.payment.actions.settling import ResolveDiscrepancy
from shuzheng.engines.payment.gateways import channels
from shuzheng.engines.payment.models import Discrepancy, LedgerAccount
from shuzheng.engines.payment.policies import READ, RECONCILE
from shuzheng.kernel.error import NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today

Resolution = Discrepancy.Resolution


@require_GET
@access(RECONCILE)
def days(request: Request) -> HttpResponse:
    """List the days, the latest first."""
    page = queries.statements(after=request.GET.get("after"))
    context = {"page": page, "channels": channels(), "yesterday": today() - timedelta(days=1)}
    return render(request, "office/money/days.html", context)


@require_POST
@access(RECONCILE)
def run(request: Request) -> HttpResponse:
    """Fetch and match a day now; again changes only what has changed."""
    day = _day(request.POST.get("day", ""))
    if day is None or day > today():
        messages.error(request, _("请选今天或以前的日期。"))
        return redirect("office:reconciliation")
    try:
        statement = reconciling.reconcile(request.POST.get("channel", ""), day, request.actor)
    except ShuzhengError as refused:
        messages.error(request, str(refused))
        return redirect("office:reconciliation")
    return redirect("office:reconciliation-day", statement_id=statement.pk)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


@require_GET
@access(RECONCILE)
def day(request: Request, statement_id: UUID) -> HttpResponse:
    """Show a day: what agrees, what does not, and how it was settled."""
    statement = queries.statement(statement_id)
    context = {
        "statement": statement,
        "differences": queries.discrepancies(statement),
        "resolutions": Resolution.choices,
    }
    return render(request, "office/money/day.html", context)


@require_POST
@access(RECONCILE)
def settle(request: Request, discrepancy_id: UUID) -> HttpResponse:
    """Settle a difference as the person decides."""
    given = {"resolution": request.POST.get("resolution", ""), "note": request.POST.get("note", "")}
    try:
        ResolveDiscrepancy.do(request.actor, {"discrepancy_id": discrepancy_id, **given})
        messages.success(request, _("已处理并入账。"))
    except ShuzhengError as refused:
        messages.error(request, str(refused))
    found = Discrepancy.objects.filter(pk=discrepancy_id).values_list("statement_id", flat=True).first()
    return redirect("office:reconciliation-day", statement_id=found) if found else redirect("office:reconciliation")


@require_GET
@access(READ)
def balance(request: Request) -> HttpResponse:
    """Show the trial balance of a day (试算平衡表)."""
    until = _day(request.GET.get("until", "")) or today()
    rows = queries.trial_balance(until)
    context = {
        "rows": rows,
        "until": until,
        "debits": sum(row.debits for row in rows),
        "credits": sum(row.credits for row in rows),
    }
    return render(request, "office/money/balance.html", context)


@require_GET
@access(READ)
def account(request: Request, code: str) -> HttpResponse:
    """Show the postings of one account."""
    found = LedgerAccount.objects.filter(pk=code).first()
    if found is None:
        raise NotFound
    page = queries.account_postings(code, after=request.GET.get("after"))
    context = {"account": found, "page": page, "balance": queries.balance(code)}
    return render(request, "office/money/account.html", context)
