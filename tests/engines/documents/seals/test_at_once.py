"""A seal that is stopped while others stamp: real transactions at once."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import connection, connections

from shuzheng.engines.documents.seals import batching, desk
from shuzheng.engines.documents.seals.actions import (
    ApproveSealUse,
    FreezeSeal,
    RevokeSeal,
    StampDocument,
    UnfreezeSeal,
)
from shuzheng.engines.documents.seals.batching import BatchStopped, stamp_all
from shuzheng.engines.documents.seals.errors import SealUnusable
from shuzheng.engines.documents.seals.models import RequestState, Seal, SealEvent, SealUse
from shuzheng.engines.identity.models import Officer
from shuzheng.kernel.actor import Actor
from shuzheng.testing.seals import PLACE, a_file, a_grant
from tests.engines.documents.seals.test_service import ask

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor.system("test")
STAMPERS = 4


@pytest.mark.parametrize("stop", [FreezeSeal, RevokeSeal])
def test_once_a_seal_is_stopped_no_stamp_is_recorded_however_many_are_under_way(
    stop: Any, seal: Seal, applicant: Officer, clerk: Actor
) -> None:
    """Four stamp without a pause; whoever stops the seal does not wait for ever, and nothing comes after."""
    a_grant(seal, applicant, standing=True)
    files = [a_file(clerk).pk for _ in range(STAMPERS)]
    begun, refused, others = threading.Barrier(STAMPERS + 1), [], []

    def stamp(file_id: Any) -> None:
        begun.wait(timeout=10)
        try:
            while True:
                StampDocument.do(clerk, seal_code=seal.code, file_id=file_id, document_kind="decision", place=PLACE)
        except SealUnusable:
            refused.append(file_id)
        except Exception as problem:
            others.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=stamp, args=(file_id,)) for file_id in files]
    for thread in threads:
        thread.start()
    begun.wait(timeout=10)
    while SealUse.objects.count() < STAMPERS and any(thread.is_alive() for thread in threads):
        time.sleep(0.01)
    asked = time.monotonic()
    stop.do(SYSTEM, seal_id=seal.pk, reason="印章遗失")
    waited, recorded = time.monotonic() - asked, SealUse.objects.count()
    for thread in threads:
        thread.join(timeout=30)
    assert others == []
    assert len(refused) == STAMPERS
    assert waited < 10
    assert SealUse.objects.count() == recorded >= STAMPERS
    stopped = SealEvent.objects.filter(seal=seal).latest("at")
    assert all(moment <= stopped.at for moment in SealUse.objects.values_list("at", flat=True))


def test_a_batch_that_a_freeze_interrupts_says_what_was_stamped_and_goes_on_from_there(
    seal: Seal, applicant: Officer, clerk: Actor, approver: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_grant(seal, applicant)
    request = ask(clerk, seal, files=5)
    ApproveSealUse.do(approver, request_id=request.pk)
    monkeypatch.setattr(batching, "STEP", 2)
    real, stamped = desk.stamp, []

    def freeze() -> None:
        FreezeSeal.do(SYSTEM, seal_id=seal.pk, reason="印章遗失")
        connections.close_all()

    freezing = threading.Thread(target=freeze)

    def stamp(*given: Any) -> Any:
        stamped.append(real(*given))
        if len(stamped) == 3:  # in the midst of the second step; the freeze waits for that step and for no other
            freezing.start()
            while not _waiting():
                time.sleep(0.01)
        return stamped[-1]

    with monkeypatch.context() as patch:
        patch.setattr(desk, "stamp", stamp)
        with pytest.raises(BatchStopped) as stopped:
            stamp_all(clerk, request.pk)
    freezing.join(timeout=30)
    assert "已盖 4 份，还有 1 份没有盖" in str(stopped.value)
    assert "冻结" in str(stopped.value)
    request.refresh_from_db()
    assert request.state == RequestState.APPROVED
    assert SealUse.objects.filter(request=request).count() == 4
    UnfreezeSeal.do(SYSTEM, seal_id=seal.pk, reason="找到了")
    assert stamp_all(clerk, request.pk).state == RequestState.USED
    assert SealUse.objects.filter(request=request).count() == 5
    again = ask(clerk, seal)
    ApproveSealUse.do(approver, request_id=again.pk)
    FreezeSeal.do(SYSTEM, seal_id=seal.pk, reason="印章又遗失")
    with pytest.raises(SealUnusable):
        stamp_all(clerk, again.pk)


def _waiting() -> bool:
    """Say whether somebody waits for a lock by name."""

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        return cursor.fetchone()[0] > 0
