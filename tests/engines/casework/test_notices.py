"""Cards turn, lapses have their effect and a changed calendar moves due dates, without anybody looking."""

from __future__ import annotations

from datetime import datetime

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from shuzheng.engines.casework import telling
from shuzheng.engines.casework.actions.notices import GiveNotices
from shuzheng.engines.casework.jobs import recompute_clocks
from shuzheng.engines.casework.models import Case, Clock
from shuzheng.engines.messaging.models import Message
from shuzheng.engines.vocabulary.actions.calendar import OverrideWorkday
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import ZONE, at
from shuzheng.testing.casework import file_case
from shuzheng.testing.identity import a_resident, a_unit, actor_of_officer, actor_of_person, an_officer

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 10, tzinfo=ZONE)
PLATFORM = Actor.system("test")


@pytest.fixture
def case(packs) -> Case:
    actor_of_officer(an_officer("张敏", unit=a_unit("government-service"), posts=["acceptor"]))
    with at(MONDAY):
        return file_case(actor_of_person(a_resident()))


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 3, number, hour, tzinfo=ZONE)


def test_a_card_turns_once_and_a_missed_run_catches_up(case) -> None:
    with at(day(3)):
        assert GiveNotices.do(PLATFORM).count == 0
    with at(day(20)):
        assert GiveNotices.do(PLATFORM).count > 0
        assert GiveNotices.do(PLATFORM).count == 0
    assert set(Clock.objects.values_list("noticed", flat=True)) == {"lapsed"}


def test_officers_are_told_of_a_card_once(case) -> None:
    with at(day(20)):
        GiveNotices.do(PLATFORM)
        jobs = ProcrastinateJob.objects.filter(task_name="casework.tell_officers")
        assert jobs.exists()
        for job in [*jobs, *jobs]:
            telling.tell_officers(job.args["event"])
    assert Message.objects.filter(template="card-lapsed").count() == jobs.count()


def test_a_day_declared_off_moves_the_due_date_by_one_working_day(case) -> None:
    before = case.due_at
    OverrideWorkday.do(PLATFORM, division_code="360700000000", day="2026-03-04", working=False, reason="全城检修")
    job = ProcrastinateJob.objects.get(task_name="casework.recompute_clocks")
    with at(day(3)):
        recompute_clocks(event=job.args["event"])
    case.refresh_from_db()
    assert (before.day, case.due_at.day) == (9, 10)
    assert case.statuses.order_by("-sequence").first().act == "casework.recompute_clocks"


def test_a_calendar_announced_again_without_a_change_moves_nothing() -> None:
    recompute_clocks(event={"data": {"division": "", "days": []}})
