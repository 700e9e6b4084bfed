"""Telling the contact of a connected application what became of what was asked for (接入申请进展)."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from shuzheng.engines.identity.models import Application, ApplicationEvent
from shuzheng.engines.messaging.actions.send_message import SendMessage
from shuzheng.engines.messaging.templates import build_in
from shuzheng.kernel.actor import Actor

_NAME = {"name": {"title": "应用名称", "personal": False, "example": "防汛指挥系统"}}
_REASON = {"reason": {"title": "退回原因", "personal": False, "example": "请写明用途"}}
#: What is told of each event; a published template of the same code takes its place.
TEMPLATES = {
    "identity.application_applied": build_in(
        code="application-applied",
        title="应用接入申请已提交",
        subject="“{name}”的接入申请已提交",
        body="接入应用“{name}”的申请已提交，正在等待数据主管部门审核。您是它的联系人；如果您不知道这件事，请与申请单位核实。",
        notice="接入应用“{name}”的申请已提交，正在等待审核。",
        category="todo",
        placeholders=_NAME,
    ),
    "identity.application_approved": build_in(
        code="application-approved",
        title="应用接入申请已通过",
        subject="“{name}”的接入申请已通过",
        body="接入应用“{name}”的申请已审核通过。新接入的应用，请领取密钥交给开发人员联调；已上线的应用，申请的能力现在就可以使用。",
        notice="接入应用“{name}”的申请已审核通过。",
        category="todo",
        placeholders=_NAME,
    ),
    "identity.application_returned": build_in(
        code="application-returned",
        title="应用接入申请被退回",
        subject="“{name}”的接入申请被退回",
        body="接入应用“{name}”的申请被退回，原因：{reason}。请修改后重新提交；已经生效的能力不受影响。",
        notice="接入应用“{name}”的申请被退回，请修改后重新提交。",
        category="todo",
        asks=True,
        placeholders={**_NAME, **_REASON},
    ),
}


@app.task(name="messaging.tell_contact", queue="messaging")
def tell_contact(event: dict[str, Any]) -> None:
    """Write to the contact of an application; repeated, the topic lets nobody be told twice."""
    found = Application.objects.select_related("contact").filter(pk=event["subject"]).first()
    if found is None or found.contact is None:
        return
    template, values = TEMPLATES[event["type"]], {"name": found.name}
    if "reason" in template.placeholders:
        values["reason"] = _reason(found)
    SendMessage.do(
        Actor.system("messaging"),
        template=template.code,
        recipient_person=found.contact.person_id,
        values=values,
        link=f"/office/applications/{found.pk}/",
        topic=f"application:{event['id']}",
    )


def _reason(application: Application) -> str:
    """Return why an application was returned last, without the full stop that the text brings."""
    told = ApplicationEvent.objects.filter(application=application, act="identity.return_application")
    last = told.order_by("-at", "-id").values_list("note", flat=True).first()
    return (last or "").rstrip("。")
