"""Connected applications (应用接入): the list, the review queue, one with all that belongs to it, its calls and receivers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from shuzheng.engines.identity.applications import desk, queries
from shuzheng.engines.identity.applications.capabilities import capabilities
from shuzheng.engines.identity.models import Application, ApplicationCredential
from shuzheng.engines.identity.policies import APPLY_CONNECTION, MANAGE_CONNECTION, REVIEW_CONNECTION
from shuzheng.engines.messaging import webhooks
from shuzheng.engines.messaging.models import WebhookTarget
from shuzheng.kernel.audit import Entry, record
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.moment import local, now, today
from shuzheng.kernel.policy import OFFICER, may
from shuzheng.kernel.spreadsheet import csv_file
from shuzheng.ui.templatetags.ui import bounded

#: Rows that one export takes away at most.
MOST = 5000
State = Application.State


@access(OFFICER)
@require_GET
def applications(request: Request) -> HttpResponse:
    """List the applications that the officer may see."""
    words, state = _search(request)
    listed = queries.listed(request.actor, words, state, request.GET.get("after"))
    context = {"page": listed, "q": words, "state": state, "states": State.choices, "most": MOST}
    return render_tab(request, "all", "list", context)


@access(OFFICER)
@require_GET
def export(request: Request) -> HttpResponse:
    """Send what a search finds as CSV; that it was taken away is recorded."""
    words, state = _search(request)
    rows = queries.listed(request.actor, words, state, None, size=MOST).items
    record(Entry(kind="read", name="office.export_applications", actor=request.actor, detail={"count": len(rows)}))
    heading = (_("应用编码"), _("应用名称"), _("责任单位"), _("环境"), _("数据级别"), _("状态"), _("申请时间"))
    return csv_file(f"applications-{today():%Y%m%d}.csv", heading, map(_exported, rows))


def _exported(row: Application) -> tuple[Any, ...]:
    labels = (
        Application.Environment(row.environment).label,
        Application.Level(row.level).label,
        State(row.state).label,
    )
    return (row.code, row.name, row.unit.name, *labels, f"{local(row.created_at):%Y-%m-%d %H:%M}")


@access(REVIEW_CONNECTION)
@require_GET
def review(request: Request) -> HttpResponse:
    """Show what waits for review, the oldest first."""
    return render_tab(request, "review", "review", {"page": queries.waiting(request.actor, request.GET.get("after"))})


@access(OFFICER)
@never_cache
@require_GET
def application(request: Request, application_id: UUID) -> HttpResponse:
    """Show one application."""
    return show(request, application_id)


def show(request: Request, application_id: UUID, **more: Any) -> HttpResponse:
    """Show one application, with what an act on it has just brought."""
    found = queries.application(request.actor, application_id)
    actor, path = request.actor, str(found.division_path)
    own, manages = desk.answers_for(actor, found), may(actor, MANAGE_CONNECTION, path)
    mine = (found.submitted_by_id, found.reviewer_id, found.contact.account_id if found.contact else None)
    context = {
        "whole": queries.whole(found),
        "found": found,
        "targets": WebhookTarget.objects.filter(application=found, retired_at=None).order_by("created_at"),
        "events": webhooks.EVENTS,
        "kinds": ApplicationCredential.Kind.choices,
        "own": own,
        "manages": manages,
        "stops": own or manages,
        "reviews": found.approvals_left > 0 and may(actor, REVIEW_CONNECTION, path),
        "is_mine": actor.account_id in mine,
        "offered": capabilities().values(),
        "live": found.state != State.OFFLINE,
        "keyed": found.state in (State.TESTING, State.ONLINE, State.PAUSED),
        "soon": now() + queries.SOON,
        "today": today(),
        **more,
    }
    return render(request, "office/applications/application.html", context)


@access(OFFICER)
@require_GET
def calls(request: Request, application_id: UUID) -> HttpResponse:
    """Show an application's calls of the last days, or what was refused."""
    found = queries.application(request.actor, application_id)
    refused = request.GET.get("show") == "refused"
    listed = queries.calls(found, refused=refused, after=request.GET.get("after"))
    tabs = [
        {"key": "all", "title": _("全部"), "url": "?"},
        {"key": "refused", "title": _("被拒绝的"), "url": "?show=refused"},
    ]
    context = {"found": found, "page": listed, "tabs": tabs, "show": "refused" if refused else "all"}
    return render(request, "office/applications/calls.html", context)


@access(OFFICER)
@require_GET
def webhook(request: Request, application_id: UUID, target_id: UUID) -> HttpResponse:
    """Show a receiver and its latest deliveries."""
    found = queries.application(request.actor, application_id)
    target = WebhookTarget.objects.filter(pk=target_id, application=found).first()
    if target is None:
        raise NotFound
    context = {
        "found": found,
        "target": target,
        "deliveries": webhooks.recent(target),
        "stops": desk.answers_for(request.actor, found)
        or may(request.actor, MANAGE_CONNECTION, str(found.division_path)),
    }
    return render(request, "office/applications/webhook.html", context)


def render_tab(request: Request, tab: str, template: str, context: dict[str, Any]) -> HttpResponse:
    """Show a page under the tabs that the officer may open."""
    actor = request.actor
    tabs = [{"key": "all", "title": _("接入应用"), "url": reverse("office:applications"), "count": ""}]
    if may(actor, REVIEW_CONNECTION):
        number = bounded(queries.waiting_count(actor))
        queue = reverse("office:applications-review")
        tabs.append({"key": "review", "title": _("待审核"), "url": queue, "count": number})
    shared = {"tabs": tabs, "tab": tab, "applies": may(actor, APPLY_CONNECTION)}
    return render(request, f"office/applications/{template}.html", {**shared, **context})


def _search(request: Request) -> tuple[str, str]:
    state = request.GET.get("state", "")
    return request.GET.get("q", "").strip()[:100], state if state in State else ""
