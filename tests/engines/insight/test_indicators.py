"""Indicators: what they count, that they are renewed, and that a wrong declaration is refused."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from shuzheng.engines.casework.actions.deciding import ApproveCase
from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.actions.rating import RateCase
from shuzheng.engines.casework.actions.working import ForwardStep, TakeTask
from shuzheng.engines.casework.models import Task
from shuzheng.engines.insight import jobs
from shuzheng.engines.insight.actions import RefreshIndicators
from shuzheng.engines.insight.models import IndicatorValue
from shuzheng.engines.insight.queries import indicators, unit_workload, values, workload
from shuzheng.kernel.actions import LoadPacks
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import at, now, today
from shuzheng.kernel.pack import read
from shuzheng.kernel.source import PackInvalid
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import a_resident, a_unit, actor_of_officer, actor_of_person, an_officer

ROOT = Path(__file__).parents[3]
COUNTY, PROVINCE = "36.3607.360702", "36"
SYSTEM = Actor.system("test")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def packs(db: None) -> None:
    LoadPacks.do(SYSTEM, paths=[ROOT / "packs/base", ROOT / "packs/public-service/generic-matter"])


@pytest.fixture
def clerk() -> Actor:
    unit = a_unit("government-service")
    return actor_of_officer(an_officer("张敏", unit=unit, posts=["acceptor", "handler", "approver"]))


@pytest.fixture
def resident() -> Actor:
    return actor_of_person(a_resident("李梅"))


def finish(clerk: Actor, case) -> None:
    AcceptCase.do(clerk, case_id=case.pk)
    ForwardStep.do(clerk, case_id=case.pk, opinion="情况属实")
    ApproveCase.do(clerk, case_id=case.pk, reasons="已派单维修")


def test_the_count_of_my_work_is_what_my_list_shows(clerk: Actor, resident: Actor) -> None:
    first, _second = file_case(resident), file_case(resident)
    colleague = actor_of_officer(an_officer("王强", unit=a_unit("government-service"), posts=["acceptor"]))
    RefreshIndicators.do(SYSTEM)
    assert workload(clerk).counts == {"green": 2}
    TakeTask.do(colleague, case_id=first.pk, task_id=Task.objects.get(case=first).pk)
    RefreshIndicators.do(SYSTEM)
    assert workload(clerk).counts == {"green": 1}
    assert workload(colleague).counts == {"green": 2}
    assert unit_workload(clerk.unit_ids, "tasks-by-step").counts == {"受理": 2}


def test_a_count_says_of_when_it_is(clerk: Actor, resident: Actor) -> None:
    file_case(resident)
    assert workload(clerk).vintage is None
    RefreshIndicators.do(SYSTEM)
    assert workload(clerk).vintage is not None


def test_cards_turn_with_time_in_the_indicators_as_in_the_lists(clerk: Actor, resident: Actor) -> None:
    file_case(resident)
    with at(now() + timedelta(days=60)):
        RefreshIndicators.do(SYSTEM)
        assert workload(clerk).counts == {"red": 1}
        assert values(["cases-open"], COUNTY)["cases-open"].by_key == {"red": 1}


def test_a_division_includes_everything_below_it(clerk: Actor, resident: Actor) -> None:
    finish(clerk, file_case(resident))
    file_case(resident)
    RefreshIndicators.do(SYSTEM)
    for path in (COUNTY, PROVINCE, ""):
        found = values(["cases-filed", "cases-closed", "on-time-rate", "top-items"], path)
        assert found["cases-filed"].by_day == {today(): 2}
        assert found["cases-closed"].by_day == {today(): 1}
        assert found["on-time-rate"].single == 100
        assert found["top-items"].by_key == {"generic-matter": 2}
    assert values(["cases-filed"], "36.3604")["cases-filed"].rows == []


def test_a_case_closed_after_its_due_day_lowers_the_rate(clerk: Actor, resident: Actor) -> None:
    late = file_case(resident)
    finish(clerk, file_case(resident))
    AcceptCase.do(clerk, case_id=late.pk)
    with at(now() + timedelta(days=25)):
        ForwardStep.do(clerk, case_id=late.pk, opinion="情况属实")
        ApproveCase.do(clerk, case_id=late.pk, reasons="已派单维修")
        RefreshIndicators.do(SYSTEM)
        assert values(["on-time-rate"], COUNTY)["on-time-rate"].single == 50


def test_ratings_are_counted_by_level(clerk: Actor, resident: Actor) -> None:
    case = file_case(resident)
    finish(clerk, case)
    RateCase.do(resident, case_id=case.pk, level=5)
    RefreshIndicators.do(SYSTEM)
    assert values(["ratings"], COUNTY)["ratings"].by_key == {"5": 1}


def test_the_jobs_run_twice_write_the_same_values(clerk: Actor, resident: Actor) -> None:
    finish(clerk, file_case(resident))
    file_case(resident)

    def everything() -> list[tuple[object, ...]]:
        for job in (jobs.refresh_each_minute, jobs.refresh_each_five_minutes, jobs.refresh_each_day):
            job()
        fields = ("indicator", "division_path", "unit_id", "post", "officer_id", "key", "day", "value")
        return sorted(IndicatorValue.objects.values_list(*fields), key=str)

    first = everything()
    assert first
    assert everything() == first


def test_what_is_no_longer_so_is_removed_but_earlier_days_of_a_series_stay(clerk: Actor, resident: Actor) -> None:
    finish(clerk, file_case(resident))
    file_case(resident)
    RefreshIndicators.do(SYSTEM)
    with at(now() + timedelta(days=7)):
        RefreshIndicators.do(SYSTEM, days=2)
        assert values(["cases-filed"], COUNTY)["cases-filed"].by_day == {today() - timedelta(days=7): 2}
        assert values(["cases-open"], COUNTY)["cases-open"].by_key.get("green") is None


def test_reading_several_indicators_costs_two_statements(django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        values(["cases-open", "cases-filed", "ratings"], COUNTY)


def test_every_indicator_says_what_it_means() -> None:
    assert len(indicators()) >= 8
    assert all(i.formula and i.unit and i.owner for i in indicators().values())


def test_only_the_platform_calculates(clerk: Actor) -> None:
    with pytest.raises(NotPermitted):
        RefreshIndicators.do(clerk)


def test_an_unknown_calculation_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "pack.yaml").write_text("code: x\ntitle: 试\nversion: 1.0.0\neffective: 2026-01-01\n", "utf-8")
    (tmp_path / "indicators.yaml").write_text(
        "- code: a\n  title: 甲\n  formula: 数一数有多少\n  unit: 件\n  owner: 局\n  refresh: day\n"
        "  calculation: casework.open_task\n",
        "utf-8",
    )
    with pytest.raises(PackInvalid) as refused:
        read([tmp_path])
    problem = refused.value.problems[0]
    assert problem.line == 7
    assert "casework.open_tasks" in problem.suggestion
