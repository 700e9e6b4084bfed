"""全省电子档案联合备份中心: copies in another place, read back, and a restore that is really made."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shuzheng.engines.documents.archive import jobs
from shuzheng.engines.documents.archive.actions import PackArchive
from shuzheng.engines.documents.archive.models import ArchivePackage, BackupCopy, BackupDrill
from shuzheng.kernel.actor import Actor
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import at, now
from shuzheng.testing.identity import a_browser, a_role, a_unit, an_officer
from shuzheng.testing.packs import some_divisions

pytestmark = [pytest.mark.django_db, pytest.mark.system("archive-backup", page="/office/archive/backup/")]
KEEPER = ["documents.read_archive", "documents.manage_archive", "documents.drill_backup"]


@pytest.fixture
def places(db: None, tmp_path: Path, settings: Any) -> tuple[Path, Path]:
    """Return the vault and the second storage, apart from each other."""
    settings.HOME, settings.ARCHIVE_BACKUP = tmp_path / "here", str(tmp_path / "elsewhere")
    some_divisions()
    return tmp_path / "here/archive", tmp_path / "elsewhere"


@pytest.fixture
def keeper(places: Any) -> Client:
    """Return the archivist's browser."""
    role = a_role("keeper", KEEPER)
    return a_browser(an_officer("陈静", unit=a_unit("archives", name="江西省档案馆"), roles=[role]).account)


def a_package() -> ArchivePackage:
    """Archive something."""
    return PackArchive.do(
        Actor.system("test"),
        source="trial",
        subject=new_id(),
        revision=1,
        number=new_id().hex[-12:].upper(),
        title="占道施工许可",
        item_code="road-occupation",
        rule={},
        dates={},
        closed_at=now(),
        division="36.3607.360702",
        fonds="GZ0702",
        party={"kind": "person", "id": new_id()},
    )


def spoil(root: Path, key: str) -> None:
    """Turn a byte of something stored."""
    path = root / key
    path.chmod(0o640)
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(bytes(data))


def test_every_package_has_a_copy_elsewhere_that_is_read_back_and_mended(places: tuple[Path, Path]) -> None:
    packages = [a_package() for _ in range(3)]
    jobs.copy_archive()
    assert BackupCopy.objects.count() == 3
    spoil(places[1], packages[0].storage_key)
    with at(now() + timedelta(days=31)):
        jobs.copy_archive()
    assert (places[1] / packages[0].storage_key).read_bytes() == (places[0] / packages[0].storage_key).read_bytes()


def test_a_drill_restores_for_real_and_is_listed_with_its_figures(places: tuple[Path, Path], keeper: Client) -> None:
    page = "/office/archive/backup/"
    assert "还没有做过恢复演练" in keeper.get(page).content.decode()
    a_package()
    keeper.post("/office/archive/do/back-up/", {"back": "backup"})
    assert "全部完好" in keeper.post("/office/archive/do/drill/", {"back": "backup"}, follow=True).content.decode()
    drill = BackupDrill.objects.get()
    assert (drill.packages, drill.sound, drill.rpo, drill.rto > 0) == (1, True, 0, True)
    spoil(places[1], ArchivePackage.objects.get().storage_key)
    told = keeper.post("/office/archive/do/drill/", {"back": "backup", "sample": "5"}, follow=True).content.decode()
    assert "备份不完好" in told


def test_what_is_damaged_here_is_mended_from_there(places: tuple[Path, Path], keeper: Client) -> None:
    package = a_package()
    jobs.copy_archive()
    spoil(places[0], package.storage_key)
    keeper.post("/office/archive/do/check/", {"back": "fixity"})
    assert package.code in keeper.get("/office/archive/fixity/").content.decode()
    shown = f"/office/archive/packages/{package.pk}/"
    assert "内容与归档时不一致" in keeper.get(shown).content.decode()
    keeper.post("/office/archive/do/repair/", {"package_id": str(package.pk)})
    assert "内容与归档时不一致" not in keeper.get(shown).content.decode()
