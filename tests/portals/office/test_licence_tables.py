"""Tables of licences at the desk: one is rehearsed, registered and undone; what was found is taken away masked."""

from __future__ import annotations

import csv
import io
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

READ, ISSUE, DECIDE = "documents.read_credentials", "documents.issue_credentials", "documents.decide_credentials"
PAGE = "/office/licences/import/"
CHECKS = "/office/licences/checks/"


@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> World:
    """A bureau with its seal, a restaurant and its owner."""
    settings.HOME, settings.ANTIVIRUS = tmp_path, "none"
    return a_world()


def desk(world: World, *permissions: str, name: str = "王芳") -> Client:
    """Return the browser of an officer who may do this."""
    return a_browser(Account.objects.get(pk=world.officer(*permissions, name=name).account_id))


def sent(world: World, browser: Client, text: str, **more: str) -> Any:
    """Send a table."""
    given = {"credential_type": "food-business-licence", "unit_id": str(world.bureau.pk), **more}
    return browser.post(PAGE, {**given, "file": SimpleUploadedFile("存量.csv", text.encode())}, follow=True)


def a_table(world: World) -> str:
    """Return a good table."""
    heading = "持证主体证件号码,证照编号,有效期自,有效期至,经营场所,主体业态,经营项目"
    return f"{heading}\n{world.firm.uscc},JY1,2024-05-06,2029-05-05,文明大道 8 号,餐饮服务经营者,热食类食品制售\n"


def test_a_table_is_rehearsed_entered_confirmed_by_another_and_undone(world: World) -> None:
    browser, second = desk(world, READ, ISSUE, DECIDE), desk(world, READ, DECIDE, name="刘建国")
    assert "1 行都可以登记" in sent(world, browser, a_table(world), _do="examine").content.decode()
    assert not CredentialBatch.objects.exists()
    assert "已提交 1 份证照" in sent(world, browser, a_table(world), _do="enter").content.decode()
    again = sent(world, browser, a_table(world), _do="enter")
    assert again.status_code == 422
    assert "这张表已经提交过" in again.content.decode()
    batch = CredentialBatch.objects.get()
    own = browser.get(f"{CHECKS}{batch.pk}/").content.decode()
    assert "等待别人复核" in own
    assert "确认登记" not in own
    assert browser.post(f"{CHECKS}{batch.pk}/decide/", {"_do": "confirm"}).status_code == 422
    assert not Credential.objects.exists()
    assert "存量.csv" in second.get(CHECKS).content.decode()
    assert "JY1" in second.get(f"{CHECKS}{batch.pk}/").content.decode()
    done = second.post(f"{CHECKS}{batch.pk}/decide/", {"_do": "confirm"}, follow=True).content.decode()
    assert "登记了 1 份证照" in done
    assert Credential.objects.get().state == "valid"
    undone = browser.post(f"{PAGE}{batch.pk}/undo/", {"reason": "表里的日期错了一年"}, follow=True).content.decode()
    assert "已撤销：删除 1 份" in undone
    assert not Credential.objects.exists()


def test_a_table_is_returned_with_the_reason_or_withdrawn(world: World) -> None:
    browser, second = desk(world, READ, ISSUE), desk(world, READ, DECIDE, name="刘建国")
    sent(world, browser, a_table(world), _do="enter")
    address = f"{CHECKS}{CredentialBatch.objects.get().pk}/decide/"
    assert second.post(address, {"_do": "return", "reason": ""}).status_code == 422
    assert "已退回经办人" in second.post(address, {"_do": "return", "reason": "缺两份"}, follow=True).content.decode()
    assert "缺两份" in browser.get(PAGE).content.decode()
    sent(world, browser, a_table(world), _do="enter")
    latest = CredentialBatch.objects.get(undone_at=None)
    gone = browser.post(f"{PAGE}{latest.pk}/undo/", {"reason": "选错了文件"}, follow=True).content.decode()
    assert "已撤回" in gone
    assert second.get(f"{CHECKS}{latest.pk}/").status_code == 404


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
    assert desk(world, READ, ISSUE, name="李梅").get(CHECKS).status_code == 403


def test_what_was_found_is_taken_away_masked_for_a_purpose_on_record(world: World) -> None:
    licence, browser = world.issue(), desk(world, READ)
    export = "/office/licences/export.csv"
    assert browser.get(export, {"q": licence.number}).status_code == 422
    text = browser.get(export, {"q": world.firm.uscc, "purpose": "日常监督检查"}).content.decode()
    assert licence.number in text
    assert AuditRecord.objects.filter(name="documents.export_credentials", purpose="日常监督检查").exists()
    assert licence.number not in browser.get(export, {"purpose": "年度安排"}).content.decode(), "not expiring soon"


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_nothing_that_is_taken_away_is_a_formula(world: World, begin: str) -> None:
    licence = world.issue()
    name = f'{begin}HYPERLINK("http://example.org")'
    Credential.objects.filter(pk=licence.pk).update(holder_name=name, number=f"{begin}A1")
    found = desk(world, READ).get("/office/licences/export.csv", {"q": world.firm.uscc, "purpose": "日常监督检查"})
    (row,) = list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))[1:]
    assert (row[1], row[3]) == (f"'{begin}A1", f"'{name}")
