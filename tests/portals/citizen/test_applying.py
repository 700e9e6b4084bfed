"""A resident applies: nothing that was entered is ever lost or sent twice."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from shuzheng.engines.casework.models import Case, Material
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.identity.models import Person
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.testing.identity import a_firm, a_mandate, a_resident
from tests.portals.citizen.world import PLACE, REASON, a_file, begin, fill, hand_in, publish, send

pytestmark = pytest.mark.django_db


def text(answer: object) -> str:
    """Return the page."""
    return answer.content.decode()


def test_the_way_from_guide_to_receipt(browser: Client, daughter: Person) -> None:
    assert "马上办" in text(browser.get("/services/generic-matter/"))
    draft = begin(browser)
    page = text(browser.get(f"/apply/{draft.pk}/form/"))
    assert "已由政府提供" in page
    assert str(daughter.id_number) not in page
    assert fill(browser, draft).url == f"/apply/{draft.pk}/materials/"
    assert hand_in(browser, draft, **{"m.other": a_file()}).url == f"/apply/{draft.pk}/review/"
    review = text(browser.get(f"/apply/{draft.pk}/review/"))
    assert REASON in review
    assert "章贡区" in review
    receipt = browser.get(send(browser, draft).url)
    case = Case.objects.get()
    assert case.number in text(receipt)
    assert "<svg" in text(receipt)
    assert (case.applicant_id, case.division_code, case.channel) == (daughter.pk, PLACE, "web")
    assert [m.title for m in Material.objects.filter(case=case)] == ["能说明情况的材料"]
    assert not Draft.objects.exists()


def test_a_page_must_be_read_as_signed_in(packs: None, client: Client) -> None:
    assert client.get("/services/generic-matter/").status_code == 200
    answer = client.get("/services/generic-matter/apply/")
    assert answer.status_code == 302
    assert "next=/services/generic-matter/apply/" in answer.url


def test_a_daughter_applies_for_her_mother(browser: Client, daughter: Person) -> None:
    mother = a_resident("王桂英", born="1940-03-02", account=False)
    mandate = a_mandate(mother, daughter)
    draft = begin(browser, choice=f"mandate:{mandate.pk}")
    assert "您正在代<strong>王桂英</strong>办理" in text(browser.get(f"/apply/{draft.pk}/form/"))
    fill(browser, draft)
    hand_in(browser, draft)
    send(browser, draft)
    case = Case.objects.get()
    assert (case.applicant_id, case.operator_id, case.mandate_id) == (mother.pk, daughter.pk, mandate.pk)


def test_an_item_for_firms_offers_only_firms(browser: Client, daughter: Person) -> None:
    publish({"code": "permit", "title": "食品经营许可", "applicants": ["company"]})
    assert "您现在的身份不能办这件事" in text(browser.get("/services/permit/apply/"))
    firm = a_firm("赣南人家餐饮店", representative=daughter)
    page = text(browser.get("/services/permit/apply/"))
    assert firm.name in page
    assert 'value="self"' not in page


def test_a_place_must_be_chosen(browser: Client) -> None:
    answer = browser.post("/services/generic-matter/apply/", {"choice": "self", "division": "", "_do": "start"})
    assert answer.status_code == 422
    assert "请选到办理地" in text(answer)


def test_the_lists_of_places_open_level_by_level_without_a_script(browser: Client) -> None:
    page = text(
        browser.post(
            "/services/generic-matter/apply/", {"division": ["360000000000", "360400000000"], "_do": "cascade"}
        )
    )
    assert "濂溪区" in page
    assert "章贡区" not in page


def test_a_missing_answer_keeps_everything_else(browser: Client) -> None:
    draft = begin(browser)
    answer = fill(browser, draft, application_content="", remark="门口那盏")
    assert answer.status_code == 422
    assert "请填写申请事由" in text(answer)
    assert "门口那盏" in text(answer)
    assert "门口那盏" in text(browser.get(f"/apply/{draft.pk}/form/"))


def test_a_draft_goes_on_on_another_device(browser: Client, daughter: Person) -> None:
    draft = begin(browser)
    assert fill(browser, draft, "save", application_content="只写了一半").url == "/drafts/"
    phone = Client()
    phone.force_login(daughter.account)
    assert "继续填写" in text(phone.get("/drafts/"))
    assert "只写了一半" in text(phone.get(f"/apply/{draft.pk}/form/"))


def test_typing_is_saved_by_itself(browser: Client) -> None:
    draft = begin(browser)
    answer = browser.post(
        f"/apply/{draft.pk}/form/",
        {"application_content": "路灯", "revision": draft.revision, "_do": "save"},
        headers={"HX-Request": "true"},
    )
    draft.refresh_from_db()
    assert "已自动保存" in text(answer)
    assert f'value="{draft.revision}" hx-swap-oob="true"' in text(answer)


def test_two_tabs_that_change_one_draft_keep_both_versions(browser: Client) -> None:
    draft = begin(browser)
    fill(browser, draft, "save", application_content="第一个页面写的内容")
    answer = fill(browser, draft, "save", application_content="第二个页面写的内容")
    copy = Draft.objects.exclude(pk=draft.pk).get()
    assert answer.url == f"/apply/{copy.pk}/form/"
    page = text(browser.get(answer.url))
    assert "两份都保留了" in page
    assert "第二个页面写的内容" in page
    assert "第一个页面写的内容" in text(browser.get(f"/apply/{draft.pk}/form/"))


def test_a_double_click_files_one_case(browser: Client) -> None:
    draft = begin(browser)
    fill(browser, draft)
    hand_in(browser, draft)
    first, second = send(browser, draft), send(browser, draft)
    assert first.url == second.url == f"/cases/{Case.objects.get().pk}/receipt/"


def test_a_review_page_that_is_out_of_date_does_not_file(browser: Client) -> None:
    draft = begin(browser)
    fill(browser, draft)
    hand_in(browser, draft)
    old = Draft.objects.get(pk=draft.pk).revision
    fill(browser, Draft.objects.get(pk=draft.pk), application_content="后来改成了这样，请看清楚。")
    answer = send(browser, draft, revision=old)
    assert answer.status_code == 409
    assert "后来改成了这样" in text(answer)
    assert not Case.objects.exists()


def test_nobody_files_without_the_commitment_to_truth(browser: Client) -> None:
    draft = begin(browser)
    fill(browser, draft)
    hand_in(browser, draft)
    assert send(browser, draft, truth="").status_code == 422
    assert not Case.objects.exists()


def test_a_refused_submission_keeps_the_draft_and_says_why(browser: Client, daughter: Person) -> None:
    publish({"code": "nobody", "title": "没有单位办的事", "owner": {"unit": "no-such-bureau", "levels": ["city"]}})
    draft = begin(browser, "nobody")
    fill(browser, draft)
    hand_in(browser, draft)
    answer = send(browser, draft)
    assert answer.status_code == 409
    assert "还没有办理这个事项的单位" in text(answer)
    assert Draft.objects.filter(pk=draft.pk).exists()


@pytest.fixture
def allowance(daughter: Person) -> None:
    """Publish an item with every way to supply a material."""
    publish(
        {
            "code": "allowance",
            "title": "高龄津贴",
            "materials": [
                {"code": "idcard", "title": "身份证", "sources": ["shared"]},
                {"code": "bank", "title": "银行卡"},
                {"code": "alive", "title": "健在证明", "sources": ["upload", "commitment"]},
                {"code": "photo", "title": "近照", "need": "tolerable"},
            ],
        }
    )


def test_materials_may_be_shared_uploaded_promised_or_brought_later(allowance: None, browser: Client) -> None:
    draft = begin(browser, "allowance")
    fill(browser, draft)
    page = text(browser.get(f"/apply/{draft.pk}/materials/"))
    assert "免交" in page
    assert 'name="m.idcard"' not in page
    hand_in(browser, draft, **{"m.bank": a_file(), "way.alive": "commitment", "way.photo": "later"})
    send(browser, draft)
    assert dict(Material.objects.values_list("code", "state")) == {
        "idcard": "shared", "bank": "given", "alive": "promised", "photo": "tolerated",
    }  # fmt: skip


def test_every_missing_material_is_named_at_once_and_what_came_is_kept(allowance: None, browser: Client) -> None:
    draft = begin(browser, "allowance")
    fill(browser, draft)
    answer = hand_in(browser, draft, **{"m.bank": a_file("卡.pdf")})
    assert answer.status_code == 422
    assert "请上传“健在证明”" in text(answer)
    assert "请上传“近照”" in text(answer)
    assert "卡.pdf" in text(answer)


def test_a_file_of_a_wrong_type_is_refused_in_words(allowance: None, browser: Client) -> None:
    draft = begin(browser, "allowance")
    fill(browser, draft)
    wrong = a_file("program.exe")
    wrong.file.write(b"MZ\x90\x00")
    wrong.seek(0)
    answer = hand_in(browser, draft, **{"m.bank": wrong})
    assert answer.status_code == 422
    assert "program.exe" not in text(answer).split("sz-upload-list")[1][:400]


def test_a_file_can_be_taken_back_without_a_script(allowance: None, browser: Client) -> None:
    draft = begin(browser, "allowance")
    fill(browser, draft)
    hand_in(browser, draft, "stay", **{"m.bank": a_file()})
    draft.refresh_from_db()
    (file,) = draft.materials["given"]["bank"]["files"]
    hand_in(browser, draft, f"drop:bank/{file}", **{"m.bank": file})
    draft.refresh_from_db()
    assert draft.materials["given"]["bank"]["files"] == []


def test_somebody_elses_draft_does_not_exist(browser: Client) -> None:
    draft = begin(browser)
    stranger = Client()
    stranger.force_login(a_resident("陌生人").account)
    for page in ("form", "materials", "review"):
        assert stranger.get(f"/apply/{draft.pk}/{page}/").status_code == 404


def test_prefilling_personal_data_is_recorded_with_its_purpose(browser: Client, daughter: Person) -> None:
    draft = begin(browser)
    browser.get(f"/apply/{draft.pk}/form/")
    record = AuditRecord.objects.filter(name="forms.prefill", subject_id=str(daughter.pk)).latest("at")
    assert record.purpose == "其他事项申请"
    assert "resident-id" in record.detail["elements"]


def test_a_discarded_draft_can_be_brought_back(browser: Client) -> None:
    draft = begin(browser)
    answer = browser.post(f"/drafts/{draft.pk}/discard", follow=True)
    assert "撤销删除" in text(answer)
    browser.post(f"/drafts/{draft.pk}/restore")
    assert Draft.objects.get(pk=UUID(str(draft.pk))).discarded_at is None
