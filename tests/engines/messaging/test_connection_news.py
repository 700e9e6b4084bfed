"""The contact of a connected application hears what became of what was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from shuzheng.engines.identity.applications.actions import ApproveApplication, AskCapability, ReturnApplication
from shuzheng.engines.identity.models import Application
from shuzheng.engines.messaging.connection_news import tell_contact
from shuzheng.engines.messaging.models import Message
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.models import EventRecord
from shuzheng.testing.applications import a_reviewer, a_wish, an_application

pytestmark = pytest.mark.django_db


def tell(application: Application) -> list[str]:
    """Run the follower of every event of an application, each twice, and return what its contact was told."""
    events: Any = EventRecord.objects.filter(type__startswith="identity.application_", subject=str(application.pk))
    for event in events.order_by("time", "id"):
        for _twice in range(2):
            tell_contact(event={"id": str(event.pk), "type": event.type, "subject": event.subject})
    assert application.contact is not None
    mine = Message.objects.filter(recipient_person_id=application.contact.person_id)
    return list(mine.order_by("id").values_list("body", flat=True))


def test_the_contact_is_told_once_of_each_step() -> None:
    made = an_application("flood", evidence={})
    ApproveApplication.do(a_reviewer(), application_id=made.pk)
    ApproveApplication.do(a_reviewer(), application_id=made.pk)
    applied, approved = tell(made)
    assert "正在等待数据主管部门审核" in applied
    assert "“flood 系统”的申请已审核通过" in approved
    assert Message.objects.order_by("id")[0].link == f"/office/applications/{made.pk}/"


def test_the_reason_of_a_return_is_told() -> None:
    made = an_application("flood", evidence={})
    ReturnApplication.do(a_reviewer(), application_id=made.pk, remark="请写明用途。")
    assert "原因：请写明用途。请修改" in tell(made)[-1]


def test_an_application_without_a_contact_or_that_is_gone_is_passed_over() -> None:
    made = an_application("flood", evidence={})
    AskCapability.do(Actor.system("test"), application_id=made.pk, **a_wish("licences"))
    contact = made.contact
    Application.objects.update(contact=None)
    assert contact is not None
    tell(made)
    assert not Message.objects.exists()
