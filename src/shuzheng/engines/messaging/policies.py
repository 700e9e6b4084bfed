"""Who may send messages, look after them, and serve documents; reading is everybody's own inbox."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from shuzheng.kernel.actor import Actor
from shuzheng.kernel.policy import may, permission

SEND = permission("messaging.send", _("发送消息"))
BULK = permission("messaging.bulk", _("群发消息"))
APPROVE = permission("messaging.approve", _("审批群发"))
OPERATE = permission("messaging.operate", _("处理发送失败、设置额度"))
SERVE = permission("messaging.serve", _("送达文书"))
SUBMIT = permission("messaging.submit_notices", _("接入应用提交通知"))
TEXT = permission("messaging.text_numbers", _("接入应用直接向手机号码发短信"))


def serves_for(actor: Actor, unit_id: UUID | None) -> bool:
    """Say whether an actor serves the documents of a unit: the platform for all, officials for their own unit."""
    return actor.channel == "system" or (may(actor, SERVE) and unit_id in actor.unit_ids)
