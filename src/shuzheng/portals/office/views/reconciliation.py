"""Reconciliation and the books: days, differences settled by a person, trial balance."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.payment import queries, reconciling, sheets
from shuzheng.engines.payment.actions.settling import ClaimDiscrepancy, ConfirmWriteOff, ResolveDiscrepancy
from shuzheng.engines.payment.gateways import channels
from shuzheng.engines.payment.models import Discrepancy, LedgerAccount, Statement
from shuzheng.engines.payment.policies import READ, RECONCILE
from shuzheng.kernel.audit import Entry, record
from shuzheng.kernel.error import NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today
from shuzheng.kernel.spreadsheet import csv_file

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
        "me": request.actor.account_id,
    }
    return render(request, "office/money/day.html", context)


@require_GET
@access(RECONCILE)
def export(request: Request, statement_id: UUID) -> HttpResponse:
    """Send a day's differences as CSV; that it was taken away is recorded."""
    statement = queries.statement(statement_id)
    rows = list(sheets.rows(statement))
    _record(request, statement, "csv", len(rows))
    return csv_file(f"{statement.channel}-{statement.day}.csv", sheets.heading(), rows)


def _record(request: Request, statement: Statement, form: str, count: int) -> None:
    taken = Entry(kind="read", name="office.export_reconciliation", actor=request.actor)
    taken.subject_type, taken.subject_id = statement._meta.label_lower, str(statement.pk)
    taken.detail = {"form": form, "count": count}
    record(taken)


@require_GET
@access(RECONCILE)
def sheet(request: Request, statement_id: UUID, form: Literal["ofd", "pdf"]) -> HttpResponse:
    """Send a day as a document to keep; that it was taken away is recorded."""
    statement = queries.statement(statement_id)
    kind = {"ofd": "application/ofd", "pdf": "application/pdf"}[form]
    name = f"{statement.channel}-{statement.day}.{form}"
    content = sheets.rendered(statement, form)
    _record(request, statement, form, statement.discrepancies.count())
    return HttpResponse(content, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@require_POST
@access(RECONCILE)
def settle(request: Request, discrepancy_id: UUID, verb: str = "settle") -> HttpResponse:
    """Claim a difference, settle it as the person decides, or agree that it is written off."""
    try:
        messages.success(request, _VERBS[verb](request, discrepancy_id))
    except KeyError:
        raise NotFound from None
    except ShuzhengError as refused:
        messages.error(request, str(refused))
    found = Discrepancy.objects.filter(pk=discrepancy_id).values_list("statement_id", flat=True).first()
    return redirect("office:reconciliation-day", statement_id=found) if found else redirect("office:reconciliation")


def _settle(request: Request, discrepancy_id: UUID) -> str:
    given = {"resolution": request.POST.get("resolution", ""), "note": request.POST.get("note", "")}
    settled = ResolveDiscrepancy.do(request.actor, {"discrepancy_id": discrepancy_id, **given})
    proposed = settled.state == Discrepancy.State.PROPOSED
    return _("已提出核销，等待另一位同志复核。") if proposed else _("已处理并入账。")


def _claim(request: Request, discrepancy_id: UUID) -> str:
    claimed = ClaimDiscrepancy.do(request.actor, discrepancy_id=discrepancy_id)
    return _("已认领。") if claimed.claimer_id else _("已退回认领。")


def _confirm(request: Request, discrepancy_id: UUID) -> str:
    given: dict[str, Any] = {"approved": True, "note": request.POST.get("note", "")[:500]}
    ConfirmWriteOff.do(request.actor, {"discrepancy_id": discrepancy_id, **given})
    return _("已核销并入账。")


def _send_back(request: Request, discrepancy_id: UUID) -> str:
    given: dict[str, Any] = {"approved": False, "note": request.POST.get("note", "")[:500]}
    ConfirmWriteOff.do(request.actor, {"discrepancy_id": discrepancy_id, **given})
    return _("没有同意核销，差异重新待处理。")


_VERBS = {"settle": _settle, "claim": _claim, "confirm": _confirm, "send-back": _send_back}


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
