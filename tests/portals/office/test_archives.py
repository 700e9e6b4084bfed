"""The archives' pages: who may open them, what they cost, and what they refuse in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuzheng.engines.documents.archive.actions import BeginTransfer, PackArchive
from shuzheng.engines.documents.archive.models import ArchivePackage, ArchiveTransfer
from shuzheng.engines.trust.models import AuditRecord
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now
from tests.portals.office.conftest import Desk

pytestmark = pytest.mark.django_db
RIGHTS = ["documents.read_archive", "documents.manage_archive", "documents.drill_backup"]
PAGES = ["", "destruction/", "fixity/", "backup/", "transfers/"]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings: Any) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def archivist(desk_of: Callable[..., Desk]) -> Desk:
    return desk_of("陈静", permissions=RIGHTS, scope="36.3607.360702")


def a_package(**more: Any) -> ArchivePackage:
    given: dict[str, Any] = {
        "source": "trial", "subject": new_id(), "revision": 1, "number": new_id().hex[-12:].upper(), "title": "占道许可",
        "item_code": "road-occupation", "rule": {}, "dates": {}, "closed_at": now(), "division": "36.3607.360702",
        "fonds": "GZ0702", "party": {"kind": "person", "id": new_id()},
    }  # fmt: skip
    return PackArchive.do(Actor.system("test"), {**given, **more})


@pytest.mark.parametrize("page", PAGES)
def test_only_those_who_keep_the_archives_open_their_pages(archivist: Desk, clerk: Desk, page: str) -> None:
    assert archivist.get(f"/office/archive/{page}").status_code == 200
    assert clerk.get(f"/office/archive/{page}").status_code == 403


def test_a_list_costs_the_same_however_long_it_is(archivist: Desk) -> None:
    counts = []
    archivist.get("/office/archive/")
    for _ in range(2):
        for _package in range(4):
            a_package()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            archivist.get("/office/archive/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 12


def test_another_county_s_files_do_not_exist_here(archivist: Desk) -> None:
    other = a_package(division="36.3604.360402")
    assert other.code not in archivist.get("/office/archive/").content.decode()
    assert archivist.get(f"/office/archive/packages/{other.pk}/").status_code == 404
    assert archivist.post(f"/office/archive/packages/{other.pk}/export", purpose="audit").status_code == 404


def test_a_wrong_condition_is_told_and_the_search_still_recorded(archivist: Desk) -> None:
    page = archivist.get("/office/archive/", year="去年", purpose="audit").content.decode()
    assert "格式不对" in page
    assert AuditRecord.objects.filter(name="documents.search_archive", purpose="审计检查").exists()


def test_what_cannot_be_done_is_said_in_words(archivist: Desk) -> None:
    package = a_package()
    given = {"package_id": str(package.pk), "event_on": "昨天", "reason": "法院裁定"}
    assert "日期不存在" in archivist.browser.post("/office/archive/do/event/", given, follow=True).content.decode()
    assert archivist.post("/office/archive/do/nothing/").status_code == 404
    told = archivist.browser.post("/office/archive/transfers/receive", {}, follow=True).content.decode()
    assert "请选择移交包文件" in told
    codes = {"codes": "GZ-1", "sender": "区馆", "receiver": "市馆", "back": "transfers"}
    assert "没有档号为" in archivist.browser.post("/office/archive/do/transfer/", codes, follow=True).content.decode()


def test_a_batch_is_taken_home_and_brought_in_by_a_form(archivist: Desk, settings: Any, tmp_path: Path) -> None:
    package = a_package()
    BeginTransfer.do(archivist.actor, packages=[package.pk], receiver="赣州市档案馆", sender="章贡区档案馆")
    transfer = ArchiveTransfer.objects.get()
    sent = archivist.post(f"/office/archive/transfers/{transfer.pk}/batch")
    (tmp_path / "batch.zip").write_bytes(b"".join(cast(Any, sent)))
    ArchivePackage.objects.all().delete()
    settings.HOME = tmp_path / "other"
    with (tmp_path / "batch.zip").open("rb") as batch:
        given = {"receiver": "赣州市档案馆", "batch": batch}
        told = archivist.browser.post("/office/archive/transfers/receive", given, follow=True).content.decode()
    assert "已接收 1 份" in told
    received = ArchiveTransfer.objects.get(outgoing=False)
    receipt = archivist.post(f"/office/archive/transfers/{received.pk}/receipt")
    assert receipt.json()["number"] == transfer.number
    assert archivist.post(f"/office/archive/transfers/{transfer.pk}/receipt").status_code == 404
    confirmed = {"transfer_id": str(transfer.pk), "receipt": receipt.content.decode()}
    assert (
        "已登记回执" in archivist.browser.post("/office/archive/do/confirm/", confirmed, follow=True).content.decode()
    )
