"""From decisions in the database to what a supervisor is asked for, and what it reports back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuzheng.engines.identity.models import Officer
from shuzheng.engines.messaging.models import Message
from shuzheng.engines.resources import direction, queries, telling
from shuzheng.engines.resources.actions import EvaluateObjectives, NoteProcesses
from shuzheng.engines.resources.demand import Incident
from shuzheng.engines.resources.models import ServiceState
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput, NotPermitted
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now
from tests.engines.resources.conftest import Happen

SYSTEM = Actor.system("test")
PAY = "action:payment.open_order"


def test_a_long_queue_asks_for_workers_of_its_queues_and_slow_answers_for_the_web(happen: Happen) -> None:
    happen(PAY, good=100, ago=1, seconds_class=10)
    EvaluateObjectives.do(SYSTEM)
    ServiceState.objects.filter(pk="message").update(workers=3)
    found = {demand.service: demand for demand in direction.demands() or []}
    assert (found["message"].workers, found["message"].web) == (2, 0)
    assert "deliveries" in found["message"].queues
    assert (found["payment"].workers, found["payment"].web) == (0, 1)


def test_nobody_is_obeyed_who_decided_long_ago() -> None:
    assert direction.demands() is None
    EvaluateObjectives.do(SYSTEM)
    assert direction.demands() is not None
    with at(now() + timedelta(minutes=10)):
        assert direction.demands() is None


def test_a_crash_loop_is_told_once_and_is_over_when_the_process_works(duty: Officer) -> None:
    falling = Incident("crash-loop", "worker", web=1, workers=1, reason="> 3 ×")
    direction.note([Incident("added", "worker-message-1", 1, 2), falling])
    direction.note([falling])
    assert [event.program for event in queries.failing_processes()] == ["worker"]
    events = EventRecord.objects.filter(type="resources.process_failing")
    for event in events:
        envelope = {"id": str(event.id), "type": event.type, "subject": event.subject, "data": event.data}
        telling.tell(envelope)
        telling.tell(envelope)
    assert [m.subject.partition(" ")[2] for m in Message.objects.all()] == ["上的进程 worker 反复崩溃，正在放慢重启"]
    direction.note([Incident("recovered", "worker", 1, 1)])
    assert queries.failing_processes() == []
    assert [event.kind for event in queries.process_events().items] == ["recovered", "crash-loop", "added"]


def test_residents_report_no_processes() -> None:
    incident = {"kind": "added", "program": "worker", "web": 1, "workers": 1}
    with pytest.raises(NotPermitted):
        NoteProcesses.do(Actor(name="x"), host="h", incidents=[incident])
    with pytest.raises(InvalidInput):
        NoteProcesses.do(SYSTEM, host="h", incidents=[{**incident, "kind": "exploded"}])
    assert queries.process_events().items == []
