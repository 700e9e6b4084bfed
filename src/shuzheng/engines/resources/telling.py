"""Telling the operators on duty (值班人员): officers who hold the permission today by a role."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuzheng.engines.messaging import templates
from shuzheng.engines.messaging.actions import SendMessage
from shuzheng.engines.messaging.operators import holders
from shuzheng.engines.resources.errors import NoSuchService
from shuzheng.engines.resources.models import Alert, Measure, ProcessEvent
from shuzheng.engines.resources.policies import APPROVE, OPERATE
from shuzheng.engines.resources.services import service
from shuzheng.kernel.actor import Actor

_WHAT = {"what": {"title": "事情", "personal": False}}
templates.build_in(
    code="resources.alert", title="运行告警", subject="{what}", body="{what}。点开看处置预案和最近的变化。",
    notice="{what}", category="todo", urgent=True, placeholders=_WHAT,
)  # fmt: skip
templates.build_in(
    code="resources.measure", title="应急措施", subject="{what}", body="{what}。点开看详情并办理。",
    notice="{what}", category="todo", urgent=True, placeholders=_WHAT,
)  # fmt: skip
#: Event → template.
TEMPLATES = {
    "resources.alert_opened": "resources.alert",
    "resources.alert_closed": "resources.alert",
    "resources.process_failing": "resources.alert",
    "resources.measure_asked": "resources.measure",
    "resources.measure_begun": "resources.measure",
    "resources.measure_ended": "resources.measure",
}


def tell(event: dict[str, Any]) -> None:
    """Tell everybody on duty what an event says; those who approve, of what they must approve or review."""
    type, id = event["type"], UUID(event["subject"])
    what, accounts, link = _about(type, id)
    for account in sorted(accounts):
        SendMessage.do(
            Actor.system("resources"),
            template=TEMPLATES[type],
            recipient_account=account,
            values={"what": what},
            link=link,
            topic=f"{type}:{id}",
        )


def _about(type: str, id: UUID) -> tuple[str, set[UUID], str]:
    """Return what an event says, who is told, and where they look; nobody where it is gone."""
    if type == "resources.process_failing":
        event = ProcessEvent.objects.filter(pk=id).first()
        return (_process(event), set(holders(OPERATE)), "/office/operations/processes/") if event else ("", set(), "")
    if type.startswith("resources.alert"):
        alert = Alert.objects.filter(pk=id).first()
        return (_alert(alert, type), set(holders(OPERATE)), _page(alert.service)) if alert else ("", set(), "")
    measure = Measure.objects.filter(pk=id).first()
    if measure is None:
        return "", set(), ""
    return _measure(measure, type), {*holders(OPERATE), *holders(APPROVE)}, _page(measure.service)


def _page(code: str) -> str:
    return f"/office/operations/{code}/"


def _process(event: ProcessEvent) -> str:
    return _("{host} 上的进程 {program} 反复崩溃，正在放慢重启").format(host=event.host, program=event.program)


def _title(code: str) -> str:
    try:
        return service(code).title
    except NoSuchService:
        return code


def _alert(alert: Alert, type: str) -> str:
    if type.endswith("closed"):
        return _("{service}的告警已解除").format(service=_title(alert.service))
    told = {"service": _title(alert.service), "level": alert.get_severity_display(), "burn": f"{alert.burn_short:.0f}"}
    return _("{service}{level}告警：错误预算消耗是允许速度的 {burn} 倍").format(**told)


def _measure(measure: Measure, type: str) -> str:
    told = {"drill": _("【演练】") if measure.drill else "", "service": _title(measure.service), "title": measure.title}
    if type.endswith("asked"):
        return _("{drill}{service}申请“{title}”，请另一人批准").format(**told)
    if type.endswith("ended"):
        return _("{drill}{service}“{title}”已结束，恢复正常").format(**told)
    if measure.at_once:
        return _("{drill}{service}已先行“{title}”，请另一人复核").format(**told)
    return _("{drill}{service}已开始“{title}”").format(**told)
