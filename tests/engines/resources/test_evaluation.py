"""From a request to a budget: counting, writing, evaluating, alerting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from shuzheng.engines.identity.models import Officer
from shuzheng.engines.messaging.models import Message
from shuzheng.engines.resources import counters, jobs, pulse, queries
from shuzheng.engines.resources.actions import EvaluateObjectives, ForgetCounters, TakeAlert
from shuzheng.engines.resources.errors import AlertClosed
from shuzheng.engines.resources.models import Alert, Counter, ServiceState
from shuzheng.engines.resources.telling import tell
from shuzheng.kernel import moment, outcomes
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import Conflict, Unavailable
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import now
from shuzheng.kernel.outcomes import TALLY
from tests.engines.resources.conftest import Happen

SYSTEM = Actor.system("test")
PAY = "action:payment.open_order"


def state(code: str) -> ServiceState:
    """Return how a service stands after an evaluation."""
    EvaluateObjectives.do(SYSTEM)
    return ServiceState.objects.get(pk=code)


def standing(found: ServiceState, objective: str) -> dict[str, Any]:
    """Return one objective of it."""
    return next(entry for entry in found.objectives if entry["code"] == objective)


def test_a_refusal_is_good_work_and_a_failure_of_ours_is_not() -> None:
    TALLY.take()
    for error in (Conflict, Unavailable, ValueError):
        with pytest.raises(error), outcomes.observed("action:x"):
            raise error
    with outcomes.observed("action:x"):
        pass
    (count,) = TALLY.take().values()
    assert (count.good, count.total, sum(count.buckets)) == (2, 4, 4)


def test_a_request_is_counted_without_a_statement_and_written_by_the_pulse() -> None:
    TALLY.take()
    Client().get("/accounts/login/")
    counts = TALLY.take()
    assert ("view:account_login" in {name for name, _minute in counts}) is True
    pulse.beat(counts)
    pulse.beat(counts)
    minute, day = Counter.objects.filter(service="identity").order_by("-span")
    assert (minute.span, minute.total, sum(minute.buckets)) == ("minute", 2, 2)
    assert (day.span, day.total) == ("day", 2)


def test_whatever_is_counted_is_written_in_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    minute = int(now().timestamp()) // 60 * 60
    counts = {(name, minute): outcomes.Count(1, 1) for name in (PAY, "view:account_login", "view:unknown")}
    counters.write(counts)
    with django_assert_num_queries(1):
        counters.write(counts)


def test_counts_that_cannot_be_written_are_kept_for_an_hour() -> None:
    TALLY.take()
    TALLY.count("view:x", 0.1, good=True)
    taken = TALLY.take()
    TALLY.give_back({**taken, ("view:old", 0): outcomes.Count(1, 1)})
    assert TALLY.take() == taken


def test_a_service_that_does_well_keeps_its_budget(happen: Happen) -> None:
    happen(PAY, good=1000, ago=2)
    found = state("payment")
    assert found.state == "ok"
    assert standing(found, "available")["left"] == 1
    assert state("seal").state == "no-data"


def test_an_outage_alerts_once_and_the_alert_closes_when_it_is_over(happen: Happen) -> None:
    happen(PAY, good=40, bad=10, ago=1)
    assert state("payment").state == "page"
    assert EvaluateObjectives.do(SYSTEM).opened == 0
    alert = Alert.objects.get(rule="fast")
    assert (alert.service, alert.objective, alert.severity) == ("payment", "available", "page")
    assert alert.burn_short == pytest.approx(200)
    with moment.at(now() + timedelta(minutes=6)):
        assert EvaluateObjectives.do(SYSTEM).closed == 1
    alert.refresh_from_db()
    assert alert.closed_at is not None


def test_slow_answers_spend_the_budget_of_time_alone(happen: Happen) -> None:
    happen(PAY, good=100, ago=1, seconds_class=10)
    found = state("payment")
    assert standing(found, "available")["state"] == "ok"
    assert standing(found, "fast")["state"] == "page"
    assert (found.wanted, found.move) == (2, "grow")


def test_the_evaluation_takes_a_fixed_number_of_statements(
    happen: Happen, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for ago in range(0, 60, 5):
        happen(PAY, good=100, ago=ago)
    EvaluateObjectives.do(SYSTEM)
    with django_assert_max_num_queries(14):
        EvaluateObjectives.do(SYSTEM)


def test_the_officers_on_duty_are_told_once(happen: Happen, duty: Officer) -> None:
    happen(PAY, good=40, bad=10, ago=1)
    EvaluateObjectives.do(SYSTEM)
    event = EventRecord.objects.get(type="resources.alert_opened", subject=str(Alert.objects.get(rule="fast").pk))
    for _again in range(2):
        tell({"type": event.type, "subject": event.subject})
    message = Message.objects.get(recipient_account=duty.account)
    assert message.subject == "统一支付紧急告警：错误预算消耗是允许速度的 200 倍"
    assert message.link == "/office/operations/payment/"


def test_an_alert_is_taken_up_with_a_note_while_it_is_open(happen: Happen, operator: Actor) -> None:
    happen(PAY, good=40, bad=10, ago=1)
    jobs.evaluate_objectives()
    alert = Alert.objects.get(rule="fast")
    TakeAlert.do(operator, alert_id=alert.pk, note="渠道超时，已联系收单行")
    alert.refresh_from_db()
    assert (alert.taken_by, alert.note) == (operator.name, "渠道超时，已联系收单行")
    Alert.objects.update(closed_at=now())
    with pytest.raises(AlertClosed):
        TakeAlert.do(operator, alert_id=alert.pk, note="再看看")


def test_minutes_are_forgotten_after_two_days_and_days_are_not(happen: Happen) -> None:
    happen(PAY, good=1, ago=3 * 24 * 60)
    happen(PAY, good=1)
    assert ForgetCounters.do(SYSTEM).rows == 1
    jobs.forget_counters()
    assert Counter.objects.filter(span="day").count() == 2


def test_the_board_puts_trouble_first_in_a_fixed_number_of_statements(
    happen: Happen, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    happen(PAY, good=40, bad=10, ago=1)
    EvaluateObjectives.do(SYSTEM)
    with django_assert_num_queries(4):
        board = queries.board()
    assert board[0].service.code == "payment"
    assert len(board) == 6
    assert not board[0].stale
    with moment.at(now() + timedelta(hours=1)):
        assert board[0].stale


def test_prometheus_and_an_orchestrator_read_the_same_decision(happen: Happen) -> None:
    happen(PAY, good=100, ago=1, seconds_class=10)
    EvaluateObjectives.do(SYSTEM)
    text = Client().get("/metrics").content.decode()
    assert 'shuzheng_wanted_processes{service="payment"} 2.0' in text
    assert 'shuzheng_error_budget_left{objective="available",service="payment"} 1.0' in text
    decided = {entry["service"]: entry for entry in Client().get("/api/resources/scaling").json()}
    assert decided["payment"]["wanted"] == 2
    assert (decided["payment"]["workers"], decided["payment"]["web"]) == (1, 2), "slow answers ask for web processes"
    assert "增加到 2 个进程" in decided["payment"]["web_reason"]
    assert Client(headers={"x-forwarded-for": "10.0.0.1"}).get("/api/resources/scaling").status_code == 403
    assert Client().get("/api/resources/services").status_code == 401


def test_a_handful_of_slow_answers_neither_spends_a_budget_nor_asks_for_processes(happen: Happen) -> None:
    happen(PAY, good=4, ago=1, seconds_class=10)
    found = state("payment")
    assert (found.state, found.wanted) == ("ok", 1)
