"""How one wants to be told: addresses, choices, quiet hours, consent to electronic service."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.identity.models import Account
from shuzheng.engines.messaging import desk_queries, queries
from shuzheng.engines.messaging.actions import (
    Choose,
    GiveConsent,
    RemoveAddress,
    RequestCode,
    SetQuietHours,
    WithdrawConsent,
)
from shuzheng.engines.messaging.actions.addresses import confirm
from shuzheng.engines.messaging.errors import TooManyCodes
from shuzheng.kernel.action import AssuranceTooLow
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN
from shuzheng.portals.citizen.service_choice import consent_text

#: Channels for which an address is asked, with the rule that masks it.
CHANNELS = {"sms": "mobile", "email": "email"}


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def preferences(request: Request) -> HttpResponse:
    """Show and keep what one wants to be told by which way, and when not."""
    if request.method == "POST":
        _keep(request)
        messages.success(request, _("已保存。新的设置从下一条消息起生效。"))
        return redirect("citizen:preferences")
    context = {
        "choices": queries.choices_of(request.actor),
        "hours": queries.quiet_hours_of(request.actor),
        "addresses": queries.addresses_of(request.actor),
        "crumbs": _crumbs(_("接收设置")),
    }
    return render(request, "citizen/preferences.html", context)


def _keep(request: Request) -> None:
    typed = request.POST
    choices = [
        {"category": category.code, "channel": way, "wanted": f"{category.code}:{way}" in typed.getlist("wanted")}
        for category, ways in queries.choices_of(request.actor)
        for way in ways
        if not category.compulsory
    ]
    Choose.do(request.actor, choices=choices)
    starts, ends = typed.get("starts") or "22:00", typed.get("ends") or "07:00"
    kept, days_off = typed.get("kept") == "1", typed.get("days_off") == "1"
    SetQuietHours.do(request.actor, starts=starts, ends=ends, kept=kept, days_off=days_off)


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def addresses(request: Request) -> HttpResponse:
    """Show one's addresses; take a new one, send a code to it, and take the code."""
    if request.method == "GET":
        return _addresses(request)
    typed = request.POST
    try:
        if typed.get("code") is not None:
            confirm(request.actor, typed.get("code", "").strip())
            messages.success(request, _("核验成功，以后会通知到这里。"))
            return redirect("citizen:addresses")
        RequestCode.do(request.actor, channel=typed.get("channel", ""), address=typed.get("address", ""))
    except (InvalidInput, TooManyCodes) as problem:
        return _addresses(request, typed=typed, error=_first(problem), status=422)
    return _addresses(request, typed=typed, sent=True)


def _addresses(
    request: Request, *, typed: Any = None, error: str = "", sent: bool = False, status: int = 200
) -> HttpResponse:
    known, person = queries.addresses_of(request.actor), cast(Account, request.user).person
    context = {
        "rows": [(channel, rule, known.get(channel)) for channel, rule in CHANNELS.items()],
        "typed": typed or {},
        "error": error,
        "sent": sent or bool(typed and typed.get("code") is not None),
        "suggested": person.mobile if person else "",
        "crumbs": _crumbs(_("手机号和邮箱")),
    }
    return render(request, "citizen/addresses.html", context, status=status)


@require_POST
@access(SIGNED_IN)
def remove_address(request: Request, channel: str) -> HttpResponse:
    """Take an address back."""
    RemoveAddress.do(request.actor, channel=channel)
    messages.success(request, _("已删除，以后不再通知到那里。"))
    return redirect("citizen:addresses")


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def consent(request: Request) -> HttpResponse:
    """Show what electronic service means; give the consent or take it back."""
    text = consent_text()
    if request.method == "POST":
        try:
            if request.POST.get("_do") == "withdraw":
                WithdrawConsent.do(request.actor, {})
                messages.success(request, _("已撤回。以后的文书会以直接、邮寄等方式送达。"))
            else:
                GiveConsent.do(request.actor, text=text)
                messages.success(request, _("已确认。以后的文书会送达到您的站内消息。"))
        except AssuranceTooLow as problem:
            messages.error(request, str(problem))
        return redirect("citizen:consent")
    given = queries.consent_of(request.actor.person_id) if request.actor.person_id else None
    context = {"text": given.text if given else text, "given": given, "crumbs": _crumbs(_("电子送达"))}
    return render(request, "citizen/consent.html", context)


@require_GET
@access(SIGNED_IN)
def service(request: Request, service_id: UUID) -> HttpResponse:
    """Show a document served on the person, with the date and the proof."""
    found = desk_queries.service_on(service_id, request.actor)
    return render(request, "citizen/service.html", {"service": found, "crumbs": _crumbs(_("文书送达"))})


def _crumbs(title: str) -> list[tuple[str, str]]:
    return [(_("消息"), reverse("citizen:inbox")), (title, "")]


def _first(problem: InvalidInput | TooManyCodes) -> str:
    errors = getattr(problem, "errors", ())
    return str(errors[0].message) if errors else str(problem)
