"""Acts through the pages: only what is open now, refused on the server too, nothing typed is lost, nothing twice."""

from __future__ import annotations

import re
from typing import Any

import pytest

from shuzheng.engines.casework.actions.asking import Consult
from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.actions.pausing import RequestExtension
from shuzheng.engines.casework.actions.working import ForwardStep
from shuzheng.engines.casework.models import Case, Decision, Note, SupplementRequest, Task
from shuzheng.engines.casework.queries.acts import offered
from shuzheng.engines.casework.queries.case import whole_case
from shuzheng.testing.identity import a_unit
from tests.portals.office.conftest import OTHER_COUNTY, Desk


def url(case: Case, act: str) -> str:
    return f"/office/cases/{case.pk}/acts/casework.{act}/"


def hidden(desk: Desk, address: str) -> dict[str, str]:
    """Return the hidden fields of an act's form, as a browser would send them."""
    page = desk.browser.get(address).content.decode()
    pairs = re.findall(r'<input type="hidden" name="(key|revision|task_id)" value="([^"]*)"', page)
    assert pairs, page
    return dict(pairs)


def do(desk: Desk, case: Case, act: str, *, query: str = "", **typed: Any):
    """Open the form of an act and send it."""
    address = url(case, act) + query
    return desk.browser.post(address, {**hidden(desk, address), **typed})


def names(desk: Desk, case: Case) -> set[str]:
    return {offer.name.removeprefix("casework.") for offer in offered(desk.actor, whole_case(case.pk))}


def test_a_case_is_accepted_examined_and_approved_through_the_pages(clerk, case) -> None:
    assert do(clerk, case, "accept_case", opinion="材料齐全").status_code == 302
    assert do(clerk, case, "forward_step", opinion="情况属实").status_code == 302
    legal = "《某条例》第三条\n\n《某办法》第五条"
    assert do(clerk, case, "approve_case", reasons="符合条件", legal_basis=legal).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.result) == ("closed", "granted")
    assert Decision.objects.get(case=case).legal_basis[-2:] == ["《某条例》第三条", "《某办法》第五条"]


def test_only_what_is_open_now_is_offered(clerk, case, desk_of) -> None:
    assert {"accept_case", "refuse_acceptance", "ask_supplement", "take_task", "add_note"} <= names(clerk, case)
    assert not {"approve_case", "forward_step", "suspend_case", "resume_case", "supervise_case"} & names(clerk, case)
    AcceptCase.do(clerk.actor, case_id=case.pk)
    assert {"forward_step", "suspend_case", "consult", "return_step"} <= names(clerk, case)
    assert "accept_case" not in names(clerk, case)
    supervisor = desk_of("督办", posts=["supervisor"])
    assert names(supervisor, case) == {"supervise_case", "add_note"}


def test_finding_what_is_offered_costs_no_statement(clerk, case, django_assert_num_queries) -> None:
    whole, actor = whole_case(case.pk), clerk.actor
    with django_assert_num_queries(0):
        assert offered(actor, whole)


@pytest.mark.parametrize("act", ["approve_case", "suspend_case", "reopen_case", "supervise_case", "correct_decision"])
def test_what_is_not_offered_is_absent_and_refused(clerk, case, act) -> None:
    page = clerk.get(f"/office/cases/{case.pk}/").content.decode()
    assert f"/acts/casework.{act}/" not in page
    assert clerk.get(url(case, act)).status_code in (403, 409)
    answer = clerk.post(url(case, act), reasons="我来决定", reason="我来决定吧", demand="请尽快办", ground="testing")
    assert answer.status_code in (403, 409, 422)
    case.refresh_from_db()
    assert (case.state, case.revision) == ("filed", 1)


def test_an_applicants_act_and_an_unknown_one_are_not_pages_of_the_desk(clerk, case) -> None:
    for act in ("withdraw_case", "file_case", "no_such_act", "rate_case"):
        assert clerk.get(url(case, act)).status_code == 404


def test_a_double_click_is_one_act(clerk, case) -> None:
    sent = {**hidden(clerk, url(case, "accept_case")), "opinion": "材料齐全"}
    for _click in range(2):
        assert clerk.browser.post(url(case, "accept_case"), sent).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.revision) == ("accepted", 2)


