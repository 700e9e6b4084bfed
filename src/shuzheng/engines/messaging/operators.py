"""Telling those who look after sending (消息运维人员): officers who hold the permission today by a role."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shuzheng.engines.identity.models import OrgUnit, RoleAssignment
from shuzheng.engines.messaging.actions.send_message import SendMessage
from shuzheng.engines.messaging.models.contact_address import Channel
from shuzheng.engines.messaging.policies import OPERATE
from shuzheng.engines.messaging.templates import build_in
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today

TEMPLATE = "messaging.budget"
build_in(
    code=TEMPLATE,
    title="额度提醒",
    subject="{what}",
    body="{what}。超出的短信和邮件会等到明天上午再发；需要时可以调整额度。",
    notice="{what}",
    category="todo",
    placeholders={"what": {"title": "事情", "personal": False, "example": "教育局今天的短信额度已用 80%"}},
)


def holders(permission: str) -> QuerySet[RoleAssignment, UUID]:
    """Return the accounts of the officers who hold a permission today by a role."""
    day = today()
    held = RoleAssignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        role__permissions__contains=[permission],
        valid_from__lte=day,
        officer__left_on=None,
    )
    return held.order_by("officer__account_id").values_list("officer__account_id", flat=True).distinct()


def tell_of_budget(event: dict[str, Any]) -> None:
    """Tell the operators that a department's day is nearly or wholly used up; the topic lets nobody be told twice."""
    data = event["data"]
    unit = OrgUnit.objects.filter(code=data["department"]).values_list("name", flat=True).first()
    told = {
        "department": unit or data["department"] or _("平台"),
        "channel": Channel(data["channel"]).label,
        "percent": data["percent"],
    }
    what = _("{department}今天的{channel}额度已用 {percent}%").format(**told)
    for account in holders(OPERATE):
        SendMessage.do(
            Actor.system("messaging"),
            template=TEMPLATE,
            recipient_account=account,
            values={"what": what},
            link="/office/messages/budgets/",
            topic=f"budget:{event['subject']}"[:120],
        )
