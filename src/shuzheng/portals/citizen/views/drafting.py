"""What the pages of an application share: opening a draft, saying that it is saved, checking it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuzheng.engines.forms.errors import NoDraft
from shuzheng.engines.forms.models import Draft
from shuzheng.kernel.error import FieldProblem, InvalidInput
from shuzheng.kernel.http import Request
from shuzheng.portals.citizen.application import Application, filed_from, open_application
from shuzheng.portals.citizen.steps import STEPS
from shuzheng.ui import preference


def opened(request: Request, draft_id: UUID) -> Application | HttpResponse:
    """Return the application, or lead to the case that it has become. Raises NoDraft."""
    try:
        return open_application(request.actor, draft_id, elder=preference.elder(request))
    except NoDraft:
        case = filed_from(request.actor, draft_id)
        if case is None:
            raise
        messages.info(request, _("这份申请已经提交，没有重复提交。"))
        return redirect("citizen:receipt", case_id=case.pk)


def frame(application: Application, step: int) -> dict[str, Any]:
    """Return what every page of an application shows."""
    return {"item": application.item, "draft": application.draft, "stages": STEPS, "step": step}


def revision_of(request: Request) -> int | None:
    """Return the revision of the draft that the page was made from, if the page tells one."""
    written = request.POST.get("revision", "")
    return int(written) if written.isdecimal() and len(written) < 9 else None


def problems_of(application: Application) -> InvalidInput | None:
    """Return what is still wrong with the answers, or ``None``."""
    try:
        application.answers()
    except InvalidInput as problems:
        return problems
    return None


def missing(application: Application) -> tuple[FieldProblem, ...]:
    """Return the materials that are still missing."""
    try:
        application.require_materials()
    except InvalidInput as problems:
        return problems.errors
    return ()


def form_checked(application: Application) -> str:
    """Return the address of the form with its problems shown."""
    return reverse("citizen:form", args=[application.draft.pk]) + "?check=1"


def saved(request: Request, application: Application) -> HttpResponse:
    """Say that it is saved: in place while typing, else on the list of drafts."""
    if request.headers.get("HX-Request"):
        return render(request, "citizen/apply/_saved.html", frame(application, 2))
    messages.success(request, _("已保存。可以在任何设备上登录后，从“未提交的申请”继续填写。"))
    return redirect("citizen:drafts")


def to_copy(request: Request, draft: Draft) -> HttpResponse:
    """Go on with the copy that was saved beside the draft, and say so."""
    messages.warning(
        request,
        _(
            "这份申请刚才在另一个页面或设备上也改过。两份都保留了，您现在填的是后一份；请在“未提交的申请”里删去不要的那份。"
        ),
    )
    target = reverse("citizen:form", args=[draft.pk])
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": target})
    return redirect(target)