def test_of_two_officers_on_one_case_the_second_is_told_what_happened_and_keeps_what_was_typed(
    clerk, case, desk_of
) -> None:
    colleague = desk_of("王强", posts=["acceptor", "handler"])
    typed = {"reason": "不属于本机关职权范围。", "remedy": "请向住建部门申请。"}
    late = {**hidden(clerk, url(case, "refuse_acceptance")), **typed}
    do(colleague, case, "accept_case", opinion="材料齐全")
    answer = clerk.browser.post(url(case, "refuse_acceptance"), late)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "刚刚由他人办理过" in page
    assert "王强" in page
    assert "不属于本机关职权范围。" in page
    case.refresh_from_db()
    assert case.state == "accepted"


def test_after_seeing_what_changed_the_act_may_be_sent_again(clerk, case, desk_of) -> None:
    colleague = desk_of("王强", posts=["acceptor"])
    AcceptCase.do(clerk.actor, case_id=case.pk)
    sent = {**hidden(clerk, url(case, "add_note")), "text": "请注意核对地址"}
    whole = whole_case(case.pk)
    ForwardStep.do(clerk.actor, case_id=case.pk, opinion="情况属实")
    refused = clerk.browser.post(url(case, "add_note"), sent)
    assert refused.status_code == 409
    page = refused.content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(key|revision)" value="([^"]*)"', page))
    assert int(fields["revision"]) == whole.case.revision + 1
    assert clerk.browser.post(url(case, "add_note"), {**sent, **fields}).status_code == 302
    assert Note.objects.get().text == "请注意核对地址"
    assert "add_note" in names(colleague, case)


def test_what_is_missing_is_named_beside_its_field(clerk, case) -> None:
    answer = do(clerk, case, "refuse_acceptance", reason="不行", remedy="请向住建部门申请。")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="reason-error"' in page
    assert "请向住建部门申请。" in page


def test_a_script_gets_the_form_again_or_the_way_back(clerk, case) -> None:
    headers = {"HX-Request": "true"}
    address = url(case, "accept_case")
    stale = {**hidden(clerk, address), "revision": "99"}
    assert clerk.browser.post(address, stale, headers=headers).status_code == 422
    done = clerk.browser.post(address, hidden(clerk, address), headers=headers)
    assert (done.status_code, done["HX-Redirect"]) == (204, f"/office/cases/{case.pk}/")


def test_a_supplement_is_previewed_as_the_applicant_reads_it_and_then_asked_once(clerk, case) -> None:
    typed = {
        "wanted": ["other", "form:matter"],
        "problem-other": "图片不清晰，请重拍。",
        "problem-form:matter": "请写明地点。",
    }
    preview = do(clerk, case, "ask_supplement", preview="1", **typed)
    page = preview.content.decode()
    assert "申请人将看到的一次性告知清单" in page
    assert page.index("图片不清晰，请重拍。") < page.index("请写明地点。")
    assert not SupplementRequest.objects.exists()
    assert do(clerk, case, "ask_supplement", **typed).status_code == 302
    assert [w["code"] for w in SupplementRequest.objects.get().wanted] == ["other", "form:matter"]


def test_only_grounds_with_a_law_are_offered_for_suspending(clerk, case) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    page = clerk.get(url(case, "suspend_case")).content.decode()
    assert "检测 · 《行政许可法》第四十五条" in page
    assert "现场勘验" not in page
    assert do(clerk, case, "suspend_case", ground="testing", note="委托检测").status_code == 302
    assert {"resume_case"} <= names(clerk, case)
    assert do(clerk, case, "resume_case", finding="合格").status_code == 302


def test_units_are_found_by_name_and_consulted(clerk, case, desk_of) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    bureau = a_unit("urban-management", name="章贡区城市管理局")
    far = a_unit("urban-management", OTHER_COUNTY, name="浔阳区城市管理局")
    page = clerk.get(url(case, "consult")).content.decode()
    assert bureau.name in page
    assert far.name not in page
    found = do(
        clerk, case, "consult", q_unit="浔阳 城市", search="1", unit_ids=[str(bureau.pk)], question="是否影响市容？"
    )
    page = found.content.decode()
    assert far.name in page
    assert re.search(rf'value="{bureau.pk}" checked', page)
    assert "是否影响市容？" in page
    assert do(clerk, case, "consult", unit_ids=[str(bureau.pk)], question="是否影响市容？", days="3").status_code == 302
    expert = desk_of("城管", posts=["handler"], at=bureau)
    task = Task.objects.get(kind="consult")
    assert (
        do(expert, case, "answer_task", query=f"?task={task.pk}", answer="agree", opinion="无不同意见").status_code
        == 302
    )
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("done", "agree")


def test_a_consulted_unit_of_another_county_sees_the_case_while_it_is_asked(clerk, case, desk_of) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    far = a_unit("urban-management", OTHER_COUNTY, name="浔阳区城市管理局")
    expert = desk_of("城管", posts=["handler"], at=far)
    page = f"/office/cases/{case.pk}/"
    assert expert.get(page).status_code == 404
    Consult.do(clerk.actor, case_id=case.pk, unit_ids=[far.pk], question="是否影响市容？")
    assert expert.get(page).status_code == 200
    assert names(expert, case) >= {"answer_task"}
    task = Task.objects.get(kind="consult")
    do(expert, case, "answer_task", query=f"?task={task.pk}", answer="agree", opinion="无不同意见")
    assert expert.get(page).status_code == 404


def test_the_decision_waits_for_opinions(clerk, case) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    ForwardStep.do(clerk.actor, case_id=case.pk, opinion="情况属实")
    assert "approve_case" in names(clerk, case)
    Consult.do(clerk.actor, case_id=case.pk, unit_ids=[a_unit("urban-management").pk], question="是否影响市容？")
    assert "approve_case" not in names(clerk, case)


def test_a_task_is_assigned_to_an_officer_of_its_post_only(clerk, case, desk_of) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    colleague, other = desk_of("王强", posts=["handler"]), desk_of("李强", posts=["acceptor"])
    task = Task.objects.get(case=case, state="open")
    page = clerk.get(url(case, "assign_task"), task=str(task.pk)).content.decode()
    assert str(colleague.officer.pk) in page
    assert str(other.officer.pk) not in page
    query = f"?task={task.pk}"
    assert do(clerk, case, "assign_task", query=query, officer_id=str(other.officer.pk)).status_code == 403
    assert do(clerk, case, "assign_task", query=query, officer_id=str(colleague.officer.pk)).status_code == 302
    task.refresh_from_db()
    assert task.assignee_name == "王强"


def test_a_case_is_returned_to_an_earlier_step_only(clerk, case) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    ForwardStep.do(clerk.actor, case_id=case.pk, opinion="情况属实")
    page = clerk.get(url(case, "return_step")).content.decode()
    assert '<option value="examine"' in page
    assert '<option value="decide"' not in page
    assert do(clerk, case, "return_step", step="examine", reason="请补充现场照片").status_code == 302
    assert Task.objects.get(case=case, state="open", kind="step").step == "examine"


def test_an_item_without_an_extension_offers_none(clerk, case) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    assert RequestExtension.name.removeprefix("casework.") not in names(clerk, case)


def test_a_supervisor_puts_a_case_under_supervision_once(clerk, case, desk_of) -> None:
    supervisor = desk_of("督办", posts=["supervisor"])
    assert do(supervisor, case, "supervise_case", demand="请尽快办结并反馈", days="2").status_code == 302
    assert Task.objects.filter(case=case, kind="supervision").count() == 1
    assert "supervise_case" not in names(supervisor, case)


def test_a_rejected_case_is_reopened_and_its_decision_set_aside(clerk, case, desk_of) -> None:
    AcceptCase.do(clerk.actor, case_id=case.pk)
    ForwardStep.do(clerk.actor, case_id=case.pk, opinion="不符合条件")
    assert do(clerk, case, "reject_case", reasons="不符合法定条件").status_code == 302
    supervisor = desk_of("督办", posts=["supervisor"])
    assert do(supervisor, case, "reopen_case", reason="复议决定撤销原决定", step="decide").status_code == 302
    page = clerk.get(f"/office/cases/{case.pk}/").content.decode()
    assert "已被更正或撤销" in page
