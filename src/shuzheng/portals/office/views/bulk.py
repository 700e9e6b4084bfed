"""Messages to many (群发): writing, the list, approval, progress."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.identity.models import OrgUnit, Person
from shuzheng.engines.identity.models.person import digest
from shuzheng.engines.messaging import desk_queries, templates
from shuzheng.engines.messaging.actions import (
    AddRecipients,
    ApproveBulk,
    CancelBulk,
    DraftBulk,
    PauseBulk,
    ResumeBulk,
    ReturnBulk,
    SubmitBulk,
)
from shuzheng.engines.messaging.actions.bulk import MOST_AT_ONCE
from shuzheng.engines.messaging.models import Bulk
from shuzheng.engines.messaging.policies import APPROVE, BULK
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import ZONE
from shuzheng.kernel.policy import may
from shuzheng.portals.office.messaging import message_tabs, moment_of

VERBS = {
    "submit": SubmitBulk,
    "approve": ApproveBulk,
    "return": ReturnBulk,
    "pause": PauseBulk,
    "resume": ResumeBulk,
    "cancel": CancelBulk,
}
Status = Bulk.Status
#: What may be done in which state, in the order of the buttons.
OFFERED = {
    Status.DRAFT: ("submit", "cancel"),
    Status.SUBMITTED: ("approve", "return", "cancel"),
    Status.RUNNING: ("pause", "cancel"),
    Status.PAUSED: ("resume", "cancel"),
}


@access(BULK)
@require_GET
def bulks(request: Request) -> HttpResponse:
    """List what was sent to many, and what is under way."""
    page = desk_queries.bulks(request.GET.get("after"))
    context = {"page": page, "tab": "bulk", "tabs": message_tabs(request.actor)}
    return render(request, "office/messages/bulks.html", context)


@access(BULK)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write a bulk: first the template, then what fills it and who gets it."""
    code = request.POST.get("template") or request.GET.get("template", "")
    version = templates.find(code) if code else None
    errors: dict[str, str] = {}
    if request.method == "POST" and version is not None:
        try:
            return _draft(request, list(version.template.placeholders))
        except InvalidInput as wrong:
            errors = {problem.path: str(problem.message) for problem in wrong.errors} or {"title": str(wrong)}
    gaps = version.template.placeholders if version else {}
    context = {
        "tab": "bulk",
        "tabs": message_tabs(request.actor),
        "templates": [(v.template.code, v.template.title) for v in templates.listing()],
        "version": version,
        "gaps": [
            (name, gap, request.POST.get(f"value-{name}", ""), errors.get(f"values.{name}", ""))
            for name, gap in gaps.items()
        ],
        "typed": request.POST,
        "errors": errors,
        "audiences": Bulk.Audience.choices,
    }
    return render(request, "office/messages/bulk_new.html", context, status=422 if errors else 200)


def _draft(request: Request, gaps: list[str]) -> HttpResponse:
    typed = request.POST
    unit = OrgUnit.objects.filter(pk__in=request.actor.unit_ids).order_by("code").first()
    bulk = DraftBulk.do(
        request.actor,
        title=typed.get("title", ""),
        template=typed.get("template", ""),
        values={name: typed.get(f"value-{name}", "") for name in gaps},
        audience=typed.get("audience", ""),
        division_code=typed.get("division_code", "").strip(),
        department=unit.code if unit else "",
        send_at=moment_of(typed.get("send_at", ""), ZONE),
    )
    return redirect("office:bulk", bulk.pk)


@access(BULK)
@require_GET
def bulk(request: Request, bulk_id: UUID) -> HttpResponse:
    """Show a bulk: its wording, its list, how far it got, and what can be done."""
    found = desk_queries.bulk(bulk_id)
    version = templates.find(found.template)
    values = {**templates.examples(version.template), **found.values}
    mine = request.actor.account_id == found.made_by_id
    context = {
        "tab": "bulk",
        "tabs": message_tabs(request.actor),
        "bulk": found,
        "wording": templates.word(version.template, values),
        "verbs": [verb for verb in OFFERED.get(Status(found.status), ()) if _may(request, verb, mine=mine)],
        "mine": mine,
        "listed": desk_queries.listed(found) if found.status == Status.DRAFT else None,
    }
    return render(request, "office/messages/bulk.html", context)


def _may(request: Request, verb: str, *, mine: bool) -> bool:
    if verb in ("approve", "return"):
        return may(request.actor, APPROVE) and not mine
    return True


@access(BULK)
@require_POST
def recipients(request: Request, bulk_id: UUID) -> HttpResponse:
    """Put the people with these id numbers on the list, and say which numbers nobody has."""
    numbers = list(dict.fromkeys(request.POST.get("id_numbers", "").upper().split()))[:MOST_AT_ONCE]
    indexes = {digest("id_index", number): number for number in numbers}
    found = list(Person.objects.filter(id_index__in=indexes).values_list("pk", flat=True))
    if found:
        _try(
            request, lambda: AddRecipients.do(request.actor, bulk_id=bulk_id, recipients=[{"person": p} for p in found])
        )
    text = _("名单加入 {count} 人，{unknown} 个证件号没有找到对应的人。")
    messages.info(request, text.format(count=len(found), unknown=len(numbers) - len(found)))
    return redirect("office:bulk", bulk_id)


@access(BULK)
@require_POST
def change(request: Request, bulk_id: UUID, verb: str) -> HttpResponse:
    """Submit, approve, return, pause, resume or cancel a bulk."""
    action = VERBS.get(verb)
    if action is not None and _try(request, lambda: action.do(request.actor, bulk_id=bulk_id)):
        messages.success(request, _("已办理：{what}。").format(what=action.title))
    return redirect(reverse("office:bulk", args=[bulk_id]))


def _try(request: Request, act: Any) -> bool:
    """Do something, and say on the next page if it was refused."""
    try:
        act()
    except ShuzhengError as refused:
        messages.error(request, str(refused))
        return False
    return True
