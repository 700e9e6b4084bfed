"""Payouts: a list made, checked and released by three people, with the result of every line."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.identity.queries import units
from shuzheng.engines.payment import queries
from shuzheng.engines.payment.actions.payouts import CheckBatch, MakeBatch, ReleaseBatch, ReturnBatch
from shuzheng.engines.payment.actions.transferring import RetryFailedLines, ReturnFailedLines
from shuzheng.engines.payment.errors import BatchInvalid
from shuzheng.engines.payment.gateways import channels
from shuzheng.engines.payment.models import PayoutBatch, PayoutLine
from shuzheng.engines.payment.money import yuan
from shuzheng.engines.payment.payee_list import text_of
from shuzheng.engines.payment.policies import CHECK_PAYOUT, MAKE_PAYOUT, RELEASE_PAYOUT
from shuzheng.engines.trust.masking import mask
from shuzheng.kernel.action import Action
from shuzheng.kernel.audit import Entry, record
from shuzheng.kernel.error import FieldProblem, InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import OFFICER, may
from shuzheng.kernel.spreadsheet import csv_file

State = PayoutBatch.State
VERBS: dict[str, type[Action[Any, Any]]] = {
    "check": CheckBatch, "return": ReturnBatch, "release": ReleaseBatch, "retry": RetryFailedLines,
    "leave": ReturnFailedLines,
}  # fmt: skip
#: A list that is larger is not read.
LARGEST = 2_000_000


@require_GET
@access(OFFICER)
def payouts(request: Request) -> HttpResponse:
    """List the batches of one's division, the latest first."""
    page = queries.batches(request.actor, after=request.GET.get("after"))
    return render(request, "office/money/payouts.html", {"page": page, "may_make": may(request.actor, MAKE_PAYOUT)})


@require_http_methods(["GET", "POST"])
@access(MAKE_PAYOUT)
def new(request: Request) -> HttpResponse:
    """Take a list; every bad row is named, and nothing is kept of a list that has one."""
    refused: ShuzhengError | None = None
    if request.method == "POST":
        try:
            batch = MakeBatch.do(request.actor, _given(request))
        except ShuzhengError as error:
            refused = error
        else:
            messages.success(request, _("已制单，等待复核。"))
            return redirect("office:payout", batch_id=batch.pk)
    context = {
        "typed": request.POST,
        "refused": refused,
        "problems": refused.errors if isinstance(refused, InvalidInput) else (),
        "channels": [(channel.name, channel.title) for channel in channels()],
    }
    return render(request, "office/money/payout_new.html", context, status=refused.status if refused else 200)


def _given(request: Request) -> dict[str, Any]:
    own = next(iter(units(request.actor.unit_ids).values()), None)
    upload = request.FILES.get("file")
    rows = request.POST.get("rows", "")
    if upload is not None:
        if (upload.size or 0) > LARGEST:
            raise BatchInvalid(FieldProblem("file", _("文件超过 2 MB。名单多的，请分成几批。")))
        rows = text_of(upload.read())
    given = {name: request.POST.get(name, "") for name in ("programme", "title", "channel")}
    return {**given, "rows": rows, "division_code": own.division_code if own else ""}


@require_GET
@access(OFFICER)
def batch(request: Request, batch_id: UUID) -> HttpResponse:
    """Show a batch: who did what, how much of it arrived, each line."""
    found = queries.batch_for(request.actor, batch_id)
    state = request.GET.get("state", "")
    state = state if state in PayoutLine.State else ""
    path, me = str(found.division_path), request.actor.account_id
    other = me not in (found.maker_id, found.checker_id)
    sums = queries.payout_sums(found)
    context = {
        "batch": found,
        "page": queries.payout_lines(found, state, after=request.GET.get("after")),
        "sums": [(label, *sums.get(value, (0, 0)), value) for value, label in PayoutLine.State.choices],
        "state": state,
        "may_check": other and found.state == State.MADE and may(request.actor, CHECK_PAYOUT, path),
        "may_release": other and found.state == State.CHECKED and may(request.actor, RELEASE_PAYOUT, path),
        "may_retry": other
        and found.state == State.DONE
        and "failed" in sums
        and may(request.actor, RELEASE_PAYOUT, path),
        "waits_for_another": not other and found.state in (State.MADE, State.CHECKED),
    }
    return render(request, "office/money/payout.html", context)


@require_GET
@access(OFFICER)
def export(request: Request, batch_id: UUID) -> HttpResponse:
    """Send what became of each line as CSV, payees masked; the place in the list says who it is to whoever made it.

    That it was taken away is recorded.
    """
    found = queries.batch_for(request.actor, batch_id)
    state = request.GET.get("state", "")
    lines = queries.payout_rows(found, state if state in PayoutLine.State else "").order_by("sequence")
    rows = [_exported(line) for line in lines.iterator(1000)]
    taken = Entry(kind="read", name="office.export_payouts", actor=request.actor, division=str(found.division_path))
    taken.subject_type, taken.subject_id, taken.detail = found._meta.label_lower, str(found.pk), {"count": len(rows)}
    record(taken)
    return csv_file("payouts.csv", [_("序号"), _("收款人"), _("金额（元）"), _("状态"), _("结果")], rows)


def _exported(line: PayoutLine) -> list[Any]:
    amount, result = yuan(line.amount).replace(",", ""), line.failure or line.channel_number
    return [line.sequence, mask(line.payee_name, "person_name"), amount, line.get_state_display(), result]


@require_POST
@access(OFFICER)
def change(request: Request, batch_id: UUID, verb: str) -> HttpResponse:
    """Check, return, release, or send failed lines again."""
    if verb not in VERBS:
        raise NotFound
    try:
        VERBS[verb].do(request.actor, batch_id=batch_id, note=request.POST.get("note", "")[:500])
        messages.success(request, _("已办理。"))
    except ShuzhengError as refused:
        messages.error(request, str(refused))
    return redirect("office:payout", batch_id=batch_id)
