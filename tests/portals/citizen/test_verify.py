"""The public page that checks seals: no sign-in, nothing kept, the resident's words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.ofd.package import Package
from shuzheng.engines.documents.seals import limits
from shuzheng.engines.documents.seals.actions import FreezeSeal, StampDocument
from shuzheng.engines.documents.seals.models import Seal
from shuzheng.engines.documents.seals.results import content_of
from shuzheng.kernel.actor import Actor
from shuzheng.testing.identity import a_unit, actor_of_officer, an_officer
from shuzheng.testing.seals import PLACE, Incoming, a_document, a_file, a_grant, a_seal
from tests.engines.documents.seals.samples import FOLDER, sample


@pytest.fixture(autouse=True)
def home(db: None, tmp_path: Path, settings: Any) -> None:
    """A storage of this test's own, and nobody counted."""
    settings.HOME = tmp_path
    settings.ANTIVIRUS = "none"
    cache.clear()


@pytest.fixture
def seal(db: None) -> Seal:
    """A seal in use."""
    return a_seal(a_unit("administrative-approval", name="赣州市章贡区行政审批局"))


@pytest.fixture
def stamped(seal: Seal) -> bytes:
    """A stamped document."""
    clerk = actor_of_officer(an_officer("李国华", unit=seal.unit))
    a_grant(seal, unit_id=seal.unit_id, post_code="handler", standing=True)
    done = StampDocument.do(clerk, seal_code=seal.code, file_id=a_file(clerk).pk, document_kind="decision", place=PLACE)
    return content_of(StoredFile.objects.get(pk=done.file_id))


def check(client: Client, data: bytes, name: str = "决定书.ofd") -> Any:
    """Bring a document."""
    return client.post("/verify/", {"document": Incoming(name, data)})


def test_a_sealed_document_is_said_to_be_valid_and_by_whom(client: Client, stamped: bytes, seal: Seal) -> None:
    kept = StoredFile.objects.count()
    page = check(client, stamped).content.decode()
    assert "有效：印章真实，盖章后没有改动" in page
    assert seal.name in page
    assert "公开账本" in page
    assert "data:image/png" in page
    assert StoredFile.objects.count() == kept


def test_a_changed_document_is_said_to_be_invalid_and_why(client: Client, stamped: bytes) -> None:

    package = Package.open(stamped)
    part = next(name for name in package.names() if name.endswith("Content.xml"))
    package.put(part, package.read(part).replace(b"</ofd:Page>", b"<!-- --></ofd:Page>"))
    page = check(client, package.to_bytes()).content.decode()
    assert "无效：印章或内容被改动过" in page
    assert part in page


def test_a_frozen_seal_leaves_earlier_stamps_valid(client: Client, stamped: bytes, seal: Seal) -> None:
    FreezeSeal.do(Actor.system("test"), seal_id=seal.pk, reason="保管人离岗")
    page = check(client, stamped).content.decode()
    assert "有效：" in page


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the samples are not here")
def test_a_signature_without_a_certificate_is_never_said_to_prove_anything(client: Client, db: None) -> None:
    page = check(client, sample("DigitalSign.ofd")).content.decode()
    assert "不能认定：签名没有带证书" in page
    assert "内容没有改动" not in page.partition("怎么看结果")[0]


def test_a_document_without_a_seal_is_said_to_have_none(client: Client, db: None) -> None:
    assert "没有电子签章" in check(client, a_document()).content.decode()


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"PK\x03\x04nothing", b"%PDF-1.7 nothing"])
def test_what_cannot_be_checked_is_said_so(client: Client, db: None, data: bytes) -> None:
    answered = check(client, data)
    assert answered.status_code == 422
    assert "没有查验" in answered.content.decode()


def test_nothing_chosen_is_said_so(client: Client, db: None) -> None:
    answered = client.post("/verify/")
    assert answered.status_code == 422
    assert "请先选择文件" in answered.content.decode()


def test_too_large_a_document_is_not_read(client: Client, db: None, settings: Any) -> None:
    settings.FILE_LIMIT = 100
    assert check(client, a_document()).status_code == 413


def test_an_address_that_asks_too_often_waits(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST", 2)
    answers = [check(client, a_document()).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_the_api_says_the_same(client: Client, stamped: bytes, seal: Seal) -> None:
    answered = client.post("/api/documents/seals/verify", {"file": Incoming("决定书.ofd", stamped)})
    (told,) = answered.json()
    assert told["valid"] is True
    assert told["seal_code"] == seal.code
    assert [finding["code"] for finding in told["findings"]] == ["in-ledger"]
