"""Reminding whoever answers for a connected application that a key is about to end (凭证到期提醒)."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from shuzheng.engines.identity.models import Application
from shuzheng.engines.messaging.actions.send_message import SendMessage
from shuzheng.engines.messaging.templates import build_in
from shuzheng.kernel.actor import Actor

TEMPLATE = build_in(
    code="application-key-ending",
    title="应用密钥即将到期",
    subject="“{name}”的密钥即将到期",
    body="接入应用“{name}”的密钥 {key} 将于 {day} 失效，之后用它签名的调用会被拒绝。请领取新密钥交给开发人员，并让旧密钥在换用后失效。",
    notice="接入应用“{name}”的密钥将于 {day} 失效，请及时更换。",
    category="todo",
    asks=True,
    placeholders={
        "name": {"title": "应用名称", "personal": False, "example": "防汛指挥系统"},
        "key": {"title": "密钥编号", "personal": False, "example": "flood.3fa9c2d1"},
        "day": {"title": "失效日期", "personal": False, "example": "2026-12-22"},
    },
)


@app.task(name="messaging.remind_of_key", queue="messaging")
def remind_of_key(event: dict[str, Any]) -> None:
    """Write to the contact of an application; repeated, the topic lets nobody be told twice."""
    found = Application.objects.select_related("contact").filter(pk=event["subject"]).first()
    if found is None or found.contact is None:
        return
    told = event["data"]
    SendMessage.do(
        Actor.system("messaging"),
        template=TEMPLATE.code,
        recipient_person=found.contact.person_id,
        values={"name": found.name, "key": told["key_id"], "day": told["day"]},
        link=f"/office/applications/{found.pk}/",
        topic=f"key:{told['key_id']}:{event['id']}"[:120],
    )
