"""HTTP API: what an orchestrator and a monitoring system ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from shuzheng.engines.resources import queries
from shuzheng.engines.resources.definitions import SupportService
from shuzheng.engines.resources.policies import OPERATE
from shuzheng.kernel.api import Allow
from shuzheng.kernel.definition import find
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.health import may_measure
from shuzheng.kernel.http import Request
from shuzheng.kernel.policy import PUBLIC

router = Router()


class AllowMeasuring(Allow):
    """Lets whoever may read ``/metrics`` pass: the holder of the token, or this machine."""

    def __init__(self) -> None:
        """There is no session to look at."""
        super().__init__(PUBLIC)

    def __call__(self, request: Request) -> bool:
        """Let the request pass. Raises NotPermitted."""
        if not may_measure(request):
            raise NotPermitted
        return True


class ScalingOut(Schema):
    """How many processes a service should have, within which bounds, and why."""

    service: str
    #: The larger of ``workers`` and ``web``.
    wanted: int
    workers: int
    web: int
    least: int
    most: int
    #: ``grow``, ``shrink`` or ``hold``.
    move: str
    reason: str
    web_reason: str
    queues: list[str]
    decided_at: datetime


class SupportServiceOut(Schema):
    """How a service stands."""

    service: str
    title: str
    #: ``no-data``, ``ok``, ``ticket``, ``page`` or ``spent``.
    state: str
    objectives: list[dict[str, Any]]
    waiting: int
    queue_seconds: float
    open_alerts: int
    evaluated_at: datetime | None


@router.get("/scaling", auth=AllowMeasuring(), response=list[ScalingOut], summary="弹性扩容决定")
def scaling(request: Request) -> list[ScalingOut]:
    """Return the scaling decisions in force, for an orchestrator to obey."""
    found = []
    for state in queries.scaling():
        service: SupportService | None = find("service_objective", state.service)
        if service is None or service.scaling is None or state.wanted is None:
            continue
        found.append(
            ScalingOut(
                service=state.service,
                wanted=state.wanted,
                workers=state.workers or service.scaling.least,
                web=state.web or service.scaling.least,
                least=service.scaling.least,
                most=service.scaling.most,
                move=state.move,
                reason=state.reason,
                web_reason=state.web_reason,
                queues=service.queues,
                decided_at=state.evaluated_at,
            )
        )
    return found


@router.get("/services", auth=Allow(OPERATE), response=list[SupportServiceOut], summary="支撑服务状态")
def services(request: Request) -> list[SupportServiceOut]:
    """Return how every support service stands."""
    return [
        SupportServiceOut(
            service=found.service.code,
            title=found.service.title,
            state=found.state.state if found.state else "no-data",
            objectives=found.state.objectives if found.state else [],
            waiting=found.state.waiting if found.state else 0,
            queue_seconds=found.state.queue_seconds if found.state else 0,
            open_alerts=len(found.alerts),
            evaluated_at=found.state.evaluated_at if found.state else None,
        )
        for found in queries.board()
    ]
