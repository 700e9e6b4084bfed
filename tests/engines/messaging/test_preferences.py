"""What people want: choices, quiet hours, circuits that open, budgets that are shared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shuzheng.engines.messaging import templates
from shuzheng.engines.messaging.actions import (
    Choose,
    ConfirmAddress,
    MarkDone,
    RemoveAddress,
    RequestCode,
    SetQuietHours,
)
from shuzheng.engines.messaging.breaker import LONGEST_REST, REST, THRESHOLD, Breaker
from shuzheng.engines.messaging.counting import reserve
from shuzheng.engines.messaging.errors import Compulsory, TooManyCodes
from shuzheng.engines.messaging.gateways.sms.cmpp_wire import MOST_PARTS, PART, SINGLE, split
from shuzheng.engines.messaging.models import Budget, ContactAddress, Delivery, Message, VerificationCode
from shuzheng.engines.messaging.models.contact_address import CODES_A_DAY
from shuzheng.engines.messaging.quiet import allowed_from
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound
from shuzheng.kernel.moment import ZONE, at, local, now
from tests.engines.messaging.conftest import TEMPLATE

Tell = Callable[..., Message]
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda m: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=m))
hours = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(moments, hours, hours)
def test_a_notice_never_goes_out_in_quiet_hours_and_waits_no_longer_than_they_last(
    moment: datetime, starts: time, ends: time
) -> None:
    allowed = allowed_from(moment, starts, ends)
    assert allowed >= moment
    assert allowed - moment <= timedelta(days=1)
    assert allowed_from(allowed, starts, ends) == allowed
    assert allowed == moment or local(allowed).time() == ends


def test_the_night_goes_over_midnight() -> None:
    late = datetime(2026, 11, 22, 23, 30, tzinfo=ZONE)
    early = datetime(2026, 11, 23, 6, 59, tzinfo=ZONE)
    morning = datetime(2026, 11, 23, 7, tzinfo=ZONE)
    assert allowed_from(late, time(22), time(7)) == allowed_from(early, time(22), time(7)) == morning
    assert allowed_from(morning, time(22), time(7)) == morning


@given(st.lists(st.booleans(), max_size=40))
def test_a_circuit_opens_after_failures_in_a_row_and_closes_with_a_success(works: list[bool]) -> None:
    moment, breaker, row = datetime(2026, 11, 22, tzinfo=UTC), Breaker(), 0
    for one in works:
        breaker = breaker.succeeded() if one else breaker.failed(moment)
        row = 0 if one else row + 1
        assert (breaker.open_until is not None) == (row >= THRESHOLD)
        if breaker.open_until:
            assert REST <= breaker.open_until - moment <= LONGEST_REST
            assert not breaker.allows(moment)
            assert breaker.allows(breaker.open_until)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=PART * MOST_PARTS))
def test_a_text_split_into_sms_fits_and_can_be_put_together(text: str) -> None:
    parts = split(text, 7)
    assert all(len(part) <= 140 for part in parts)
    if len(text) <= SINGLE:
        assert parts == [text.encode("utf-16-be")]
    else:
        assert b"".join(part[6:] for part in parts).decode("utf-16-be") == text
        assert [part[3:6] for part in parts] == [bytes([7, len(parts), n]) for n in range(1, len(parts) + 1)]


@pytest.fixture
def by_mail(resident: Actor) -> None:
    """The resident gave an address, and nothing else."""
    ContactAddress.objects.create(owner=resident.person_id, channel="email", address="zhang@example.org")


@pytest.mark.usefixtures("by_mail")
def test_at_night_a_notice_waits_until_seven_unless_it_is_urgent(tell: Tell) -> None:
    with at(datetime(2026, 11, 22, 23, tzinfo=ZONE)):
        tell()
        urgent = TEMPLATE.model_copy(update={"code": "test.urgent", "urgent": True})
        templates.build_in(urgent)
        tell("another", template="test.urgent")
        del templates._built_in._entries["test.urgent"]
        due = [local(delivery.due_at) for delivery in Delivery.objects.order_by("created_at", "pk")]
    assert due == [datetime(2026, 11, 23, 7, tzinfo=ZONE), datetime(2026, 11, 22, 23, tzinfo=ZONE)]


@pytest.mark.usefixtures("by_mail")
def test_a_declined_category_stays_in_the_inbox_only(tell: Tell, resident: Actor) -> None:
    todo = TEMPLATE.model_copy(update={"code": "test.todo", "category": "todo"})
    templates.build_in(todo)
    Choose.do(resident, choices=[{"category": "todo", "channel": "email", "wanted": False}])
    tell(template="test.todo")
    del templates._built_in._entries["test.todo"]
    assert Message.objects.count() == 1
    assert not Delivery.objects.exists()


def test_what_the_law_lets_nobody_decline_cannot_be_declined(resident: Actor) -> None:
    with pytest.raises(Compulsory, match="依法"):
        Choose.do(resident, choices=[{"category": "case", "channel": "inbox", "wanted": False}])
    with pytest.raises(NotFound):
        Choose.do(resident, choices=[{"category": "nothing", "channel": "inbox", "wanted": True}])


def test_two_senders_never_share_the_last_of_an_allowance(db: None) -> None:
    Budget.objects.create(department="water", channel="sms", daily=100)
    assert [reserve("water", "sms", 60) for _sender in range(3)] == [60, 40, 0]


def test_only_so_many_codes_a_day(resident: Actor) -> None:
    moment = now()
    for number in range(CODES_A_DAY):
        with at(moment + timedelta(minutes=2 * number)):
            RequestCode.do(resident, channel="email", address="zhang@example.org")
    with at(moment + timedelta(hours=5)), pytest.raises(TooManyCodes):
        RequestCode.do(resident, channel="email", address="zhang@example.org")
    assert VerificationCode.objects.filter(used_at=None).count() == 1


def test_an_account_without_a_person_proves_an_address_too(resident: Actor) -> None:
    alone = Actor(name="x", account_id=resident.account_id)
    RequestCode.do(alone, channel="sms", address="13812345678")
    assert ConfirmAddress.do(alone, code=Delivery.objects.get().secret) is not None
    assert ContactAddress.objects.get().owner == resident.account_id
    RemoveAddress.do(alone, channel="sms")
    assert not ContactAddress.objects.exists()


def test_only_what_asks_can_be_done(tell: Tell, resident: Actor) -> None:
    message = tell()
    MarkDone.do(resident, message_ids=[message.pk])
    message.refresh_from_db()
    assert message.done_at is None


def test_quiet_hours_can_be_switched_off(resident: Actor, tell: Tell, by_mail: Any) -> None:
    SetQuietHours.do(resident, starts="22:00", ends="07:00", kept=False)
    with at(datetime(2026, 11, 22, 23, tzinfo=ZONE)):
        tell()
    assert Delivery.objects.get().due_at == datetime(2026, 11, 22, 23, tzinfo=ZONE)


def test_a_notice_before_a_long_holiday_waits_until_the_first_day_of_work() -> None:
    off = {date(2026, 10, day) for day in range(1, 8)}
    night, until = time(22), time(7)
    before = datetime(2026, 9, 30, 23, 30, tzinfo=ZONE)
    assert allowed_from(before, night, until) == datetime(2026, 10, 1, 7, tzinfo=ZONE)
    assert allowed_from(before, night, until, quiet_day=off.__contains__) == datetime(2026, 10, 8, 7, tzinfo=ZONE)
    noon = datetime(2026, 10, 3, 12, tzinfo=ZONE)
    assert allowed_from(noon, night, until, quiet_day=off.__contains__) == datetime(2026, 10, 8, 7, tzinfo=ZONE)
    working = datetime(2026, 9, 30, 12, tzinfo=ZONE)
    assert allowed_from(working, night, until, quiet_day=off.__contains__) == working
    always = allowed_from(noon, night, until, quiet_day=lambda day: True)
    assert always - noon < timedelta(days=32), "no calendar holds a notice for ever"


@given(moments, st.times(), st.times(), st.sets(st.integers(0, 6), max_size=6))
def test_a_notice_never_comes_on_a_quiet_day_nor_in_quiet_hours(
    moment: datetime, starts: time, ends: time, quiet_days: set[int]
) -> None:
    found = allowed_from(moment, starts, ends, quiet_day=lambda day: day.weekday() in quiet_days)
    assert found >= moment
    assert local(found).weekday() not in quiet_days
    assert allowed_from(found, starts, ends) == found
