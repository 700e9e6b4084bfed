"""The page of a file that was handed in with a case: what officials see of it and may do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from django.test import Client

from shuzheng.engines.documents import policies
from shuzheng.engines.documents.actions import AddVersion, LockFile
from shuzheng.engines.documents.models import FileLock, FileRetention, StoredFile
from shuzheng.engines.documents.policies import RETAIN, UNLOCK
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.identity.models import Account
from shuzheng.kernel.actor import Actor
from shuzheng.testing.identity import a_browser, a_resident, a_role, a_unit, actor_of_person, an_officer
from shuzheng.testing.packs import some_divisions
from tests.engines.documents.samples import PDF, Incoming


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def owner(db: None) -> Actor:
    """A resident."""
    some_divisions()
    return actor_of_person(a_resident("王桂英"))


@pytest.fixture
def file(owner: Actor) -> Iterator[StoredFile]:
    """A file that belongs to a case which officials may read, as its engine says."""
    found = receive(owner, cast(Any, Incoming("营业场所证明.pdf", PDF)))
    policies.vouch(
        "test",
        lambda actor, file: policies.LOOK if actor.is_officer and file.pk == found.pk else policies.NOTHING,
    )
    yield found
    policies._vouching._entries.pop("test")


def officer(*permissions: str) -> Client:
    """Return the browser of an official with permissions."""
    made = an_officer("张敏", unit=a_unit("market-supervision"), roles=[a_role("role-files", permissions)])
    return a_browser(made.account)


def test_an_official_sees_the_version_that_was_handed_in_and_no_other(owner: Actor, file: StoredFile) -> None:
    later = receive(owner, cast(Any, Incoming("改过的.pdf", PDF + b"2")))
    AddVersion.do(owner, file_id=file.pk, content_id=later.pk)
    browser = officer()
    shown = browser.get(f"/office/files/{file.pk}/").content.decode()
    assert "营业场所证明.pdf" in shown
    assert "改过的.pdf" not in shown
    assert "停止销毁" not in shown
    assert browser.get(f"/office/files/{later.pk}/").status_code == 404
    assert b"".join(browser.get(f"/files/{file.pk}?print")) == PDF


def test_a_lock_is_taken_away_for_a_reason(owner: Actor, file: StoredFile) -> None:
    LockFile.do(owner, file_id=file.pk)
    browser = officer(UNLOCK)
    assert "王桂英正在修改这个文件" in browser.get(f"/office/files/{file.pk}/").content.decode()
    assert browser.post(f"/office/files/{file.pk}/unlock", {"reason": ""}).status_code == 422
    assert FileLock.objects.exists()
    browser.post(f"/office/files/{file.pk}/unlock", {"reason": "急件"})
    assert not FileLock.objects.exists()


def test_an_archivist_holds_and_releases(file: StoredFile) -> None:
    browser = officer(RETAIN)
    held = browser.post(f"/office/files/{file.pk}/hold", {"reason": "行政诉讼"}, follow=True).content.decode()
    assert "行政诉讼" in held
    assert FileRetention.objects.get().held
    browser.post(f"/office/files/{file.pk}/release", {"reason": "已结案"})
    assert not FileRetention.objects.get().held


def test_an_archivist_has_a_file_kept_and_its_holder_cannot_shorten_it(owner: Actor, file: StoredFile) -> None:
    browser = officer(RETAIN)
    page = f"/office/files/{file.pk}/"
    assert "至少保存多久" in browser.get(page).content.decode()
    assert browser.post(f"{page}retain", {"period": "很久", "basis": "诉讼"}).status_code == 422
    told = {"period": "10年", "basis": "《档案法》", "disposal": "destroy"}
    assert "10年" in browser.post(f"{page}retain", told, follow=True).content.decode()
    kept = FileRetention.objects.get()
    assert (kept.period, kept.disposal, kept.basis, kept.by_office) == ("10年", "keep", "《档案法》", True)
    theirs = a_browser(Account.objects.get(pk=owner.account_id))
    refused = theirs.post(f"/my/files/{file.pk}/retain", {"period": "1年"})
    assert refused.status_code == 422
    assert "由行政机关设定" in refused.content.decode()
    assert officer().post(f"{page}retain", told).status_code in (403, 404)


def test_whoever_lacks_the_right_is_refused(file: StoredFile) -> None:
    browser = officer()
    assert browser.post(f"/office/files/{file.pk}/hold", {"reason": "行政诉讼"}).status_code == 403
    assert browser.post(f"/office/files/{file.pk}/burn", {"reason": "行政诉讼"}).status_code == 404
