"""Whoever held a lock on a file is told when it is taken away."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from shuzheng.engines.casework import jobs
from shuzheng.engines.documents.actions import BreakLock, LockFile
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.messaging.models import Message
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.event import subscribers
from shuzheng.kernel.id import new_id
from shuzheng.kernel.models import EventRecord
from shuzheng.testing.identity import a_resident, actor_of_person
from tests.engines.documents.samples import PDF, Incoming


@pytest.mark.django_db
def test_the_holder_of_a_lock_is_told_once_and_why(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path
    holder = actor_of_person(a_resident("王桂英"))
    file = receive(holder, cast(Any, Incoming("营业场所证明.pdf", PDF)))
    LockFile.do(holder, file_id=file.pk)
    BreakLock.do(Actor.system("test"), file_id=file.pk, reason="锁定人已调离")
    event = EventRecord.objects.get(type="documents.lock_broken")
    assert jobs.tell_lock_holder in subscribers("documents.lock_broken")
    told = {"id": str(event.pk), "subject": event.subject, "data": event.data}
    for _time in range(2):
        jobs.tell_lock_holder(told)
    message = Message.objects.get(recipient_account=holder.account_id)
    assert "营业场所证明.pdf" in message.body
    assert "锁定人已调离" in message.body
    jobs.tell_lock_holder({**told, "id": "other", "subject": str(new_id())})
    assert Message.objects.count() == 1
