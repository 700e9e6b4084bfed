"""The archivists' desk, on a wide screen and on a phone: everything can be read and pressed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents.archive.actions import BackUpArchive, CheckFixity, DrillBackup, PackArchive
from shuzheng.engines.documents.archive.gateways import vault
from shuzheng.engines.documents.archive.models import ArchivePackage, ArchiveTransfer, DestructionList
from shuzheng.engines.identity.models import Officer
from shuzheng.engines.trust import ledger
from shuzheng.engines.vocabulary.models import Division
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import now
from shuzheng.testing.browser import DESK, PHONE
from shuzheng.testing.identity import a_role, a_unit, an_officer

SYSTEM = Actor.system("test")
RIGHTS = [
    "documents.read_archive", "documents.manage_archive", "documents.drill_backup", "documents.propose_destruction",
    "documents.review_destruction", "documents.destroy_archive",
]  # fmt: skip


@pytest.fixture
def archives(town: Any, tmp_path: Path, settings: Any) -> Any:
    """Return the town, its archives holding three old files, one of them damaged."""
    settings.HOME, settings.ARCHIVE_BACKUP = tmp_path / "home", str(tmp_path / "elsewhere")
    path = str(Division.objects.get(code=town.county).path)
    packages = [
        _package(path, title) for title in ("临时占用城市道路审批", "食品经营许可证核发（新办）", "高龄津贴申领")
    ]
    BackUpArchive.do(SYSTEM)
    DrillBackup.do(SYSTEM)
    spoilt = settings.HOME / "archive" / packages[2].storage_key
    spoilt.chmod(0o640)
    spoilt.write_bytes(b"")
    CheckFixity.do(SYSTEM, all=True)
    ledger.sequence()
    assert vault()
    return town


def _package(path: str, title: str) -> ArchivePackage:
    return PackArchive.do(
        SYSTEM,
        source="trial",
        subject=new_id(),
        revision=1,
        number=f"360702{new_id().hex[-12:].upper()}",
        title=title,
        item_code="trial",
        rule={"classification": "SPJY", "retention": "10年", "nomination": "destroy"},
        dates={"closed_on": "2012-05-20"},
        closed_at=now(),
        division=path,
        fonds="360702-market-supervision",
        organ="章贡区市场监督管理局",
        party={"kind": "person", "id": new_id(), "name": "王桂英"},
        form=[{"section": "经营场所", "label": "地址", "value": "文清路 18 号"}],
        missing={"plan": "活动方案"},
    )


def _officer(town: Any, name: str) -> Officer:
    return an_officer(name, unit=a_unit("archives", town.county), roles=[a_role("all-archives", RIGHTS)])


def test_the_archives_can_be_worked_on_a_wide_screen_and_on_a_phone(archives: Any) -> None:
    author, reviewer = (_officer(archives, name) for name in ("刘洋", "李明"))
    desk = archives.visitor(author)
    desk.open("/office/archive/destruction/")
    for box in desk.page.get_by_role("checkbox").all()[:2]:
        box.check()
    desk.fill("清册名称", "2012 年度到期档案")
    desk.press("提出销毁清册")
    made = DestructionList.objects.get()
    desk.open("/office/archive/transfers/")
    desk.page.get_by_text("移交档案", exact=True).click()
    desk.fill("移交单位", "章贡区档案馆")
    desk.page.get_by_label("接收单位").first.fill("赣州市档案馆")
    desk.fill("档号，每行一个", ArchivePackage.objects.filter(damaged_at=None)[0].code)
    desk.press("生成移交清单")
    transfer = ArchiveTransfer.objects.get()
    whole, spoilt = (ArchivePackage.objects.filter(damaged_at__isnull=empty)[0] for empty in (True, False))
    for width in (DESK, PHONE):
        visitor = archives.visitor(reviewer, width)
        for page in (
            "",
            f"packages/{whole.pk}/",
            f"packages/{spoilt.pk}/",
            "destruction/",
            f"destruction/{made.pk}/",
            "fixity/",
            "backup/",
            "transfers/",
            f"transfers/{transfer.pk}/",
        ):
            visitor.open(f"/office/archive/{page}")
    desk.sees("等待回执")
