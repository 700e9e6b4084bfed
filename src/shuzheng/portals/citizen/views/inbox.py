"""Messages from government."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.messaging import queries
from shuzheng.engines.messaging.actions import MarkRead
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN


@require_GET
@access(SIGNED_IN)
def inbox(request: Request) -> HttpResponse:
    """List the messages, newest first."""
    unread = request.GET.get("show") == "unread"
    page = queries.inbox_of(request.actor, request.GET.get("after"), unread=unread)
    tabs = [
        {"key": "", "title": _("全部"), "url": "?show="},
        {"key": "unread", "title": _("未读"), "url": "?show=unread"},
    ]
    context = {"page": page, "tabs": tabs, "show": "unread" if unread else ""}
    return render(request, "citizen/inbox.html", context)


@require_GET
@access(SIGNED_IN)
def message(request: Request, message_id: UUID) -> HttpResponse:
    """Show one message; opening it is reading it."""
    found = queries.message(message_id, request.actor)
    if found.read_at is None:
        MarkRead.do(request.actor, message_ids=[message_id])
    return render(request, "citizen/message.html", {"message": found})


@require_POST
@access(SIGNED_IN)
def read_all(request: Request) -> HttpResponse:
    """Mark everything as read."""
    MarkRead.do(request.actor)
    messages.success(request, _("全部标为已读。"))
    return redirect("citizen:inbox")
