"""The owner of a file is told when its time is over."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from shuzheng.engines.casework import jobs
from shuzheng.engines.documents.actions import DisposeFile, SetRetention
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.messaging.models import Message
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.event import subscribers
from shuzheng.kernel.id import new_id
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now
from shuzheng.testing.identity import a_resident, actor_of_person
from tests.engines.documents.samples import PDF, Incoming


@pytest.mark.django_db
def test_the_owner_is_told_once_that_a_file_is_gone(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    owner = actor_of_person(a_resident("王桂英"))
    file = receive(owner, cast(Any, Incoming("租赁合同.pdf", PDF)))
    SetRetention.do(owner, file_id=file.pk, period="1年")
    with at(now() + timedelta(days=400)):
        assert DisposeFile.do(Actor.system("test"), file_id=file.pk).versions == 1
    event = EventRecord.objects.get(type="documents.file_disposed")
    assert jobs.tell_file_owner in subscribers("documents.file_disposed")
    told = {"id": str(event.pk), "subject": event.subject, "data": event.data}
    for _time in range(2):
        jobs.tell_file_owner(told)
    message = Message.objects.get(recipient_account=owner.account_id)
    assert "租赁合同.pdf" in message.body
    jobs.tell_file_owner({**told, "id": "other", "subject": str(new_id())})
    jobs.tell_file_owner({**told, "id": "another", "data": {"owner_account": ""}})
    assert Message.objects.count() == 1
