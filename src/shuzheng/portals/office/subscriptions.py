"""What the officials' portal hangs into the desk's navigation; everybody sees what they may use."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.policies import MANAGE_ITEMS, SUPERVISE
from shuzheng.engines.trust.policies import READ_AUDIT
from shuzheng.kernel.policies import USE_ADMIN
from shuzheng.kernel.policy import OFFICER, may
from shuzheng.ui import navigation


def _who_may(permission: str) -> Callable[[HttpRequest], bool]:
    """Return the condition that the person holds a permission somewhere."""

    def visible(request: HttpRequest) -> bool:
        return may(request.actor, permission)  # type: ignore[attr-defined] - set by ActorMiddleware

    return visible


_CASES, _DESK, _SITE = _("办件"), _("管理"), _("系统")
#: key, title, route, icon, group, shortcut, who may
_ENTRIES = (
    ("work", _("我的待办"), "office:work", "list-check", _CASES, "w", OFFICER),
    ("board", _("团队看板"), "office:board", "layout-kanban", _CASES, "b", OFFICER),
    ("search", _("查找办件"), "office:search", "search", _CASES, "f", OFFICER),
    ("supervision", _("督办"), "office:supervision", "alarm", _CASES, "s", SUPERVISE),
    ("overview", _("总览"), "office:overview", "chart-bar", _CASES, "o", OFFICER),
    ("items", _("事项管理"), "office:items", "clipboard-list", _DESK, "i", MANAGE_ITEMS),
    ("people", _("人员与委托"), "office:people", "users-group", _DESK, "p", OFFICER),
    ("calendar", _("工作日历"), "office:calendar", "calendar", _DESK, "c", OFFICER),
    ("audit", _("审计"), "office:audit", "shield-check", _SITE, "a", READ_AUDIT),
    ("admin", _("运维后台"), "admin:index", "settings", _SITE, "", USE_ADMIN),
)
for _order, (_key, _title, _route, _icon, _group, _shortcut, _who) in enumerate(_ENTRIES):
    navigation.desk.add(
        navigation.Entry(
            key=_key,
            title=_title,
            route=_route,
            icon=_icon,
            order=_order * 10,
            group=_group,
            shortcut=_shortcut,
            visible=_who_may(_who),
        )
    )
navigation.tools.add(navigation.Entry(key="desk", title=_("工作台"), route="office:work", visible=_who_may(OFFICER)))
