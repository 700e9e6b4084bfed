"""My work: what waits, red first; filters, saved views, taking a task."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest

from shuzheng.engines.casework.models import SavedView, Task
from shuzheng.engines.insight.actions import RefreshIndicators
from shuzheng.engines.vocabulary.calendar import national_calendar
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import ZONE, at, now
from shuzheng.portals.office.rows import working_days_left
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import a_firm, a_resident, actor_of_person

WORK = "/office/"


def test_the_most_urgent_comes_first_with_its_days_in_words(clerk, resident) -> None:
    file_case(resident)
    with at(now() - timedelta(days=30)):
        late = file_case(resident)
    page = clerk.get(WORK).content.decode()
    assert re.findall(r'<tr data-card="(\w+)">', page) == ["red", "green"]
    assert page.index(late.number) < page.index("还剩 5 个工作日")
    assert "已超期" in page


def test_a_person_is_masked_and_a_firm_is_not(clerk, resident) -> None:
    boss = a_resident("陈志强")
    file_case(resident)
    file_case(actor_of_person(boss, party=a_firm("赣南人家餐饮店", representative=boss)))
    page = clerk.get(WORK).content.decode()
    assert "王*英" in page
    assert "王桂英" not in page
    assert "赣南人家餐饮店" in page


def test_the_counts_come_from_the_indicators_and_say_of_when_they_are(clerk, resident) -> None:
    file_case(resident)
    assert "截至" not in clerk.get(WORK).content.decode()
    RefreshIndicators.do(Actor.system("test"))
    page = clerk.get(WORK).content.decode()
    assert "共 1 件" in page
    assert "截至" in page


def test_a_filter_narrows_the_list_and_can_be_kept_and_deleted(clerk, resident) -> None:
    file_case(resident)
    assert "没有符合条件的待办" in clerk.get(WORK, title="审查").content.decode()
    clerk.post("/office/views/", name="我的审查", title="审查", card="")
    view = SavedView.objects.get(officer_id=clerk.officer.pk)
    assert view.filters == {"title": "审查"}
    page = clerk.get(WORK, title="审查").content.decode()
    assert "我的审查" in page
    clerk.post(f"/office/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_not_kept(clerk) -> None:
    answer = clerk.browser.post("/office/views/", {"name": "", "title": "审查"}, follow=True)
    assert "请给视图起一个名字" in answer.content.decode()
    assert not SavedView.objects.exists()


def test_a_view_of_another_officer_stays(clerk, desk_of) -> None:
    clerk.post("/office/views/", name="甲", title="审查")
    desk_of("王强", posts=["handler"]).post(f"/office/views/{SavedView.objects.get().pk}/delete/")
    assert SavedView.objects.exists()


def test_a_task_is_taken_once(clerk, case, desk_of) -> None:
    colleague = desk_of("王强", posts=["acceptor"])
    task = Task.objects.get(case=case)
    url = f"/office/cases/{case.pk}/take/{task.pk}/"
    assert colleague.post(url).url == f"/office/cases/{case.pk}/"
    answer = clerk.browser.post(url, follow=True)
    assert "已由他人承办" in answer.content.decode()
    task.refresh_from_db()
    assert task.assignee_name == "王强"
    assert case.number not in clerk.get(WORK).content.decode()


def test_the_list_pages_by_key(clerk, resident) -> None:
    for _n in range(21):
        file_case(resident)
    first = clerk.get(WORK)
    after = re.search(r'rel="next"[^>]*after=([\w%-]+)', first.content.decode())
    assert after
    second = clerk.get(WORK, after=unquote(after[1])).content.decode()
    assert second.count("data-take") == 1


def test_a_page_of_the_list_costs_the_same_however_long_it_is(clerk, resident, django_assert_max_num_queries) -> None:
    file_case(resident)
    clerk.get(WORK)
    for _n in range(12):
        file_case(resident)
    with django_assert_max_num_queries(8):
        clerk.get(WORK)


def test_the_next_case_is_the_most_urgent_other_one(clerk, resident, case) -> None:
    other = file_case(resident)
    assert clerk.get("/office/next/", after=str(case.pk)).url == f"/office/cases/{other.pk}/"
    assert clerk.get("/office/next/", after=str(other.pk)).url == f"/office/cases/{case.pk}/"


def test_nothing_to_do_says_what_to_do(clerk) -> None:
    assert "待办全部办完了" in clerk.get(WORK).content.decode()


@pytest.mark.parametrize(
    ("due", "days"),
    [("2026-11-20", -1), ("2026-11-22", 0), ("2026-11-23", 1), ("2026-11-27", 5), ("2026-11-13", -5)],
)
def test_only_the_due_day_itself_is_today(due: str, days: int) -> None:
    """On Sunday, 22 November 2026: what was due on Friday is late, though no working day has passed."""
    with at(datetime(2026, 11, 22, 10, tzinfo=ZONE)):
        moment = datetime.fromisoformat(due).replace(hour=23, tzinfo=ZONE)
        assert working_days_left(moment, national_calendar()) == days
