"""Looking after sending (消息运维): dead letters by cause, budgets of departments, channels."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.messaging import desk_operation, desk_queries
from shuzheng.engines.messaging.actions import GiveUpCause, GiveUpDelivery, RetryCause, RetryDelivery, SetBudget
from shuzheng.engines.messaging.gateways.sms import providers
from shuzheng.engines.messaging.models.contact_address import Channel
from shuzheng.engines.messaging.policies import OPERATE
from shuzheng.kernel.action import Action
from shuzheng.kernel.error import InvalidInput, NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import now
from shuzheng.portals.office.messaging import message_tabs, tried

CAUSE = ("channel", "provider", "reason")
VERBS: dict[str, type[Action[Any, Any]]] = {"retry": RetryDelivery, "give-up": GiveUpDelivery}
CAUSE_VERBS: dict[str, type[Action[Any, Any]]] = {"retry": RetryCause, "give-up": GiveUpCause}
DAYS = 14


@access(OPERATE)
@require_GET
def dead_letters(request: Request) -> HttpResponse:
    """List what could not be sent, by cause and one by one; neither address nor wording is shown."""
    asked = request.GET
    chosen = {name: asked[name] for name in CAUSE if name in asked}
    context = {
        "page": desk_operation.dead_letters(asked.get("after"), **chosen),
        "causes": desk_operation.causes(),
        "chosen": chosen,
        "channels": dict(Channel.choices),
        "health": desk_queries.health(),
        "tab": "dead",
        "tabs": message_tabs(request.actor),
    }
    return render(request, "office/messages/dead.html", context)


@access(OPERATE)
@require_POST
def settle(request: Request, delivery_id: UUID, verb: str) -> HttpResponse:
    """Send a dead letter again, or give it up with the reason. Raises NotFound."""
    if verb not in VERBS:
        raise NotFound
    given: dict[str, Any] = {"delivery_id": delivery_id}
    if verb == "give-up":
        given["note"] = request.POST.get("note", "").strip()
    if tried(request, lambda: VERBS[verb].do(request.actor, given)):
        messages.success(request, _("已放弃，原因已记录。") if verb == "give-up" else _("已重新排队，马上再试。"))
    return redirect("office:dead-letters")


@access(OPERATE)
@require_POST
def settle_cause(request: Request, verb: str) -> HttpResponse:
    """Send all dead letters of a cause again, or give them up with the reason. Raises NotFound."""
    if verb not in CAUSE_VERBS:
        raise NotFound
    given = {name: request.POST.get(name, "") for name in CAUSE}
    if verb == "give-up":
        given["note"] = request.POST.get("note", "").strip()
    try:
        done = CAUSE_VERBS[verb].do(request.actor, given)
    except ShuzhengError as refused:
        errors = getattr(refused, "errors", ())
        messages.error(request, str(errors[0].message) if errors else str(refused))
        return redirect("office:dead-letters")
    text = _("已放弃 {count} 条，原因已记录。") if verb == "give-up" else _("已重新排队 {count} 条，马上再试。")
    messages.success(request, text.format(count=done.count) + (_("还有更多，请再办一次。") if done.more else ""))
    return redirect("office:dead-letters")


@access(OPERATE)
@require_http_methods(["GET", "POST"])
def budgets(request: Request) -> HttpResponse:
    """Show what each department may send a day and has left; set a limit."""
    error: InvalidInput | None = None
    if request.method == "POST":
        try:
            return _set_budget(request)
        except InvalidInput as wrong:
            error = wrong
    words = request.GET.get("q", "").strip()[:50]
    context = {
        "rows": desk_operation.allowances(words),
        "words": words,
        "typed": request.POST,
        "error": {problem.path: str(problem.message) for problem in error.errors} if error else {},
        "channels": [choice for choice in Channel.choices if choice[0] in ("sms", "email")],
        "tab": "budgets",
        "tabs": message_tabs(request.actor),
    }
    return render(request, "office/messages/budgets.html", context, status=422 if error else 200)


def _set_budget(request: Request) -> HttpResponse:
    typed = request.POST
    code = typed.get("department", "").strip()
    SetBudget.do(
        request.actor,
        department=code,
        channel=typed.get("channel", ""),
        daily=typed.get("daily", "").strip() or None,
        warn_at=typed.get("warn_at") or "80",
    )
    messages.success(request, _("已保存，从下一条起生效。"))
    return redirect(f"{reverse('office:budget')}?department={code}&channel={typed.get('channel', '')}")


@access(OPERATE)
@require_GET
def budget(request: Request) -> HttpResponse:
    """Show one department's last days by one way, and who changed its limit."""
    department, channel = request.GET.get("department", ""), request.GET.get("channel", "sms")
    if channel not in ("sms", "email"):
        raise NotFound
    name = OrgUnit.objects.filter(code=department).values_list("name", flat=True).first() or department or _("平台")
    rows = desk_operation.allowances()
    context = {
        "name": name,
        "channel": Channel(channel).label,
        "today": next((row for row in rows if (row.department, row.channel) == (department, channel)), None),
        "days": desk_operation.usage(department, channel, DAYS),
        "page": desk_operation.budget_changes(department, channel, request.GET.get("after")),
        "crumbs": [(_("额度"), reverse("office:budgets")), (name, "")],
        "tab": "budgets",
        "tabs": message_tabs(request.actor),
    }
    return render(request, "office/messages/budget.html", context)


@access(OPERATE)
@require_GET
def channels(request: Request) -> HttpResponse:
    """Show how each way and each provider fares, and what waits."""
    health, moment = desk_operation.providers_health(), now()
    names = [provider.name for provider in providers()]
    rows = [(name, health.get(name), name in names) for name in dict.fromkeys([*names, *sorted(health)])]
    context = {
        "rows": [
            (name, row, used, bool(row and row.open_until and row.open_until > moment)) for name, row, used in rows
        ],
        "waiting": {one.channel: one for one in desk_operation.waiting()},
        "channels": Channel.choices,
        "dead": desk_queries.dead_count(),
        "tab": "channels",
        "tabs": message_tabs(request.actor),
    }
    context["ways"] = [(code, title, context["waiting"].get(code)) for code, title in Channel.choices]
    return render(request, "office/messages/channels.html", context)
