"""Every page of sending in a real browser, on a phone and at a desk: accessible, within the window, without errors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.db import transaction

from shuzheng.engines.messaging import templates
from shuzheng.engines.messaging.actions import SendMessage, SetBudget
from shuzheng.engines.messaging.counting import reserve
from shuzheng.engines.messaging.models import Bulk, Delivery, GroupMember, Message, ProviderHealth, RecipientGroup
from shuzheng.engines.resources import direction
from shuzheng.engines.resources.demand import Incident
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.moment import now
from shuzheng.testing.browser import DESK, PHONE, Visitor, chromium, is_ready
from shuzheng.testing.identity import PASSWORD, a_resident, a_role, a_unit, an_officer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not is_ready(Path(site.NODE_MODULES)), reason="no browser or no front-end packages"),
]
#: Set it to a folder to keep pictures.
PICTURES = os.environ.get("SHUZHENG_PICTURES", "")
SYSTEM = Actor.system("test")
HELD = ["messaging.bulk", "messaging.approve", "messaging.operate", "messaging.serve", "resources.operate"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the browser once; Django's guard against database access from its event loop is lifted meanwhile."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as running:
        yield running
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def pages() -> dict[str, list[str]]:
    """Return pages with something on them, by the user name of whoever may open them."""
    person, unit = a_resident("李梅"), a_unit("finance")
    officer = an_officer("周运维", unit=unit, posts=["handler"], roles=[a_role("operator", HELD)])
    values = templates.examples(templates.find("document-served").template)
    message = SendMessage.do(SYSTEM, template="document-served", recipient_person=person.pk, values=values, topic="x")
    Message.objects.filter(pk=message.pk).update(category="notice")
    group = RecipientGroup.objects.create(title="独居老人", department=unit.code, size=1, made_by=officer.account)
    GroupMember.objects.create(group=group, person_id=person.pk)
    bulk = Bulk.objects.create(
        title="高龄津贴年审", template="document-served", values=values, audience="group", group=group, status="done",
        total=1, sent=1, notices=1, told=1, failed=1, made_by=officer.account, finished_at=now(),
        department=unit.code,
    )  # fmt: skip
    draft = Bulk.objects.create(
        title="草稿", template="document-served", values=values, audience="list", made_by=officer.account
    )
    sms = {"channel": "sms", "to": "13812345678", "title": "文书送达", "text": "x", "provider": "cloud"}
    Delivery.objects.create(message=message, bulk_id=bulk.pk, status="undelivered", reason="UNDELIV", **sms)
    Delivery.objects.create(status="failed", reason="TimeoutError", attempts=9, **sms)
    Delivery.objects.create(due_at=now() - timedelta(minutes=9), **sms)
    ProviderHealth.objects.create(
        name="cloud", failures=3, open_until=now() + timedelta(minutes=5), reason="TimeoutError"
    )
    SetBudget.do(SYSTEM, department=unit.code, channel="sms", daily=10)
    with transaction.atomic():
        reserve(unit.code, "sms", 9)
    direction.note(
        [Incident("added", "worker-message-1", 1, 2, "队列等待过久"), Incident("crash-loop", "worker", 1, 2)]
    )
    desk = "/office/messages"
    return {
        person.account.username: ["/messages/", f"/messages/{message.pk}/", "/messages/settings/"],
        officer.account.username: [
            f"{desk}/", f"{desk}/bulk/{bulk.pk}/", f"{desk}/bulk/{draft.pk}/", f"{desk}/bulk/new/?template=document-served",
            f"{desk}/groups/", f"{desk}/groups/{group.pk}/", f"{desk}/templates/document-served/", f"{desk}/dead/",
            f"{desk}/budgets/", f"{desk}/budgets/one/?department={unit.code}&channel=sms", f"{desk}/channels/",
            "/office/services/?q=x", "/office/operations/processes/",
        ],
    }  # fmt: skip


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_every_page_is_sound(browser: Any, live_server: Any, pages: dict[str, list[str]], width: int) -> None:
    for name, paths in pages.items():
        visitor = Visitor(browser, live_server.url, width, name=name, password=PASSWORD)
        for number, path in enumerate(paths):
            visitor.open(path)
            if PICTURES:
                visitor.page.screenshot(path=f"{PICTURES}/{name[:6]}-{number}-{width}.png", full_page=True)
        visitor.leave()
