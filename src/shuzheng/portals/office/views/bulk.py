"""Messages to many (群发): writing, the list, approval, progress."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.messaging import bulks as sending
from shuzheng.engines.messaging import lists, recipient_groups, templates
from shuzheng.engines.messaging.actions import (
    AddRecipients,
    ApproveBulk,
    CancelBulk,
    DraftBulk,
    PauseBulk,
    ResendBulk,
    ResumeBulk,
    ReturnBulk,
    SubmitBulk,
)
from shuzheng.engines.messaging.actions.bulk import MOST_AT_ONCE
from shuzheng.engines.messaging.models import Bulk
from shuzheng.engines.messaging.policies import BULK
from shuzheng.kernel.error import InvalidInput, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import ZONE
from shuzheng.portals.office.messaging import message_tabs, moment_of, tried, uploaded_list
from shuzheng.portals.office.views.bulk_failures import failures_of

VERBS = {
    "submit": SubmitBulk,
    "approve": ApproveBulk,
    "return": ReturnBulk,
    "pause": PauseBulk,
    "resume": ResumeBulk,
    "cancel": CancelBulk,
    "resend": ResendBulk,
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
    """List what one's unit sent to many, has under way, or asks one to approve; narrowed to a state and to words."""
    status = request.GET.get("status", "") if request.GET.get("status", "") in Status.values else ""
    words = request.GET.get("q", "").strip()[:50]
    page = sending.bulks(request.actor, request.GET.get("after"), status=status, words=words)
    codes = {bulk.department for bulk in page.items}
    names = dict(OrgUnit.objects.filter(code__in=codes).values_list("code", "name"))
    context = {
        "page": page,
        "rows": [(bulk, names.get(bulk.department, bulk.department)) for bulk in page.items],
        "status": status,
        "words": words,
        "statuses": Status.choices,
        "tab": "bulk",
        "tabs": message_tabs(request.actor),
    }
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
    units = list(sending.units(request.actor).values_list("code", "name"))
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
        "units": units,
        "department": request.POST.get("department") or (units[0][0] if len(units) == 1 else ""),
        "audiences": Bulk.Audience.choices,
        "groups": [
            (str(g.pk), f"{g.title}（{g.size}）") for g in recipient_groups.groups(request.actor, size=100).items
        ],
    }
    return render(request, "office/messages/bulk_new.html", context, status=422 if errors else 200)


def _draft(request: Request, gaps: list[str]) -> HttpResponse:
    typed = request.POST
    bulk = DraftBulk.do(
        request.actor,
        title=typed.get("title", ""),
        template=typed.get("template", ""),
        values={name: typed.get(f"value-{name}", "") for name in gaps},
        audience=typed.get("audience", ""),
        division_code=typed.get("division_code", "").strip(),
        group_id=typed.get("group_id") or None,
        department=typed.get("department", ""),
        send_at=moment_of(typed.get("send_at", ""), ZONE),
    )
    return redirect("office:bulk", bulk.pk)


@access(BULK)
@require_GET
def bulk(request: Request, bulk_id: UUID) -> HttpResponse:
    """Show a bulk: its wording, its list, how far it got, what did not arrive, and what can be done."""
    return _shown(request, bulk_id)


def _shown(request: Request, bulk_id: UUID, *, read: lists.Read | None = None, error: str = "") -> HttpResponse:
    found = sending.bulk(request.actor, bulk_id)
    version = templates.find(found.template)
    values = {**templates.examples(version.template), **found.values}
    mine = request.actor.account_id == found.made_by_id
    judges = not mine and sending.approvable(request.actor).filter(pk=found.pk).exists()
    context = {
        "tab": "bulk",
        "tabs": message_tabs(request.actor),
        "bulk": found,
        "unit": OrgUnit.objects.filter(code=found.department).first(),
        "wording": templates.word(version.template, values),
        "gaps": version.template.placeholders,
        "verbs": [verb for verb in OFFERED.get(Status(found.status), ()) if _may(verb, mine=mine, judges=judges)],
        "mine": mine,
        "keeps_group": recipient_groups.kept(request.actor).filter(pk=found.group_id).exists(),
        "listed": sending.listed(found) if found.status == Status.DRAFT else None,
        "failures": failures_of(request, found) if found.failed else None,
        "read": read,
        "wrong": read.wrong[: lists.MOST_NAMED] if read else [],
        "error": error,
    }
    return render(request, "office/messages/bulk.html", context, status=422 if error else 200)


def _may(verb: str, *, mine: bool, judges: bool) -> bool:
    if verb in ("approve", "return"):
        return judges
    return mine or verb != "submit"


@access(BULK)
@require_POST
def recipients(request: Request, bulk_id: UUID) -> HttpResponse:
    """Put the people of an uploaded list, or of the numbers typed in, on the list; name every row that is wrong."""
    template = templates.find(sending.bulk(request.actor, bulk_id).template).template
    try:
        read = lists.read(uploaded_list(request), template)
        for start in range(0, len(read.people), MOST_AT_ONCE):
            part = [{"person": person, "values": own} for person, own in read.people[start : start + MOST_AT_ONCE]]
            AddRecipients.do(request.actor, bulk_id=bulk_id, recipients=part)
    except ShuzhengError as refused:
        errors = getattr(refused, "errors", ())
        return _shown(request, bulk_id, error=str(errors[0].message) if errors else str(refused))
    return _shown(request, bulk_id, read=read)


@access(BULK)
@require_POST
def change(request: Request, bulk_id: UUID, verb: str) -> HttpResponse:
    """Submit, approve, return, pause, resume, cancel a bulk, or send again what did not arrive."""
    sending.bulk(request.actor, bulk_id)
    action = VERBS.get(verb)
    if action is not None and tried(request, lambda: action.do(request.actor, bulk_id=bulk_id)):
        messages.success(request, _("已办理：{what}。").format(what=action.title))
    return redirect(reverse("office:bulk", args=[bulk_id]))
