"""HTTP API for connected applications: is my signature right, and would each of my capabilities work (联调)."""

from __future__ import annotations

from datetime import datetime

from ninja import Router, Schema

from shuzheng.engines.identity.applications import trials
from shuzheng.engines.identity.applications.actions import RecordTrial
from shuzheng.engines.identity.policies import TRY_CONNECTION
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.api import Allow
from shuzheng.kernel.http import Request
from shuzheng.kernel.moment import now

router = Router()


class SelfOut(Schema):
    """Whom the platform takes the caller for."""

    application: str
    name: str
    #: Permissions held now, each with the codes it is for; empty for all.
    permissions: dict[str, list[str]]
    #: The server's clock.
    now: datetime


class TrialOut(Schema):
    """What came of a trial."""

    capability: str
    passed: bool
    finding: str


@router.get("/self", auth=Allow(TRY_CONNECTION), response=SelfOut, summary="签名自检", operation_id="application_self")
def check_self(request: Request) -> SelfOut:
    """Say who called; that the answer comes at all proves the signature, and is recorded as tried."""
    actor = request.actor
    trials.spend(actor, trials.SIGNATURE)
    _record(actor, trials.SIGNATURE, True, actor.application)
    held = {grant.permission: sorted(grant.only) for grant in actor.grants}
    return SelfOut(application=actor.application, name=actor.name, permissions=held, now=now())


@router.post(
    "/trials/{capability}",
    auth=Allow(TRY_CONNECTION),
    response=TrialOut,
    summary="能力联调",
    operation_id="application_trial",
)
def try_capability(request: Request, capability: str) -> TrialOut:
    """Try one capability without doing anything, and keep the result for whoever decides on going online."""
    held = trials.held(request.actor, capability)
    trials.spend(request.actor, capability)
    passed, finding = trials.attempt(request.actor, held)
    _record(request.actor, capability, passed, finding)
    return TrialOut(capability=capability, passed=passed, finding=finding)


def _record(actor: Actor, capability: str, passed: bool, finding: str) -> None:
    given = {"capability": capability, "passed": passed, "finding": finding[:300]}
    RecordTrial.do(Actor.system("identity"), application_id=actor.application_id, **given)
