"""Telling people that their lock on a file was taken away (文件锁定解除)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.messaging.actions import SendMessage
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.templates import build_in
from shuzheng.kernel.actor import Actor

build_in(
    MessageTemplate.model_validate(
        {
            "code": "file-lock-broken",
            "title": "文件锁定已解除",
            "subject": "文件锁定已解除：{name}",
            "body": "您对“{name}”的锁定已被解除。原因：{reason}。您已存入的版本都在；还要修改的，请先看最新的一版再存。",
            "plain": "您锁住的文件“{name}”已经打开，别人可以改了。您存过的都还在。原因：{reason}。",
            "category": "service",
            "placeholders": {"name": {"title": "文件名"}, "reason": {"title": "原因"}},
        }
    )
)


def tell_holder(event: dict[str, Any]) -> None:
    """Tell whoever held a lock that it was taken away, and why."""
    file = StoredFile.objects.filter(pk=event["subject"]).first()
    if file is None:
        return
    SendMessage.do(
        Actor.system("casework.file_locks"),
        template="file-lock-broken",
        recipient_account=UUID(event["data"]["holder_account"]),
        values={"name": file.name, "reason": event["data"].get("reason") or _("文件的权利人解除了锁定或收回了授权")},
        link="/my/files/",
        topic=f"file-lock:{event['id']}",
    )
