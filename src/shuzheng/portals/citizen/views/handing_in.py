"""Handing in the materials of an application."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from shuzheng.engines.documents.queries import owned
from shuzheng.engines.documents.receiving import receive
from shuzheng.kernel.error import FieldProblem, InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.application import Application
from shuzheng.portals.citizen.views.drafting import form_checked, frame, missing, opened, revision_of, saved, to_copy

#: Most files for one material.
MOST_FILES = 20


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def materials(request: Request, draft_id: UUID) -> HttpResponse:
    """Take the materials that nobody can spare the person."""
    application = opened(request, draft_id)
    if isinstance(application, HttpResponse):
        return application
    try:
        wanted = application.wanted()
    except InvalidInput:
        return redirect(form_checked(application))
    if request.method == "POST":
        return _take_materials(request, application, wanted)
    errors: tuple[FieldProblem, ...] = ()
    if "check" in request.GET:
        errors = missing(application)
    return _show_materials(request, application, wanted, errors)


def _take_materials(request: Request, application: Application, wanted: list[Any]) -> HttpResponse:
    """Store what was handed in, then go on if nothing is missing."""
    given, problems = dict(application.given), []
    for material in wanted:
        given[material.code], refused = _posted_material(request, material.code)
        problems += refused
    before = application.draft.pk
    try:
        draft = application.save(revision_of(request), materials={**application.draft.materials, "given": given})
    except ShuzhengError as error:
        return _show_materials(request, application, wanted, (), alert=error)
    if draft.pk != before:
        return to_copy(request, draft)
    verb = request.POST.get("_do", "next")
    if verb == "save":
        return saved(request, application)
    if verb == "next" and not problems:
        problems = list(missing(application))
        if not problems:
            return redirect("citizen:review", draft_id=draft.pk)
    return _show_materials(request, application, wanted, tuple(problems))


def _posted_material(request: Request, code: str) -> tuple[dict[str, Any], list[FieldProblem]]:
    """Return how a material is supplied as posted, new files stored, and why one was refused."""
    dropped = request.POST.get("_do", "").removeprefix(f"drop:{code}/")
    files = [id for id in request.POST.getlist(f"m.{code}") if _is_uuid(id) and id != dropped]
    problems = []
    for upload in request.FILES.getlist(f"m.{code}")[:MOST_FILES]:
        try:
            files.append(str(receive(request.actor, cast(Any, upload)).pk))
        except ShuzhengError as refusal:
            problems.append(FieldProblem(f"materials.{code}", str(refusal)))
    return {"way": request.POST.get(f"way.{code}", ""), "files": files[:MOST_FILES]}, problems


def _show_materials(
    request: Request,
    application: Application,
    wanted: list[Any],
    problems: tuple[FieldProblem, ...],
    alert: ShuzhengError | None = None,
) -> HttpResponse:
    stored = owned([UUID(id) for entry in application.given.values() for id in entry.get("files", [])], request.actor)
    messages_by = {problem.path.removeprefix("materials."): problem.message for problem in problems}
    held = application.licences(wanted)
    rows = [
        {
            "material": material,
            "licence": held.get(material.code),
            "way": application.way(material, held),
            "files": _files(application, material.code, stored),
            "error": messages_by.get(material.code, ""),
            "free": "shared" in material.sources,
        }
        for material in wanted
    ]
    context = {
        **frame(application, 3),
        "rows": rows,
        "alert": alert,
        "errors": [(f"m-{code}", message) for code, message in messages_by.items()],
    }
    status = alert.status if alert else 422 if problems else 200
    return render(request, "citizen/apply/materials.html", context, status=status)


def _files(application: Application, code: str, stored: dict[UUID, Any]) -> list[Any]:
    ids = [UUID(id) for id in application.given.get(code, {}).get("files", [])]
    return [stored[id] for id in ids if id in stored]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
