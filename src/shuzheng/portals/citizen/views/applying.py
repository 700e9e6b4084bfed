"""Filling in an application: form, materials, review. Everything entered is kept, whatever happens."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuzheng.engines.documents.queries import owned
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.forms import engine
from shuzheng.engines.forms.errors import NoDraft
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.vocabulary.queries import full_name
from shuzheng.kernel.error import FieldProblem, InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.application import Application, filed_from, open_application
from shuzheng.portals.citizen.steps import STEPS
from shuzheng.ui import preference

#: Most files for one material.
MOST_FILES = 20


# -- form --------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def form(request: Request, draft_id: UUID) -> HttpResponse:
    """Ask what government does not know; saved by itself while somebody types."""
    application = _open(request, draft_id)
    if isinstance(application, HttpResponse):
        return application
    if request.method == "POST":
        return _take_form(request, application)
    errors: InvalidInput | tuple[()] = ()
    if "check" in request.GET:
        errors = _problems_of(application) or ()
    return _show_form(request, application, errors=errors)


def _take_form(request: Request, application: Application) -> HttpResponse:
    """Save what was entered, then do what the button asks."""
    held = {**application.known.values, **application.held}
    posted = engine.read_post(application.form, request.POST, held=held, files=request.FILES, actor=request.actor)
    before = application.draft.pk
    try:
        draft = application.save(_revision(request), answers=posted.raw, reasons=posted.reasons)
    except ShuzhengError as refused:
        return _show_form(request, application, posted=posted, alert=refused)
    if draft.pk != before:
        return _to_copy(request, draft)
    verb = request.POST.get("_do", "next")
    if verb == "save":
        return _saved(request, application)
    if posted.command or posted.problems:
        return _show_form(request, application, posted=posted, errors=posted.problems)
    problems = _problems_of(application)
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
    context = {**_frame(application, 2), "form": bound, "alert": alert}
    partial = request.headers.get("HX-Request") and posted is not None and posted.command is not None
    template = "citizen/apply/_form.html" if partial else "citizen/apply/form.html"
    status = alert.status if alert else 422 if bound.errors and not partial else 200
    return render(request, template, context, status=status)


def _saved(request: Request, application: Application) -> HttpResponse:
    """Say that it is saved: in place while typing, else on the list of drafts."""
    if request.headers.get("HX-Request"):
        return render(request, "citizen/apply/_saved.html", _frame(application, 2))
    messages.success(request, _("已保存。可以在任何设备上登录后，从“未提交的申请”继续填写。"))
    return redirect("citizen:drafts")


def _to_copy(request: Request, draft: Draft) -> HttpResponse:
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


# -- materials ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def materials(request: Request, draft_id: UUID) -> HttpResponse:
    """Take the materials that nobody can spare the person."""
    application = _open(request, draft_id)
    if isinstance(application, HttpResponse):
        return application
    try:
        wanted = application.wanted()
    except InvalidInput:
        return redirect(_form_checked(application))
    if request.method == "POST":
        return _take_materials(request, application, wanted)
    errors: tuple[FieldProblem, ...] = ()
    if "check" in request.GET:
        errors = _missing(application)
    return _show_materials(request, application, wanted, errors)


def _take_materials(request: Request, application: Application, wanted: list[Any]) -> HttpResponse:
    """Store what was handed in, then go on if nothing is missing."""
    given, problems = dict(application.given), []
    for material in wanted:
        given[material.code], refused = _posted_material(request, material.code)
        problems += refused
    before = application.draft.pk
    try:
        draft = application.save(_revision(request), materials={**application.draft.materials, "given": given})
    except ShuzhengError as error:
        return _show_materials(request, application, wanted, (), alert=error)
    if draft.pk != before:
        return _to_copy(request, draft)
    verb = request.POST.get("_do", "next")
    if verb == "save":
        return _saved(request, application)
    if verb == "next" and not problems:
        problems = list(_missing(application))
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
    return {"way": request.POST.get(f"way.{code}", "upload"), "files": files[:MOST_FILES]}, problems


def _show_materials(
    request: Request,
    application: Application,
    wanted: list[Any],
    problems: tuple[FieldProblem, ...],
    alert: ShuzhengError | None = None,
) -> HttpResponse:
    stored = owned([UUID(id) for entry in application.given.values() for id in entry.get("files", [])], request.actor)
    messages_by = {problem.path.removeprefix("materials."): problem.message for problem in problems}
    rows = [
        {
            "material": material,
            "way": application.given.get(material.code, {}).get("way", "upload"),
            "files": _files(application, material.code, stored),
            "error": messages_by.get(material.code, ""),
            "free": "shared" in material.sources,
        }
        for material in wanted
    ]
    context = {
        **_frame(application, 3),
        "rows": rows,
        "alert": alert,
        "errors": [(f"m-{code}", message) for code, message in messages_by.items()],
    }
    status = alert.status if alert else 422 if problems else 200
    return render(request, "citizen/apply/materials.html", context, status=status)


def _files(application: Application, code: str, stored: dict[UUID, Any]) -> list[Any]:
    ids = [UUID(id) for id in application.given.get(code, {}).get("files", [])]
    return [stored[id] for id in ids if id in stored]


# -- review ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def review(request: Request, draft_id: UUID) -> HttpResponse:
    """Show everything once more, take the commitment to truth, and file."""
    application = _open(request, draft_id)
    if isinstance(application, HttpResponse):
        return application
    try:
        answers = application.answers()
    except InvalidInput:
        return redirect(_form_checked(application))
    if _missing(application):
        return redirect(reverse("citizen:materials", args=[draft_id]) + "?check=1")
    if request.method == "GET":
        return _show_review(request, application, answers)
    if _revision(request) != application.draft.revision:
        changed = _("这份申请刚才在另一个页面改过，还没有提交。下面是最新的内容，请重新核对。")
        return _show_review(request, application, answers, alert=changed, status=409)
    if request.POST.get("truth") != "1":
        return _show_review(request, application, answers, error=_("请先阅读并勾选承诺。"), status=422)
    try:
        case = application.submit()
    except ShuzhengError as refused:
        return _show_review(request, application, answers, alert=_why(refused), status=refused.status)
    return redirect("citizen:receipt", case_id=case.pk)


def _show_review(
    request: Request,
    application: Application,
    answers: engine.Answers,
    *,
    alert: str = "",
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    wanted = application.wanted()
    given = {entry.code: entry for entry in application.handed_in(wanted)}
    context = {
        **_frame(application, 4),
        "groups": engine.review(application.form, answers, audience="elder" if application.elder else "resident"),
        "change_url": reverse("citizen:form", args=[application.draft.pk]),
        "materials": [{"material": m, "given": given.get(m.code), "free": "shared" in m.sources} for m in wanted],
        "place": full_name(application.division),
        "party": request.actor.party,
        "alert": alert,
        "error": error,
        "errors": [("truth", error)] if error else [],
    }
    return render(request, "citizen/apply/review.html", context, status=status)


def _why(refused: ShuzhengError) -> str:
    """Return a refusal in words, with what concerns single fields."""
    if isinstance(refused, InvalidInput) and refused.errors:
        return " ".join(str(problem.message) for problem in refused.errors)
    return str(refused)


# -- shared ------------------------------------------------------------------------------------------------------


def _open(request: Request, draft_id: UUID) -> Application | HttpResponse:
    """Return the application, or lead to the case that it has become. Raises NoDraft."""
    try:
        return open_application(request.actor, draft_id, elder=preference.elder(request))
    except NoDraft:
        case = filed_from(request.actor, draft_id)
        if case is None:
            raise
        messages.info(request, _("这份申请已经提交，没有重复提交。"))
        return redirect("citizen:receipt", case_id=case.pk)


def _frame(application: Application, step: int) -> dict[str, Any]:
    """Return what every page of an application shows."""
    return {"item": application.item, "draft": application.draft, "stages": STEPS, "step": step}


def _revision(request: Request) -> int | None:
    written = request.POST.get("revision", "")
    return int(written) if written.isdecimal() and len(written) < 9 else None


def _problems_of(application: Application) -> InvalidInput | None:
    try:
        application.answers()
    except InvalidInput as problems:
        return problems
    return None


def _missing(application: Application) -> tuple[FieldProblem, ...]:
    try:
        application.require_materials()
    except InvalidInput as problems:
        return problems.errors
    return ()


def _form_checked(application: Application) -> str:
    return reverse("citizen:form", args=[application.draft.pk]) + "?check=1"


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
