"""Sending from the desk: many people, two pairs of eyes, what failed, what was served."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.messaging import jobs, lists, operators
from shuzheng.engines.messaging.actions import RecordReceipts, ReportProvider, SendMessage
from shuzheng.engines.messaging.counting import reserve
from shuzheng.engines.messaging.errors import BadList
from shuzheng.engines.messaging.models import (
    Budget,
    Bulk,
    ContactAddress,
    Delivery,
    LegalService,
    Message,
    QuietHours,
    RecipientGroup,
)
from shuzheng.engines.messaging.models.delivery import DeliveryStatus
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from shuzheng.testing.identity import a_browser, a_resident, a_role, a_unit, an_officer
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
    page = text(sender.browser.post(f"/office/messages/bulk/{bulk.pk}/recipients", {"id_numbers": numbers}))
    assert "读出 3 人，1 行有问题" in page
    assert "没有找到这个人" in page
    assert "360702190001010001" not in page
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


def test_a_bulk_of_another_unit_is_neither_listed_nor_shown_nor_changed(unit: OrgUnit, sender: Desk) -> None:
    bulk = write(sender)
    Bulk.objects.update(status="running", failed=1, department=unit.code)
    url = f"/office/messages/bulk/{bulk.pk}/"
    officer = an_officer(unit=a_unit("water"), posts=["acceptor"], roles=[a_role("other", ["messaging.bulk"])])
    stranger = Desk(officer, a_browser(officer.account))
    assert "还没有群发过" in text(stranger.get("/office/messages/"))
    for answer in (
        stranger.get(url),
        stranger.get(f"{url}failures.csv"),
        stranger.post(f"{url}recipients", id_numbers="1"),
        *(stranger.post(f"{url}{verb}") for verb in ("pause", "cancel", "resend", "approve")),
    ):
        assert answer.status_code == 404
    bulk.refresh_from_db()
    assert bulk.status == Bulk.Status.RUNNING


def test_the_form_offers_the_officers_own_units_and_takes_no_other(unit: OrgUnit, sender: Desk) -> None:
    other = a_unit("water", name="水务局")
    page = text(sender.get("/office/messages/bulk/new/", template="case-filed"))
    assert unit.code in page
    assert other.code not in page
    form = {"template": "case-filed", "title": "通知", "value-title": "津贴", "value-number": "1", "audience": "list"}
    refused = sender.post("/office/messages/bulk/new/", **form, department=other.code)
    assert refused.status_code == 422
    assert "请选择您所在的部门" in text(refused)
    bulk = write(sender, department=unit.code)
    assert unit.name in text(sender.get(f"/office/messages/bulk/{bulk.pk}/"))
    assert unit.name in text(sender.get("/office/messages/"))


def test_a_colleague_is_not_offered_to_fill_or_submit_the_draft(unit: OrgUnit, sender: Desk, second: Desk) -> None:
    url = f"/office/messages/bulk/{write(sender).pk}/"
    for desk, offered in ((sender, True), (second, False)):
        page = text(desk.get(url))
        assert (f"{url}submit" in page, f"{url}recipients" in page) == (offered, offered)
        assert f"{url}cancel" in page


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
    refused = sender.browser.post(f"/office/messages/dead/{other.pk}/give-up", follow=True)
    assert Delivery.objects.get(pk=other.pk).status == DeliveryStatus.FAILED, text(refused)
    sender.post(f"/office/messages/dead/{other.pk}/give-up", note="号码已注销")
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
    pages = ("", "dead/", "groups/", "budgets/", "channels/", "templates/", "statistics/")
    for path in (*(f"/office/messages/{page}" for page in pages), "/office/services/"):
        assert nobody.get(path).status_code == 403


def upload(desk: Desk, url: str, data: bytes) -> str:
    """Upload a list and return the page that says what became of it."""
    file = SimpleUploadedFile("list.csv", data, "text/csv")
    return text(desk.browser.post(url, {"file": file}))


def test_a_list_fills_the_gaps_for_each_person_and_names_every_wrong_row(sender: Desk) -> None:
    first, second = a_resident("居民一"), a_resident("居民二")
    bulk = write(sender)
    rows = [
        "姓名,公民身份号码,number",
        f"居民一,{first.id_number},甲-1",
        f"居民二,{second.id_number},乙-2",
        f"居民二,{second.id_number},乙-3",
        "短的,3607,丙",
        "没填,,丁",
    ]
    page = upload(sender, f"/office/messages/bulk/{bulk.pk}/recipients", "\n".join(rows).encode("gb18030"))
    for said in ("读出 2 人，3 行有问题", "与前面的一行重复", "证件号应为 18 位", "没有填证件号"):
        assert said in page
    sender.post(f"/office/messages/bulk/{bulk.pk}/submit")
    jobs.send_bulk({"subject": str(bulk.pk)})
    assert {m.body for m in Message.objects.all() if "甲-1" in m.body or "乙-2" in m.body} == {
        m.body for m in Message.objects.all()
    }


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "文件是空的"), (b"a,b\n1,2", "没有“公民身份号码”"), (b"\xff\xfe\x00\x81\x30", "不是文本文件")],
)
def test_a_file_that_is_no_list_adds_nobody_and_says_why(sender: Desk, data: bytes, said: str) -> None:
    bulk = write(sender)
    assert said in upload(sender, f"/office/messages/bulk/{bulk.pk}/recipients", data or b"\n")
    assert not bulk.recipients.exists()


def test_a_saved_group_is_sent_to_and_then_kept(sender: Desk) -> None:
    people = [a_resident(f"居民{number}") for number in "一二三"]
    assert "还没有常用收件人" in text(sender.get("/office/messages/groups/"))
    sender.post("/office/messages/groups/", title="独居老人")
    group = RecipientGroup.objects.get()
    url = f"/office/messages/groups/{group.pk}/"
    page = upload(sender, url, "\n".join(p.id_number for p in people).encode())
    assert "全部加入名单" in page
    assert people[0].id_number not in page
    sender.post(f"{url}{people[2].pk}")
    assert "同名" in text(sender.post("/office/messages/groups/", title="独居老人"))
    bulk = write(sender, audience="group", group_id=str(group.pk))
    sender.post(f"/office/messages/bulk/{bulk.pk}/submit")
    jobs.send_bulk({"subject": str(bulk.pk)})
    assert set(Message.objects.values_list("recipient_person_id", flat=True)) == {people[0].pk, people[1].pk}
    assert "不能删除" in text(sender.browser.post(f"{url}remove", follow=True))
    assert "独居老人" in text(sender.get("/office/messages/groups/", q="独居"))
    assert "没有找到" in text(sender.get("/office/messages/groups/", q="无此"))


def test_a_group_of_another_unit_is_neither_listed_nor_shown(sender: Desk) -> None:
    person = a_resident("居民一")
    group = RecipientGroup.objects.create(title="独居老人", department=a_unit("water").code)
    group.members.create(person_id=person.pk)
    assert "独居老人" not in text(sender.get("/office/messages/groups/"))
    assert "独居老人" not in text(sender.get("/office/messages/bulk/new/", template="case-filed"))
    url = f"/office/messages/groups/{group.pk}/"
    assert sender.get(url).status_code == 404
    assert sender.post(url, id_numbers=person.id_number).status_code == 404
    sender.post(f"{url}{person.pk}")
    sender.post(f"{url}remove")
    assert group.members.count() == 1


@pytest.mark.parametrize("data", [b"x" * 131_073, b'"' + b"x" * 131_073 + b'"', b"36070219900101001X\rx\r\r\n1"])
def test_a_list_that_cannot_be_read_is_refused_and_does_not_fail(sender: Desk, data: bytes) -> None:
    sender.post("/office/messages/groups/", title="独居老人")
    for url in (
        f"/office/messages/groups/{RecipientGroup.objects.get().pk}/",
        f"/office/messages/bulk/{write(sender).pk}/recipients",
    ):
        answer = sender.browser.post(url, {"file": SimpleUploadedFile("list.csv", data)})
        assert answer.status_code == 422
        assert "不是可以读的 CSV 文件" in text(answer)


def test_a_list_that_is_too_large_is_refused_unread(sender: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "LARGEST", 10)
    monkeypatch.setattr(InMemoryUploadedFile, "chunks", pytest.fail)
    sender.post("/office/messages/groups/", title="独居老人")
    for url in (
        f"/office/messages/groups/{RecipientGroup.objects.get().pk}/",
        f"/office/messages/bulk/{write(sender).pk}/recipients",
    ):
        assert "文件超过 5 MB" in upload(sender, url, b"x" * 11)


def test_only_the_rows_that_a_list_may_have_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "MOST", 3)
    with pytest.raises(BadList) as refused:
        lists.read(b"\n" * 2_000_000)
    assert "名单超过 3 行" in str(refused.value.errors[0].message)


def test_the_document_that_is_served_is_read_piece_by_piece(sender: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    person, mebibyte = a_resident("李梅"), 1024 * 1024
    monkeypatch.setattr(InMemoryUploadedFile, "chunks", lambda _file: (bytes(mebibyte) for _piece in range(64)))
    form = {"id_number": person.id_number, "title": "处罚决定书", "number": "1"}
    tracemalloc.start()
    sender.browser.post("/office/services/new/", {**form, "file": SimpleUploadedFile("x.pdf", b"x")})
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert LegalService.objects.get().digest == hashlib.new("sm3", bytes(64 * mebibyte)).hexdigest()
    assert most < 32 * mebibyte


def test_what_did_not_arrive_is_listed_exported_and_sent_again(sender: Desk) -> None:
    people = [a_resident(f"居民{number}") for number in "一二三"]
    for person in people:
        ContactAddress.objects.create(owner=person.pk, channel="sms", address="13812345678")
        QuietHours.objects.create(owner=person.pk, kept=False)
    bulk = write(sender)
    upload(sender, f"/office/messages/bulk/{bulk.pk}/recipients", "\n".join(p.id_number for p in people).encode())
    sender.post(f"/office/messages/bulk/{bulk.pk}/submit")
    url = f"/office/messages/bulk/{bulk.pk}/"
    jobs.send_bulk({"subject": str(bulk.pk)})
    jobs.drain()
    arrived, lost, _waiting = Delivery.objects.order_by("pk")
    receipts = [
        {"reference": str(arrived.pk), "delivered": True, "at": now()},
        {"reference": str(lost.pk), "delivered": False, "at": now(), "reason": "UNDELIV"},
    ]
    RecordReceipts.do(SYSTEM, provider="log", receipts=receipts)
    RecordReceipts.do(SYSTEM, provider="log", receipts=receipts)
    bulk.refresh_from_db()
    assert (bulk.notices, bulk.told, bulk.arrived, bulk.failed) == (3, 3, 1, 1)
    page = text(sender.get(url))
    assert "UNDELIV" in page
    assert "13812345678" not in page
    with CaptureQueriesContext(connection) as asked:
        table = text(sender.get(f"{url}failures.csv"))
    assert sum("INSERT INTO trust_auditrecord" in query["sql"] for query in asked) == 1, "reads are written together"
    assert "UNDELIV" in table
    assert table.count("\n") == 2
    sender.post(f"{url}resend")
    jobs.drain()
    bulk.refresh_from_db()
    assert (bulk.told, bulk.failed) == (3, 0)
    assert Delivery.objects.filter(message=lost.message_id).values_list("status", flat=True).count() == 2
    again = Delivery.objects.get(message=lost.message_id, status=DeliveryStatus.SENT)
    assert again.pk != lost.pk, "a provider would take the same number for a repetition"


def test_all_dead_letters_of_a_cause_are_dealt_with_at_once(sender: Desk) -> None:
    for number in range(5):
        reason = "TimeoutError" if number < 3 else "bad-number"
        Delivery.objects.create(
            channel="sms",
            to="13812345678",
            title=f"通知{number}",
            text="x",
            status="failed",
            provider="cloud",
            reason=reason,
        )
    assert "TimeoutError" in text(sender.get("/office/messages/dead/"))
    only = text(sender.get("/office/messages/dead/", channel="sms", provider="cloud", reason="bad-number"))
    assert "通知4" in only
    assert "通知0" not in only
    cause = {"channel": "sms", "provider": "cloud"}
    answer = sender.browser.post("/office/messages/dead/cause/retry", {**cause, "reason": "TimeoutError"}, follow=True)
    assert "已重新排队 3 条" in text(answer)
    sender.post("/office/messages/dead/cause/give-up", **cause, reason="bad-number", note="号码不存在")
    jobs.drain()
    assert Counter(Delivery.objects.values_list("status", "note")) == {("sent", ""): 3, ("given_up", "号码不存在"): 2}
    assert sender.post("/office/messages/dead/cause/burn", **cause).status_code == 404


def test_a_budget_is_set_watched_and_its_changes_kept(sender: Desk, unit: OrgUnit) -> None:
    assert "还没有设置额度" in text(sender.get("/office/messages/budgets/"))
    for daily in ("100", "10"):
        sender.post("/office/messages/budgets/", department=unit.code, channel="sms", daily=daily, warn_at="80")
    assert reserve(unit.code, "sms", 8) == 8
    page = text(sender.get("/office/messages/budgets/"))
    assert "已用 80%" in page
    one = text(sender.get("/office/messages/budgets/one/", department=unit.code, channel="sms"))
    assert "不限 → 100" in one
    assert "100 → 10" in one
    wrong = sender.post("/office/messages/budgets/", department=unit.code, channel="sms", daily="-1", warn_at="80")
    assert wrong.status_code == 422
    assert sender.get("/office/messages/budgets/one/", department="x", channel="fax").status_code == 404


def test_operators_are_told_once_that_a_budget_runs_out(sender: Desk, unit: OrgUnit) -> None:
    Budget.objects.create(department=unit.code, channel="sms", daily=10)
    levels: list[int] = []
    for wanted in (7, 1, 1, 5, 1):
        reserve(unit.code, "sms", wanted, levels.append)
    assert levels == [80, 100]
    event = {"subject": "2026:x", "data": {"department": unit.code, "channel": "sms", "percent": 80}}
    for _again in range(2):
        operators.tell_of_budget(event)
    assert "额度已用 80%" in Message.objects.get().subject


def test_channels_show_what_waits_and_what_is_broken(sender: Desk, settings: Any) -> None:
    settings.SMS_PROVIDERS = ["https://a:b@sms.example.cn/x?name=cloud"]
    ReportProvider.do(SYSTEM, provider="cloud", failed=True, reason="TimeoutError")
    Delivery.objects.create(channel="sms", to="1", title="x", text="x", due_at=now() - timedelta(minutes=10))
    page = text(sender.get("/office/messages/channels/"))
    for said in ("cloud", "连续失败 1 次", "TimeoutError", "积压"):
        assert said in page


def test_a_template_is_previewed_with_other_words_and_shows_its_versions(sender: Desk) -> None:
    page = text(sender.get("/office/messages/templates/document-served/", **{"value-title": "限期改正通知书"}))
    assert "文书送达：限期改正通知书" in page
    assert "内置模板" in page
    assert "没有找到" in text(sender.get("/office/messages/templates/", q="无此模板"))


def test_services_are_found_by_title_number_and_full_name(sender: Desk) -> None:
    person = a_resident("李梅")
    LegalService.objects.create(person=person, title="处罚决定书", number="赣章罚 1 号", digest="0" * 64)
    for words in ("处罚", "罚 1", "李梅"):
        assert "处罚决定书" in text(sender.get("/office/services/", q=words))
    assert "没有找到" in text(sender.get("/office/services/", q="李"))


@pytest.mark.parametrize("path", ["", "groups/", "dead/", "budgets/", "channels/", "templates/"])
def test_a_list_costs_a_fixed_number_of_statements(sender: Desk, path: str, django_assert_max_num_queries: Any) -> None:
    for number in range(15):
        Bulk.objects.create(
            title=f"群发{number}", template="case-filed", audience="list", made_by=sender.officer.account
        )
        RecipientGroup.objects.create(title=f"名单{number}", made_by=sender.officer.account)
        Delivery.objects.create(channel="sms", to="1", title="x", text="x", status="failed", reason=f"r{number}")
        Budget.objects.create(department=f"d{number}", channel="sms", daily=10)
    with django_assert_max_num_queries(20):
        assert sender.get(f"/office/messages/{path}").status_code == 200
