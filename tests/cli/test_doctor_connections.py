"""The doctor names applications whose keys end, and a ledger without a name of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shuzheng.cli.doctor.connections import examine_connections, examine_origin
from shuzheng.cli.doctor.finding import Level
from shuzheng.engines.identity.applications.actions import RemindOfExpiry
from shuzheng.engines.identity.models import ApplicationCredential
from shuzheng.engines.messaging.connection_reminders import remind_of_key
from shuzheng.engines.messaging.models import Message
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now
from shuzheng.testing.applications import a_connected_application

pytestmark = pytest.mark.django_db


def test_a_key_that_ends_within_a_month_is_named_and_its_contact_told_once() -> None:
    (finding,) = examine_connections()
    assert finding.level is Level.FINE
    flood = a_connected_application("flood", evidence={})
    ApplicationCredential.objects.update(valid_to=now() + timedelta(days=20))
    (finding,) = examine_connections()
    assert finding.level is Level.NOTE
    assert "flood 有 1 把密钥" in finding.chinese

    assert RemindOfExpiry.do(Actor.system("test"), {}).count == 1
    event = {
        "id": str(new_id()),
        "subject": str(flood.application.pk),
        "data": {"key_id": flood.key_id, "day": "2026-12-12"},
    }
    remind_of_key(event=event)
    remind_of_key(event=event)
    message = Message.objects.get()
    assert flood.application.contact is not None
    assert message.recipient_person_id == flood.application.contact.person_id
    assert flood.key_id in message.body


def test_in_production_the_ledger_needs_a_name_of_its_own(settings: Any) -> None:
    told = []
    for module, origin in (
        ("shuzheng.settings.dev", "shuzheng.localhost/ledger"),
        ("shuzheng.settings.prod", "shuzheng.localhost/ledger"),
        ("shuzheng.settings.prod", "gov.example.cn/ledger"),
    ):
        settings.SHUZHENG_LEDGER_ORIGIN = origin
        settings.SETTINGS_MODULE = module
        told.append([finding.level for finding in examine_origin()])
    assert told == [[], [Level.WRONG], [Level.FINE]]
