"""Messages from government: the message centre."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shuzheng.engines.messaging import queries
from shuzheng.engines.messaging.actions import Choose, HideMessages, MarkDone, MarkRead, RestoreMessages
from shuzheng.engines.messaging.categories import CATEGORIES, category
from shuzheng.engines.messaging.errors import Compulsory
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.kernel.http import Request, access
from shuzheng.kernel.policy import SIGNED_IN

MISSED = (DeliveryStatus.UNDELIVERED, DeliveryStatus.FAILED)


@require_GET
@access(SIGNED_IN)
def inbox(request: Request) -> HttpResponse:
    """List the messages, newest first: all, unread ones, one category, or those that hold some words."""
    unread, words = request.GET.get("show") == "unread", request.GET.get("q", "").strip()[:50]
    about = request.GET.get("about", "") if request.GET.get("about", "") in CATEGORIES else ""
    page = queries.inbox_of(request.actor, request.GET.get("after"), unread=unread, category=about, words=words)
    kept = {"about": about, "q": words}
    tabs = [
        {"key": key, "title": title, "url": "?" + urlencode({"show": key, **kept})}
        for key, title in (("", _("全部")), ("unread", _("未读")))
    ]
    context = {
        "page": page,
        "rows": [(message, category(message.category)) for message in page.items],
        "tabs": tabs,
        "show": "unread" if unread else "",
        "about": about,
        "words": words,
        "categories": [(c.code, c.title) for c in CATEGORIES.values()],
        "gone": _uuid(request.GET.get("gone", "")),
    }
    return render(request, "citizen/inbox.html", context)


@require_GET
@access(SIGNED_IN)
def message(request: Request, message_id: UUID) -> HttpResponse:
    """Show one message; opening it is reading it."""
    found = queries.message(message_id, request.actor)
    if found.read_at is None:
        MarkRead.do(request.actor, message_ids=[message_id])
    ways = queries.ways_of(found)
    context = {
        "message": found,
        "category": category(found.category),
        "ways": ways,
        "missed": any(way.status in MISSED for way in ways),
    }
    return render(request, "citizen/message.html", context)


@require_POST
@access(SIGNED_IN)
def decline(request: Request, message_id: UUID) -> HttpResponse:
    """Receive messages of this kind no more, by no way; the settings bring them back."""
    about = category(queries.message(message_id, request.actor).category)
    choices = [{"category": about.code, "channel": way, "wanted": False} for way in queries.WAYS]
    try:
        Choose.do(request.actor, choices=choices)
        messages.success(request, _("以后不再发给您“{kind}”。想恢复，到接收设置里勾选。").format(kind=about.title))
    except Compulsory as refused:
        messages.error(request, str(refused))
    return redirect("citizen:preferences")


@require_POST
@access(SIGNED_IN)
def read_all(request: Request) -> HttpResponse:
    """Mark everything as read."""
    MarkRead.do(request.actor)
    messages.success(request, _("全部标为已读。"))
    return redirect("citizen:inbox")


@require_POST
@access(SIGNED_IN)
def delete(request: Request, message_id: UUID) -> HttpResponse:
    """Delete a message; the list offers to bring it back."""
    HideMessages.do(request.actor, message_ids=[message_id])
    return redirect(f"{reverse('citizen:inbox')}?gone={message_id}")


@require_POST
@access(SIGNED_IN)
def restore(request: Request, message_id: UUID) -> HttpResponse:
    """Bring a deleted message back."""
    RestoreMessages.do(request.actor, message_ids=[message_id])
    messages.success(request, _("已恢复。"))
    return redirect("citizen:inbox")


@require_POST
@access(SIGNED_IN)
def done(request: Request, message_id: UUID) -> HttpResponse:
    """Say that what a message asks for is done."""
    MarkDone.do(request.actor, message_ids=[message_id])
    messages.success(request, _("已标为处理完毕。"))
    return redirect("citizen:message", message_id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
