"""Versions of a file: nothing is overwritten, one writer at a time, whoever refers to a version keeps it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from shuzheng.engines.documents import queries, writing
from shuzheng.engines.documents.actions import (
    AddVersion,
    BreakLock,
    GrantUse,
    LockFile,
    RestoreVersion,
    UnlockFile,
    WithdrawUse,
)
from shuzheng.engines.documents.errors import FileLocked, NoSuchFile, NotAVersion, VersionMoved
from shuzheng.engines.documents.models import FileLock, FileRight, StoredFile
from shuzheng.engines.documents.policies import UNLOCK
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import Actor, Grant
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now
from tests.engines.documents.samples import PDF, named

Store = Callable[..., StoredFile]
SECOND, THIRD = PDF + b"\n% second", PDF + b"\n% third"


def read(file: StoredFile, actor: Actor) -> bytes:
    """Return the bytes of a version."""
    _file, stream = queries.open_file(file.pk, actor)
    with stream:
        return stream.read()


@pytest.fixture
def colleague(actor: Actor, store: Store) -> Actor:
    """Somebody whom the holder of a file may let revise it."""
    account = named("李四", "lisi")
    return Actor(name="李四", account_id=account.pk, assurance=3)


def let_revise(actor: Actor, file: StoredFile) -> None:
    """Grant the colleague the right to store versions."""
    GrantUse.do(actor, file_id=file.pk, username="lisi", name="李四", uses=["revise"], purpose="共同修改", hours=24)


def test_versions_follow_each_other_and_stay_as_they_were(store: Store, actor: Actor) -> None:
    first = store("方案.pdf")
    second = AddVersion.do(actor, file_id=first.pk, content_id=store("方案改.pdf", SECOND).pk, reason="补充预算")
    third = AddVersion.do(actor, file_id=second.pk, content_id=store("方案终.pdf", THIRD).pk)
    assert [(v.version, v.name, v.reason) for v in writing.versions(first).order_by("version")] == [
        (1, "方案.pdf", ""),
        (2, "方案改.pdf", "补充预算"),
        (3, "方案终.pdf", ""),
    ]
    assert [read(version, actor) for version in (first, second, third)] == [PDF, SECOND, THIRD]
    assert second.sm3 == hashlib.new("sm3", SECOND).hexdigest()
    assert (second.author_name, second.owner_account_id) == ("张三", first.owner_account_id)


def test_an_earlier_version_comes_back_as_a_new_one(store: Store, actor: Actor) -> None:
    first = store()
    AddVersion.do(actor, file_id=first.pk, content_id=store(content=SECOND).pk)
    back = RestoreVersion.do(actor, file_id=first.pk, reason="改错了")
    assert (back.version, back.restored_from, back.sm3) == (3, 1, first.sm3)
    assert read(back, actor) == PDF
    assert writing.versions(first).count() == 3
    assert RestoreVersion.do(actor, file_id=back.pk).pk == back.pk


def test_a_change_of_an_old_version_does_not_hide_a_newer_one(store: Store, actor: Actor) -> None:
    first = store()
    AddVersion.do(actor, file_id=first.pk, content_id=store(content=SECOND).pk, based_on=1)
    upload = store(content=THIRD)
    with pytest.raises(VersionMoved) as refusal:
        AddVersion.do(actor, file_id=first.pk, content_id=upload.pk, based_on=1)
    assert "第 2 版" in str(refusal.value)
    assert queries.file(upload.pk, actor).first_id is None
    with pytest.raises(VersionMoved):
        RestoreVersion.do(actor, file_id=first.pk, based_on=1)


def test_what_serves_elsewhere_does_not_become_a_version(store: Store, actor: Actor, stranger: Actor) -> None:
    first, other = store(), store(content=SECOND)
    version = AddVersion.do(actor, file_id=first.pk, content_id=other.pk)
    for content in (first, version):
        with pytest.raises(NotAVersion):
            AddVersion.do(actor, file_id=first.pk, content_id=content.pk)
    with pytest.raises(NotAVersion):
        AddVersion.do(actor, file_id=store(content=THIRD).pk, content_id=first.pk)
    with pytest.raises(NoSuchFile):
        AddVersion.do(actor, file_id=first.pk, content_id=store(by=stranger).pk)
    with pytest.raises(NoSuchFile):
        AddVersion.do(stranger, file_id=first.pk, content_id=store(by=stranger).pk)


# -- locks ---------------------------------------------------------------------------------------------------


def test_while_one_holds_the_lock_the_others_are_told_who_and_until_when(
    store: Store, actor: Actor, colleague: Actor
) -> None:
    file = store()
    let_revise(actor, file)
    lock = LockFile.do(colleague, file_id=file.pk, minutes=30, reason="正在核对")
    upload = store(content=SECOND)
    for refused in (
        lambda: AddVersion.do(actor, file_id=file.pk, content_id=upload.pk),
        lambda: RestoreVersion.do(actor, file_id=file.pk),
        lambda: LockFile.do(actor, file_id=file.pk),
    ):
        with pytest.raises(FileLocked) as refusal:
            refused()
        assert "李四" in str(refusal.value)
        assert f"{lock.until.astimezone():%Y}" in str(refusal.value)
    theirs = store(content=SECOND, by=colleague)
    assert AddVersion.do(colleague, file_id=file.pk, content_id=theirs.pk).version == 2
    UnlockFile.do(colleague, file_id=file.pk)
    assert AddVersion.do(actor, file_id=file.pk, content_id=upload.pk).version == 3


def test_a_lock_past_its_time_keeps_nobody_out(store: Store, actor: Actor, colleague: Actor) -> None:
    file = store()
    let_revise(actor, file)
    LockFile.do(colleague, file_id=file.pk, minutes=30)
    with at(now() + timedelta(minutes=31)):
        assert LockFile.do(actor, file_id=file.pk).holder_id == actor.account_id


def test_the_same_holder_prolongs_and_giving_back_twice_does_no_harm(store: Store, actor: Actor) -> None:
    file = store()
    once = LockFile.do(actor, file_id=file.pk, minutes=10).until
    assert LockFile.do(actor, file_id=file.pk, minutes=20).until > once
    UnlockFile.do(actor, file_id=file.pk)
    UnlockFile.do(actor, file_id=file.pk)
    assert not FileLock.objects.exists()


def test_the_holder_of_a_file_ends_a_grantees_lock(store: Store, actor: Actor, colleague: Actor) -> None:
    file = store()
    let_revise(actor, file)
    LockFile.do(actor, file_id=file.pk)
    with pytest.raises(FileLocked):
        UnlockFile.do(colleague, file_id=file.pk)
    UnlockFile.do(actor, file_id=file.pk)
    assert not EventRecord.objects.filter(type="documents.lock_broken").exists()
    LockFile.do(colleague, file_id=file.pk, minutes=7 * 24 * 60)
    UnlockFile.do(actor, file_id=file.pk)
    assert not FileLock.objects.exists()
    told = EventRecord.objects.get(type="documents.lock_broken")
    assert told.data["holder_account"] == str(colleague.account_id)


def test_a_grant_that_is_withdrawn_takes_its_lock_along(store: Store, actor: Actor, colleague: Actor) -> None:
    file = store()
    let_revise(actor, file)
    let_revise(actor, file)
    LockFile.do(colleague, file_id=file.pk)
    first, last = FileRight.objects.order_by("created_at")
    WithdrawUse.do(actor, right_id=first.pk)
    assert FileLock.objects.exists()
    WithdrawUse.do(actor, right_id=last.pk)
    assert not FileLock.objects.exists()
    assert EventRecord.objects.filter(type="documents.lock_broken").count() == 1


def test_an_official_with_the_right_takes_a_lock_away_for_a_reason(store: Store, actor: Actor, stranger: Actor) -> None:
    file = store()
    LockFile.do(actor, file_id=file.pk)
    with pytest.raises(NotPermitted):
        BreakLock.do(stranger, file_id=file.pk, reason="急件")
    official = Actor(name="张敏", account_id=stranger.account_id, grants=frozenset({Grant(UNLOCK)}))
    BreakLock.do(official, file_id=file.pk, reason="锁定人已调离，急件")
    assert not FileLock.objects.exists()
    record = AuditRecord.objects.get(name="documents.break_lock", result="done")
    assert record.purpose == "锁定人已调离，急件"
    told = EventRecord.objects.get(type="documents.lock_broken")
    assert told.data["holder_account"] == str(actor.account_id)


def test_nobody_locks_a_file_that_is_not_theirs_to_revise(store: Store, stranger: Actor) -> None:
    with pytest.raises(NoSuchFile):
        LockFile.do(stranger, file_id=store().pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("based_on", [None, 1])
def test_of_two_who_write_at_once_none_is_lost(request: pytest.FixtureRequest, based_on: int | None) -> None:
    store: Store = request.getfixturevalue("store")
    actor: Actor = request.getfixturevalue("actor")
    file = store()
    uploads = [store(content=SECOND).pk, store(content=THIRD).pk]
    outcomes = together(
        [
            lambda content=content: AddVersion.do(actor, file_id=file.pk, content_id=content, based_on=based_on).version
            for content in uploads
        ]
    )
    expected = [2, 3] if based_on is None else [2, "file-version-moved"]
    assert sorted(outcomes, key=str) == expected


@pytest.mark.django_db(transaction=True)
def test_of_two_who_lock_at_once_one_gets_the_lock(request: pytest.FixtureRequest) -> None:
    store: Store = request.getfixturevalue("store")
    actor: Actor = request.getfixturevalue("actor")
    colleague: Actor = request.getfixturevalue("colleague")
    file = store()
    let_revise(actor, file)
    outcomes = together([lambda who=who: LockFile.do(who, file_id=file.pk).holder_name for who in (actor, colleague)])
    assert sorted(map(str, outcomes)).count("file-locked") == 1
    assert FileLock.objects.count() == 1


def together(works: list[Callable[[], Any]]) -> list[Any]:
    """Do things at once, each in its own transaction, and return what came of them: a result or the code of a refusal."""
    outcomes: list[Any] = []
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> None:
        start.wait(timeout=10)
        try:
            outcomes.append(work())
        except (VersionMoved, FileLocked) as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes
