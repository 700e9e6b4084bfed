"""The message centre: finding, deleting and bringing back, choosing, proving an address, agreeing to be served."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.identity.models import Account, Person
from shuzheng.engines.messaging import jobs
from shuzheng.engines.messaging.actions import SendMessage, ServeDocument
from shuzheng.engines.messaging.models import ContactAddress, Delivery, Message, Preference, QuietHours, ServiceConsent
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import at, now
from shuzheng.testing.identity import a_resident

SYSTEM = Actor.system("test")
pytestmark = pytest.mark.usefixtures("packs")


def tell(person: Person, topic: str = "a", template: str = "case-filed", **more: Any) -> Message:
    """Send a message of a template that has these two gaps."""
    given = {"values": {"title": "高龄津贴", "number": "GZ-1"}, **more}
    return SendMessage.do(SYSTEM, template=template, recipient_person=person.pk, topic=topic, **given)


def text(answer: Any) -> str:
    return answer.content.decode()


def test_messages_are_found_by_category_and_by_words(browser: Client, daughter: Person) -> None:
    tell(daughter)
    tell(daughter, "b", "document-served", values={"title": "处罚决定书", "number": "1 号"})
    everything = text(browser.get("/messages/"))
    assert "您的申请已提交" in everything
    assert "文书送达" in everything
    assert "您的申请已提交" not in text(browser.get("/messages/?about=service"))
    found = text(browser.get("/messages/?q=处罚"))
    assert "处罚决定书" in found
    assert "您的申请已提交" not in found
    assert "没有找到这样的消息" in text(browser.get("/messages/?q=没有的词"))


def test_the_centre_is_a_fixed_number_of_statements(
    browser: Client, daughter: Person, django_assert_max_num_queries: Any
) -> None:
    for number in range(25):
        tell(daughter, f"t{number}")
    browser.get("/messages/")
    with django_assert_max_num_queries(8):
        page = text(browser.get("/messages/"))
    assert "下一页" in page


def test_a_deleted_message_can_be_brought_back(browser: Client, daughter: Person) -> None:
    message = tell(daughter)
    page = text(browser.post(f"/messages/{message.pk}/delete", follow=True))
    assert "撤销删除" in page
    assert "您的申请已提交" not in page
    assert "您的申请已提交" in text(browser.post(f"/messages/{message.pk}/restore", follow=True))


def test_nobody_deletes_what_is_not_theirs(browser: Client, daughter: Person) -> None:
    message = tell(a_resident("张三"))
    browser.post(f"/messages/{message.pk}/delete")
    message.refresh_from_db()
    assert message.hidden_at is None
    assert browser.get(f"/messages/{message.pk}/").status_code == 404


def test_home_keeps_what_asks_apart_from_what_informs(browser: Client, daughter: Person) -> None:
    tell(daughter)
    home = text(browser.get("/"))
    assert "等您处理" not in home
    assert "新消息" in home
    asking = tell(daughter, "b", "document-served", values={"title": "决定书", "number": "1 号"})
    home = text(browser.get("/"))
    assert home.index("等您处理") < home.index("文书送达：决定书") < home.index("新消息")
    browser.post(f"/messages/{asking.pk}/done")
    assert "等您处理" not in text(browser.get("/"))


def test_the_elder_mode_shows_the_plain_words(browser: Client, daughter: Person) -> None:
    message = tell(daughter, "b", "document-served", values={"title": "决定书", "number": "1 号"})
    browser.post("/preferences/elder", {"value": "1", "next": "/"})
    page = text(browser.get(f"/messages/{message.pk}/"))
    assert "政府给您送来一份文书" in page
    assert "看原文" in page


def test_choices_are_kept_and_the_compulsory_ones_say_why(browser: Client, daughter: Person) -> None:
    page = text(browser.get("/messages/settings/"))
    assert "行政许可法第三十二条" in page
    browser.post("/messages/settings/", {"wanted": ["benefit:inbox"], "starts": "21:00", "ends": "08:00", "kept": "1"})
    wanted = {(p.category, p.channel) for p in Preference.objects.filter(owner=daughter.pk, wanted=True)}
    assert wanted == {("benefit", "inbox")}
    assert not Preference.objects.filter(category="case").exists()
    assert f"{QuietHours.objects.get(pk=daughter.pk).starts:%H:%M}" == "21:00"


def test_a_mobile_number_is_proved_by_the_code_sent_there(browser: Client, daughter: Person) -> None:
    Account.objects.filter(person=daughter).update(assurance=1)
    page = text(browser.post("/messages/addresses/", {"channel": "sms", "address": "13812345678"}))
    assert "6 位验证码" in page
    code = Delivery.objects.get().secret
    assert code not in Delivery.objects.get().text
    jobs.drain()
    assert Delivery.objects.get().secret == ""
    wrong = browser.post("/messages/addresses/", {"channel": "sms", "code": "000000" if code != "000000" else "1"})
    assert wrong.status_code == 422
    browser.post("/messages/addresses/", {"channel": "sms", "code": code})
    assert ContactAddress.objects.get().address == "13812345678"
    account = Account.objects.get(person=daughter)
    assert (account.assurance, Person.objects.get(pk=daughter.pk).mobile) == (2, "13812345678")
    assert "138****5678" in text(browser.get("/messages/addresses/"))
    browser.post("/messages/addresses/sms/remove")
    assert not ContactAddress.objects.exists()


def test_a_code_is_void_after_five_minutes_and_after_five_tries(browser: Client) -> None:
    browser.post("/messages/addresses/", {"channel": "sms", "address": "13812345678"})
    code = Delivery.objects.get().secret
    with at(now() + timedelta(minutes=6)):
        assert browser.post("/messages/addresses/", {"code": code}).status_code == 422
    for _try in range(5):
        browser.post("/messages/addresses/", {"code": f"{(int(code) + 1) % 1000000:06d}"})
    assert browser.post("/messages/addresses/", {"code": code}).status_code == 422
    assert not ContactAddress.objects.exists()


def test_codes_are_not_to_be_had_by_the_dozen(browser: Client) -> None:
    browser.post("/messages/addresses/", {"channel": "sms", "address": "13812345678"})
    assert browser.post("/messages/addresses/", {"channel": "sms", "address": "13812345678"}).status_code == 422
    assert Delivery.objects.count() == 1
    assert browser.post("/messages/addresses/", {"channel": "sms", "address": "12345"}).status_code == 422


def test_consent_is_given_and_taken_back(browser: Client, daughter: Person) -> None:
    assert "要不要同意由您决定" in text(browser.get("/messages/consent/"))
    assert "您已同意电子送达" in text(browser.post("/messages/consent/", follow=True))
    service = ServeDocument.do(
        SYSTEM, person_id=daughter.pk, title="行政许可决定书", number="赣章许 1 号", digest="a" * 64
    )
    page = text(browser.get(f"/messages/services/{service.pk}/"))
    assert "送达" in page
    assert service.steps.get().entry_id in page
    browser.post("/messages/consent/", {"_do": "withdraw"})
    assert ServiceConsent.objects.get().withdrawn_at is not None


def test_another_persons_service_is_not_found(browser: Client) -> None:
    service = ServeDocument.do(SYSTEM, person_id=a_resident("张三").pk, title="决定书", digest="b" * 64)
    assert browser.get(f"/messages/services/{service.pk}/").status_code == 404


def test_a_message_shows_whether_the_text_arrived(browser: Client, daughter: Person) -> None:
    message = tell(daughter)
    delivery = Delivery.objects.create(message=message, channel="sms", to="13812345678", title="t", text="secret words")
    assert "以后发送" in text(browser.get(f"/messages/{message.pk}/"))
    Delivery.objects.update(status="delivered", receipt_at=now(), sent_at=now())
    page = text(browser.get(f"/messages/{message.pk}/"))
    assert "已到达" in page
    assert "13812345678" not in page
    Delivery.objects.filter(pk=delivery.pk).update(status="undelivered")
    assert "请核对登记的手机号" in text(browser.get(f"/messages/{message.pk}/"))


def test_one_may_decline_a_kind_from_a_message_but_not_what_the_law_requires(browser: Client, daughter: Person) -> None:
    news, duty = tell(daughter, "n"), tell(daughter, "d", "document-served", values={"title": "决定书", "number": "1"})
    Message.objects.filter(pk=news.pk).update(category="notice")
    assert "不再接收这类消息" in text(browser.get(f"/messages/{news.pk}/"))
    assert "不再接收这类消息" not in text(browser.get(f"/messages/{duty.pk}/"))
    assert "以后不再发给您“通知公告”" in text(browser.post(f"/messages/{news.pk}/decline", follow=True))
    browser.post(f"/messages/{duty.pk}/decline")
    assert set(Preference.objects.filter(owner=daughter.pk).values_list("category", "wanted")) == {("notice", False)}


def test_days_off_may_be_quiet_as_a_whole(browser: Client, daughter: Person) -> None:
    browser.post("/messages/settings/", {"starts": "22:00", "ends": "07:00", "kept": "1", "days_off": "1"})
    assert QuietHours.objects.get(pk=daughter.pk).days_off
    assert "周末和节假日全天" in text(browser.get("/messages/settings/"))
