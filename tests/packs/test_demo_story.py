"""The demo's story: played once, in simulated time, from the same seed the same, and never twice."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from rich.progress import Progress
from stdnum.cn import uscc

from shuzheng.demo import cast, story
from shuzheng.demo.names import Names
from shuzheng.demo.plan import Plan
from shuzheng.demo.settling import Settle
from shuzheng.engines.casework.models import Case, CaseStatus, Clock, Task
from shuzheng.engines.forms.models import Draft
from shuzheng.engines.identity.models import Account, Person
from shuzheng.engines.messaging.models import Message
from shuzheng.engines.vocabulary.validators.identity import resident_id
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import now


@pytest.fixture
def told(packs: None, tmp_path: Any, settings: Any) -> Plan:
    settings.HOME = tmp_path
    plan = Plan(end=now(), length=25, cases=20, residents=120, firms=30, processes=1)
    story.tell(Progress(disable=True), plan)
    return plan


def test_a_small_story_leaves_a_living_office(told: Plan) -> None:
    assert story.told()
    _something_happened(told)
    _nothing_happens_after_the_present(told)
    _the_cast_has_something_to_do()
    assert not ProcrastinateJob.objects.exists()
    assert Account.objects.filter(person__synthetic=False).count() == 0


def _something_happened(plan: Plan) -> None:
    assert Case.objects.count() >= plan.cases * 0.9
    assert not Case.objects.filter(synthetic=False).exclude(item_code="rating-follow-up").exists()
    assert Case.objects.filter(state="closed").exists()
    assert Task.objects.filter(state="open").exists()
    assert Clock.objects.filter(state="running").exists()


def _nothing_happens_after_the_present(plan: Plan) -> None:
    assert not CaseStatus.objects.filter(at__gt=plan.end).exists()
    assert not Case.objects.filter(filed_at__lt=plan.end - timedelta(days=plan.length + 1)).exists()


def _the_cast_has_something_to_do() -> None:
    states = {(case.operator_name, case.item_code): case.state for case in Case.objects.all()}
    assert states["李梅", "generic-matter"] == "supplement"
    assert states["黄丽", "food-business-licence"] == "suspended"
    daughter = Person.objects.get(account__username=cast.DAUGHTER.username)
    assert Message.objects.filter(recipient_person_id=daughter.pk, template="supplement-asked").exists()
    assert Draft.objects.count() == 2
    for username, password, _who in story.ACCOUNTS:
        assert Account.objects.get(username=username).check_password(password)


@pytest.mark.django_db
def test_only_the_platform_settles_people() -> None:
    with pytest.raises(NotPermitted):
        Settle.do(Actor(name="居民"), residents=1, firms=0)


def test_names_and_numbers_are_valid_and_the_same_from_the_same_seed() -> None:
    def draw() -> list[str]:
        names = Names(Random(3))
        numbers = [names.id_number("360702000000", date(1980, 1, 1), female=bool(n % 2)) for n in range(200)]
        codes = [names.credit_code("360702000000", company=bool(n % 2)) for n in range(50)]
        return [*numbers, *codes, names.person(female=True), names.mobile(), names.address("章贡区")]

    drawn = draw()
    assert drawn == draw()
    assert len(set(drawn[:200])) == 200
    assert [resident_id(number) for number in drawn[:200]] == drawn[:200]
    assert all(uscc.is_valid(code) for code in drawn[200:250])
