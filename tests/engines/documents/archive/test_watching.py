"""Kept means read again, copied elsewhere, and restored for trial."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents.archive import jobs
from shuzheng.engines.documents.archive.actions import BackUpArchive, CheckFixity, DrillBackup, RepairPackage
from shuzheng.engines.documents.archive.errors import NoBackup
from shuzheng.engines.documents.archive.gateways import second, vault
from shuzheng.engines.documents.archive.models import ArchivePackage, BackupCopy, FixityRun
from shuzheng.engines.documents.archive.policies import BACKUP, MANAGE
from shuzheng.engines.documents.errors import StorageFull
from shuzheng.kernel.models import EventRecord
from shuzheng.kernel.moment import at, now
from tests.engines.documents.archive.conftest import PNG, SYSTEM

pytestmark = pytest.mark.django_db


def tamper(storage: Any, package: ArchivePackage) -> None:
    """Turn one byte of the picture inside a stored package."""
    path: Path = storage.root / package.storage_key
    path.chmod(0o640)
    data = path.read_bytes()
    place = data.index(PNG) + 40
    path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])


def test_a_tampered_file_is_found_named_announced_once_and_mended(pack: Any, officer: Any) -> None:
    packages = [pack() for _ in range(3)]
    BackUpArchive.do(SYSTEM)
    tamper(vault(), packages[1])
    assert CheckFixity.do(SYSTEM).packages == 0
    with at(now() + timedelta(days=91)):
        jobs.read_archive_again()
        run = FixityRun.objects.get()
        assert (run.packages, run.damaged) == (3, [packages[1].code])
        CheckFixity.do(SYSTEM, all=True)
    packages[1].refresh_from_db()
    assert packages[1].damage == [{"path": "documents/02-material-photo.png", "problem": "changed"}]
    assert EventRecord.objects.filter(type="documents.archive_damaged").count() == 1
    mended = RepairPackage.do(officer("张敏", MANAGE), package_id=packages[1].pk)
    assert mended.damaged_at is None
    assert CheckFixity.do(SYSTEM, all=True).damaged == []


def test_reading_catches_up_in_batches(pack: Any) -> None:
    for _ in range(5):
        pack()
    with at(now() + timedelta(days=91)):
        assert [CheckFixity.do(SYSTEM, most=2).packages for _ in range(4)] == [2, 2, 1, 0]


def test_lost_bytes_are_damage_too(pack: Any, officer: Any) -> None:
    package = pack()
    vault().remove(package.storage_key)
    assert CheckFixity.do(SYSTEM, all=True).damaged == [package.code]
    with pytest.raises(NoBackup):
        RepairPackage.do(officer("张敏", MANAGE), package_id=package.pk)


def test_copies_are_made_once_and_a_bad_one_is_made_anew(pack: Any) -> None:
    package = pack()
    assert BackUpArchive.do(SYSTEM).copied == 1
    assert BackUpArchive.do(SYSTEM).copied == 0
    tamper(second(), package)
    with at(now() + timedelta(days=31)):
        done = BackUpArchive.do(SYSTEM)
        assert (done.verified, done.broken) == (1, [package.code])
    assert BackupCopy.objects.get().problem == ""
    assert DrillBackup.do(SYSTEM).sound


def test_a_damaged_original_is_not_copied_over_a_good_copy(pack: Any) -> None:
    package = pack()
    tamper(vault(), package)
    assert BackUpArchive.do(SYSTEM).copied == 0
    assert not BackupCopy.objects.exists()


def test_a_full_second_storage_is_told_and_costs_nothing(pack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    pack()

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(StorageFull):
            BackUpArchive.do(SYSTEM)
    jobs.copy_archive()
    assert BackupCopy.objects.count() == 1


def test_a_drill_restores_for_real_and_says_what_it_took(pack: Any, officer: Any) -> None:
    keeper = officer("张敏", BACKUP)
    with pytest.raises(NoBackup):
        DrillBackup.do(keeper)
    packages = [pack() for _ in range(2)]
    BackUpArchive.do(SYSTEM)
    with at(now() + timedelta(hours=2)):
        late = pack()
    with at(now() + timedelta(hours=3)):
        drill = DrillBackup.do(keeper, sample=10)
    assert (drill.packages, drill.sound, drill.size) == (2, True, sum(p.size for p in packages))
    assert 3600 - 60 < drill.rpo < 3600 + 60
    assert drill.rto >= drill.duration > 0
    tamper(second(), packages[0])
    bad = DrillBackup.do(keeper)
    assert (bad.sound, bad.findings) == (False, [{"code": packages[0].code, "problem": "no-intact-copy"}])
    assert late.held


def test_without_a_second_storage_the_job_rests(pack: Any, settings: Any) -> None:
    settings.ARCHIVE_BACKUP = ""
    pack()
    jobs.copy_archive()
    with pytest.raises(NoBackup):
        BackUpArchive.do(SYSTEM)
