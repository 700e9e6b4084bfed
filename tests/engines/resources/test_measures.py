"""Emergency measures: by two persons, or at once and reviewed; for a time; in earnest or as a drill."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shuzheng.engines.identity.models import Account
from shuzheng.engines.messaging.actions import ClaimDeliveries
from shuzheng.engines.messaging.models import Delivery, Message
from shuzheng.engines.payment.actions.ordering import OpenOrder
from shuzheng.engines.resources import pulse, queries
from shuzheng.engines.resources.actions import (
    ApproveMeasure,
    AskMeasure,
    EndMeasure,
    EvaluateObjectives,
    PauseAtOnce,
    ReviewMeasure,
)
from shuzheng.engines.resources.errors import (
    MeasureInForce,
    MeasureSettled,
    MeasureTooLong,
    NoSuchMode,
    NoSuchService,
    OwnMeasure,
)
from shuzheng.engines.resources.models import Measure
from shuzheng.engines.resources.telling import tell
from shuzheng.kernel import moment, pauses
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotFound, NotPermitted
from shuzheng.kernel.moment import now
from shuzheng.kernel.pauses import ServicePaused
from shuzheng.testing.identity import a_browser, a_resident

SYSTEM = Actor.system("test")
PAUSE = {"service": "payment", "mode": "pause", "reason": "收单银行系统故障", "minutes": 60}


def test_a_measure_takes_two_persons(operator: Actor, approver: Actor) -> None:
    asked = AskMeasure.do(operator, PAUSE)
    pulse.learn()
    assert pauses.in_force() == []
    with pytest.raises(NotPermitted):
        ApproveMeasure.do(operator, measure_id=asked.pk)
    ApproveMeasure.do(approver, measure_id=asked.pk)
    pulse.learn()
    assert pauses.pause_of("payment.open_order") is not None
    with pytest.raises(MeasureSettled):
        ApproveMeasure.do(approver, measure_id=asked.pk)


def test_nobody_approves_or_reviews_their_own(approver: Actor) -> None:
    asked = AskMeasure.do(approver, PAUSE)
    with pytest.raises(OwnMeasure):
        ApproveMeasure.do(approver, measure_id=asked.pk)
    at_once = PauseAtOnce.do(approver, {**PAUSE, "service": "message", "mode": "inbox-only"})
    with pytest.raises(OwnMeasure):
        ReviewMeasure.do(approver, measure_id=at_once.pk, review="情况属实")
    with pytest.raises(NotPermitted):
        AskMeasure.do(SYSTEM, {**PAUSE, "mode": "no-payouts"})


def test_a_declined_measure_pauses_nothing(operator: Actor, approver: Actor) -> None:
    asked = AskMeasure.do(operator, PAUSE)
    assert ApproveMeasure.do(approver, measure_id=asked.pk, approved=False).state == "declined"
    pulse.learn()
    assert pauses.in_force() == []


def test_a_paused_action_tells_why_and_until_when(operator: Actor) -> None:
    PauseAtOnce.do(operator, PAUSE)
    pulse.learn()
    with pytest.raises(ServicePaused) as refused:
        OpenOrder.do(SYSTEM, bill_id=uuid4(), channel="sandbox")
    assert "收单银行系统故障" in str(refused.value)
    answer = Client().get("/")
    assert "网上缴费暂停" in answer.content.decode()


def test_the_api_answers_a_pause_with_503_and_when_to_come_again(operator: Actor) -> None:
    PauseAtOnce.do(operator, PAUSE)
    pulse.learn()
    payer = a_browser(Account.objects.get(person=a_resident()))
    answer = payer.post("/api/actions/payment.open_order", {}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "service-paused")
    assert 3500 <= int(answer.headers["Retry-After"]) <= 3600


def test_it_ends_by_itself_when_its_time_is_up(operator: Actor) -> None:
    PauseAtOnce.do(operator, PAUSE)
    pulse.learn()
    with moment.at(now() + timedelta(minutes=61)):
        assert pauses.in_force() == []
        assert EvaluateObjectives.do(SYSTEM).ended == 1
        assert EvaluateObjectives.do(SYSTEM).ended == 0
    measure = Measure.objects.get()
    assert (measure.state, measure.ended_by_name) == ("ended", "到期自动恢复")
    assert measure.unreviewed
    assert queries.open_measures() == [measure]


def test_it_is_ended_early_and_reviewed_by_somebody_else(operator: Actor, approver: Actor) -> None:
    measure = PauseAtOnce.do(operator, PAUSE)
    EndMeasure.do(operator, measure_id=measure.pk)
    pulse.learn()
    assert pauses.in_force() == []
    ReviewMeasure.do(approver, measure_id=measure.pk, review="处置及时，原因属实")
    with pytest.raises(MeasureSettled):
        ReviewMeasure.do(approver, measure_id=measure.pk, review="再复核一次")
    with pytest.raises(MeasureSettled):
        EndMeasure.do(operator, measure_id=measure.pk)
    assert queries.open_measures() == []
    assert queries.past_measures("payment")[0].review == "处置及时，原因属实"


def test_a_drill_goes_all_the_way_and_pauses_nothing(operator: Actor, approver: Actor) -> None:
    asked = AskMeasure.do(operator, PAUSE, drill=True)
    begun = ApproveMeasure.do(approver, measure_id=asked.pk)
    pulse.learn()
    assert pauses.in_force() == []
    tell({"type": "resources.measure_begun", "subject": str(begun.pk)})
    assert Message.objects.filter(subject__startswith="【演练】统一支付").count() == 2


def test_only_what_is_declared_and_only_so_long(operator: Actor) -> None:
    with pytest.raises(MeasureTooLong):
        AskMeasure.do(operator, {**PAUSE, "minutes": 241})
    with pytest.raises(NoSuchMode):
        AskMeasure.do(operator, {**PAUSE, "mode": "burn-it-down"})
    with pytest.raises(NoSuchService):
        AskMeasure.do(operator, {**PAUSE, "service": "weather"})
    with pytest.raises(NotFound):
        EndMeasure.do(operator, measure_id=uuid4())
    AskMeasure.do(operator, PAUSE)
    with pytest.raises(MeasureInForce):
        PauseAtOnce.do(operator, PAUSE)


def test_sms_wait_while_they_are_off_and_go_out_afterwards(operator: Actor) -> None:
    held = Delivery.objects.create(channel="sms", to="13812345678", title="防汛提醒", text="水位上涨")
    measure = PauseAtOnce.do(operator, {**PAUSE, "service": "message", "mode": "inbox-only"})
    pulse.learn()
    assert ClaimDeliveries.do(SYSTEM).ids == []
    EndMeasure.do(operator, measure_id=measure.pk)
    pulse.learn()
    assert ClaimDeliveries.do(SYSTEM).ids == [held.pk]
