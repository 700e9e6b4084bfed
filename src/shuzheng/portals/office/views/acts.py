"""Acts on a case: one small form each, on a page of its own or, with scripts, beside the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shuzheng.engines.casework.actions.base import ApplicantAct, CaseAct
from shuzheng.engines.casework.errors import ActNotOffered
from shuzheng.engines.casework.letters.previewing import draft, gives_letter
from shuzheng.engines.casework.models import Task
from shuzheng.engines.casework.queries.act_field import Field
from shuzheng.engines.casework.queries.act_fields import fields_of
from shuzheng.engines.casework.queries.acts import offered
from shuzheng.engines.casework.queries.case import WholeCase, case_for
from shuzheng.engines.documents.credentials.picturing import pictures
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.identity.queries import units, units_in
from shuzheng.kernel.action import actions
from shuzheng.kernel.error import InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.id import new_id
from shuzheng.kernel.policy import OFFICER, require
from shuzheng.portals.office.casepage import history_of
from shuzheng.portals.office.posting import data_of, filled
from shuzheng.portals.office.units import units_named

#: Units that a choice lists at most.
UNITS = 40
#: Buttons that draw the form again without acting.
DRAW = ("search", "preview", "letter")


@dataclass(frozen=True)
class Attempt:
    """One act on one case, about to be shown or done."""

    request: Request
    whole: WholeCase
    act: type[CaseAct[Any]]
    task: Task | None
    fields: tuple[Field, ...]

    @property
    def offered(self) -> bool:
        """Say whether the act is open to this person now."""
        task_id = self.task.pk if self.task else None
        return any(
            offer.name == self.act.name and (offer.task is None or task_id in (None, offer.task.pk))
            for offer in offered(self.request.actor, self.whole)
        )


@access(OFFICER)
@never_cache
@require_http_methods(["GET", "POST"])
def act(request: Request, case_id: UUID, name: str) -> HttpResponse:
    """Show the form of an act, or do it; what was typed is kept whatever happens."""
    attempt = _attempt(request, case_id, name)
    if request.method == "POST" and not any(button in request.POST for button in DRAW):
        return _do(attempt)
    if request.method == "GET" and not attempt.offered:
        require(request.actor, attempt.act.permission, str(attempt.whole.case.division_path))
        raise ActNotOffered(act=attempt.act.title)
    return _show(attempt, request.POST if request.method == "POST" else None)


def _attempt(request: Request, case_id: UUID, name: str) -> Attempt:
    whole = case_for(request.actor, case_id)
    found = actions().get(name)
    if found is None or not issubclass(found, CaseAct) or issubclass(found, ApplicantAct):
        raise NotFound
    given = request.POST.get("task_id") or request.GET.get("task")
    task = next((task for task in whole.tasks if str(task.pk) == given), None)
    return Attempt(request, whole, found, task, fields_of(name, whole, task))


def _do(attempt: Attempt) -> HttpResponse:
    """Perform the action and go back to the case; a double click is one act."""
    request, post = attempt.request, attempt.request.POST
    data = {
        **data_of(attempt.fields, post),
        "case_id": str(attempt.whole.case.pk),
        "revision": _number(post.get("revision")),
    }
    if attempt.task is not None and "task_id" in attempt.act.input.model_fields:
        data["task_id"] = str(attempt.task.pk)
    try:
        attempt.act.do(request.actor, data, key=post.get("key") or None)
    except InvalidInput as refused:
        errors = {problem.path.split(".")[0]: str(problem.message) for problem in refused.errors}
        return _show(attempt, post, errors=errors, refused=refused)
    except ShuzhengError as refused:
        return _show(attempt, post, refused=refused)
    messages.success(request, _("已完成：{act}").format(act=attempt.act.title))
    return _go(request, _after(attempt))


def _after(attempt: Attempt) -> str:
    """Return the address of the case, or of the work list where the act has ended one's part in the case."""
    case_id = attempt.whole.case.pk
    try:
        case_for(attempt.request.actor, case_id)
    except NotFound:
        return reverse("office:work")
    return reverse("office:case", args=[case_id])


def _go(request: Request, url: str) -> HttpResponse:
    """Go to another page, also from a form that a script sent."""
    if "HX-Request" in request.headers:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = url
        return response
    return redirect(url)


def _show(
    attempt: Attempt,
    post: QueryDict | None,
    *,
    errors: dict[str, str] | None = None,
    refused: ShuzhengError | None = None,
) -> HttpResponse:
    case, query = attempt.whole.case, (post or {}).get("q_unit", "").strip()
    seen = _number((post or {}).get("revision"))
    fields = filled(attempt.fields, post, errors)
    asks_units = any(field.kind in ("unit", "units") for field in attempt.fields)
    context = {
        "case": case,
        "name": attempt.act.name,
        "title": attempt.act.title,
        "task": attempt.task,
        "fields": fields,
        "offered": attempt.offered,
        "errors": _summary(attempt, errors or {}),
        "refused": refused if refused and not errors else None,
        "meanwhile": history_of(attempt.whole, seen) if refused and seen is not None and seen < case.revision else [],
        "revision": case.revision,
        "key": (post or {}).get("key") if not refused and post else str(new_id()),
        "units": _units(attempt, query, post) if asks_units else [],
        "q_unit": query,
        "preview": _preview(attempt, post) if post and "preview" in post else [],
        "gives_letter": gives_letter(attempt.act.name, attempt.whole),
        **(_letter(attempt, post) if post and "letter" in post and refused is None else {}),
    }
    status = 200 if refused is None else 422 if "HX-Request" in attempt.request.headers else refused.status
    return render(attempt.request, "office/act.html", context, status=status)


def _summary(attempt: Attempt, errors: dict[str, str]) -> list[tuple[str, str]]:
    """Return what is wrong, each with the label of its field."""
    labels = {field.name: field.label for field in attempt.fields}
    return [(name, f"{labels[name]}：{message}" if name in labels else message) for name, message in errors.items()]


def _preview(attempt: Attempt, post: QueryDict) -> list[dict[str, str]]:
    """Return the list of supplements as the applicant would read it."""
    return next((data_of([f], post)[f.name] for f in attempt.fields if f.kind == "wanted"), [])


def _letter(attempt: Attempt, post: QueryDict) -> dict[str, Any]:
    """Return the letter that the act would give, as pictures; or why it cannot be shown yet."""
    try:
        data = draft(attempt.act.name, attempt.whole, data_of(attempt.fields, post), attempt.task)
    except ShuzhengError as problem:
        return {"refused": problem}
    return {"draft": [mark_safe(page) for page in pictures(data, prefix="draft")]}


def _units(attempt: Attempt, words: str, post: QueryDict | None) -> Sequence[tuple[OrgUnit, bool]]:
    """Return the units to choose from: those chosen, then those found, or those of the case's own division."""
    chosen = units(UUID(id) for name in ("unit_ids", "unit_id") for id in (post.getlist(name) if post else []) if id)
    path = str(attempt.whole.case.division_path)
    province = path.split(".")[0]
    found = units_named(words, province) if words else units_in(path).filter(division_path=path)
    others = [unit for unit in found.exclude(pk=attempt.whole.case.handling_unit_id)[:UNITS] if unit.pk not in chosen]
    return [*((unit, True) for unit in chosen.values()), *((unit, False) for unit in others)]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
