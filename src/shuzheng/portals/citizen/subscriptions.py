"""What the portal hangs into the frame of residents' pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.messaging.queries import unread_count
from shuzheng.kernel.actor import ANYBODY
from shuzheng.ui import navigation
from shuzheng.ui.templatetags.ui import bounded


def unread(request: HttpRequest) -> str:
    """Return how many messages are unread, as the menu shows it."""
    return bounded(unread_count(getattr(request, "actor", ANYBODY)))


def _entry(key: str, title: object, icon: str, order: int, **more: Any) -> navigation.Entry:
    return navigation.Entry(key=key, title=title, route=f"citizen:{key}", icon=icon, order=order, **more)


navigation.public.add(_entry("home", _("首页"), "home", 10))
navigation.public.add(_entry("services", _("办事"), "layout-list", 20))
navigation.public.add(_entry("cases", _("我的办件"), "file-description", 30))
navigation.public.add(_entry("inbox", _("消息"), "bell", 40, badge=unread))
navigation.public.add(_entry("me", _("我的"), "user", 50))
navigation.tools.add(navigation.Entry(key="account", title=_("我的"), route="citizen:me"))
navigation.tools.add(navigation.Entry(key="act-as", title=_("切换办理身份"), route="identity:acting"))
navigation.tools.add(navigation.Entry(key="ledger", title=_("公开账本"), route="trust:ledger"))
navigation.tools.add(navigation.Entry(key="help", title=_("帮助"), route="citizen:help"))
navigation.tools.add(navigation.Entry(key="accessibility", title=_("无障碍声明"), route="citizen:accessibility"))
