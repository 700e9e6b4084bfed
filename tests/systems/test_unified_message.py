"""统一消息服务: a bureau's system hands in notices; named people get them at once or at the time asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from secrets import token_hex
from typing import Any

import pytest

from shuzheng.engines.identity.applications.actions import (
    ApproveApplication,
    AskCapability,
    PauseApplication,
    RetireApplication,
    SetLimits,
)
from shuzheng.engines.messaging import jobs, templates
from shuzheng.engines.messaging.actions import (
    CancelNotice,
    SetBudget,
    SubmitNotice,
)
from shuzheng.engines.messaging.definitions import MessageTemplate
from shuzheng.engines.messaging.models import ContactAddress, Delivery, Message, Notice
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.moment import at, now
from shuzheng.testing.applications import Connected, a_connected_application, a_reviewer, a_wish, the_capability
from shuzheng.testing.identity import a_browser, a_resident, a_unit

SYSTEM = Actor.system("test")
PATH = "/api/messaging/notices"
WATER = MessageTemplate.model_validate(
    {
        "code": "test.water",
        "title": "停水通知",
        "subject": "{area}停水",
        "body": "{area}将于{when}停水，请提前储水。",
        "notice": "{area}将于{when}停水，请提前储水。",
        "category": "safety",
        "urgent": True,
        "placeholders": {
            "area": {"title": "区域", "personal": False},
            "when": {"title": "时间", "personal": False},
        },
    }
)
VALUES = {"area": "章贡区红旗大道", "when": "11月27日 8 时"}
Call = Callable[..., Any]


@pytest.fixture(autouse=True)
def template(db: None) -> Any:
    """The water company's template."""
    yield templates.build_in(WATER)
    del templates._built_in._entries[WATER.code]


@pytest.fixture
def water(db: None) -> Connected:
    """A connected system that may send notices of its template."""
    unit = a_unit("water-resources")
    return a_connected_application("water", unit=unit, notices={"things": [WATER.code], "per_second": 100})


@pytest.fixture
def call(water: Connected) -> Call:
    """Send a signed request."""

    def send(method: str, path: str = PATH, content: Any = None, **changed: Any) -> Any:
        return water.call(method, path, content, **changed)

    return send


def limit(system: Connected, per_day: int) -> None:
    """Let a system reach so many people a day."""
    held = the_capability(system.application, "notices")
    SetLimits.do(SYSTEM, capability_id=held.pk, per_second=100, per_day=per_day, valid_to=held.valid_to)


def allow_numbers(system: Connected) -> None:
    """Let a system send to bare mobile numbers."""
    AskCapability.do(SYSTEM, application_id=system.application.pk, **a_wish("texts"))
    for _round in range(2):
        ApproveApplication.do(a_reviewer(), application_id=system.application.pk)


def notice(*id_numbers: str, **more: Any) -> dict[str, Any]:
    recipients = [{"id_number": number} for number in id_numbers]
    return {"key": "cut-2026-118", "template": WATER.code, "values": VALUES, "recipients": recipients, **more}


@pytest.mark.system("unified-message", page="/messages/")
def test_a_notice_reaches_named_people_at_once_and_the_sender_sees_it(call: Call, mailoutbox: list[Any]) -> None:
    mei, gui = a_resident("李梅"), a_resident("王桂英")
    ContactAddress.objects.create(owner=mei.pk, channel="email", address="mei@example.org")
    handed_in = notice(mei.id_number, gui.id_number, "36070219800101001X")
    answer = call("POST", content=handed_in)
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"accepted": 2, "unknown": [2]}
    assert call("POST", content=handed_in).json() == answer.json()
    assert Message.objects.count() == 2

    jobs.drain()
    assert [mail.body for mail in mailoutbox] == ["章贡区红旗大道将于11月27日 8 时停水，请提前储水。"]
    browser = a_browser(mei.account)
    assert "章贡区红旗大道停水" in browser.get("/messages/").content.decode()
    browser.get(f"/messages/{Message.objects.get(recipient_person=mei).pk}/")

    told = call("GET", f"{PATH}/cut-2026-118").json()["recipients"]
    assert [row["status"] for row in told] == ["read", "told", "unknown-recipient"]
    assert told[0]["ways"][0]["channel"] == "email"
    assert told[0]["ways"][0]["status"] == "sent"


@pytest.mark.system("unified-message")
def test_a_notice_waits_for_its_time_and_can_be_taken_back(call: Call) -> None:
    mei = a_resident("李梅")
    morning = now() + timedelta(hours=9)
    call("POST", content=notice(mei.id_number, send_at=morning.isoformat()))
    browser = a_browser(mei.account)
    assert "停水" not in browser.get("/messages/").content.decode()
    assert call("GET", f"{PATH}/cut-2026-118").json()["recipients"][0]["status"] == "scheduled"
    with at(morning + timedelta(minutes=1)):
        assert call("GET", f"{PATH}/cut-2026-118").json()["recipients"][0]["status"] == "told"
        assert call("DELETE", f"{PATH}/cut-2026-118").status_code == 409
    assert call("DELETE", f"{PATH}/cut-2026-118").status_code == 204
    assert not Message.objects.exists()
    assert call("GET", f"{PATH}/cut-2026-118").json()["recipients"][0]["status"] == "cancelled"


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": {"Signature": "sig1=:AAAA:"}},
        {"at": 1700000000},
        {"headers": {"Signature-Input": "9" * 5000}},
        {"headers": {"Signature": ""}},
        {"nonce": "short"},
        {"sent": b"[]"},
    ],
)
def test_a_request_that_is_not_signed_by_the_system_changes_nothing(call: Call, wrong: dict[str, Any]) -> None:
    mei = a_resident("李梅")
    assert call("POST", content=notice(mei.id_number), **wrong).status_code == 401
    assert not Notice.objects.exists()


