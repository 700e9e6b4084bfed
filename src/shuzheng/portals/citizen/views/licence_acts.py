"""What the holder does with a licence: print a copy, let others use it, take that back, report it lost."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shuzheng.engines.documents.credentials import facing, queries
from shuzheng.engines.documents.credentials.actions import AuthoriseUse, PrintCredential, ReportLoss, RevokeUse
from shuzheng.engines.documents.credentials.identifier import written_code
from shuzheng.engines.identity.queries import units_in
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.views.licences import crumbs

#: For how long, in hours.
PERIODS = [
    (1, gettext_lazy("1 小时")),
    (24, gettext_lazy("1 天")),
    (24 * 7, gettext_lazy("7 天")),
    (24 * 30, gettext_lazy("30 天")),
]
TIMES = [(1, "1"), (3, "3"), (10, "10")]


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
@never_cache
def copy(request: Request, licence_id: UUID) -> HttpResponse:
    """Ask what a copy is for, then send it, marked so that it serves for nothing else."""
    found = queries.my_credential(licence_id, request.actor)
    errors: dict[str, str] = {}
    if request.method == "POST":
        purpose = request.POST.get("purpose", "").strip()
        try:
            use = PrintCredential.do(request.actor, credential_id=found.pk, purpose=purpose)
            note = _("复印件 {who} {day} 仅用于{purpose}").format(
                who=request.actor.name, day=f"{today():%Y-%m-%d}", purpose=use.purpose
            )
            return _pdf(facing.print_copy(found, note), f"{found.title}-{_('复印件')}.pdf")
        except ShuzhengError as refused:
            errors = _errors(refused, "purpose")
    return _form(request, "copy", found, _("打印复印件"), errors)


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
@never_cache
def authorise(request: Request, licence_id: UUID) -> HttpResponse:
    """Let somebody use a licence: to whom, for what, how long, how often."""
    found = queries.my_credential(licence_id, request.actor)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            given = AuthoriseUse.do(request.actor, _given(request.POST, found.pk))
            message = _("已授权。请把授权码 {code} 告诉对方，对方凭码使用。").format(code=written_code(given.code))
            messages.success(request, message)
            return redirect("citizen:licence", found.pk)
        except ShuzhengError as refused:
            errors = _errors(refused, "recipient")
    units = units_in(str(found.unit.division_path))[:30]
    more = {"units": [(unit.pk, unit.name) for unit in units], "periods": PERIODS, "times": TIMES}
    return _form(request, "authorise", found, _("授权他人使用"), errors, **more)


@require_POST
@access(SIGNED_IN)
def withdraw(request: Request, licence_id: UUID) -> HttpResponse:
    """Take an authorisation back."""
    RevokeUse.do(request.actor, credential_id=licence_id, authorisation_id=request.POST.get("authorisation_id", ""))
    messages.success(request, _("已收回授权，对方不能再使用。"))
    return redirect(reverse("citizen:licence", args=[licence_id]) + "#authorisations")


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
@never_cache
def loss(request: Request, licence_id: UUID) -> HttpResponse:
    """Report a licence lost or misused; nobody can rely on it from then on."""
    found = queries.my_credential(licence_id, request.actor)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            ReportLoss.do(request.actor, credential_id=found.pk, reason=request.POST.get("reason", ""))
            messages.success(request, _("已挂失，证照中止使用。找到后或要补领，请联系发证机关。"))
            return redirect("citizen:licence", found.pk)
        except ShuzhengError as refused:
            errors = _errors(refused, "reason")
    return _form(request, "loss", found, _("挂失"), errors)


def _form(request: Request, name: str, found: Any, title: str, errors: dict[str, str], **context: Any) -> HttpResponse:
    way = [*crumbs(found)[:-1], (found.title, reverse("citizen:licence", args=[found.pk])), (title, "")]
    told = {"found": found, "title": title, "crumbs": way, "typed": request.POST, "errors": errors}
    summary = list(errors.items())
    status = 422 if errors else 200
    return render(request, f"citizen/licences/{name}.html", {**told, "summary": summary, **context}, status=status)


def _given(post: QueryDict, licence_id: UUID) -> dict[str, Any]:
    typed = {name: post.get(name, "").strip() for name in ("unit_id", "recipient", "purpose", "hours", "most_uses")}
    return {"credential_id": licence_id, **{name: text for name, text in typed.items() if text}}


def _errors(refused: ShuzhengError, usual: str) -> dict[str, str]:
    """Return what is wrong by field; what concerns none stands at the usual one."""
    if isinstance(refused, InvalidInput) and refused.errors:
        return {problem.path.partition(".")[0]: str(problem.message) for problem in refused.errors}
    return {usual: str(refused)}


def _pdf(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
