"""Officers change the calendar; divisions see what concerns them, at once, and others are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import transaction

from shuzheng.engines.vocabulary import queries
from shuzheng.engines.vocabulary.actions import (
    ConfirmCalendar,
    DiscardCalendar,
    OverrideWorkday,
    ProposeWithdrawal,
    ProposeWorkday,
    ProposeYear,
    WeighCalendar,
)
from shuzheng.engines.vocabulary.calendar import national_calendar
from shuzheng.engines.vocabulary.errors import (
    CalendarInUse,
    CalendarUnchanged,
    EffectUnknown,
    OwnProposal,
    ProposalSettled,
    UnknownDivision,
)
from shuzheng.engines.vocabulary.models import CalendarProposal, Division
from shuzheng.engines.vocabulary.policies import KEEP_CALENDAR
from shuzheng.kernel import moment
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.error import InvalidInput, NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.models import EventRecord

PROVINCE, GANZHOU, ZHANGGONG, NANCHANG = "360000000000", "360700000000", "360702000000", "360100000000"
MONDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 28)
UNANNOUNCED = next(year for year in range(2026, 2041) if national_calendar().is_provisional(date(year, 1, 1)))


@pytest.fixture(autouse=True)
def _divisions(db: None) -> Iterator[None]:
    """Four divisions, and a process that knows no calendar."""
    for code, path in ((PROVINCE, "36"), (GANZHOU, "36.3607"), (ZHANGGONG, "36.3607.360702"), (NANCHANG, "36.3601")):
        fields = {"name": path, "full_name": path, "level": path.count(".") + 1, "path": path, "source": "test"}
        Division.objects.get_or_create(code=code, defaults=fields)
    queries.forget_calendars()
    yield
    queries.forget_calendars()


def keeper(scope: str) -> Actor:
    return Actor(
        name="历管员", officer_id=new_id(), account_id=new_id(), grants=frozenset({Grant(KEEP_CALENDAR, scope)})
    )


def works(day: date, code: str | None = None) -> bool:
    return queries.work_calendar(code, fresh=True).is_working(day)


def override(actor: Actor, day: date, working: bool | None, code: str) -> None:
    OverrideWorkday.do(actor, day=day, working=working, reason="防汛抢险", division_code=code)


def propose(actor: Actor | None = None, **fields: object) -> CalendarProposal:
    holidays = [{"name": "元旦", "first": f"{UNANNOUNCED}-01-01", "last": f"{UNANNOUNCED}-01-03"}]
    given = {"year": UNANNOUNCED, "notice": "国办发明电〔2026〕9号", "holidays": holidays, **fields}
    return ProposeYear.do(actor or keeper(""), given)


def weigh(proposal: CalendarProposal) -> CalendarProposal:
    platform = Actor.system("test")
    return WeighCalendar.do(platform, proposal_id=proposal.pk, seen=3, earlier=0, later=2, done=True)


def announce(**fields: object) -> None:
    """Enter a year as one officer and confirm it as another."""
    ConfirmCalendar.do(keeper(""), proposal_id=weigh(propose(**fields)).pk)


def confirm(proposal: CalendarProposal) -> CalendarProposal:
    """Confirm as another officer what one proposed."""
    return ConfirmCalendar.do(keeper(""), proposal_id=weigh(proposal).pk)


def propose_day(actor: Actor, day: date, working: bool | None) -> CalendarProposal:
    return ProposeWorkday.do(actor, day=day, working=working, reason="防汛抢险")


def withdraw() -> CalendarProposal:
    return ProposeWithdrawal.do(keeper(""), year=UNANNOUNCED, reason="录入有误")


def test_an_override_holds_for_the_division_and_all_below_it() -> None:
    override(keeper("36.3607"), MONDAY, False, GANZHOU)
    assert not works(MONDAY, GANZHOU)
    assert not works(MONDAY, ZHANGGONG)
    assert not works(MONDAY, "360702001001")
    assert works(MONDAY, NANCHANG)
    assert works(MONDAY, PROVINCE)
    assert works(MONDAY)
    assert queries.work_calendar(GANZHOU).special(MONDAY) == (False, "防汛抢险")


def test_the_nearest_division_decides_and_the_latest_entry_of_one() -> None:
    system = Actor.system("test")
    override(system, MONDAY, False, PROVINCE)
    override(system, MONDAY, True, GANZHOU)
    assert (works(MONDAY, NANCHANG), works(MONDAY, ZHANGGONG)) == (False, True)
    override(system, MONDAY, False, GANZHOU)
    assert not works(MONDAY, ZHANGGONG)


def test_an_override_can_be_taken_back() -> None:
    override(keeper(""), SATURDAY, True, ZHANGGONG)
    assert works(SATURDAY, ZHANGGONG)
    override(keeper(""), SATURDAY, None, ZHANGGONG)
    assert not works(SATURDAY, ZHANGGONG)
    assert queries.work_calendar(ZHANGGONG) == national_calendar()


def test_an_override_that_changes_nothing_is_refused() -> None:
    with pytest.raises(CalendarUnchanged, match="未作任何修改"):
        override(keeper(""), MONDAY, True, ZHANGGONG)


def test_a_day_of_the_whole_country_takes_two_officers() -> None:
    with pytest.raises(InvalidInput):
        override(keeper(""), SATURDAY, True, "")
    entering = keeper("")
    proposal = propose_day(entering, SATURDAY, True)
    with pytest.raises(EffectUnknown):
        ConfirmCalendar.do(keeper(""), proposal_id=proposal.pk)
    with pytest.raises(OwnProposal):
        ConfirmCalendar.do(entering, proposal_id=weigh(proposal).pk)
    assert not works(SATURDAY, ZHANGGONG)
    confirm(proposal)
    assert works(SATURDAY, ZHANGGONG)
    assert works(SATURDAY)
    event = EventRecord.objects.get(type="vocabulary.calendar_changed")
    assert event.data == {"division": "", "days": [SATURDAY.isoformat()], "years": []}
    confirm(propose_day(keeper(""), SATURDAY, None))
    assert queries.work_calendar(ZHANGGONG, fresh=True) == national_calendar()


def test_of_two_proposals_for_a_day_the_later_counts_and_other_days_are_left_alone() -> None:
    first, other = propose_day(keeper(""), SATURDAY, True), propose_day(keeper(""), MONDAY, False)
    propose_day(keeper(""), SATURDAY, True)
    year = propose(year=SATURDAY.year + 1, holidays=[{"name": "元旦", "first": "2027-01-01", "last": "2027-01-02"}])
    for proposal in (first, other, year):
        proposal.refresh_from_db()
    assert [first.state, other.state, year.state] == ["discarded", "proposed", "proposed"]
    with pytest.raises(CalendarUnchanged):
        propose_day(keeper(""), MONDAY, True)


def test_a_day_that_became_so_meanwhile_is_not_entered_again() -> None:
    proposal = weigh(propose_day(keeper(""), MONDAY, False))
    CalendarProposal.objects.filter(pk=proposal.pk).update(days=[{"day": "2026-11-23", "working": True, "name": "x"}])
    with pytest.raises(CalendarUnchanged):
        ConfirmCalendar.do(keeper(""), proposal_id=proposal.pk)
    assert works(MONDAY)


def test_an_officer_keeps_only_the_calendar_of_the_own_division() -> None:
    for code in (PROVINCE, NANCHANG):
        with pytest.raises(NotPermitted):
            override(keeper("36.3607"), MONDAY, False, code)
    with pytest.raises(NotPermitted):
        override(Actor(name="居民", account_id=new_id()), MONDAY, False, GANZHOU)
    with pytest.raises(UnknownDivision):
        override(keeper(""), MONDAY, False, "999999")
    assert works(MONDAY, GANZHOU)


@pytest.mark.parametrize("wrong", [{"day": "2003-12-31"}, {"day": "2041-01-01"}, {"reason": ""}, {"day": "2026-02-30"}])
def test_an_override_needs_a_possible_day_and_a_reason(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        OverrideWorkday.do(keeper(""), {"day": "2026-11-23", "working": False, "reason": "防汛抢险", **wrong})


def test_a_change_is_announced_with_the_days_that_changed() -> None:
    override(keeper("36.3607"), MONDAY, False, GANZHOU)
    event = EventRecord.objects.get(type="vocabulary.calendar_changed")
    assert event.data == {"division": "36.3607", "days": ["2026-11-23"], "years": []}


def test_an_announced_year_is_provisional_no_longer() -> None:
    before = queries.work_calendar(fresh=True)
    saturday = next(d for d in (date(UNANNOUNCED, 1, n) for n in range(4, 18)) if d.weekday() == 5)
    new_year = {"name": "元旦", "first": f"{UNANNOUNCED}-01-01", "last": f"{UNANNOUNCED}-01-03", "worked": [saturday]}
    announce(holidays=[new_year])
    after = queries.work_calendar(ZHANGGONG, fresh=True)
    assert before.is_provisional(saturday)
    assert not after.is_provisional(saturday)
    assert after.is_working(saturday)
    assert not any(after.is_working(date(UNANNOUNCED, 1, n)) for n in (1, 2, 3))
    event = EventRecord.objects.get(type="vocabulary.calendar_changed")
    bounds = {date(UNANNOUNCED, 1, 1), date(UNANNOUNCED, 12, 31)}
    assert event.data["days"] == [day.isoformat() for day in sorted(bounds.union(before.differences(after)))]
    assert event.data["years"] == [UNANNOUNCED]


def test_a_year_entered_again_replaces_the_earlier_entry() -> None:
    announce()
    announce(holidays=[{"name": "元旦", "first": f"{UNANNOUNCED}-01-01", "last": f"{UNANNOUNCED}-01-01"}])
    weekdays = [d for d in (date(UNANNOUNCED, 1, 2), date(UNANNOUNCED, 1, 3)) if d.weekday() < 5]
    assert all(works(day) for day in weekdays)


def test_an_entry_can_be_taken_back_once() -> None:
    announce()
    proposal = withdraw()
    with pytest.raises(OwnProposal):
        ConfirmCalendar.do(replace(keeper(""), account_id=proposal.proposed_by), proposal_id=weigh(proposal).pk)
    assert queries.work_calendar(fresh=True) != national_calendar()
    confirm(proposal)
    assert queries.work_calendar(fresh=True) == national_calendar()
    with pytest.raises(CalendarUnchanged):
        withdraw()


@pytest.mark.parametrize(
    ("holiday", "path"),
    [
        ({"first": f"{UNANNOUNCED}-01-03", "last": f"{UNANNOUNCED}-01-01"}, "holidays.0.last"),
        ({"first": f"{UNANNOUNCED}-01-01", "last": f"{UNANNOUNCED}-03-01"}, "holidays.0.last"),
        ({"first": "2019-01-01", "last": "2019-01-01"}, "holidays.0"),
        ({"worked": ["2026-11-23"]}, "holidays.0.worked"),
        ({"worked": [f"{UNANNOUNCED}-01-02"]}, "holidays.0"),
    ],
)
def test_a_notice_that_contradicts_itself_is_refused(holiday: dict[str, object], path: str) -> None:
    usual = {"name": "元旦", "first": f"{UNANNOUNCED}-01-01", "last": f"{UNANNOUNCED}-01-03"}
    with pytest.raises(InvalidInput) as refused:
        announce(holidays=[usual | holiday])
    assert path in [problem.path for problem in refused.value.errors]
    assert national_calendar() == queries.work_calendar(fresh=True)


def test_nothing_changes_until_another_officer_confirms() -> None:
    entering = keeper("")
    proposal = propose(entering)
    assert queries.work_calendar(fresh=True) == national_calendar()
    with pytest.raises(OwnProposal):
        ConfirmCalendar.do(entering, proposal_id=weigh(proposal).pk)
    ConfirmCalendar.do(keeper(""), proposal_id=proposal.pk)
    assert not queries.work_calendar(fresh=True).is_provisional(date(UNANNOUNCED, 1, 4))
    with pytest.raises(ProposalSettled):
        ConfirmCalendar.do(keeper(""), proposal_id=proposal.pk)


def test_nothing_is_confirmed_before_its_effect_is_known() -> None:
    proposal = propose()
    assert EventRecord.objects.filter(type="vocabulary.calendar_proposed", subject=str(proposal.pk)).exists()
    with pytest.raises(EffectUnknown):
        ConfirmCalendar.do(keeper(""), proposal_id=proposal.pk)


def test_an_entry_can_be_laid_aside_and_a_new_one_replaces_an_open_one() -> None:
    first = propose()
    second = propose(notice="国办发明电〔2026〕10号")
    first.refresh_from_db()
    assert first.state == CalendarProposal.State.DISCARDED
    DiscardCalendar.do(keeper(""), proposal_id=second.pk)
    with pytest.raises(ProposalSettled):
        weigh(second)
    assert queries.work_calendar(fresh=True) == national_calendar()


def test_what_the_calendar_says_already_is_not_entered() -> None:
    announce()
    with pytest.raises(CalendarUnchanged):
        propose()


def test_a_year_is_taken_back_only_until_it_begins() -> None:
    announce(holidays=[{"name": "元旦", "first": f"{UNANNOUNCED - 1}-12-31", "last": f"{UNANNOUNCED}-01-02"}])
    with moment.at(datetime(UNANNOUNCED - 1, 12, 31, 9, tzinfo=moment.ZONE)), pytest.raises(CalendarInUse):
        withdraw()
    with moment.at(datetime(UNANNOUNCED - 1, 12, 30, 9, tzinfo=moment.ZONE)):
        proposal = weigh(withdraw())
    with moment.at(datetime(UNANNOUNCED - 1, 12, 31, 9, tzinfo=moment.ZONE)), pytest.raises(CalendarInUse):
        ConfirmCalendar.do(keeper(""), proposal_id=proposal.pk)
    with moment.at(datetime(UNANNOUNCED - 1, 12, 30, 10, tzinfo=moment.ZONE)):
        confirm(proposal)


def test_only_who_keeps_the_whole_calendar_enters_years() -> None:
    with pytest.raises(NotPermitted):
        propose(keeper("36"))
    proposal = weigh(propose())
    for action in (ConfirmCalendar, DiscardCalendar):
        with pytest.raises(NotPermitted):
            action.do(keeper("36"), proposal_id=proposal.pk)
    with pytest.raises(NotPermitted):
        ProposeWithdrawal.do(keeper("36"), year=UNANNOUNCED, reason="录入有误")
    with pytest.raises(NotPermitted):
        propose_day(keeper("36"), MONDAY, False)
    with pytest.raises(NotPermitted):
        WeighCalendar.do(keeper(""), proposal_id=proposal.pk, seen=0, earlier=0, later=0, done=True)


def test_reading_the_calendar_again_asks_nothing(django_assert_num_queries: pytest.FixtureRequest) -> None:
    queries.work_calendar(ZHANGGONG)
    with django_assert_num_queries(0):
        assert queries.work_calendar(NANCHANG) is queries.work_calendar(ZHANGGONG)
    with django_assert_num_queries(1):
        queries.work_calendar(ZHANGGONG, fresh=True)


def test_a_change_is_seen_by_its_process_once_committed(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    queries.work_calendar(GANZHOU)
    with django_capture_on_commit_callbacks(execute=True):
        override(keeper(""), MONDAY, False, GANZHOU)
    assert not queries.work_calendar(GANZHOU).is_working(MONDAY)


def crash_after_an_override() -> None:
    with transaction.atomic():
        override(keeper(""), MONDAY, False, GANZHOU)
        raise RuntimeError("crash")


def test_a_change_that_was_rolled_back_is_never_seen() -> None:
    with pytest.raises(RuntimeError, match="crash"):
        crash_after_an_override()
    assert works(MONDAY, GANZHOU)
