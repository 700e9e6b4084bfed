"""Nothing is destroyed but by three persons; what is destroyed leaves its record, a certificate and the ledger's entry."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection

from shuzheng.engines.documents.archive import jobs, keeping
from shuzheng.engines.documents.archive.actions import (
    AnnounceDue,
    BackUpArchive,
    CarryOutDestruction,
    FinishReview,
    JudgeLine,
    OrderDestruction,
    ProposeDestruction,
    WithdrawDestruction,
)
from shuzheng.engines.documents.archive.destruction_queries import due
from shuzheng.engines.documents.archive.errors import (
    AnotherPersonNeeded,
    ContentGone,
    KeepNeedsReason,
    LinesOpen,
    NoBackup,
    NotDue,
    WrongListState,
)
from shuzheng.engines.documents.archive.gateways import second, vault
from shuzheng.engines.documents.archive.models import (
    ArchivePackage,
    DestructionLine,
    DestructionList,
    ListState,
    PackageState,
)
from shuzheng.engines.documents.archive.policies import DESTROY, PROPOSE, REVIEW
from shuzheng.engines.trust.content import canonical
from shuzheng.engines.trust.crypto import provider
from shuzheng.engines.trust.models import LedgerEntry
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.models import EventRecord
from tests.engines.documents.archive.conftest import SYSTEM

ALL = (PROPOSE, REVIEW, DESTROY)


def a_list(pack: Any, officer: Any, count: int = 1) -> tuple[DestructionList, list[ArchivePackage]]:
    """Return a list of due files, proposed by 张敏."""
    packages = [pack() for _ in range(count)]
    made = ProposeDestruction.do(officer("张敏", *ALL), title="2012 年度到期", packages=[p.pk for p in packages])
    return made, packages


def lines_of(made: DestructionList) -> list[DestructionLine]:
    return list(DestructionLine.objects.filter(list=made).order_by("id"))


def judged(made: DestructionList, reviewer: Any, verdict: str = "destroy") -> None:
    for line in lines_of(made):
        JudgeLine.do(reviewer, list_id=made.pk, line_id=line.pk, verdict=verdict)
    FinishReview.do(reviewer, list_id=made.pk)


@pytest.mark.django_db
def test_three_persons_and_a_certificate(pack: Any, officer: Any) -> None:
    made, packages = a_list(pack, officer, 2)
    BackUpArchive.do(SYSTEM)
    kept, gone = lines_of(made)
    reviewer, archivist = officer("李明", *ALL), officer("王芳", *ALL)
    with pytest.raises(LinesOpen):
        FinishReview.do(reviewer, list_id=made.pk)
    with pytest.raises(KeepNeedsReason):
        JudgeLine.do(reviewer, list_id=made.pk, line_id=kept.pk, verdict="keep")
    JudgeLine.do(reviewer, list_id=made.pk, line_id=kept.pk, verdict="keep", reason="诉讼未结", keep_until="2040-01-01")
    JudgeLine.do(reviewer, list_id=made.pk, line_id=gone.pk, verdict="destroy")
    FinishReview.do(reviewer, list_id=made.pk)
    with pytest.raises(AnotherPersonNeeded):
        OrderDestruction.do(reviewer, list_id=made.pk)
    OrderDestruction.do(archivist, list_id=made.pk)
    event = EventRecord.objects.get(type="documents.destruction_ordered")
    jobs.destroy_ordered({"subject": event.subject})
    jobs.destroy_ordered({"subject": event.subject})

    made.refresh_from_db()
    destroyed, spared = (ArchivePackage.objects.get(pk=line.package_id) for line in (gone, kept))
    assert (destroyed.state, destroyed.storage_key, destroyed.party_id) == (PackageState.DESTROYED, "", None)
    assert destroyed.title
    assert (spared.state, str(spared.due_on)) == (PackageState.KEPT, "2040-01-01")
    with pytest.raises(ContentGone):
        keeping.content_of(destroyed)
    original = next(p for p in packages if p.pk == gone.package_id)
    for storage in (vault(), second()):
        with pytest.raises(FileNotFoundError):
            storage.open(original.storage_key)
    assert made.state == ListState.DONE
    assert [made.certificate[name] for name in ("author", "reviewer", "archivist")] == ["张敏", "李明", "王芳"]
    assert [one["sm3"] for one in made.certificate["files"]] == [original.sm3]
    entry = LedgerEntry.objects.get(pk=made.ledger_entry)
    assert entry.digest == provider().sm3(canonical(made.certificate)).hex()


@pytest.mark.django_db
def test_no_program_and_nobody_twice(pack: Any, officer: Any) -> None:
    made, packages = a_list(pack, officer)
    (line,) = lines_of(made)
    author = officer("张敏二", *ALL)
    with pytest.raises(NotPermitted):
        ProposeDestruction.do(SYSTEM, title="自动销毁", packages=[packages[0].pk])
    with pytest.raises(NotPermitted):
        OrderDestruction.do(SYSTEM, list_id=made.pk)
    with pytest.raises(NotPermitted):
        CarryOutDestruction.do(author, list_id=made.pk)
    assert CarryOutDestruction.do(SYSTEM, list_id=made.pk).destroyed == 0
    with pytest.raises(WrongListState):
        OrderDestruction.do(author, list_id=made.pk)
    with pytest.raises(NotDue):
        ProposeDestruction.do(author, title="再列一次", packages=[packages[0].pk])
    WithdrawDestruction.do(author, list_id=made.pk)
    again = ProposeDestruction.do(author, title="再列一次", packages=[packages[0].pk])
    with pytest.raises(AnotherPersonNeeded):
        JudgeLine.do(author, list_id=again.pk, line_id=line.pk, verdict="destroy")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "more",
    [
        {"rule": {"retention": "永久"}},
        {"rule": {"retention": "10年"}},
        {"dates": {"closed_on": "2025-05-20"}},
        {"rule": {"retention": "10年", "nomination": "destroy", "starts": {"way": "decision-expired"}}},
    ],
    ids=["permanent", "kept", "not over", "unknown"],
)
def test_what_is_not_due_cannot_be_listed(pack: Any, officer: Any, more: dict[str, Any]) -> None:
    package, clerk = pack(**more), officer("张敏", *ALL)
    assert not due(clerk).items
    with pytest.raises(NotDue):
        ProposeDestruction.do(clerk, title="到期", packages=[package.pk])


@pytest.mark.django_db
def test_what_falls_due_is_announced_once(pack: Any) -> None:
    pack()
    pack(dates={"closed_on": "2025-05-20"})
    jobs.announce_due()
    assert AnnounceDue.do(SYSTEM).count == 0
    assert EventRecord.objects.get(type="documents.archives_due").data == {"count": 1}


@pytest.mark.django_db
def test_copies_elsewhere_are_never_left_behind(pack: Any, officer: Any, settings: Any) -> None:
    made, packages = a_list(pack, officer)
    BackUpArchive.do(SYSTEM)
    judged(made, officer("李明", *ALL))
    OrderDestruction.do(officer("王芳", *ALL), list_id=made.pk)
    elsewhere, settings.ARCHIVE_BACKUP = settings.ARCHIVE_BACKUP, ""
    with pytest.raises(NoBackup):
        CarryOutDestruction.do(SYSTEM, list_id=made.pk)
    packages[0].refresh_from_db()
    assert packages[0].state == PackageState.ORDERED
    settings.ARCHIVE_BACKUP = elsewhere
    assert CarryOutDestruction.do(SYSTEM, list_id=made.pk).destroyed == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_destroyers_at_once_one_does(pack: Any, officer: Any) -> None:
    assert Path(django_settings.HOME)
    made, _packages = a_list(pack, officer)
    judged(made, officer("李明", *ALL))
    came: list[str] = []

    def order(actor: Any) -> None:
        try:
            OrderDestruction.do(actor, list_id=made.pk)
            came.append("done")
        except WrongListState:
            came.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=order, args=(officer(name, *ALL),)) for name in ("王芳", "赵刚")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["done", "refused"]
    counts = []

    def carry_out() -> None:
        counts.append(CarryOutDestruction.do(SYSTEM, list_id=made.pk).destroyed)
        connection.close()

    threads = [threading.Thread(target=carry_out) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 1]
    assert LedgerEntry.objects.filter(kind=keeping.DESTROYED, subject=made.number).count() == 1
