"""What the desk's pages about messages share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from shuzheng.engines.messaging.lists import require_small
from shuzheng.engines.messaging.policies import BULK, OPERATE
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.http import Request
from shuzheng.kernel.policy import may


def message_tabs(actor: Actor) -> list[dict[str, Any]]:
    """Return the tabs of the pages about sending that an officer may open."""
    tabs = [
        ("bulk", _("群发"), "office:bulks", BULK),
        ("groups", _("常用收件人"), "office:groups", BULK),
        ("templates", _("模板"), "office:templates", BULK),
        ("dead", _("发送失败"), "office:dead-letters", OPERATE),
        ("budgets", _("额度"), "office:budgets", OPERATE),
        ("channels", _("通道"), "office:channels", OPERATE),
        ("statistics", _("发送统计"), "office:message-statistics", BULK),
    ]
    return [{"key": key, "title": title, "url": reverse(route)} for key, title, route, who in tabs if may(actor, who)]


def tried(request: Request, act: Callable[[], object]) -> bool:
    """Do something, and say on the next page if it was refused; return whether it was done."""
    try:
        act()
    except ShuzhengError as refused:
        errors = getattr(refused, "errors", ())
        messages.error(request, str(errors[0].message) if errors else str(refused))
        return False
    return True


def uploaded_list(request: Request) -> bytes:
    """Return the uploaded list of recipients, or the numbers typed instead. Raises BadList before it reads too much."""
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("id_numbers", "").encode()
    require_small(file.size)
    return b"".join(file.chunks())


def moment_of(text: str, zone: tzinfo) -> datetime | None:
    """Return what a ``datetime-local`` field says, in a zone; nothing for an empty or wrong one."""
    moment = parse_datetime(text) if text else None
    return moment.replace(tzinfo=zone) if moment else None
