"""Service of documents in law: consent, the ladder, the date from which periods run, and the proof."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from shuzheng.engines.messaging import jobs
from shuzheng.engines.messaging.actions import (
    DeemServed,
    GiveConsent,
    RecordService,
    ServeDocument,
    WithdrawConsent,
)
from shuzheng.engines.messaging.errors import WrongState
from shuzheng.engines.messaging.models import LegalService, Message, ServiceStep
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.models import LedgerEntry
from shuzheng.kernel.action import AssuranceTooLow
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput, NotFound
from shuzheng.kernel.id import new_id
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now, today
from tests.engines.messaging.conftest import SYSTEM

WORDS = "本人同意行政机关以电子方式送达文书。"


def serve(resident: Actor, digest: str = "a" * 64, **more: Any) -> LegalService:
    return ServeDocument.do(SYSTEM, person_id=resident.person_id, title="行政许可决定书", digest=digest, **more)


def record(service: LegalService, way: str, outcome: str, **more: Any) -> LegalService:
    return RecordService.do(SYSTEM, service_id=service.pk, way=way, outcome=outcome, **more)


def served() -> dict[str, Any]:
    return EventRecord.objects.get(type="messaging.served").data


def test_who_agreed_is_served_the_day_it_reaches_the_inbox(resident: Actor) -> None:
    GiveConsent.do(resident, text=WORDS)
    service = serve(resident)
    assert (service.status, service.way, service.served_on) == ("served", "electronic", today())
    assert Message.objects.get().category == "service"
    assert served() == {"date": today().isoformat(), "way": "electronic", "case_id": "", "digest": "a" * 64}


def test_who_did_not_agree_is_not_served_electronically(resident: Actor) -> None:
    service = serve(resident)
    assert (service.status, service.served_on) == ("open", None)
    assert not Message.objects.exists()
    GiveConsent.do(resident, text=WORDS)
    GiveConsent.do(resident, text=WORDS)
    WithdrawConsent.do(resident, {})
    assert serve(resident, "b" * 64).status == "open"


def test_the_same_document_is_served_once(resident: Actor) -> None:
    GiveConsent.do(resident, text=WORDS)
    assert serve(resident).pk == serve(resident).pk
    assert EventRecord.objects.filter(type="messaging.served").count() == 1


def test_consent_asks_for_a_real_name(resident: Actor) -> None:
    weak = Actor(name="x", person_id=resident.person_id, account_id=resident.account_id, assurance=2)
    with pytest.raises(AssuranceTooLow):
        GiveConsent.do(weak, text=WORDS)


def test_a_letter_serves_on_the_day_of_the_return_slip(resident: Actor) -> None:
    with at(now() - timedelta(days=6)):
        service = serve(resident)
    record(service, "mail", "started", place="EMS 1", on=today() - timedelta(days=5))
    received = today() - timedelta(days=2)
    assert record(service, "mail", "served", note="本人签收", on=received).served_on == received
    with pytest.raises(WrongState):
        record(service, "mail", "served")


def test_leaving_follows_a_refusal_and_needs_a_witness(resident: Actor) -> None:
    service = serve(resident)
    with pytest.raises(WrongState):
        record(service, "left", "served", note="见证人李某")
    record(service, "direct", "failed", note="本人拒收")
    with pytest.raises(InvalidInput):
        record(service, "left", "served")
    assert record(service, "left", "served", note="见证人李某、王某").served_on == today()


def test_public_notice_comes_last_and_takes_effect_after_thirty_days(resident: Actor) -> None:
    service = serve(resident)
    with pytest.raises(WrongState):
        record(service, "notice", "started", place="官网")
    record(service, "mail", "failed", note="查无此人")
    with pytest.raises(WrongState):
        record(service, "notice", "served")
    published = today()
    record(service, "notice", "started", place="赣州市政府网站")
    with at(now() + timedelta(days=29)):
        jobs.deem_served(0)
        assert not EventRecord.objects.filter(type="messaging.served").exists()
    with at(now() + timedelta(days=33)):
        jobs.deem_served(0)
        jobs.deem_served(0)
        assert DeemServed.do(SYSTEM).count == 0
    service.refresh_from_db()
    assert service.served_on == published + timedelta(days=30)
    assert served()["date"] == (published + timedelta(days=30)).isoformat()


@pytest.mark.parametrize("on", [date(2020, 1, 1), date(2099, 1, 1)])
def test_a_day_before_the_beginning_or_to_come_is_refused(resident: Actor, on: date) -> None:
    with pytest.raises(InvalidInput):
        record(serve(resident), "mail", "served", on=on)


def test_every_step_is_in_the_evidence_ledger_without_saying_who(resident: Actor) -> None:
    service = serve(resident)
    record(service, "mail", "failed", place="赣州市章贡区红旗大道 1 号", note="查无此人")
    step = ServiceStep.objects.get()
    entry = LedgerEntry.objects.get(pk=step.entry_id)
    assert entry.content["digest"] == step.digest
    assert entry.content["document"] == service.digest
    assert "红旗大道" not in str(entry.content)
    assert str(resident.person_id) not in str(entry.content)
    assert ledger.personal_part(entry) == {"place": step.place, "note": "查无此人", "by": SYSTEM.name}


def test_nobody_is_served_who_is_not_known(resident: Actor) -> None:
    with pytest.raises(NotFound):
        ServeDocument.do(SYSTEM, person_id=new_id(), title="决定书", digest="a" * 64)
