"""The acts on a case: who may, when, and what each does to state, clocks, tasks and history."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest
from django.utils import translation

from shuzheng.engines.casework.actions.asking import AnswerTask, Consult, Countersign, SuperviseCase
from shuzheng.engines.casework.actions.correcting import CorrectAnswers, CorrectDecision
from shuzheng.engines.casework.actions.deciding import ApproveCase, RejectCase, ReopenCase, WithdrawCase
from shuzheng.engines.casework.actions.intake import AcceptCase, AskSupplement, RefuseAcceptance, Supply
from shuzheng.engines.casework.actions.linking import LinkCases
from shuzheng.engines.casework.actions.notices import GiveNotices
from shuzheng.engines.casework.actions.pausing import DecideExtension, RequestExtension, ResumeCase, SuspendCase
from shuzheng.engines.casework.actions.rating import RateCase
from shuzheng.engines.casework.actions.working import (
    AddNote,
    AssignTask,
    ForwardStep,
    ReturnStep,
    TakeTask,
    TransferCase,
)
from shuzheng.engines.casework.clock_refusals import ClockRefused
from shuzheng.engines.casework.errors import (
    ActNotOffered,
    AlreadyAsked,
    AlreadyRated,
    CaseMoved,
    NotYourCase,
    NotYourTask,
    OpinionsOutstanding,
    WrongState,
)
from shuzheng.engines.casework.models import CaseRelation, Clock, Decision, Material, Note, Task
from shuzheng.engines.casework.queries import whole_case
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput, NotFound, NotPermitted
from shuzheng.kernel.moment import ZONE, at, local
from shuzheng.testing.identity import a_resident, a_unit, actor_of_person
from tests.engines.casework.conftest import a_bureau, file_permit

pytestmark = pytest.mark.django_db
PLATFORM = Actor.system("test")
WANTED = [{"code": "photo", "title": "场地照片", "problem": "看不清，请重新拍"}]


def accepted(case, bureau):
    AcceptCase.do(bureau.acceptor, case_id=case.pk)
    case.refresh_from_db()
    return case


def at_decision(case, bureau):
    accepted(case, bureau)
    ForwardStep.do(bureau.handler, case_id=case.pk, opinion="材料齐全")
    return case


def closed(case, bureau):
    at_decision(case, bureau)
    ApproveCase.do(bureau.approver, case_id=case.pk, reasons="符合条件")
    case.refresh_from_db()
    return case


def test_acceptance_starts_the_statutory_and_the_promised_clock(case, bureau) -> None:
    accepted(case, bureau)
    states = dict(Clock.objects.filter(case=case, task_id=None).values_list("code", "state"))
    assert states == {"acceptance": "stopped", "statutory": "running", "promised": "running"}
    assert [task.step for task in whole_case(case.pk).open_tasks] == ["examine"]


def test_only_the_post_of_the_step_may_do_it(case, bureau) -> None:
    with pytest.raises(NotPermitted):
        AcceptCase.do(bureau.handler, case_id=case.pk)
    with pytest.raises(NotPermitted):
        AcceptCase.do(a_bureau("education").acceptor, case_id=case.pk)
    accepted(case, bureau)
    with pytest.raises(WrongState):
        AcceptCase.do(bureau.acceptor, case_id=case.pk)
    with pytest.raises(ActNotOffered):
        ApproveCase.do(bureau.approver, case_id=case.pk, reasons="符合条件")


def test_an_act_on_a_revision_that_has_passed_is_refused(case, bureau) -> None:
    accepted(case, bureau)
    with pytest.raises(CaseMoved):
        ForwardStep.do(bureau.handler, case_id=case.pk, revision=1, opinion="材料齐全")


def test_refusing_acceptance_gives_reason_and_remedy_and_ends_the_case(case, bureau) -> None:
    RefuseAcceptance.do(bureau.acceptor, case_id=case.pk, reason="不属于本机关职权", remedy="请向市文旅局申请")
    case.refresh_from_db()
    assert (case.state, case.result) == ("not_accepted", "not_accepted")
    whole = whole_case(case.pk)
    assert "请向市文旅局申请" in whole.statuses[-1].public_text
    assert not whole.open_tasks


def test_a_supplement_stops_the_clock_until_it_is_supplied(case, bureau, resident, a_file) -> None:
    AskSupplement.do(bureau.acceptor, case_id=case.pk, wanted=WANTED)
    case.refresh_from_db()
    assert case.state == "supplement"
    assert Clock.objects.get(case=case, code="acceptance").state == "suspended"
    with pytest.raises(InvalidInput) as missing:
        Supply.do(resident, case_id=case.pk)
    assert missing.value.errors[0].path == "materials.photo"
    Supply.do(resident, case_id=case.pk, materials=[{"code": "photo", "files": [a_file(resident)]}])
    case.refresh_from_db()
    assert case.state == "filed"
    assert Clock.objects.get(case=case, code="acceptance").state == "running"
    assert Material.objects.get(case=case, code="photo").state == "given"


def test_a_second_request_may_not_add_what_the_first_did_not_name(case, bureau, resident, a_file) -> None:
    AskSupplement.do(bureau.acceptor, case_id=case.pk, wanted=WANTED)
    Supply.do(resident, case_id=case.pk, materials=[{"code": "photo", "files": [a_file(resident)]}])
    AskSupplement.do(bureau.acceptor, case_id=case.pk, wanted=WANTED)
    Supply.do(resident, case_id=case.pk, materials=[{"code": "photo", "files": [a_file(resident)]}])
    with pytest.raises(AlreadyAsked):
        AskSupplement.do(
            bureau.acceptor, case_id=case.pk, wanted=[{"code": "plan", "title": "活动方案", "problem": "缺少"}]
        )


def test_nobody_but_the_applicant_supplies_or_withdraws(case, bureau) -> None:
    stranger = actor_of_person(a_resident("王五"))
    with pytest.raises(NotYourCase):
        WithdrawCase.do(stranger, case_id=case.pk)


def test_a_special_procedure_moves_the_due_date_and_names_its_law(bureau, resident) -> None:
    with at(datetime(2026, 3, 2, 10, tzinfo=ZONE)):
        case = accepted(file_permit(resident), bureau)
        before = case.due_at
    with at(datetime(2026, 3, 3, 10, tzinfo=ZONE)):
        SuspendCase.do(bureau.handler, case_id=case.pk, ground="site_survey", note="周三上午到现场")
        case.refresh_from_db()
        assert case.state == "suspended"
        assert case.due_at.year == 9999
    with at(datetime(2026, 3, 5, 10, tzinfo=ZONE)):
        ResumeCase.do(bureau.handler, case_id=case.pk, finding="符合要求")
        case.refresh_from_db()
    assert case.state == "accepted"
    assert (local(case.due_at).date() - local(before).date()).days == 2
    lines = " ".join(line.text for line in whole_case(case.pk).explanation("promised"))
    assert "现场勘验" in lines
    assert "测试条例" in lines


def test_a_ground_without_law_is_refused(case, bureau) -> None:
    accepted(case, bureau)
    with pytest.raises(ClockRefused):
        SuspendCase.do(bureau.handler, case_id=case.pk, ground="announcement")
    case.refresh_from_db()
    assert case.state == "accepted"


def test_an_extension_needs_another_persons_approval(case, bureau) -> None:
    accepted(case, bureau)
    before = Clock.objects.get(case=case, code="statutory").due_at
    RequestExtension.do(bureau.handler, case_id=case.pk, amount=10, reason="需要专家论证")
    task = Task.objects.get(case=case, kind="extension")
    assert task.post == "leader"
    with pytest.raises(NotPermitted):
        DecideExtension.do(bureau.handler, case_id=case.pk, task_id=task.pk, approved=True)
    DecideExtension.do(bureau.leader, case_id=case.pk, task_id=task.pk, approved=True)
    clock = Clock.objects.get(case=case, code="statutory")
    assert clock.due_at > before
    with pytest.raises(ClockRefused):
        RequestExtension.do(bureau.handler, case_id=case.pk, amount=30, reason="还要更久一些")


def test_a_declined_extension_leaves_the_clock(case, bureau) -> None:
    accepted(case, bureau)
    before = Clock.objects.get(case=case, code="statutory").due_at
    RequestExtension.do(bureau.handler, case_id=case.pk, amount=5, reason="需要专家论证")
    task = Task.objects.get(case=case, kind="extension")
    DecideExtension.do(bureau.leader, case_id=case.pk, task_id=task.pk, approved=False, opinion="理由不足")
    assert Clock.objects.get(case=case, code="statutory").due_at == before


def test_a_decision_names_law_validity_and_the_time_for_objecting(bureau, resident) -> None:
    with at(datetime(2026, 3, 2, 10, tzinfo=ZONE)):
        case = closed(file_permit(resident), bureau)
    decision = Decision.objects.get(case=case)
    assert decision.legal_basis == ["《测试条例》第一条"]
    assert (str(decision.effective_on), str(decision.expires_on)) == ("2026-03-02", "2027-03-01")
    # Sixty days end on Labour Day, so that the first working day after the holiday is the last.
    assert (str(decision.reconsider_until), str(decision.sue_until)) == ("2026-05-06", "2026-09-02")
    assert (case.state, case.result) == ("closed", "granted")


def test_a_rejection_tells_how_to_object_and_only_a_person_can_give_it(case, bureau) -> None:
    at_decision(case, bureau)
    with pytest.raises(NotPermitted):
        RejectCase.do(PLATFORM, case_id=case.pk, reasons="系统判断不符合")
    RejectCase.do(bureau.approver, case_id=case.pk, reasons="场地不符合消防要求")
    whole = whole_case(case.pk)
    assert any("行政复议" in status.public_text for status in whole.statuses)
    assert whole.case.result == "refused"


def test_a_decision_waits_for_consultation_and_countersignature(case, bureau) -> None:
    accepted(case, bureau)
    education = a_bureau("education")
    unit = a_unit("education")
    Consult.do(bureau.handler, case_id=case.pk, unit_ids=[unit.pk], question="对时间有无意见？")
    Countersign.do(bureau.handler, case_id=case.pk, unit_ids=[unit.pk], question="请会签活动方案")
    ForwardStep.do(bureau.handler, case_id=case.pk, opinion="材料齐全")
    with pytest.raises(OpinionsOutstanding):
        ApproveCase.do(bureau.approver, case_id=case.pk, reasons="符合条件")
    consult, countersign = (Task.objects.get(case=case, kind=kind) for kind in ("consult", "countersign"))
    with pytest.raises(NotYourTask):
        AnswerTask.do(bureau.handler, case_id=case.pk, task_id=consult.pk, opinion="无意见")
    AnswerTask.do(education.handler, case_id=case.pk, task_id=consult.pk, opinion="无意见")
    AnswerTask.do(education.approver, case_id=case.pk, task_id=countersign.pk, opinion="同意")
    ApproveCase.do(bureau.approver, case_id=case.pk, reasons="符合条件")
    case.refresh_from_db()
    assert case.state == "closed"


def test_a_case_can_be_taken_assigned_and_transferred(case, bureau) -> None:
    task = Task.objects.get(case=case, step="accept")
    TakeTask.do(bureau.acceptor, case_id=case.pk, task_id=task.pk)
    task.refresh_from_db()
    assert task.assignee_id == bureau.acceptor.officer_id
    with pytest.raises(NotYourTask):
        TakeTask.do(bureau.acceptor, case_id=case.pk, task_id=task.pk)
    accepted(case, bureau)
    examine = Task.objects.get(case=case, step="examine")
    with pytest.raises(NotYourTask):
        AssignTask.do(bureau.handler, case_id=case.pk, task_id=examine.pk, officer_id=bureau.acceptor.officer_id)
    AssignTask.do(bureau.handler, case_id=case.pk, task_id=examine.pk, officer_id=bureau.handler.officer_id)
    target = a_unit("urban-management")
    TransferCase.do(bureau.handler, case_id=case.pk, unit_id=target.pk, reason="属于城管局职责")
    examine.refresh_from_db()
    assert (examine.unit_id, examine.assignee_id) == (target.pk, None)


def test_a_case_returns_to_an_earlier_step(case, bureau) -> None:
    at_decision(case, bureau)
    with pytest.raises(NotFound):
        ReturnStep.do(bureau.approver, case_id=case.pk, step="nowhere", reason="需要补充论证")
    ReturnStep.do(bureau.approver, case_id=case.pk, step="examine", reason="需要补充论证")
    assert [task.step for task in whole_case(case.pk).open_tasks] == ["examine"]
    ForwardStep.do(bureau.handler, case_id=case.pk, opinion="已补充论证")
    ApproveCase.do(bureau.approver, case_id=case.pk, reasons="符合条件")
    case.refresh_from_db()
    assert case.state == "closed"


def test_supervision_has_a_clock_that_nothing_stops(case, bureau) -> None:
    accepted(case, bureau)
    SuperviseCase.do(bureau.supervisor, case_id=case.pk, demand="请说明进展", days=2)
    task = Task.objects.get(case=case, kind="supervision")
    SuspendCase.do(bureau.handler, case_id=case.pk, ground="hearing")
    assert Clock.objects.get(task_id=task.pk).state == "running"
    AnswerTask.do(bureau.leader, case_id=case.pk, task_id=task.pk, opinion="已安排专人")
    assert Clock.objects.get(task_id=task.pk).state == "stopped"


def test_notes_stay_among_officials_and_cases_can_be_linked(case, bureau, resident) -> None:
    accepted(case, bureau)
    AddNote.do(bureau.handler, case_id=case.pk, text="电话联系过申请人")
    with pytest.raises(NotPermitted):
        AddNote.do(a_bureau("education").handler, case_id=case.pk, text="路过看看")
    assert Note.objects.get(case=case).author_name == bureau.handler.name
    other = file_permit(resident)
    LinkCases.do(bureau.handler, case_id=case.pk, other_number=other.number, kind="duplicate")
    assert CaseRelation.objects.get(case=case).other == other
    with pytest.raises(NotFound):
        LinkCases.do(bureau.handler, case_id=case.pk, other_number=case.number)


def test_withdrawing_ends_tasks_and_clocks(case, bureau, resident) -> None:
    WithdrawCase.do(resident, case_id=case.pk, reason="不办了")
    whole = whole_case(case.pk)
    assert whole.case.state == "withdrawn"
    assert not whole.open_tasks
    assert {clock.state for clock, _reading in whole.readings} == {"stopped"}


def test_a_closed_case_can_be_reopened_and_decided_again(case, bureau) -> None:
    closed(case, bureau)
    ReopenCase.do(bureau.supervisor, case_id=case.pk, reason="行政复议决定撤销原决定")
    case.refresh_from_db()
    assert case.state == "accepted"
    assert Clock.objects.get(case=case, code="statutory").state == "running"
    ApproveCase.do(bureau.approver, case_id=case.pk, reasons="重新审查后符合条件")
    case.refresh_from_db()
    assert case.state == "closed"
    assert Decision.objects.filter(case=case, superseded_at=None).count() == 1


def test_a_correction_keeps_the_earlier_decision(case, bureau) -> None:
    closed(case, bureau)
    CorrectDecision.do(bureau.approver, case_id=case.pk, reasons="符合条件，地址更正", correction="地址写错一个字")
    decisions = Decision.objects.filter(case=case)
    assert decisions.count() == 2
    assert decisions.filter(superseded_at=None).get().reasons.endswith("地址更正")


def test_answers_are_corrected_with_a_reason_the_applicant_reads(case, bureau) -> None:
    accepted(case, bureau)
    with pytest.raises(InvalidInput):
        CorrectAnswers.do(bureau.handler, case_id=case.pk, answers={"mobile": "123"}, reason="申请人来电更正")
    CorrectAnswers.do(bureau.handler, case_id=case.pk, answers={"remark": "周末不便"}, reason="申请人来电更正")
    case.refresh_from_db()
    assert case.answers["remark"] == "周末不便"
    assert "申请人来电更正" in whole_case(case.pk).statuses[-1].public_text


def test_a_case_is_rated_once_and_only_when_closed(case, bureau, resident) -> None:
    with pytest.raises(WrongState):
        RateCase.do(resident, case_id=case.pk, level=5)
    closed(case, bureau)
    RateCase.do(resident, case_id=case.pk, level=5, reasons=["quick"])
    with pytest.raises(AlreadyRated):
        RateCase.do(resident, case_id=case.pk, level=1)


def test_silence_beyond_the_limit_is_acceptance_since_the_filing(case, bureau) -> None:
    filed = case.filed_at
    with at(datetime(2027, 3, 1, tzinfo=ZONE)):
        GiveNotices.do(PLATFORM)
    case.refresh_from_db()
    assert (case.state, case.accepted_at) == ("accepted", filed)
    assert [task.step for task in whole_case(case.pk).open_tasks] == ["examine"]


def test_an_unknown_case_is_not_found(bureau) -> None:
    with pytest.raises(NotFound):
        AcceptCase.do(bureau.acceptor, case_id=uuid4())


def test_the_record_is_written_in_the_houses_language_whoever_reads_english(case, bureau) -> None:
    with translation.override("en"):
        accepted(case, bureau)
        SuperviseCase.do(bureau.supervisor, case_id=case.pk, demand="请说明进展", days=2)
    assert whole_case(case.pk).statuses[1].public_text == "您的申请已受理，正在办理。"
    assert Task.objects.get(case=case, kind="supervision").title == "督办"
