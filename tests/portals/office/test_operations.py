"""The operators' pages: the board, a service, acts by two persons, the banner that residents see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.resources import counters, direction, jobs, pulse
from shuzheng.engines.resources.demand import Incident
from shuzheng.engines.resources.models import Alert, Measure
from shuzheng.kernel import moment, pauses
from shuzheng.kernel.moment import now
from shuzheng.kernel.outcomes import Count
from shuzheng.portals.office.views.operations import runbook
from tests.portals.office.conftest import Desk

BOARD = "/office/operations/"
PAYMENT = "/office/operations/payment/"
DesksOf = Callable[..., Desk]


@pytest.fixture(autouse=True)
def nothing_paused() -> Iterator[None]:
    """Leave nothing paused behind."""
    yield
    pauses.replace([])


@pytest.fixture
def operator(desk_of: DesksOf) -> Desk:
    """Return the officer on duty."""
    return desk_of("值班甲", permissions=["resources.operate"])


@pytest.fixture
def leader(desk_of: DesksOf) -> Desk:
    """Return somebody who approves."""
    return desk_of("带班领导", permissions=["resources.operate", "resources.approve"])


def outage() -> None:
    """Let payment fail for a minute, and evaluate."""
    minute = int(now().timestamp()) // 60 * 60
    counters.write({("action:payment.open_order", minute): Count(40, 50, [0, 50] + [0] * 10)})
    jobs.evaluate_objectives()


def text(response: Any) -> str:
    """Return the words of a page."""
    return response.content.decode()


def test_the_board_shows_every_service_and_its_trouble_in_words(operator: Desk) -> None:
    assert "每分钟计算一次" in text(operator.get(BOARD))
    outage()
    page = text(operator.get(BOARD))
    assert page.index("operations/payment/") < page.index("operations/seal/")
    assert "紧急" in page
    assert "80% · 预算剩余 0%" in page
    with moment.at(now() + timedelta(minutes=4)):
        assert "监测中断" in text(operator.get(BOARD))


def test_nobody_else_sees_the_board(desk_of: DesksOf, clerk: Desk) -> None:
    assert clerk.get(BOARD).status_code == 403
    assert Client().get(BOARD).status_code == 302


def test_an_alert_stands_with_its_runbook_and_is_taken_up(operator: Desk) -> None:
    outage()
    page = text(operator.get(PAYMENT))
    assert "处置预案" in page
    assert "全部渠道不通" in page
    assert "<table" in page
    alert = Alert.objects.get(rule="fast")
    operator.post(PAYMENT + "take", alert_id=alert.pk, note="渠道超时，已联系收单行")
    assert "值班甲：渠道超时，已联系收单行" in text(operator.get(PAYMENT))


def test_a_measure_is_asked_for_approved_by_another_and_seen_by_residents(operator: Desk, leader: Desk) -> None:
    form = {"mode": "pause", "reason": "收单银行系统故障", "minutes": "60"}
    operator.post(PAYMENT + "ask", **form)
    measure = Measure.objects.get()
    assert "须由另一位有批准权限的同志办理" in text(operator.get(PAYMENT))
    assert "批准并执行" in text(leader.get(PAYMENT))
    leader.post(PAYMENT + "approve", measure_id=measure.pk, approved="true")
    pulse.learn()
    assert "网上缴费暂停" in text(Client().get("/"))
    assert "执行到" in text(leader.get(BOARD))
    operator.post(PAYMENT + "end", measure_id=measure.pk)
    pulse.learn()
    assert "网上缴费暂停" not in text(Client().get("/"))


def test_what_was_done_at_once_waits_for_another_ones_review(operator: Desk, leader: Desk) -> None:
    operator.post(PAYMENT + "at-once", mode="pause", reason="重复扣款", minutes="30", drill="1")
    assert "等待复核" in text(leader.get(BOARD))
    leader.post(PAYMENT + "review", measure_id=Measure.objects.get().pk, review="演练及时")
    assert "演练及时" in text(leader.get(PAYMENT))


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(operator: Desk) -> None:
    answer = operator.post(PAYMENT + "ask", mode="pause", reason="收单银行系统故障", minutes="999")
    assert answer.status_code == 409
    assert "一次最多 240 分钟" in text(answer)
    assert "收单银行系统故障" in text(answer)
    assert operator.post(PAYMENT + "explode").status_code == 404
    assert operator.get("/office/operations/weather/").status_code == 404


def test_a_runbook_cannot_bring_html_of_its_own() -> None:
    html = runbook("## 看\n\n<script>alert(1)</script> [x](javascript:alert(1))")
    assert "<h3>看</h3>" in html
    assert "<script>" not in html
    assert 'href="javascript' not in html


def test_what_was_done_to_processes_is_shown_newest_first_and_paged(
    operator: Desk, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    page = "/office/operations/processes/"
    assert "还没有增减过进程" in text(operator.get(page))
    direction.note([Incident("added", f"worker-message-{number}", 1, number) for number in range(30)])
    direction.note([Incident("crash-loop", "worker", 1, 2)])
    with django_assert_max_num_queries(25):
        shown = text(operator.get(page))
    assert "反复崩溃" in shown
    assert shown.index("反复崩溃") < shown.index("worker-message-29")
    assert "worker-message-2<" not in shown
    assert "反复崩溃" in text(operator.get(BOARD))


def test_others_do_not_see_processes(desk_of: DesksOf) -> None:
    assert desk_of("无关").get("/office/operations/processes/").status_code == 403
