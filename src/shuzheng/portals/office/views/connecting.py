"""What the forms of connected applications do: apply, mend, review, keys, limits, receivers, stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from shuzheng.engines.identity.applications import actions, desk, queries
from shuzheng.engines.identity.applications.capabilities import capabilities
from shuzheng.engines.identity.models import Application, ApplicationCapability, Officer, OrgUnit
from shuzheng.engines.identity.policies import APPLY_CONNECTION
from shuzheng.engines.messaging.actions import (
    PauseWebhook,
    RegisterWebhook,
    RetireWebhook,
    RotateWebhookSecret,
    TryWebhook,
)
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, ShuzhengError
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import today
from shuzheng.kernel.policy import OFFICER
from shuzheng.portals.office.connection_forms import LIMITS, errors_of, named, wish, wishes, words
from shuzheng.portals.office.views.applications import show

Do = Callable[[Actor, UUID, QueryDict], Any]
FACTS = ("name", "contact", "purpose", "kind", "level", "environment")


@access(APPLY_CONNECTION)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Ask for the connection of a system; what was typed stays when something is wrong."""
    post = request.POST
    if request.method == "GET":
        officer = Officer.objects.filter(pk=request.actor.officer_id).first()
        typed = {"environment": "production", "level": "2", "kind": "business"}
        return _form(request, None, {**typed, "contact": officer.number if officer else ""}, {})
    given = {**named(post, *FACTS, "code", "unit_id"), "networks": words(post, "networks")}
    try:
        made = actions.ApplyForConnection.do(request.actor, {**given, "capabilities": wishes(post)})
    except ShuzhengError as refused:
        return _form(request, None, post, errors_of(refused))
    messages.success(request, _("已提交接入申请，审核通过后可以领取密钥、开始联调。"))
    return redirect("office:application", made.pk)


@access(APPLY_CONNECTION)
@require_http_methods(["GET", "POST"])
def amend(request: Request, application_id: UUID) -> HttpResponse:
    """Mend what was asked for and hand it in again."""
    found, post = queries.application(request.actor, application_id), request.POST
    if not desk.answers_for(request.actor, found):
        raise NotFound
    if request.method == "GET":
        return _form(request, found, _as_typed(found), {})
    given = {**named(post, *FACTS), "networks": words(post, "networks"), "capabilities": wishes(post)}
    try:
        actions.AmendApplication.do(request.actor, {**given, "application_id": application_id})
    except ShuzhengError as refused:
        return _form(request, found, post, errors_of(refused))
    messages.success(request, _("已重新提交，等待审核。"))
    return redirect("office:application", application_id)


@access(OFFICER)
@never_cache
@require_POST
def change(request: Request, application_id: UUID, verb: str) -> HttpResponse:
    """Do what another form of these pages asks for; a secret is shown with the answer, once."""
    if verb not in CHANGES:
        raise NotFound
    queries.application(request.actor, application_id)
    do, done = CHANGES[verb]
    try:
        result = do(request.actor, application_id, request.POST)
    except ShuzhengError as refused:
        messages.error(request, "；".join(errors_of(refused).values()) or str(refused))
        return redirect("office:application", application_id)
    if secret := getattr(result, "secret", ""):
        return show(request, application_id, secret=secret, key_id=getattr(result, "key_id", ""))
    messages.success(request, str(done))
    target = request.POST.get("target_id", "")
    if target and verb != "webhook-retire":
        return redirect("office:application-webhook", application_id, UUID(target))
    return redirect("office:application", application_id)


def _form(request: Request, found: Application | None, typed: Any, errors: dict[str, str]) -> HttpResponse:
    chosen = typed.getlist("capability") if isinstance(typed, QueryDict) else typed.get("capability", [])
    offered = []
    for one in capabilities().values():
        keys = ("things", *LIMITS)
        values = {key: typed.get(f"{one.code}-{key}", "") for key in keys}
        offered.append((one, one.code in chosen, values))
    context = {
        "found": found,
        "typed": typed,
        "errors": errors,
        "summary": list(errors.items()),
        "units": [(unit.pk, unit.name) for unit in OrgUnit.objects.filter(pk__in=request.actor.unit_ids)],
        "kinds": Application.Kind.choices,
        "levels": Application.Level.choices,
        "environments": Application.Environment.choices,
        "offered": offered,
        "first": today(),
        "last": today().replace(month=12, day=31),
    }
    return render(request, "office/applications/form.html", context, status=422 if errors else 200)


