"""Filling in the form of an application; saved before anything else, whatever happens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from shuzheng.engines.forms import engine
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.application import Application
from shuzheng.portals.citizen.views.drafting import frame, opened, problems_of, revision_of, saved, to_copy


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def form(request: Request, draft_id: UUID) -> HttpResponse:
    """Ask what government does not know; saved by itself while somebody types."""
    application = opened(request, draft_id)
    if isinstance(application, HttpResponse):
        return application
    if request.method == "POST":
        return _take_form(request, application)
    errors: InvalidInput | tuple[()] = ()
    if "check" in request.GET:
        errors = problems_of(application) or ()
    return _show_form(request, application, errors=errors)


def _take_form(request: Request, application: Application) -> HttpResponse:
    """Save what was entered, then do what the button asks."""
    held = {**application.known.values, **application.held}
    posted = engine.read_post(application.form, request.POST, held=held, files=request.FILES, actor=request.actor)
    before = application.draft.pk
    try:
        draft = application.save(revision_of(request), answers=posted.raw, reasons=posted.reasons)
    except ShuzhengError as refused:
        return _show_form(request, application, posted=posted, alert=refused)
    if draft.pk != before:
        return to_copy(request, draft)
    verb = request.POST.get("_do", "next")
    if verb == "save":
        return saved(request, application)
    if posted.command or posted.problems:
        return _show_form(request, application, posted=posted, errors=posted.problems)
    problems = problems_of(application)
    if problems:
        return _show_form(request, application, posted=posted, errors=problems)
    return redirect("citizen:materials", draft_id=draft.pk)


def _show_form(
    request: Request,
    application: Application,
    *,
    posted: engine.Posted | None = None,
    errors: Any = (),
    alert: ShuzhengError | None = None,
) -> HttpResponse:
    """Render the form, as a whole page or, for htmx, the part that changed."""
    bound = engine.bind(
        application.form,
        posted.raw if posted else application.held,
        application.context(posted),
        errors=errors,
        held=application.held,
        reasons=posted.reasons if posted else application.draft.reasons,
        render_url=reverse("citizen:form", args=[application.draft.pk]),
    )
    context = {**frame(application, 2), "form": bound, "alert": alert}
    partial = request.headers.get("HX-Request") and posted is not None and posted.command is not None
    template = "citizen/apply/_form.html" if partial else "citizen/apply/form.html"
    status = alert.status if alert else 422 if bound.errors and not partial else 200
    return render(request, template, context, status=status)
