"""A resident follows her case, supplements, withdraws, rates; nobody else sees it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.casework.actions.deciding import RejectCase, WithdrawCase
from shuzheng.engines.casework.actions.intake import AcceptCase, AskSupplement
from shuzheng.engines.casework.actions.seeing import SeeCase
from shuzheng.engines.casework.actions.working import ForwardStep
from shuzheng.engines.casework.errors import NotYourCase
from shuzheng.engines.casework.models import Case, Material, Rating
from shuzheng.engines.identity.models import Person
from shuzheng.engines.messaging.models import Message
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import a_mandate, a_resident, a_unit, actor_of_officer, actor_of_person, an_officer
from tests.portals.citizen.world import a_file, statements

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 12


def text(answer: Any) -> str:
    """Return the page."""
    return answer.content.decode()


@pytest.fixture
def clerk(daughter: Person) -> Actor:
    """Return an officer on every post of the service centre."""
    unit = a_unit("government-service")
    return actor_of_officer(an_officer("张敏", unit=unit, posts=["acceptor", "handler", "approver"]))


@pytest.fixture
def case(daughter: Person) -> Case:
    """Return a case of the daughter's own."""
    return file_case(actor_of_person(daughter))


@pytest.fixture
def asked(case: Case, clerk: Actor) -> Case:
    """Return the case waiting for a material and a section of the form."""
    wanted = [
        {"code": "other", "title": "现场照片", "problem": "看不清门牌号，请重拍。"},
        {"code": "form:matter", "title": "申请内容", "problem": "没有写明是哪条路。"},
    ]
    return AskSupplement.do(clerk, case_id=case.pk, wanted=wanted, answer_until=today() + timedelta(days=7))


@pytest.fixture
def refused(case: Case, clerk: Actor) -> Case:
    """Return the case, decided against the applicant and closed."""
    AcceptCase.do(clerk, case_id=case.pk)
    ForwardStep.do(clerk, case_id=case.pk, opinion="建议不予")
    return RejectCase.do(clerk, case_id=case.pk, reasons="不属于市政设施。", legal_basis=["《城市照明管理规定》"])


def test_the_list_says_in_one_line_what_to_do(browser: Client, asked: Case) -> None:
    assert "等您补充 2 份材料：现场照片、申请内容" in text(browser.get("/cases/"))
    assert "等您补充 2 份材料" in text(browser.get("/"))


def test_the_list_says_by_when_it_will_be_done(browser: Client, case: Case, clerk: Actor) -> None:
    AcceptCase.do(clerk, case_id=case.pk)
    assert "办理中，最迟" in text(browser.get("/cases/"))


def test_the_list_is_narrowed_to_what_waits_for_the_applicant(browser: Client, asked: Case, daughter: Person) -> None:
    other = file_case(actor_of_person(daughter))
    page = text(browser.get("/cases/?show=todo"))
    assert f"/cases/{asked.pk}/" in page
    assert f"/cases/{other.pk}/" not in page
    assert f"/cases/{other.pk}/" in text(browser.get("/cases/?show=open"))
    assert "还没有办件" in text(browser.get("/cases/?show=done"))


def test_a_long_list_is_paged(browser: Client, daughter: Person) -> None:
    for _number in range(11):
        file_case(actor_of_person(daughter))
    assert "下一页" in text(browser.get("/cases/"))


def test_news_is_marked_until_the_case_was_opened(browser: Client, asked: Case) -> None:
    assert "有新进展" in text(browser.get("/cases/"))
    browser.get(f"/cases/{asked.pk}/")
    assert "有新进展" not in text(browser.get("/cases/"))


def test_only_the_applicant_marks_a_case_as_seen(case: Case) -> None:
    with pytest.raises(NotYourCase):
        SeeCase.do(actor_of_person(a_resident("陌生人")), case_id=case.pk)
    case.refresh_from_db()
    assert case.seen_at is None


def test_the_case_explains_every_day_that_was_counted(browser: Client, asked: Case) -> None:
    page = text(browser.get(f"/cases/{asked.pk}/"))
    assert "受理时限 5 个工作日" in page
    assert "起暂停计时" in page


