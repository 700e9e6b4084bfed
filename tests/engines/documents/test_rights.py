"""Rights to use a file: the holder gives and takes them, and every exit asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.documents import cards, policies, queries
from shuzheng.engines.documents.actions import AddVersion, GrantUse, WithdrawUse
from shuzheng.engines.documents.errors import NoSuchFile
from shuzheng.engines.documents.models import FileRight, StoredFile, Use
from shuzheng.engines.identity.models import Account
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.action import AssuranceTooLow
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.error import InvalidInput
from shuzheng.kernel.moment import at, now
from shuzheng.testing.identity import a_unit
from shuzheng.testing.packs import some_divisions
from tests.engines.documents.samples import PDF, named

Store = Callable[..., StoredFile]


@pytest.fixture
def friend(db: None) -> Account:
    """Somebody with a name and an account."""
    return named("李四", "lisi")


@pytest.fixture
def reader(friend: Account) -> Actor:
    """That person, signed in."""
    return Actor(name="李四", account_id=friend.pk, person_id=friend.person_id, assurance=3)


def grant(actor: Actor, file: StoredFile, *uses: str, **more: Any) -> FileRight:
    """Let 李四 use a file for a day."""
    told = {"username": "lisi", "name": "李四", "purpose": "代办房产过户", "hours": 24, **more}
    return GrantUse.do(actor, file_id=file.pk, uses=list(uses), **told)


def test_a_grant_opens_what_it_says_for_its_purpose_and_time(store: Store, actor: Actor, reader: Actor) -> None:
    file = store()
    grant(actor, file, "read")
    found, stream = queries.open_file(file.pk, reader, "别的用途")
    stream.close()
    assert found == file
    record = AuditRecord.objects.get(kind="read", subject_id=str(file.pk))
    assert (record.purpose, record.detail["elements"]) == ("代办房产过户", ["read"])
    with pytest.raises(NoSuchFile):
        queries.open_file(file.pk, reader, use=Use.DOWNLOAD)
    with at(now() + timedelta(hours=25)), pytest.raises(NoSuchFile):
        queries.open_file(file.pk, reader)


def test_what_is_taken_back_is_closed_at_once_and_again_does_no_harm(store: Store, actor: Actor, reader: Actor) -> None:
    file = store()
    right = grant(actor, file, "download")
    assert queries.file(file.pk, reader, Use.DOWNLOAD) == file
    first = WithdrawUse.do(actor, right_id=right.pk).withdrawn_at
    assert WithdrawUse.do(actor, right_id=right.pk).withdrawn_at == first
    with pytest.raises(NoSuchFile):
        queries.file(file.pk, reader, Use.READ)


def test_a_grant_reaches_every_version(store: Store, actor: Actor, reader: Actor) -> None:
    file = store()
    grant(actor, file, "read")
    version = AddVersion.do(actor, file_id=file.pk, content_id=store(content=PDF + b"2").pk)
    assert queries.file(version.pk, reader) == version


def test_a_unit_reads_through_its_officials(store: Store, actor: Actor, reader: Actor, friend: Account) -> None:
    some_divisions()
    unit = a_unit("market-supervision")
    file = store()
    GrantUse.do(actor, file_id=file.pk, unit_id=unit.pk, uses=["read"], purpose="核验", hours=1)
    official = Actor(name="李四", account_id=friend.pk, unit_ids=frozenset({unit.pk}))
    assert queries.file(file.pk, official) == file
    with pytest.raises(NoSuchFile):
        queries.file(file.pk, reader)
    assert [right.file_id for right in cards.shared(official).items] == [file.pk]
    with at(now() + timedelta(hours=2)):
        assert not cards.shared(official).items
    assert not cards.shared(reader).items


def test_only_the_holder_gives_and_takes(store: Store, actor: Actor, reader: Actor) -> None:
    file = store()
    right = grant(actor, file, "read", "revise")
    with pytest.raises(NoSuchFile):
        grant(reader, file, "download")
    with pytest.raises(NoSuchFile):
        WithdrawUse.do(reader, right_id=right.pk)
    with pytest.raises(AssuranceTooLow):
        grant(Actor(name="张三", account_id=actor.account_id, assurance=1), file, "read")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "王五"},
        {"name": ""},
        {"username": "nobody"},
        {"username": ""},
        {"hours": 0},
        {"hours": 24 * 367},
        {"purpose": ""},
    ],
)
def test_a_grant_without_bounds_or_to_nobody_is_refused(
    store: Store, actor: Actor, friend: Account, wrong: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput):
        grant(actor, store(), "read", **wrong)
    assert not FileRight.objects.exists()


def test_what_is_vouched_for_is_only_what_the_voucher_says(
    store: Store, stranger: Actor, request: pytest.FixtureRequest
) -> None:
    policies.vouch("test", lambda actor, file: policies.LOOK if actor.name == stranger.name else policies.NOTHING)
    request.addfinalizer(lambda: policies._vouching._entries.pop("test"))
    file = store()
    assert queries.file(file.pk, stranger, Use.PRINT) == file
    with pytest.raises(NoSuchFile):
        queries.file(file.pk, stranger, Use.REUSE)
    with pytest.raises(NoSuchFile):
        queries.file(file.pk, stranger, Use.REVISE)


def test_the_page_that_sends_a_file_asks_for_the_use(
    store: Store, actor: Actor, friend: Account, client: Client
) -> None:
    file = store()
    grant(actor, file, "read")
    client.force_login(friend)
    assert b"".join(client.get(f"/files/{file.pk}?preview")) == PDF
    assert client.get(f"/files/{file.pk}?print").status_code == 404
    assert client.get(f"/files/{file.pk}").status_code == 404
