"""共性支撑平台统一能力底座: the common support services are measured, guarded, scaled, and other systems tried before they join."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client

from shuzheng.cli.conformance.application import APPLICATION, Application
from shuzheng.cli.conformance.kit import Verdict, try_all
from shuzheng.engines.messaging.models import Message
from shuzheng.engines.payment.actions.ordering import OpenOrder
from shuzheng.engines.resources import counters, jobs, pulse, telling
from shuzheng.engines.resources.actions import ApproveMeasure, AskMeasure, TakeAlert
from shuzheng.engines.resources.models import Alert, Measure, ServiceState
from shuzheng.kernel import moment, pauses
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import now
from shuzheng.kernel.outcomes import Count
from shuzheng.kernel.pauses import ServicePaused
from shuzheng.testing.applications import a_connected_application
from shuzheng.testing.identity import a_browser, a_role, actor_of_officer, an_officer
from shuzheng.testing.packs import install_packs
from tests.cli.test_conformance import ourselves

ROOT = Path(__file__).parents[2]
PAGE = "/office/operations/"
SYSTEM = Actor.system("test")


@pytest.fixture(autouse=True)
def services(db: None) -> Iterator[None]:
    """Install the shipped services, and leave nothing paused."""
    install_packs(ROOT / "packs/base/support-objectives")
    yield
    pauses.replace([])


@pytest.mark.system("common-support-ops", page=PAGE)
def test_an_outage_is_noticed_told_handled_by_two_persons_and_over() -> None:
    officer = an_officer("值班甲", roles=[a_role("on-duty", ["resources.operate"])])
    leader = actor_of_officer(an_officer("带班领导", roles=[a_role("duty-leader", ["resources.approve"])]))
    operator, browser = actor_of_officer(officer), a_browser(officer.account)

    # A fifth of the payments of a minute fail, and none is fast.
    minute = int(now().timestamp()) // 60 * 60
    counters.write({("action:payment.open_order", minute): Count(40, 50, [0] * 11 + [50])})
    jobs.evaluate_objectives()
    alert = Alert.objects.get(objective="available", rule="fast")

    # The officer on duty is told, and finds the state, the runbook and the wanted processes on the pages.
    event = EventRecord.objects.get(type="resources.alert_opened", subject=str(alert.pk))
    telling.tell({"type": event.type, "subject": event.subject})
    assert "统一支付紧急告警" in Message.objects.get(recipient_account=officer.account).subject
    assert "紧急" in browser.get(PAGE).content.decode()
    page = browser.get(f"{PAGE}payment/").content.decode()
    assert "全部渠道不通" in page
    assert ServiceState.objects.get(pk="payment").wanted == 2
    assert Client().get("/api/resources/scaling").json()[-1]["reason"]
    TakeAlert.do(operator, alert_id=alert.pk, note="渠道超时，已联系收单行")

    # Payment is paused by two persons: nobody can begin to pay, everybody reads why and until when.
    asked = AskMeasure.do(operator, service="payment", mode="pause", reason="收单银行系统故障", minutes=30)
    ApproveMeasure.do(leader, measure_id=asked.pk)
    pulse.learn()
    with pytest.raises(ServicePaused, match="收单银行系统故障"):
        OpenOrder.do(SYSTEM, bill_id=uuid4(), channel="sandbox")
    assert "网上缴费暂停" in Client().get("/").content.decode()

    # Half an hour later it is over by itself, and so is the alert.
    with moment.at(now() + timedelta(minutes=31)):
        jobs.evaluate_objectives()
        assert pauses.in_force() == []
    assert Measure.objects.get().state == "ended"
    alert.refresh_from_db()
    assert alert.closed_at is not None


@pytest.mark.system("common-support-ops")
def test_a_system_is_tried_before_it_joins() -> None:
    flood = a_connected_application("flood", notices={"things": ["verification-code"]})
    results = try_all(APPLICATION, Application(ourselves, flood.key_id, flood.secret))
    assert {result.verdict for result in results} == {Verdict.PASSED}
    assert all(result.check.standard for result in results)
