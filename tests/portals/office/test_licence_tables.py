"""Tables of licences at the desk: one is rehearsed, registered and undone; what was found is taken away masked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuzheng.engines.documents.credentials.models import Credential, CredentialBatch
from shuzheng.engines.identity.models import Account
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.testing.credentials import World, a_world
from shuzheng.testing.identity import a_browser

READ, ISSUE = "documents.read_credentials", "documents.issue_credentials"
PAGE = "/office/licences/import/"


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:
    """A bureau with its seal, a restaurant and its owner."""
    settings.HOME, settings.ANTIVIRUS = tmp_path, "none"
    return a_world()


def desk(world: World, *permissions: str) -> Client:
    """Return the browser of an officer who may do this."""
    return a_browser(Account.objects.get(pk=world.officer(*permissions).account_id))


def sent(world: World, browser: Client, text: str, **more: str) -> Any:
    """Send a table."""
    given = {"credential_type": "food-business-licence", "unit_id": str(world.bureau.pk), **more}
    return browser.post(PAGE, {**given, "file": SimpleUploadedFile("存量.csv", text.encode())}, follow=True)


def a_table(world: World) -> str:
    """Return a good table."""
    heading = "持证主体证件号码,证照编号,有效期自,有效期至,经营场所,主体业态,经营项目"
    return f"{heading}\n{world.firm.uscc},JY1,2024-05-06,2029-05-05,文明大道 8 号,餐饮服务经营者,热食类食品制售\n"


def test_a_table_is_rehearsed_registered_and_undone(world: World) -> None:
    browser = desk(world, READ, ISSUE)
    assert "1 行都可以登记" in sent(world, browser, a_table(world), _do="examine").content.decode()
    assert not Credential.objects.exists()
    assert "已登记 1 份证照" in sent(world, browser, a_table(world), _do="register").content.decode()
    again = sent(world, browser, a_table(world), _do="register")
    assert again.status_code == 422
    assert "这张表已经登记过" in again.content.decode()
    batch = CredentialBatch.objects.get()
    undone = browser.post(f"{PAGE}{batch.pk}/undo/", {"reason": "表里的日期错了一年"}, follow=True).content.decode()
    assert "已撤销：删除 1 份" in undone
    assert not Credential.objects.exists()


def test_what_is_no_table_is_refused_in_plain_words(world: World) -> None:
    browser = desk(world, READ, ISSUE)
    assert "不能读" in sent(world, browser, "\0", _do="examine").content.decode()
    nothing = browser.post(PAGE, {"credential_type": "food-business-licence", "unit_id": str(world.bureau.pk)})
    assert "请选择要导入的表格" in nothing.content.decode()


def test_an_empty_table_has_the_columns_of_its_type(world: World) -> None:
    text = desk(world, READ, ISSUE).get(f"{PAGE}food-business-licence.csv").content.decode("utf-8-sig")
    assert text.startswith("持证主体证件号码,证照编号,有效期自,有效期至,电子证照标识,经营场所")


def test_only_who_issues_takes_over(world: World) -> None:
    assert desk(world, READ).get(PAGE).status_code == 403


def test_what_was_found_is_taken_away_masked_for_a_purpose_on_record(world: World) -> None:
    licence, browser = world.issue(), desk(world, READ)
    export = "/office/licences/export.csv"
    assert browser.get(export, {"q": licence.number}).status_code == 422
    text = browser.get(export, {"q": world.firm.uscc, "purpose": "日常监督检查"}).content.decode()
    assert licence.number in text
    assert AuditRecord.objects.filter(name="documents.export_credentials", purpose="日常监督检查").exists()
    assert licence.number not in browser.get(export, {"purpose": "年度安排"}).content.decode(), "not expiring soon"
