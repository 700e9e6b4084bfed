"""Letting the story happen: many lives, in the order of time, on several processes that keep in step."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from django.db import connection

from shuzheng.demo import cast
from shuzheng.demo.lives import Life, Story, Traits
from shuzheng.demo.matters import Matter, generic, matter, some_matter
from shuzheng.demo.people import People
from shuzheng.demo.plan import Plan
from shuzheng.engines.casework.actions.notices import GiveNotices
from shuzheng.engines.casework.models import Case
from shuzheng.engines.vocabulary.queries import work_calendar
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.definition import get
from shuzheng.kernel.error import ShuzhengError
from shuzheng.kernel.event import unfollowed
from shuzheng.kernel.moment import at, local

#: Called when a simulated day is over, with how many lives began on it; waits for the other processes.
DayOver = Callable[[int], None]


def play(plan: Plan, shard: int, day_over: DayOver) -> None:
    """Play one process's share of the cases, day by day. The first process also turns the cards."""
    _hurry()
    people, waiting, order = People(), list[tuple[datetime, int, Life]](), count()
    births = _births(plan, people, shard)
    with unfollowed():
        for day in plan.days():
            begun = births.get(day, [])
            for life in begun:
                _resume(life, plan.first_moment(day), plan, waiting, order)
            _until(plan.end_of(day), plan, waiting, order)
            day_over(len(begun))
            if shard == 0:
                _turn_cards(plan.end_of(day))
            day_over(0)


def _hurry() -> None:
    """Let commits of this process not wait for the disk: a story that a power cut shortens is told anew."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def _until(end: datetime, plan: Plan, waiting: list[tuple[datetime, int, Life]], order: Iterator[int]) -> None:
    """Resume the lives whose moment has come, the earliest first."""
    while waiting and waiting[0][0] <= end:
        moment, _number, life = heapq.heappop(waiting)
        _resume(life, moment, plan, waiting, order)


def _resume(
    life: Life, moment: datetime, plan: Plan, waiting: list[tuple[datetime, int, Life]], order: Iterator[int]
) -> None:
    with at(moment):
        try:
            following = next(life, None)
        except ShuzhengError:
            return  # a life that the rules refuse ends here
    if following is not None and following <= plan.end:
        heapq.heappush(waiting, (max(following, moment), next(order), life))


def _turn_cards(moment: datetime) -> None:
    with at(moment):
        while GiveNotices.do(Actor.system("casework.give_notices"), limit=1000).count:
            pass


# -- who is born when ------------------------------------------------------------------------------------------


def _births(plan: Plan, people: People, shard: int) -> dict[date, list[Life]]:
    """Return the lives of a process by the day on which they begin."""
    births: dict[date, list[Life]] = {}
    for number in range(shard, plan.cases, plan.processes):
        chance = Random(f"{plan.seed}:{number}")
        day = plan.day_of(number, chance)
        births.setdefault(day, []).append(_ordinary(people, chance, day, plan))
    if shard == 0:
        for day, story in _of_the_cast(plan, people):
            births.setdefault(day, []).append(story.live(day))
    return births


def _ordinary(people: People, chance: Random, day: date, plan: Plan) -> Life:
    """Return the life of an ordinary case, decided upon when its day has come."""
    yield plan.first_moment(day)
    story = Story(some_matter(people, chance), people, chance, Traits.drawn(chance))
    yield from story.live(day)


def _of_the_cast(plan: Plan, people: People) -> Iterator[tuple[date, Story]]:
    """Yield the cases that somebody who signs in as one of the cast finds, and the day each is filed."""
    daughter, mother = people.of_cast(cast.DAUGHTER), people.daughter_for_mother()
    firm, chance = people.operator_for_firm(), Random(f"{plan.seed}:cast")
    calendar = work_calendar(cast.HOME)

    def filed(working_days_ago: int, about: Matter, traits: Traits) -> tuple[date, Story]:
        day = local(plan.end).date()
        while calendar.count(day, local(plan.end).date()) < working_days_ago:
            day -= timedelta(days=1)
        return max(day, plan.start_day), Story(about, people, Random(f"{plan.seed}:{about.item.code}"), traits)

    def about(code: str, actor: Actor) -> Matter:
        return matter(get("service_item", code).body, actor, chance)

    yield filed(40, about("elderly-allowance", mother), Traits(pace=0.3))
    yield filed(
        6, Matter(generic(), daughter, {"application_content": "申请查阅一九九八年的婚姻档案。"}), _left("supplement")
    )
    yield filed(3, about("medical-reimbursement", daughter), Traits(pace=5))
    yield filed(12, about("id-card-renewal", daughter), _left("closed"))
    yield filed(50, about("food-business-licence", firm), Traits(pace=0.4))
    yield filed(6, about("road-occupation", firm), Traits(pace=1.1))
    yield filed(2, about("food-business-licence", firm), Traits(pace=0.1, until=Case.State.SUSPENDED))


def _left(state: str) -> Traits:
    return Traits(pace=0.3, until=state, supplement=state == "supplement")
