"""The case on one page: what it shows, what it masks, what it records."""

from __future__ import annotations

from shuzheng.engines.casework.actions.intake import AcceptCase, AskSupplement
from shuzheng.engines.casework.actions.working import AddNote
from shuzheng.engines.casework.models import Case, Material
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.models.file_right import Use
from shuzheng.engines.documents.policies import ground_of
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.testing.identity import a_browser, a_resident, a_unit
from tests.portals.office.conftest import OTHER_COUNTY


def address(case: Case) -> str:
    return f"/office/cases/{case.pk}/"


def reads(case: Case) -> list[AuditRecord]:
    return list(AuditRecord.objects.filter(case_id=case.pk, kind="read").order_by("id"))


def test_everything_of_a_case_is_on_one_page(clerk, case) -> None:
    AddNote.do(clerk.actor, case_id=case.pk, text="已电话核实")
    AcceptCase.do(clerk.actor, case_id=case.pk, opinion="材料齐全")
    page = clerk.get(address(case)).content.decode()
    for part in (
        case.number,
        "路灯坏了三天",
        "承诺时限",
        "正在办",
        "您的申请已受理",
        "材料齐全",
        "已电话核实",
        "data-bpmn",
    ):
        assert part in page
    assert 'data-now="examine"' in page


def test_personal_answers_are_masked_and_opening_the_page_is_recorded(clerk, case, resident) -> None:
    page = clerk.get(address(case)).content.decode()
    assert "138****5678" in page
    assert "13812345678" not in page
    assert "王桂英" not in page
    (record,) = reads(case)
    assert (record.name, record.subject_id, record.purpose) == ("office.case", str(resident.person_id), "办理办件")


def test_masked_answers_are_shown_for_a_purpose_which_is_recorded(clerk, case) -> None:
    answer = clerk.post(address(case), purpose="contact")
    assert "13812345678" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    record = reads(case)[-1]
    assert (record.name, record.purpose) == ("office.reveal", "联系申请人")
    assert "mobile" in record.detail["elements"]


def test_without_a_purpose_nothing_is_shown_nor_recorded(clerk, case) -> None:
    answer = clerk.post(address(case), purpose="curiosity")
    assert answer.status_code == 422
    assert "13812345678" not in answer.content.decode()
    assert reads(case) == []


def test_the_page_costs_the_same_however_much_happened(clerk, case, django_assert_max_num_queries) -> None:
    clerk.get(address(case))
    for n in range(8):
        AddNote.do(clerk.actor, case_id=case.pk, text=f"第 {n} 条")
    with django_assert_max_num_queries(14):
        clerk.get(address(case))


def test_a_case_of_another_county_is_not_there(case, desk_of) -> None:
    stranger = desk_of("外县", posts=["handler", "approver"], at=a_unit("government-service", OTHER_COUNTY))
    assert stranger.get(address(case)).status_code == 404
    assert stranger.post(address(case), purpose="contact").status_code == 404
    assert reads(case) == []


def test_a_resident_has_no_desk(case) -> None:
    browser = a_browser(a_resident("李梅").account)
    assert browser.get(address(case)).status_code == 403
    assert browser.get("/office/").status_code == 403


def test_whoever_has_not_signed_in_is_led_to_the_sign_in(case, client) -> None:
    assert "/accounts/login/" in client.get(address(case)).url


def test_the_audit_of_a_case_is_there_with_the_permission_only(clerk, case, desk_of) -> None:
    auditor = desk_of("审计", posts=["handler"], permissions=["trust.read_audit"])
    assert "office.case" not in clerk.get(address(case)).content.decode()
    assert "office.case" in auditor.get(address(case)).content.decode()


def test_an_officer_of_the_case_opens_its_files_and_others_do_not(
    clerk, case, resident, desk_of, settings, tmp_path
) -> None:
    settings.HOME = tmp_path
    file = StoredFile.objects.create(
        name="证明.jpg", content_type="image/jpeg", size=3, sm3="0" * 64, storage_key="missing",
        owner_account_id=resident.account_id, scan_status="clean",
    )  # fmt: skip
    entry = {"id": str(file.pk), "name": file.name, "size": 3, "content_type": "image/jpeg"}
    Material.objects.create(case=case, code="other", title="证明", state="given", files=[entry])
    assert f"/files/{file.pk}" in clerk.get(address(case)).content.decode()
    assert ground_of(clerk.actor, file, Use.READ) is not None
    stranger = desk_of("外县", posts=["handler"], at=a_unit("government-service", OTHER_COUNTY))
    assert ground_of(stranger.actor, file, Use.READ) is None


def test_a_supplement_shows_what_is_wanted(clerk, case) -> None:
    wanted = [{"code": "other", "title": "能说明情况的材料", "problem": "图片不清晰"}]
    AskSupplement.do(clerk.actor, case_id=case.pk, wanted=wanted)
    page = clerk.get(address(case)).content.decode()
    assert "图片不清晰" in page
    assert "等待补正" in page
