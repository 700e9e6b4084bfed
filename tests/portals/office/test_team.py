"""The team's pages: board, supervision, search, overview."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from shuzheng.engines.casework.actions.asking import SuperviseCase
from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.identity.models import Person
from shuzheng.engines.insight.actions import RefreshIndicators
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import at, now
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import a_unit
from tests.portals.office.conftest import OTHER_COUNTY


@pytest.fixture
def supervisor(desk_of):
    return desk_of("督办", posts=["supervisor"])


def test_the_board_shows_the_unit_by_step_and_by_holder(clerk, case, resident, desk_of) -> None:
    AcceptCase.do(clerk.actor, case_id=file_case(resident).pk)
    page = clerk.get("/office/board/").content.decode()
    assert re.findall(r"<h2><span>(.*?)</span>", page) == ["受理", "审查"]
    assert "<span>待领办</span>" in clerk.get("/office/board/", by="holder").content.decode()
    stranger = desk_of("外单位", posts=["handler"], at=a_unit("civil-affairs"))
    assert "团队没有待办" in stranger.get("/office/board/").content.decode()


def test_a_lane_opens_as_a_list(clerk, case) -> None:
    page = clerk.get("/office/board/", title="受理").content.decode()
    assert case.number in page
    assert "这个环节没有待办" in clerk.get("/office/board/", title="决定").content.decode()


def test_the_board_costs_the_same_however_much_waits(clerk, resident, django_assert_max_num_queries) -> None:
    file_case(resident)
    clerk.get("/office/board/")
    for _n in range(12):
        file_case(resident)
    with django_assert_max_num_queries(6):
        page = clerk.get("/office/board/").content.decode()
    assert page.count("/office/cases/") == 8


def test_late_cases_are_supervised_and_those_supervised_are_marked(supervisor, clerk, resident, case) -> None:
    with at(now() - timedelta(days=30)):
        late = file_case(resident)
    RefreshIndicators.do(Actor.system("test"))
    page = supervisor.get("/office/supervision/").content.decode()
    assert late.number in page
    assert case.number not in page
    assert f"/office/cases/{late.pk}/acts/casework.supervise_case/" in page
    SuperviseCase.do(supervisor.actor, case_id=late.pk, demand="请尽快办结并反馈")
    assert "督办中" in supervisor.get("/office/supervision/", card="red").content.decode()


def test_supervision_is_for_supervisors(clerk) -> None:
    assert clerk.get("/office/supervision/").status_code == 403
    assert "/office/supervision/" not in clerk.get("/office/").content.decode()


def test_a_case_is_found_by_number_and_by_name(clerk, case) -> None:
    for words in (case.number, case.number.lower(), case.number[:16], "王桂"):
        page = clerk.get("/office/search/", q=words).content.decode()
        assert f"/office/cases/{case.pk}/" in page
        assert "王*英" in page
    assert "没有找到办件" in clerk.get("/office/search/", q="李四").content.decode()


def test_a_search_finds_nothing_that_may_not_be_opened(case, desk_of) -> None:
    stranger = desk_of("外县", posts=["handler"], at=a_unit("government-service", OTHER_COUNTY))
    assert f"/office/cases/{case.pk}/" not in stranger.get("/office/search/", q=case.number).content.decode()


def test_a_person_is_found_by_id_number_for_a_purpose_which_is_recorded(clerk, case, resident) -> None:
    id_number = Person.objects.get(pk=resident.person_id).id_number
    refused = clerk.post("/office/search/", id_number=id_number)
    assert f"/office/cases/{case.pk}/" not in refused.content.decode()
    assert not AuditRecord.objects.filter(name="casework.find_cases_of_person").exists()
    found = clerk.post("/office/search/", id_number=id_number, purpose="verify").content.decode()
    assert f"/office/cases/{case.pk}/" in found
    assert id_number not in found
    record = AuditRecord.objects.get(name="casework.find_cases_of_person")
    assert (record.subject_id, record.purpose) == (str(resident.person_id), "核验身份")


def test_the_overview_shows_indicators_with_tables_and_definitions(clerk, case) -> None:
    assert "还没有计算过" in clerk.get("/office/overview/").content.decode()
    RefreshIndicators.do(Actor.system("test"))
    page = clerk.get("/office/overview/").content.decode()
    for part in ("章贡区", "今日收件", "查看数据表", "每日收件与办结", "其他事项申请", "每五分钟", "口径"):
        assert part in page


def test_the_overview_of_another_division_is_refused(clerk) -> None:
    assert clerk.get("/office/overview/", division="36.3604").status_code == 403
    assert clerk.get("/office/overview/", division="36.3607.360702.360702001").status_code == 200


def test_the_overview_is_offered_to_whom_it_shows_something(clerk, desk_of) -> None:
    keeper = desk_of("罗颖", permissions=["documents.manage_seals"])
    assert "/office/overview/" in clerk.get("/office/").content.decode()
    assert "/office/overview/" not in keeper.get("/office/").content.decode()
