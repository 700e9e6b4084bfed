"""Background work of operations. Each job may run twice: it writes what is so, and messages carry a topic."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from shuzheng.engines.resources import telling
from shuzheng.engines.resources.actions import EvaluateObjectives, ForgetCounters
from shuzheng.kernel.actor import Actor

SYSTEM = Actor.system("resources")


@app.periodic(cron="* * * * *")
@app.task(name="resources.evaluate_objectives", queue="resources", queueing_lock="resources.evaluate_objectives")
def evaluate_objectives(timestamp: int = 0) -> None:
    """Work out how the services stand; again, it finds the same."""
    EvaluateObjectives.do(SYSTEM)


@app.periodic(cron="50 3 * * *")
@app.task(name="resources.forget_counters", queue="resources", queueing_lock="resources.forget_counters")
def forget_counters(timestamp: int = 0) -> None:
    """Delete old counts; a second time there are none."""
    ForgetCounters.do(SYSTEM)


@app.task(name="resources.tell_on_duty", queue="messages")
def tell_on_duty(event: dict[str, Any]) -> None:
    """Tell the operators on duty of an event; the message's topic lets nobody be told twice."""
    telling.tell(event)