def _as_typed(found: Application) -> dict[str, Any]:
    """Return an application as its form was filled in."""
    rows = ApplicationCapability.objects.filter(application=found, withdrawn_at=None)
    typed: dict[str, Any] = {name: getattr(found, name) for name in FACTS if name != "contact"}
    typed |= {"networks": " ".join(found.networks), "capability": [row.capability for row in rows]}
    typed["contact"] = found.contact.number if found.contact else ""
    for row in rows:
        values = {"things": " ".join(row.things), **{name: getattr(row, name) for name in LIMITS[:2]}}
        days = {name: getattr(row, name).isoformat() for name in LIMITS[2:]}
        typed |= {f"{row.capability}-{name}": value for name, value in {**values, **days}.items()}
    return typed


def _on(action: Any, *names: str) -> Do:
    """Return what performs an action on the application with the fields of these names."""
    return lambda actor, id, post: action.do(actor, {"application_id": id, **named(post, *names)})


def _of(action: Any, *names: str) -> Do:
    """Return what performs an action on what the form names."""
    return lambda actor, _id, post: action.do(actor, named(post, *names))


def _ask(actor: Actor, id: UUID, post: QueryDict) -> Any:
    return actions.AskCapability.do(actor, {"application_id": id, **wish(post, post.get("capability", ""))})


def _limits(actor: Actor, _id: UUID, post: QueryDict) -> Any:
    given = {"per_day": None, **named(post, "capability_id", "per_second", "per_day", "valid_to")}
    return actions.SetLimits.do(actor, given)


def _receiver(actor: Actor, id: UUID, post: QueryDict) -> Any:
    given = {"application_id": id, **named(post, "title", "url"), "events": post.getlist("events")}
    return RegisterWebhook.do(actor, given)


CHANGES: dict[str, tuple[Do, Any]] = {
    "approve": (_on(actions.ApproveApplication, "remark"), gettext_lazy("已记录您的审核意见。")),
    "return": (_on(actions.ReturnApplication, "remark"), gettext_lazy("已退回申请人。")),
    "issue": (
        _on(actions.IssueCredential, "kind", "public_key", "days", "others_end_in"),
        gettext_lazy("已登记公钥。"),
    ),
    "revoke": (_of(actions.RevokeCredential, "credential_id", "reason"), gettext_lazy("已吊销，这把密钥立即失效。")),
    "ask": (_ask, gettext_lazy("已提交，审核通过后生效。")),
    "withdraw": (_of(actions.WithdrawCapability, "capability_id"), gettext_lazy("已收回，立即生效。")),
    "limits": (_limits, gettext_lazy("已调整，下一次调用起生效。")),
    "online": (_on(actions.PutOnline), gettext_lazy("已上线。")),
    "pause": (_on(actions.PauseApplication, "reason"), gettext_lazy("已暂停，应用的调用会被拒绝。")),
    "resume": (_on(actions.ResumeApplication), gettext_lazy("已恢复。")),
    "retire": (_on(actions.RetireApplication, "reason"), gettext_lazy("已下线，密钥和能力已全部收回。")),
    "webhook": (_receiver, gettext_lazy("已登记推送目标。")),
    "webhook-try": (_of(TryWebhook, "target_id"), gettext_lazy("示例事件已排队，稍候刷新看结果。")),
    "webhook-pause": (_of(PauseWebhook, "target_id", "paused"), gettext_lazy("已保存。")),
    "webhook-rotate": (_of(RotateWebhookSecret, "target_id", "hours"), gettext_lazy("已更换。")),
    "webhook-retire": (_of(RetireWebhook, "target_id"), gettext_lazy("已停用推送目标。")),
}