@pytest.mark.parametrize("page", ["", "receipt/", "application/", "supplement/", "withdraw/", "rate/", "due.ics"])
def test_somebody_elses_case_does_not_exist(case: Case, page: str) -> None:
    stranger = Client()
    stranger.force_login(a_resident("陌生人").account)
    assert stranger.get(f"/cases/{case.pk}/{page}").status_code == 404
    assert stranger.post(f"/cases/{case.pk}/{page}").status_code in (404, 405)


def test_whoever_may_act_for_the_applicant_is_offered_to(case: Case, daughter: Person) -> None:
    son, stranger = a_resident("李强"), a_resident("张三")
    a_mandate(daughter, son)
    browser = Client()
    browser.force_login(son.account)
    page = text(browser.get(f"/cases/{case.pk}/"))
    assert "以“李梅”的身份查看" in page
    assert case.number not in page
    choice = re.search(r'name="choice" value="([^"]+)"', page)
    assert choice
    there = browser.post("/identity/acting", {"choice": choice[1], "next": f"/cases/{case.pk}/"}, follow=True)
    assert case.number in text(there)
    browser.force_login(stranger.account)
    assert browser.get(f"/cases/{case.pk}/").status_code == 404


def test_whoever_filed_for_another_may_look_but_not_act_in_her_own_name(browser: Client, daughter: Person) -> None:
    mother = a_resident("王桂英", born="1940-03-02", account=False)
    a_mandate(mother, daughter)
    case = file_case(actor_of_person(daughter, mother))
    page = text(browser.get(f"/cases/{case.pk}/"))
    assert "这是您替“王桂英”办的" in page
    assert "撤回申请" not in page
    assert browser.get(f"/cases/{case.pk}/withdraw/").status_code == 404
    assert f"/cases/{case.pk}/" in text(browser.get("/cases/?show=operated"))


def test_looking_at_a_case_is_recorded_under_the_case(browser: Client, case: Case, daughter: Person) -> None:
    browser.get(f"/cases/{case.pk}/application/")
    record = AuditRecord.objects.filter(name="citizen.case", case_id=case.pk, subject_id=str(daughter.pk)).get()
    assert (record.purpose, record.kind) == ("查看办件进展", "read")
    assert "resident-id" in record.detail["elements"]


def test_what_was_filled_in_is_shown_masked(browser: Client, case: Case, daughter: Person) -> None:
    page = text(browser.get(f"/cases/{case.pk}/application/"))
    assert "路灯坏了三天" in page
    assert str(daughter.id_number) not in page


def test_the_receipt_carries_number_and_code(browser: Client, case: Case) -> None:
    page = text(browser.get(f"/cases/{case.pk}/receipt/"))
    assert case.number in page
    assert 'class="sz-qr"' in page
    assert "告诉您是否受理" in page


def test_the_due_date_goes_into_any_calendar(browser: Client, case: Case) -> None:
    answer = browser.get(f"/cases/{case.pk}/due.ics")
    lines = answer.content.decode().split("\r\n")
    assert answer["Content-Type"].startswith("text/calendar")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert any(line.startswith("DTSTART;VALUE=DATE:20") for line in lines)
    assert all(len(line.encode()) <= 75 for line in lines)


def test_supplementing_takes_files_and_corrected_answers(browser: Client, asked: Case) -> None:
    page = text(browser.get(f"/cases/{asked.pk}/supplement/"))
    assert "看不清门牌号" in page
    assert 'name="application_content"' in page
    assert 'name="mobile"' not in page
    fields = {
        "m.other": a_file("照片.pdf"),
        "application_content": "红旗大道 3 号门口的路灯坏了。",
        "remark": "",
        "_do": "supply",
    }
    assert browser.post(f"/cases/{asked.pk}/supplement/", fields).url == f"/cases/{asked.pk}/"
    asked.refresh_from_db()
    assert asked.state == Case.State.FILED
    assert asked.answers["application_content"] == "红旗大道 3 号门口的路灯坏了。"
    assert Material.objects.get(case=asked, code="other").state == Material.State.GIVEN


def test_an_incomplete_supplement_keeps_what_was_entered(browser: Client, asked: Case) -> None:
    fields = {"application_content": "只改了这里的内容。", "message": "照片明天拍", "_do": "supply"}
    answer = browser.post(f"/cases/{asked.pk}/supplement/", fields)
    assert answer.status_code == 422
    assert "请上传“现场照片”" in text(answer)
    assert "照片明天拍" in text(answer)
    assert "只改了这里的内容。" in text(answer)


