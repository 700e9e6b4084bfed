"""Systems of departments in the story (应用接入): one that works, and one that waits for its second review."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from shuzheng.demo import cast
from shuzheng.demo.people import People
from shuzheng.engines.identity.applications import trials
from shuzheng.engines.identity.applications.actions import (
    ApplyForConnection,
    ApproveApplication,
    IssueCredential,
    PutOnline,
    RecordTrial,
)
from shuzheng.engines.identity.applications.authentication import actor_of
from shuzheng.engines.identity.models import Application, ApplicationCapability, Officer
from shuzheng.engines.identity.queries import find_unit
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import today

LICENCES, TEXTS = "licences", "texts"
STORYTELLER = Actor.system("demo")


def connect() -> None:
    """Let the bureau's own business system use licences, and its inspection system wait for a second reviewer."""
    people = People()
    contact = people.on_duty(people.accounts[cast.CONTACT.username])
    first, second = (people.on_duty(people.accounts[who.username]) for who in cast.REVIEWERS)
    working = _apply(
        contact, "market-business", "市场监管综合业务系统（演示）", "办理许可时核验申请人的电子证照", LICENCES
    )
    for reviewer in (first, second):
        ApproveApplication.do(reviewer, application_id=working.pk, remark="材料齐全，用途明确")
    IssueCredential.do(contact, application_id=working.pk)
    _try(working)
    PutOnline.do(people.on_duty(people.accounts[cast.MANAGER.username]), application_id=working.pk)
    waiting = _apply(contact, "site-inspection", "现场检查系统（演示）", "检查前一日以短信通知经营者", TEXTS)
    ApproveApplication.do(first, application_id=waiting.pk, remark="用途明确，请复核")


def _apply(contact: Actor, code: str, name: str, purpose: str, capability: str) -> Application:
    unit = find_unit(cast.HOME, "market-supervision")
    assert unit is not None
    validity: dict[str, Any] = {"valid_from": today(), "valid_to": today() + timedelta(days=365)}
    return ApplyForConnection.do(
        contact,
        code=code,
        name=name,
        unit_id=unit.pk,
        contact=Officer.objects.get(pk=contact.officer_id).number,
        purpose=purpose,
        capabilities=[{"capability": capability, **validity}],
    )


def _try(application: Application) -> None:
    """Try its signature and its capabilities, as its developers would by calling."""
    application.refresh_from_db()
    caller = actor_of(application)
    found = {trials.SIGNATURE: (True, application.code)}
    for one in ApplicationCapability.objects.filter(application=application, approved_at__isnull=False):
        found[one.capability] = trials.attempt(caller, one)
    for capability, (passed, finding) in found.items():
        told = {"capability": capability, "passed": passed, "finding": finding[:300]}
        RecordTrial.do(STORYTELLER, application_id=application.pk, **told)
