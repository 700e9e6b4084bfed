"""Telling people that the time of a file of theirs is over and its content gone (到期销毁)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.messaging.actions import SendMessage
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.templates import build_in
from shuzheng.kernel.actor import Actor

build_in(
    MessageTemplate.model_validate(
        {
            "code": "file-disposed",
            "title": "文件到期销毁",
            "subject": "文件已到期销毁：{name}",
            "body": "“{name}”的保存期限已到，内容已销毁，不能再打开。文件的登记信息和摘要仍然保留，可以查到它存在过。",
            "plain": "您的文件“{name}”存到期了，已经删除，打不开了。只留下登记。",
            "category": "service",
            "placeholders": {"name": {"title": "文件名"}},
        }
    )
)


def tell_owner(event: dict[str, Any]) -> None:
    """Tell the owner of a file that it was ended; of what is in nobody's account nobody is told."""
    owner = event["data"].get("owner_account")
    file = StoredFile.objects.filter(pk=event["subject"]).first() if owner else None
    if file is None:
        return
    SendMessage.do(
        Actor.system("casework.file_endings"),
        template="file-disposed",
        recipient_account=UUID(owner),
        values={"name": file.name},
        link="/my/files/",
        topic=f"file-disposed:{event['id']}",
    )