def test_nothing_can_be_supplemented_unasked(browser: Client, case: Case) -> None:
    assert browser.get(f"/cases/{case.pk}/supplement/").url == f"/cases/{case.pk}/"


def test_withdrawing_asks_first(browser: Client, case: Case) -> None:
    assert "确定撤回" in text(browser.get(f"/cases/{case.pk}/withdraw/"))
    case.refresh_from_db()
    assert case.state == Case.State.FILED
    browser.post(f"/cases/{case.pk}/withdraw/", {"reason": "不需要了"})
    case.refresh_from_db()
    assert case.state == Case.State.WITHDRAWN
    assert "您已撤回" in text(browser.get("/cases/"))


def test_a_case_that_has_ended_meanwhile_is_not_withdrawn_again(browser: Client, case: Case, daughter: Person) -> None:
    WithdrawCase.do(actor_of_person(daughter), case_id=case.pk)
    assert browser.post(f"/cases/{case.pk}/withdraw/").url == f"/cases/{case.pk}/"


def test_a_refusal_names_reasons_and_remedies(browser: Client, refused: Case) -> None:
    page = text(browser.get(f"/cases/{refused.pk}/"))
    assert "不属于市政设施。" in page
    assert "前申请行政复议，或" in page
    assert "未获准予" in text(browser.get("/cases/"))


def test_a_service_is_rated_once_with_a_face(browser: Client, refused: Case) -> None:
    assert browser.post(f"/cases/{refused.pk}/rate/", {"text": "好"}).status_code == 422
    fields = {"level": "4", "reasons": ["quick", "made-up"], "text": "办得快"}
    assert browser.post(f"/cases/{refused.pk}/rate/", fields).url == f"/cases/{refused.pk}/"
    rating = Rating.objects.get(case=refused)
    assert (rating.level, rating.reasons, rating.text) == (4, ["quick"], "办得快")
    again = browser.post(f"/cases/{refused.pk}/rate/", {"level": "1"}, follow=True)
    assert "您已经评价过" in text(again)
    assert Rating.objects.get(case=refused).level == 4


def test_a_case_in_hand_cannot_be_rated(browser: Client, case: Case) -> None:
    assert browser.get(f"/cases/{case.pk}/rate/").url == f"/cases/{case.pk}/"


@pytest.mark.parametrize("path", ["/cases/", "/cases/{}/", "/messages/", "/me/", "/me/reads/", "/drafts/"])
def test_following_takes_few_statements(browser: Client, asked: Case, daughter: Person, path: str) -> None:
    for _number in range(4):
        file_case(actor_of_person(daughter))
    assert statements(browser, path.format(asked.pk)) <= MOST_STATEMENTS


def test_a_message_is_read_when_it_is_opened(browser: Client, daughter: Person, case: Case) -> None:
    message = Message.objects.create(
        recipient_person=daughter,
        template="t",
        subject="您的办件已受理",
        body="请看进展。",
        link=f"/cases/{case.pk}/",
        key="k",
    )
    assert "未读" in text(browser.get("/messages/"))
    assert f'href="/cases/{case.pk}/"' in text(browser.get(f"/messages/{message.pk}/"))
    message.refresh_from_db()
    assert message.read_at is not None
    assert "没有未读的消息" in text(browser.get("/messages/?show=unread"))


def test_somebody_elses_message_does_not_exist(browser: Client) -> None:
    message = Message.objects.create(
        recipient_person=a_resident("陌生人"), template="t", subject="私事", body="…", key="k2"
    )
    assert browser.get(f"/messages/{message.pk}/").status_code == 404


def test_ones_own_page_shows_numbers_masked(browser: Client, daughter: Person) -> None:
    page = text(browser.get("/me/"))
    assert daughter.name in page
    assert str(daughter.id_number) not in page
    assert str(daughter.mobile) not in page


@pytest.mark.parametrize("path", ["/cases/", "/messages/", "/me/", "/me/reads/", "/drafts/"])
def test_what_is_personal_asks_to_sign_in(packs: None, client: Client, path: str) -> None:
    assert client.get(path).status_code == 302
