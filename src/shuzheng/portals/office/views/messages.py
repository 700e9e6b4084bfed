"""An officer's own messages; templates and statistics of sending."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.messaging import desk_operation, desk_queries, queries, templates
from shuzheng.engines.messaging.actions import MarkDone, MarkRead, SendTest
from shuzheng.engines.messaging.categories import category
from shuzheng.engines.messaging.models import Tally
from shuzheng.engines.messaging.policies import BULK
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import OFFICER
from shuzheng.portals.office.messaging import message_tabs

DAYS = 14


@access(OFFICER)
@require_GET
def own(request: Request) -> HttpResponse:
    """List the officer's own messages; what asks for something is marked."""
    unread = request.GET.get("show") == "unread"
    page = queries.inbox_of(request.actor, request.GET.get("after"), unread=unread)
    tabs = [
        {"key": "", "title": _("全部"), "url": "?show="},
        {"key": "unread", "title": _("未读"), "url": "?show=unread"},
    ]
    context = {"page": page, "show": "unread" if unread else "", "tabs": tabs}
    return render(request, "office/messages/own.html", context)


@access(OFFICER)
@require_POST
def open_message(request: Request, message_id: UUID) -> HttpResponse:
    """Mark a message as read and dealt with, and go where it leads."""
    message = queries.message(message_id, request.actor)
    MarkRead.do(request.actor, message_ids=[message_id])
    if message.asks:
        MarkDone.do(request.actor, message_ids=[message_id])
    return redirect(message.link or "office:messages")


@access(BULK)
@require_GET
def template_list(request: Request) -> HttpResponse:
    """List the templates in force, narrowed to words in name or code."""
    words = request.GET.get("q", "").strip()[:50]
    found = [v for v in templates.listing() if words in v.template.title or words in v.template.code]
    rows = [(v.template, v.version, category(v.template.category)) for v in found]
    context = {"rows": rows, "words": words, "tab": "templates", "tabs": message_tabs(request.actor)}
    return render(request, "office/messages/templates.html", context)


@access(BULK)
@require_http_methods(["GET", "POST"])
def template(request: Request, code: str) -> HttpResponse:
    """Show how a template reads in every version, filled with examples; send it to oneself."""
    version = templates.find(code)
    if request.method == "POST":
        SendTest.do(request.actor, template=code)
        messages.success(request, _("测试消息已发给您自己：站内立即可见，短信和邮件按您的接收设置发送。"))
        return redirect("office:template", code)
    examples = templates.examples(version.template)
    values = {name: request.GET.get(f"value-{name}", "").strip() or text for name, text in examples.items()}
    languages = [templates.CHINESE, *version.template.translations]
    context = {
        "version": version,
        "template": version.template,
        "category": category(version.template.category),
        "samples": [(name, gap, values[name]) for name, gap in version.template.placeholders.items()],
        "versions": desk_operation.versions(code),
        "wordings": [templates.word(version.template, values, language) for language in languages],
        "tab": "templates",
        "tabs": message_tabs(request.actor),
    }
    return render(request, "office/messages/template.html", context)


@access(BULK)
@require_GET
def statistics(request: Request) -> HttpResponse:
    """Show what was sent on the last days, by day, way and department; from counters, never counted."""
    rows = desk_queries.tallies(DAYS)
    days = desk_queries.by_day(rows, DAYS)
    context = {
        "tab": "statistics",
        "tabs": message_tabs(request.actor),
        "rows": _by_place(rows),
        "days": DAYS,
        "option": _chart(days),
        "columns": [_("日期"), _("发出"), _("到达"), _("失败")],
        "table": [[f"{d.day:%m-%d}", d.sent, d.delivered, d.failed] for d in days],
        "health": desk_queries.health(),
        "totals": (sum(d.sent for d in days), sum(d.delivered for d in days), sum(d.failed for d in days)),
    }
    return render(request, "office/messages/statistics.html", context)


def _by_place(rows: list[Tally]) -> list[dict[str, Any]]:
    """Return the sums of each department and way, the largest first."""
    sums: dict[tuple[str, str], dict[str, Any]] = {}
    named = dict(OrgUnit.objects.filter(code__in={row.department for row in rows}).values_list("code", "name"))
    for row in rows:
        name = named.get(row.department, row.department or _("平台"))
        nothing = {"name": name, "channel": row.channel, "sent": 0, "delivered": 0, "failed": 0}
        known = sums.setdefault((row.department, row.channel), nothing)
        for what in ("sent", "delivered", "failed"):
            known[what] += getattr(row, what)
    return sorted(sums.values(), key=lambda known: -known["sent"])


def _chart(days: list[desk_queries.Day]) -> dict[str, Any]:
    series = [
        {"name": name, "type": "bar", "data": [getattr(day, what) for day in days]}
        for what, name in (("sent", _("发出")), ("delivered", _("到达")), ("failed", _("失败")))
    ]
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {},
        "xAxis": {"type": "category", "data": [f"{day.day:%m-%d}" for day in days]},
        "yAxis": {"type": "value"},
        "series": series,
    }
