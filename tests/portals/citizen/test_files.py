"""My files: the list, a file's page, and what its holder does there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuzheng.engines.documents import queries
from shuzheng.engines.documents.actions import GrantUse, LockFile
from shuzheng.engines.documents.models import FileLock, FileRetention, FileRight, StoredFile, Use
from shuzheng.engines.documents.receiving import receive
from shuzheng.engines.identity.models import Account
from shuzheng.kernel.actor import Actor
from shuzheng.testing.identity import a_browser, a_resident, actor_of_person
from tests.engines.documents.samples import PDF, Incoming, named


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def owner(db: None) -> Actor:
    """A resident with files."""
    return actor_of_person(a_resident("王桂英"))


@pytest.fixture
def browser(owner: Actor) -> Client:
    """The resident's browser."""
    return a_browser(Account.objects.get(pk=owner.account_id))


@pytest.fixture
def file(owner: Actor) -> StoredFile:
    """A file of the resident."""
    return receive(owner, Incoming("方案.pdf", PDF))


def text_of(answer: Any) -> str:
    return answer.content.decode()


def change(browser: Client, file: StoredFile, verb: str, **fields: Any) -> Any:
    """Send a form of the page and follow where it leads."""
    return browser.post(f"/my/files/{file.pk}/{verb}", fields, follow=True)


def test_the_list_shows_each_file_once_and_costs_the_same_however_long(
    browser: Client, owner: Actor, file: StoredFile, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(25):
        receive(owner, Incoming(f"材料{number}.pdf", PDF + bytes([number])))
    with django_assert_max_num_queries(12):
        shown = text_of(browser.get("/my/files/"))
    assert shown.count("材料") > 15
    assert "after=" in shown


def test_an_empty_list_says_what_will_be_there(browser: Client) -> None:
    assert "还没有文件" in text_of(browser.get("/my/files/"))
    assert "还没有人授权给您" in text_of(browser.get("/my/files/?show=shared"))


def test_a_file_goes_through_its_life_on_its_page(browser: Client, owner: Actor, file: StoredFile) -> None:
    content = SimpleUploadedFile("方案改.pdf", PDF + b"2", "application/pdf")
    shown = text_of(change(browser, file, "revise", upload=content, reason="补充预算", based_on="1"))
    assert "已存为第 2 版" in shown
    assert "补充预算" in shown
    assert "已恢复" in text_of(change(browser, file, "restore", version_id=str(file.pk)))
    change(browser, file, "lock")
    assert FileLock.objects.get().holder_id == owner.account_id
    change(browser, file, "unlock")
    assert not FileLock.objects.exists()
    assert "3年" in text_of(change(browser, file, "retain", period="3年"))
    assert FileRetention.objects.get().disposal == "destroy"


def test_a_grant_is_given_seen_and_taken_back(browser: Client, file: StoredFile) -> None:
    friend = named("李四", "lisi")
    given = {"name": "李四", "username": "lisi", "purpose": "代办", "hours": "24", "uses": ["download"]}
    assert "已授权给李四" in text_of(change(browser, file, "grant", **given))
    theirs = a_browser(friend)
    assert file.name in text_of(theirs.get("/my/files/?show=shared"))
    page = text_of(theirs.get(f"/my/files/{file.pk}/"))
    assert "谁看过" not in page
    assert "存入新版本" not in page
    b"".join(theirs.get(f"/files/{file.pk}"))
    page = text_of(browser.get(f"/my/files/{file.pk}/"))
    assert "代办" in page
    assert "已收回" in text_of(change(browser, file, "withdraw", right_id=str(FileRight.objects.get().pk)))
    assert theirs.get(f"/files/{file.pk}").status_code == 404


def test_what_is_refused_is_said_on_the_page_and_what_was_typed_stays(browser: Client, file: StoredFile) -> None:
    answer = change(browser, file, "grant", name="李四", username="nobody", purpose="代办房产", hours="24")
    assert answer.status_code == 422
    assert "没有找到账号和姓名都相符的人" in text_of(answer)
    assert "代办房产" in text_of(answer)
    assert change(browser, file, "revise").status_code == 422


def test_another_ones_lock_is_named_and_the_upload_kept(browser: Client, owner: Actor, file: StoredFile) -> None:
    friend = named("李四", "lisi")
    GrantUse.do(owner, file_id=file.pk, username="lisi", name="李四", uses=["revise"], purpose="共同修改", hours=1)
    LockFile.do(Actor(name="李四", account_id=friend.pk), file_id=file.pk)
    content = SimpleUploadedFile("方案改.pdf", PDF + b"2", "application/pdf")
    answer = change(browser, file, "revise", upload=content)
    assert answer.status_code == 409
    assert "李四正在修改这个文件" in text_of(answer)
    assert StoredFile.objects.filter(name="方案改.pdf", first=None).exists()


def test_strangers_and_unknown_verbs_find_nothing(browser: Client, file: StoredFile, client: Client) -> None:
    stranger = a_browser(named("李四", "lisi"))
    assert stranger.get(f"/my/files/{file.pk}/").status_code == 404
    assert stranger.post(f"/my/files/{file.pk}/lock").status_code == 404
    assert browser.post(f"/my/files/{file.pk}/destroy").status_code == 404
    assert client.get(f"/my/files/{file.pk}/").status_code in (302, 401)


def test_the_holder_sees_who_looked_also_under_their_data(browser: Client, owner: Actor, file: StoredFile) -> None:
    named("李四", "lisi")
    GrantUse.do(owner, file_id=file.pk, username="lisi", name="李四", uses=["read"], purpose="核对地址", hours=1)
    friend = Account.objects.get(username="lisi")
    reader = Actor(name="李四", account_id=friend.pk, person_id=friend.person_id)
    _file, stream = queries.open_file(file.pk, reader, use=Use.READ)
    stream.close()
    assert "核对地址" in text_of(browser.get(f"/my/files/{file.pk}/"))
    assert "核对地址" in text_of(browser.get("/me/reads/"))


def test_the_api_tells_the_same(browser: Client, file: StoredFile) -> None:
    change(browser, file, "lock")
    one = browser.get(f"/api/documents/files/{file.pk}").json()
    assert (one["own"], one["lock"]["holder_name"], one["file"]["sm3"]) == (True, "王桂英", file.sm3)
    assert sorted(one["uses"]) == ["download", "print", "read", "reuse", "revise"]
    assert [v["version"] for v in browser.get(f"/api/documents/files/{file.pk}/versions").json()["items"]] == [1]
    assert browser.get(f"/api/documents/files/{file.pk}/rights").json()["items"] == []
    assert [v["id"] for v in browser.get("/api/documents/files").json()["items"]] == [str(file.pk)]
    part = browser.get(f"/api/documents/files/{file.pk}/content", headers={"Range": "bytes=0-3"})
    assert (part.status_code, b"".join(part), part["Content-Range"]) == (206, b"%PDF", f"bytes 0-3/{len(PDF)}")
    assert b"".join(browser.get(f"/files/{file.pk}", headers={"Range": "bytes=-5"})) == PDF[-5:]
    assert browser.get(f"/files/{file.pk}", headers={"Range": f"bytes={len(PDF)}-"}).status_code == 416
    assert b"".join(browser.get(f"/files/{file.pk}", headers={"Range": "bytes=9-3"})) == PDF
    done = browser.post("/api/actions/documents.unlock_file", {"file_id": str(file.pk)}, "application/json")
    assert done.status_code == 200
