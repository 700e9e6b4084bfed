"""Existing licences from a table: the template, a rehearsal, handing it in, what was handed in and its undoing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.documents.credentials import desk_queries
from shuzheng.engines.documents.credentials.actions import ImportCredentials, UndoImport
from shuzheng.engines.documents.credentials.importing import columns_of, read_file, rows_of
from shuzheng.engines.documents.credentials.models import CredentialBatch
from shuzheng.engines.documents.credentials.policies import ISSUE
from shuzheng.engines.documents.credentials.types import KIND, CredentialType
from shuzheng.engines.identity.queries import units
from shuzheng.kernel.definition import get, listing
from shuzheng.kernel.error import FieldProblem, InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.spreadsheet import csv_file
from shuzheng.portals.office.views.licences import tabs_of
from shuzheng.portals.office.views.licensing import told

#: Rows of the list of problems that a page shows; the rest is in the file that can be downloaded by trying again.
SHOWN = 200


@access(ISSUE)
@never_cache
@require_http_methods(["GET", "POST"])
def take_over(request: Request) -> HttpResponse:
    """Examine a table and, if asked to, hand what it holds to a second officer."""
    context: dict[str, Any] = {
        "units": [(unit.pk, unit.name) for unit in units(request.actor.unit_ids).values()],
        "types": _types(request),
        "own": request.actor.unit_ids,
        "typed": request.POST,
        "tab": "licence-import",
        "tabs": tabs_of(request.actor),
        "batches": desk_queries.batches(request.actor, request.GET.get("after")),
    }
    if request.method == "POST":
        try:
            found = ImportCredentials.do(request.actor, _given(request))
        except ShuzhengError as refused:
            context["refused"] = told(refused)
        else:
            if found.batch_id is not None:
                done = _("已提交 {n} 份证照，{left} 行没有提交。由本单位另一位工作人员复核后登记。")
                messages.success(request, done.format(n=found.waiting, left=len(found.problems)))
                return redirect("office:licence-import")
            context |= {"found": found, "problems": found.problems[:SHOWN], "bad": len(found.problems)}
    return render(request, "office/licences/import.html", context, status=422 if "refused" in context else 200)


@access(ISSUE)
@require_GET
def template(request: Request, code: str) -> HttpResponse:
    """Send an empty table with the columns of a type. Raises NoDefinition."""
    type: CredentialType = get(KIND, code).body
    return csv_file(f"{type.title}-{_('存量导入')}.csv", [column.title for column in columns_of(type)], [])


@access(ISSUE)
@require_POST
def undo(request: Request, batch_id: UUID) -> HttpResponse:
    """Take an import back."""
    try:
        batch = UndoImport.do(request.actor, batch_id=batch_id, reason=request.POST.get("reason", "").strip())
    except ShuzhengError as refused:
        messages.error(request, told(refused))
    else:
        messages.success(request, _undone(batch))
    return redirect("office:licence-import")


def _undone(batch: CredentialBatch) -> str:
    if batch.confirmed_at is None:
        return _("已撤回，没有登记任何证照。")
    done = _("已撤销：删除 {gone} 份，{kept} 份已有人使用或变更过，保留。")
    return done.format(gone=batch.registered - batch.kept, kept=batch.kept)


def _types(request: Request) -> list[tuple[str, str]]:
    """Return the types that a unit of the official issues."""
    kinds = {unit.kind for unit in units(request.actor.unit_ids).values()}
    return [(stored.key, stored.title) for stored in listing(KIND) if kinds & set(stored.body.issuers)]


def _given(request: Request) -> dict[str, Any]:
    upload = request.FILES.get("file")
    if upload is None:
        raise InvalidInput(FieldProblem("file", _("请选择要导入的表格。")))
    return {
        "credential_type": request.POST.get("credential_type", ""),
        "unit_id": request.POST.get("unit_id", ""),
        "name": (upload.name or "table")[:200],
        "rows": rows_of(read_file(upload, upload.size or 0)),
        "dry_run": request.POST.get("_do") != "enter",
        "leave_out_bad": request.POST.get("leave_out_bad") == "1",
    }
