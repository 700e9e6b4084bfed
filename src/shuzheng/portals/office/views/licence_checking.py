"""The second officer's look at tables of existing licences: which wait, one's rows, confirming it and returning it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.documents.credentials import reviewing
from shuzheng.engines.documents.credentials.actions import ConfirmImport, ReturnImport
from shuzheng.engines.documents.credentials.policies import DECIDE
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.portals.office.views.licences import tabs_of
from shuzheng.portals.office.views.licensing import told

TAB = "licence-checks"


@access(DECIDE)
@never_cache
@require_GET
def waiting(request: Request) -> HttpResponse:
    """List the tables of one's units that wait for a second officer."""
    found = reviewing.waiting_batches(request.actor, request.GET.get("after"))
    return render(request, "office/licences/checks.html", {**_head(request), "batches": found})


@access(DECIDE)
@never_cache
@require_GET
def table(request: Request, batch_id: UUID) -> HttpResponse:
    """Show a part of a table that waits, people masked; that they were read is recorded."""
    return _shown(request, batch_id)


@access(DECIDE)
@require_POST
def decide(request: Request, batch_id: UUID) -> HttpResponse:
    """Confirm a table, or return it with the reason."""
    try:
        if request.POST.get("_do") == "confirm":
            batch = ConfirmImport.do(request.actor, batch_id=batch_id)
            done = _("已复核，登记了 {n} 份证照。").format(n=batch.registered)
        else:
            ReturnImport.do(request.actor, batch_id=batch_id, reason=request.POST.get("reason", "").strip())
            done = _("已退回经办人，没有登记任何证照。")
    except ShuzhengError as refused:
        return _shown(request, batch_id, refused=told(refused))
    messages.success(request, done)
    return redirect(f"office:{TAB}")


def _shown(request: Request, batch_id: UUID, **more: Any) -> HttpResponse:
    start = request.GET.get("from", "")
    sheet = reviewing.sheet(request.actor, batch_id, int(start) if start.isdecimal() and len(start) < 6 else 0)
    context = {**_head(request), "sheet": sheet, "typed": request.POST, **more}
    return render(request, "office/licences/check.html", context, status=422 if more else 200)


def _head(request: Request) -> dict[str, Any]:
    return {"tab": TAB, "tabs": tabs_of(request.actor)}
