"""Reads of casework: how many statements they take and what they show to whom."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.actions.working import AddNote, TakeTask
from shuzheng.engines.casework.clock_rows import card_at
from shuzheng.engines.casework.models import Task
from shuzheng.engines.casework.queries import (
    WorkFilter,
    board,
    case_by_number,
    case_for,
    cases_of,
    my_tasks,
    supervised,
    whole_case,
)
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import ZONE, at
from shuzheng.kernel.page import BadCursor
from shuzheng.testing.identity import a_resident, actor_of_person
from tests.engines.casework.conftest import a_bureau, file_permit

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 10, tzinfo=ZONE)


@pytest.fixture
def some_cases(bureau, resident):
    cases = []
    for number in range(5):
        with at(MONDAY + timedelta(days=number)):
            cases.append(file_permit(resident))
    return cases


def test_a_whole_case_takes_at_most_eight_statements(case, bureau, django_assert_max_num_queries) -> None:
    AcceptCase.do(bureau.acceptor, case_id=case.pk)
    AddNote.do(bureau.handler, case_id=case.pk, text="已电话核实")
    whole_case(case.pk)
    with django_assert_max_num_queries(8):
        whole = whole_case(case.pk)
        assert whole.notes[0]["text"] == "已电话核实"
        assert whole.rating is None
        assert whole.readings
        assert whole.picture().active == ["examine"]
        assert whole.explanation("promised")


def test_a_work_list_page_is_one_statement_and_the_most_urgent_first(
    some_cases, bureau, django_assert_num_queries
) -> None:
    acceptor = bureau.acceptor
    with django_assert_num_queries(1):
        page = my_tasks(acceptor, size=3)
    assert [task.case_id for task in page.items] == [case.pk for case in some_cases[:3]]
    rest = my_tasks(acceptor, after=page.next, size=3)
    assert [task.case_id for task in rest.items] == [case.pk for case in some_cases[3:]]
    assert rest.next is None
    back = my_tasks(acceptor, after=rest.previous, size=3)
    assert [task.pk for task in back.items] == [task.pk for task in page.items]
    with pytest.raises(BadCursor):
        my_tasks(acceptor, after="nonsense")


def test_work_lists_show_ones_own_posts_only(some_cases, bureau) -> None:
    assert not my_tasks(bureau.handler).items
    assert len(board(bureau.handler).items) == 5
    assert not board(a_bureau("education").handler).items
    task = Task.objects.get(case=some_cases[0])
    TakeTask.do(bureau.acceptor, case_id=task.case_id, task_id=task.pk)
    assert [t.pk for t in my_tasks(bureau.acceptor, WorkFilter(holder="mine")).items] == [task.pk]
    assert len(my_tasks(bureau.acceptor, WorkFilter(holder="free")).items) == 4


def test_a_work_list_can_be_narrowed_by_card_and_words(some_cases, bureau) -> None:
    with at(some_cases[0].due_at + timedelta(seconds=1)):
        red = my_tasks(bureau.acceptor, WorkFilter(card="red")).items
        others = [*my_tasks(bureau.acceptor, WorkFilter(card="amber")).items]
        others += my_tasks(bureau.acceptor, WorkFilter(card="green")).items
        assert {card_at(task) for task in red} == {"red"}
        assert len(red) + len(others) == 5
        supervised_cases = supervised(bureau.supervisor).items
        assert some_cases[0].pk in {case.pk for case in supervised_cases}
        assert not supervised(bureau.handler).items
    assert len(my_tasks(bureau.acceptor, WorkFilter(words=some_cases[2].number)).items) == 1
    assert len(my_tasks(bureau.acceptor, WorkFilter(words="李梅")).items) == 5
    assert not my_tasks(bureau.acceptor, WorkFilter(step="decide")).items


def test_an_applicant_sees_her_own_cases_and_nobody_elses(some_cases, resident, bureau) -> None:
    page = cases_of(resident, size=2)
    assert [case.pk for case in page.items] == [some_cases[4].pk, some_cases[3].pk]
    assert len(cases_of(resident, open_only=True).items) == 5
    stranger = actor_of_person(a_resident("王五"))
    assert not cases_of(stranger).items
    with pytest.raises(NotFound):
        case_for(stranger, some_cases[0].pk)
    with pytest.raises(NotFound):
        case_by_number(stranger, some_cases[0].number)
    with pytest.raises(NotFound):
        case_for(a_bureau("education").handler, some_cases[0].pk)
    assert case_by_number(bureau.handler, some_cases[0].number.lower()).pk == some_cases[0].pk
