"""Two people at the same moment: one wins, the other is told, and nothing is half-written."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from shuzheng.engines.casework.actions.deciding import WithdrawCase
from shuzheng.engines.casework.actions.filing import FileCase
from shuzheng.engines.casework.actions.intake import AcceptCase, RefuseAcceptance
from shuzheng.engines.casework.actions.working import TakeTask
from shuzheng.engines.casework.errors import ActNotOffered, CaseMoved, DraftGone, NotYourTask, WrongState
from shuzheng.engines.casework.models import Case, CaseStatus, Clock, Task
from shuzheng.engines.forms.actions import SaveDraft
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.definition import get
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.models import EventRecord
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import a_unit, actor_of_officer, an_officer
from tests.engines.casework.conftest import file_permit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("empty_queue")]


@pytest.fixture
def empty_queue(db: None) -> Iterator[None]:
    """Leave no jobs behind: the queue's tables are not emptied between tests that commit."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("truncate procrastinate_jobs cascade")


def at_once(*works: Callable[[], object]) -> list[Any]:
    """Do everything at the same moment, each on its own connection; return results and refusals in order."""
    start, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int) -> None:
        start.wait(20)
        try:
            results[place] = works[place]()
        except ShuzhengError as refused:
            results[place] = refused
        connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def won_and_lost(results: list[Any]) -> tuple[list[Any], list[ShuzhengError]]:
    lost = [result for result in results if isinstance(result, ShuzhengError)]
    return [result for result in results if not isinstance(result, ShuzhengError)], lost


def done(case: Case, name: str) -> int:
    return AuditRecord.objects.filter(case_id=case.pk, name=name, result="done").count()


def test_of_two_officers_who_accept_at_once_one_is_told_that_the_case_moved(bureau, case) -> None:
    other = actor_of_officer(an_officer("王芳", unit=a_unit("market-supervision"), posts=["acceptor"]))
    seen = case.revision
    won, lost = won_and_lost(
        at_once(
            lambda: AcceptCase.do(bureau.acceptor, case_id=case.pk, revision=seen),
            lambda: AcceptCase.do(other, case_id=case.pk, revision=seen),
        )
    )
    assert len(won) == 1
    assert [type(error) for error in lost] == [CaseMoved]
    assert "您的操作没有执行" in str(lost[0])
    case.refresh_from_db()
    assert (case.state, case.revision) == ("accepted", seen + 1)
    assert done(case, "casework.accept_case") == 1
    assert list(CaseStatus.objects.filter(case=case).order_by("sequence").values_list("sequence", flat=True)) == [1, 2]
    assert Task.objects.filter(case=case, state="open").count() == 1
    assert Clock.objects.filter(case=case, code="acceptance").exclude(state="stopped").count() == 0
    assert EventRecord.objects.filter(subject=str(case.pk), type="casework.case_accepted").count() == 1


def test_of_opposite_acts_at_once_one_holds_and_the_other_leaves_nothing(bureau, case) -> None:
    other = actor_of_officer(an_officer("王芳", unit=a_unit("market-supervision"), posts=["acceptor"]))
    won, lost = won_and_lost(
        at_once(
            lambda: AcceptCase.do(bureau.acceptor, case_id=case.pk),
            lambda: RefuseAcceptance.do(other, case_id=case.pk, reason="不属于本机关职权。", remedy="请向城管局申请。"),
        )
    )
    assert len(won) == 1
    assert isinstance(lost[0], WrongState | ActNotOffered)
    case.refresh_from_db()
    assert case.state == won[0].state
    assert done(case, "casework.accept_case") + done(case, "casework.refuse_acceptance") == 1
    assert CaseStatus.objects.filter(case=case).count() == 2


def test_a_resident_who_withdraws_while_an_officer_accepts_meets_one_outcome(bureau, resident, case) -> None:
    won, lost = won_and_lost(
        at_once(
            lambda: WithdrawCase.do(resident, case_id=case.pk, reason="不办了", revision=case.revision),
            lambda: AcceptCase.do(bureau.acceptor, case_id=case.pk, revision=case.revision),
        )
    )
    assert (len(won), [type(error) for error in lost]) == (1, [CaseMoved])
    case.refresh_from_db()
    assert case.state == won[0].state
    open_tasks = Task.objects.filter(case=case, state="open").count()
    assert open_tasks == (1 if case.state == "accepted" else 0)


def test_a_task_is_taken_by_one_of_two_colleagues(bureau, case) -> None:
    other = actor_of_officer(an_officer("王芳", unit=a_unit("market-supervision"), posts=["acceptor"]))
    task = Task.objects.get(case=case, state="open")
    won, lost = won_and_lost(
        at_once(
            lambda: TakeTask.do(bureau.acceptor, case_id=case.pk, task_id=task.pk),
            lambda: TakeTask.do(other, case_id=case.pk, task_id=task.pk),
        )
    )
    assert (len(won), [type(error) for error in lost]) == (1, [NotYourTask])
    assert done(case, "casework.take_task") == 1


def test_a_draft_sent_from_several_tabs_at_once_becomes_one_case(bureau, resident) -> None:
    form = get("form", "generic-matter")
    draft = SaveDraft.do(resident, subject="test-permit", form_id=form.id, answers={"application_content": "写到一半"})

    def send(key: str) -> Callable[[], Case]:
        materials = [{"code": "photo", "way": "later"}]
        return lambda: file_case(resident, "test-permit", materials=materials, draft_id=draft.pk, key=key)

    won, lost = won_and_lost(at_once(send("tab-1"), send("tab-2"), send("tab-2"), send("tab-3")))
    assert {type(error) for error in lost} == {DraftGone}
    assert "没有重复提交" in str(lost[0])
    assert len({case.pk for case in won}) == 1
    assert Case.objects.count() == 1
    assert not Draft.objects.exists()
    assert AuditRecord.objects.filter(case_id=won[0].pk, name="casework.file_case").count() == 1


def test_a_double_click_files_once(bureau, resident) -> None:
    won, lost = won_and_lost(at_once(*[lambda: file_permit_once(resident)] * 3))
    assert lost == []
    assert len({case.pk for case in won}) == Case.objects.count() == 1
    assert FileCase.done_before(resident, "form-1").pk == won[0].pk


def file_permit_once(resident: Any) -> Case:
    return file_case(resident, "test-permit", materials=[{"code": "photo", "way": "later"}], key="form-1")


def test_cases_filed_at_once_have_different_numbers(bureau, resident) -> None:
    won, lost = won_and_lost(at_once(*[lambda: file_permit(resident)] * 4))
    assert lost == []
    assert len({case.number for case in won}) == 4