def test_a_request_is_taken_once_even_if_it_is_replayed(call: Call) -> None:
    mei = a_resident("李梅")
    nonce = token_hex(16)
    assert call("POST", content=notice(mei.id_number), nonce=nonce).status_code == 200
    again = call("POST", content=notice(mei.id_number), nonce=nonce)
    assert again.status_code == 401
    assert again.json()["code"] == "replayed"


def test_a_system_keeps_to_its_templates_its_numbers_and_its_quota(call: Call, water: Connected) -> None:
    mei = a_resident("李梅")
    assert call("POST", content={**notice(mei.id_number), "template": "case-filed"}).status_code == 403
    bare = {**notice(), "recipients": [{"mobile": "13812345678"}]}
    assert call("POST", content=bare).status_code == 403
    limit(water, 1)
    gui = a_resident("王桂英")
    assert call("POST", content=notice(mei.id_number, gui.id_number)).status_code == 429
    assert call("POST", content=notice(mei.id_number)).status_code == 200
    assert call("POST", content=notice(mei.id_number)).status_code == 200
    assert call("POST", content={**notice(gui.id_number), "key": "another"}).status_code == 429


def test_a_template_with_a_missing_value_is_refused_before_anybody_is_told(call: Call) -> None:
    mei = a_resident("李梅")
    answer = call("POST", content=notice(mei.id_number, values={"area": "章贡区"}))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "values.when"
    assert not Message.objects.exists()


def test_a_department_that_used_up_its_day_is_heard_tomorrow(
    call: Call, water: Connected, mailoutbox: list[Any]
) -> None:
    SetBudget.do(SYSTEM, department=water.application.unit.code, channel="email", daily=1)
    people = [a_resident(f"居民{number}") for number in "一二三"]
    for number, person in enumerate(people):
        ContactAddress.objects.create(owner=person.pk, channel="email", address=f"p{number}@example.org")
    call("POST", content=notice(*(person.id_number for person in people)))
    jobs.drain()
    assert len(mailoutbox) == 1
    assert Delivery.objects.filter(reason="over-budget").count() == 2
    SetBudget.do(SYSTEM, department=water.application.unit.code, channel="email", daily=None)
    with at(now() + timedelta(days=1)):
        jobs.drain()
    assert len(mailoutbox) == 3


def test_a_department_that_used_up_its_day_holds_nobody_else_up(
    call: Call, water: Connected, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    SetBudget.do(SYSTEM, department=water.application.unit.code, channel="email", daily=0)
    people = [a_resident(f"居民{number}") for number in "一二三"]
    for number, person in enumerate(people):
        ContactAddress.objects.create(owner=person.pk, channel="email", address=f"p{number}@example.org")
    call("POST", content=notice(*(person.id_number for person in people)))
    Delivery.objects.create(
        channel="email", to="other@example.org", title="别的部门", text="别的部门", department="tax"
    )
    assert jobs.drain() == 1
    assert [mail.to for mail in mailoutbox] == [["other@example.org"]]


def test_a_paused_system_is_told_so_and_a_retired_one_is_a_stranger(call: Call, water: Connected) -> None:
    PauseApplication.do(SYSTEM, application_id=water.application.pk, reason="核查")
    paused = call("GET", f"{PATH}/cut-2026-118")
    assert (paused.status_code, paused.json()["code"]) == (403, "application-stopped")
    RetireApplication.do(SYSTEM, application_id=water.application.pk, reason="停用")
    assert call("GET", f"{PATH}/cut-2026-118").status_code == 401


def test_only_systems_hand_in_notices(water: Connected) -> None:
    mei = a_resident("李梅")
    given = notice(mei.id_number)
    given["reference"] = given.pop("key")
    with pytest.raises(NotPermitted):
        SubmitNotice.do(Actor(name="x", account_id=mei.account.pk), **given)
    with pytest.raises(NotPermitted):
        SubmitNotice.do(SYSTEM, **given)


def test_of_a_notice_to_bare_numbers_nothing_goes_out_after_it_was_taken_back(water: Connected) -> None:
    allow_numbers(water)
    given = {**notice(send_at=now() + timedelta(hours=1)), "recipients": [{"mobile": "13812345678"}]}
    given["reference"] = given.pop("key")
    SubmitNotice.do(water.actor, given)
    CancelNotice.do(water.actor, reference=given["reference"])
    with at(now() + timedelta(hours=2)):
        jobs.drain()
    assert Delivery.objects.get().status == "cancelled"
