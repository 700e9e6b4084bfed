"""Looking an application over and sending it, once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.engines.forms import engine
from shuzheng.engines.vocabulary.queries import full_name
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.application import Application
from shuzheng.portals.citizen.service_choice import agree, chosen, offered
from shuzheng.portals.citizen.views.drafting import form_checked, frame, missing, opened, revision_of


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def review(request: Request, draft_id: UUID) -> HttpResponse:
    """Show everything once more, take the commitment to truth, and file."""
    application = opened(request, draft_id)
    if isinstance(application, HttpResponse):
        return application
    try:
        answers = application.answers()
    except InvalidInput:
        return redirect(form_checked(application))
    if missing(application):
        return redirect(reverse("citizen:materials", args=[draft_id]) + "?check=1")
    if request.method == "GET":
        return _show_review(request, application, answers)
    if revision_of(request) != application.draft.revision:
        changed = _("这份申请刚才在另一个页面改过，还没有提交。下面是最新的内容，请重新核对。")
        return _show_review(request, application, answers, alert=changed, status=409)
    errors = _unconfirmed(request, application)
    if errors:
        return _show_review(request, application, answers, errors=errors, status=422)
    service = chosen(request.POST)
    try:
        case = application.submit(service)
        agree(request.actor, case.applicant, service)
    except ShuzhengError as refused:
        return _show_review(request, application, answers, alert=refused.words, status=refused.status)
    return redirect("citizen:receipt", case_id=case.pk)


def _show_review(
    request: Request,
    application: Application,
    answers: engine.Answers,
    *,
    alert: str = "",
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    wanted = application.wanted()
    given = {entry.code: entry for entry in application.handed_in(wanted)}
    held, told = application.licences(wanted), errors or {}
    agreed = {code: held[code] for code, entry in given.items() if entry.way == "licence"}
    context = {
        **frame(application, 4),
        "groups": engine.review(application.form, answers, audience="elder" if application.elder else "resident"),
        "change_url": reverse("citizen:form", args=[application.draft.pk]),
        "materials": [
            {"material": m, "given": given.get(m.code), "free": "shared" in m.sources, "licence": agreed.get(m.code)}
            for m in wanted
        ],
        "agrees": bool(agreed),
        "place": full_name(application.division),
        "party": request.actor.party,
        "service": _service(request),
        "alert": alert,
        "error": told.get("truth", ""),
        "consent_error": told.get("licences", ""),
        "errors": list(told.items()),
    }
    return render(request, "citizen/apply/review.html", context, status=status)


def _unconfirmed(request: Request, application: Application) -> dict[str, str]:
    """Return which of the boxes that must be ticked is not: that all is true, that licences may be used."""
    uses = any(entry.way == "licence" for entry in application.handed_in(application.wanted()))
    found = {}
    if request.POST.get("truth") != "1":
        found["truth"] = _("请先阅读并勾选承诺。")
    if uses and request.POST.get("licences") != "1":
        found["licences"] = _("请勾选同意使用电子证照；不同意的，回上一步改为自己上传。")
    return found


def _service(request: Request) -> dict[str, Any]:
    """Return the choice of how letters are served, as it stands on the page."""
    actor, typed = request.actor, request.POST if request.method == "POST" else None
    return offered(actor, actor.party, typed) if actor.party else {}
