"""What the officials' portal hangs into the desk's navigation; everybody sees what they may use."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shuzheng.engines.casework.policies import MANAGE_ITEMS, SUPERVISE
from shuzheng.engines.casework.policies import READ as READ_CASES
from shuzheng.engines.documents.archive.policies import READ as READ_ARCHIVE
from shuzheng.engines.documents.credentials.policies import READ as READ_LICENCES
from shuzheng.engines.messaging.desk_queries import dead_count
from shuzheng.engines.messaging.policies import BULK, OPERATE, SERVE
from shuzheng.engines.messaging.queries import unread_count
from shuzheng.engines.payment.policies import MANAGE, READ, RECONCILE
from shuzheng.engines.payment.queries import overdue_count
from shuzheng.engines.resources.policies import OPERATE as OPERATIONS
from shuzheng.engines.trust.policies import READ_AUDIT
from shuzheng.kernel.actor import ANYBODY
from shuzheng.kernel.policies import USE_ADMIN
from shuzheng.kernel.policy import OFFICER, may
from shuzheng.ui import navigation
from shuzheng.ui.templatetags.ui import bounded


def _who_may(permission: str) -> Callable[[HttpRequest], bool]:
    """Return the condition that the person holds a permission somewhere."""

    def visible(request: HttpRequest) -> bool:
        return may(request.actor, permission)  # type: ignore[attr-defined] - set by ActorMiddleware

    return visible


def _silent(request: HttpRequest) -> str:
    """Return no badge."""
    return ""


def _unread(request: HttpRequest) -> str:
    """Return how many of the officer's own messages are unread."""
    return bounded(unread_count(getattr(request, "actor", ANYBODY)))


def _dead(request: HttpRequest) -> str:
    """Return how many messages could not be sent; the alarm for whoever looks after sending."""
    return bounded(dead_count()) if may(getattr(request, "actor", ANYBODY), OPERATE) else ""


def _overdue(request: HttpRequest) -> str:
    """Return how many bills are overdue and wait for a person, for whoever manages bills."""
    actor = getattr(request, "actor", ANYBODY)
    return bounded(overdue_count(actor)) if may(actor, MANAGE) else ""


_CASES, _DESK, _MONEY, _SITE = _("办件"), _("管理"), _("资金"), _("系统")
#: key, title, route, icon, group, shortcut, who may
_ENTRIES = (
    ("work", _("我的待办"), "office:work", "list-check", _CASES, "w", OFFICER),
    ("board", _("团队看板"), "office:board", "layout-kanban", _CASES, "b", OFFICER),
    ("search", _("查找办件"), "office:search", "search", _CASES, "f", OFFICER),
    ("supervision", _("督办"), "office:supervision", "alarm", _CASES, "s", SUPERVISE),
    ("letters", _("文书用印"), "office:letters", "file-text", _CASES, "", OFFICER),
    ("services", _("文书送达"), "office:services", "writing-sign", _CASES, "d", SERVE),
    ("messages", _("消息"), "office:messages", "bell", _CASES, "m", OFFICER),
    ("overview", _("总览"), "office:overview", "chart-bar", _CASES, "o", READ_CASES),
    ("items", _("事项管理"), "office:items", "clipboard-list", _DESK, "i", MANAGE_ITEMS),
    ("people", _("人员与委托"), "office:people", "users-group", _DESK, "p", OFFICER),
    ("licences", _("电子证照"), "office:licences", "certificate", _DESK, "l", READ_LICENCES),
    ("seals", _("电子印章"), "office:seals", "rubber-stamp", _DESK, "e", OFFICER),
    ("applications", _("应用接入"), "office:applications", "plug", _DESK, "", OFFICER),
    ("archive", _("电子档案"), "office:archive", "archive", _DESK, "k", READ_ARCHIVE),
    ("calendar", _("工作日历"), "office:calendar", "calendar", _DESK, "c", OFFICER),
    ("sending", _("消息发送"), "office:bulks", "send", _DESK, "", BULK),
    ("bills", _("缴款书"), "office:bills", "receipt", _MONEY, "", READ),
    ("refunds", _("退付"), "office:refunds", "arrow-back-up", _MONEY, "", READ),
    ("reconciliation", _("对账"), "office:reconciliation", "report-money", _MONEY, "", RECONCILE),
    ("balance", _("试算平衡"), "office:balance", "scale", _MONEY, "", READ),
    ("payouts", _("资金发放"), "office:payouts", "wallet", _MONEY, "", READ),
    ("operations", _("运行保障"), "office:operations", "stethoscope", _SITE, "", OPERATIONS),
    ("audit", _("审计"), "office:audit", "shield-check", _SITE, "a", READ_AUDIT),
    ("admin", _("运维后台"), "admin:index", "settings", _SITE, "", USE_ADMIN),
)
_BADGES = {"messages": _unread, "sending": _dead, "bills": _overdue}
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
            badge=_BADGES.get(_key, _silent),
        )
    )
navigation.tools.add(navigation.Entry(key="desk", title=_("工作台"), route="office:work", visible=_who_may(OFFICER)))
