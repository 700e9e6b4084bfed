"""A case from filing to rating through the real actions, on the generic process."""

from __future__ import annotations

import pytest

from shuzheng.engines.casework.actions.deciding import ApproveCase
from shuzheng.engines.casework.actions.filing import FileCase
from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.actions.rating import RateCase
from shuzheng.engines.casework.actions.working import ForwardStep
from shuzheng.engines.casework.models import Case, Clock, Task
from shuzheng.testing.identity import a_resident, a_unit, actor_of_officer, actor_of_person, an_officer

DIVISION = "360702000000"

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(packs):
    unit = a_unit("government-service")
    return actor_of_officer(an_officer("张敏", unit=unit, posts=["acceptor", "handler", "approver"]))


@pytest.fixture
def resident(packs):
    return actor_of_person(a_resident("李梅"))


def file(actor) -> Case:
    return FileCase.do(
        actor,
        item_code="generic-matter",
        division_code=DIVISION,
        answers={"application_content": "路灯坏了三天，请派人来修。"},
    )


def test_a_case_goes_from_filing_to_rating(resident, clerk) -> None:
    case = file(resident)
    assert case.state == "filed"
    assert [t.step for t in Task.objects.filter(case=case, state="open")] == ["accept"]
    AcceptCase.do(clerk, case_id=case.pk)
    ForwardStep.do(clerk, case_id=case.pk, opinion="情况属实")
    ApproveCase.do(clerk, case_id=case.pk, reasons="已派单维修")
    case.refresh_from_db()
    assert (case.state, case.result) == ("closed", "granted")
    assert not Task.objects.filter(case=case, state="open").exists()
    assert not Clock.objects.filter(case=case).exclude(state="stopped").exists()
    RateCase.do(resident, case_id=case.pk, level=1, text="太慢")
    assert Case.objects.filter(item_code="rating-follow-up").count() == 1
