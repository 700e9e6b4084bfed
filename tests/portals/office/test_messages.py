"""Sending from the desk: many people, two pairs of eyes, what failed, what was served."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.messaging import jobs
from shuzheng.engines.messaging.actions import SendMessage
from shuzheng.engines.messaging.models import Bulk, Delivery, LegalService, Message
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.kernel.actor import Actor
from shuzheng.testing.identity import a_browser, a_resident, a_role, an_officer
from tests.portals.office.conftest import Desk

SYSTEM = Actor.system("test")
EVERYTHING = ["messaging.bulk", "messaging.approve", "messaging.operate", "messaging.serve"]


@pytest.fixture
def sender(unit: OrgUnit) -> Desk:
    """An officer who may send to many."""
    return _desk(unit, "sender", EVERYTHING)


@pytest.fixture
def second(unit: OrgUnit) -> Desk:
    """Another one."""
    return _desk(unit, "second", EVERYTHING)


def _desk(unit: OrgUnit, code: str, permissions: list[str]) -> Desk:
    officer = an_officer(unit=unit, posts=["acceptor"], roles=[a_role(code, permissions)])
    return Desk(officer, a_browser(officer.account))


def text(answer: Any) -> str:
    return answer.content.decode()


def write(desk: Desk, **more: str) -> Bulk:
    """Write a bulk on the page."""
    form = {
        "template": "case-filed",
        "title": "通知",
        "value-title": "高龄津贴",
        "value-number": "1",
        "audience": "list",
    }
    answer = desk.post("/office/messages/bulk/new/", **{**form, **more})
    assert answer.status_code == 302, text(answer)
    return Bulk.objects.get()


def test_a_short_list_is_sent_at_once(sender: Desk) -> None:
    people = [a_resident(f"居民{number}") for number in "一二三"]
    assert "已提交" in text(sender.get("/office/messages/bulk/new/", template="case-filed"))
    bulk = write(sender)
    numbers = "\n".join(person.id_number for person in people) + "\n360702190001010001"
    page = text(
        sender.browser.post(f"/office/messages/bulk/{bulk.pk}/recipients", {"id_numbers": numbers}, follow=True)
    )
    assert "名单加入 3 人，1 个证件号没有找到" in page
    sender.post(f"/office/messages/bulk/{bulk.pk}/submit")
    jobs.send_bulk({"subject": str(bulk.pk)})
    assert Message.objects.count() == 3
    assert "3 / 3" in text(sender.get(f"/office/messages/bulk/{bulk.pk}/"))
    assert "已发完" in text(sender.get("/office/messages/"))


def test_many_need_a_second_person(sender: Desk, second: Desk, settings: Any) -> None:
    settings.BULK_APPROVAL_ABOVE = 1
    bulk = write(sender, audience="accounts")
    sender.post(f"/office/messages/bulk/{bulk.pk}/submit")
    own = text(sender.browser.post(f"/office/messages/bulk/{bulk.pk}/approve", follow=True))
    assert "拟稿人不能审批自己的群发" in own
    second.post(f"/office/messages/bulk/{bulk.pk}/approve")
    bulk.refresh_from_db()
    assert (bulk.status, bulk.approved_by_id) == (Bulk.Status.RUNNING, second.officer.account_id)


def test_what_is_wrong_in_a_bulk_is_said_beside_its_field(sender: Desk) -> None:
    answer = sender.post("/office/messages/bulk/new/", template="case-filed", title="x", audience="list")
    assert answer.status_code == 422
    assert "至少 2 个字" in text(answer)


def test_templates_are_shown_in_every_version_and_sent_to_oneself(sender: Desk) -> None:
    assert "文书送达" in text(sender.get("/office/messages/templates/"))
    page = text(sender.get("/office/messages/templates/document-served/"))
    assert "大字简明版" in page
    assert "Document served" in page
    sender.post("/office/messages/templates/document-served/")
    assert Message.objects.get().recipient_person_id == sender.officer.person_id


def test_dead_letters_are_retried_or_given_up(sender: Desk) -> None:
    for number in range(2):
        Delivery.objects.create(
            channel="sms", to="13812345678", title=f"通知{number}", text="x", status="failed", reason="refused"
        )
    page = text(sender.get("/office/messages/dead/"))
    assert "refused" in page
    assert "13812345678" not in page
    first, other = Delivery.objects.order_by("title")
    sender.post(f"/office/messages/dead/{first.pk}/retry")
    sender.post(f"/office/messages/dead/{other.pk}/give-up")
    jobs.drain()
    assert [d.status for d in Delivery.objects.order_by("title")] == [DeliveryStatus.SENT, DeliveryStatus.GIVEN_UP]
    assert "短信" in text(sender.get("/office/messages/statistics/"))


def test_a_document_is_served_step_by_step(sender: Desk) -> None:
    person = a_resident("李梅")
    file = SimpleUploadedFile("decision.pdf", b"decision")
    form = {"id_number": person.id_number, "title": "行政处罚决定书", "number": "赣章罚 1 号", "file": file}
    assert "没有同意电子送达" in text(sender.browser.post("/office/services/new/", form, follow=True))
    service = LegalService.objects.get()
    assert len(service.digest) == 64
    url = f"/office/services/{service.pk}/"
    too_early = sender.browser.post(url, {"way": "notice", "outcome": "started", "place": "官网"}, follow=True)
    assert "前面的送达方式还没有试过" in text(too_early)
    sender.post(url, way="mail", outcome="served", place="EMS 1234567890", note="本人签收")
    page = text(sender.get(f"{url}proof/"))
    assert "EMS 1234567890" in page
    assert "李梅" in page
    listed = text(sender.get("/office/services/"))
    assert "已送达" in listed
    assert "李梅" not in listed


def test_an_officers_own_messages_lead_to_the_work(sender: Desk) -> None:
    person = sender.officer.person_id
    SendMessage.do(
        SYSTEM,
        template="card-red",
        recipient_person=person,
        values={"number": "GZ-1", "clock": "承诺时限"},
        link="/office/",
        topic="x",
    )
    assert "去处理" in text(sender.get("/office/inbox/"))
    message = Message.objects.get()
    assert sender.post(f"/office/inbox/{message.pk}/open").url == "/office/"
    message.refresh_from_db()
    assert message.read_at is not None


def test_others_may_not_send_to_many(unit: OrgUnit) -> None:
    nobody = _desk(unit, "nobody", [])
    for path in ("/office/messages/", "/office/messages/dead/", "/office/services/"):
        assert nobody.get(path).status_code == 403
