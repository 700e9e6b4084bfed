"""A closed matter becomes one package that proves itself, whatever fails on the way."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shuzheng.engines.documents.archive import exporting, keeping
from shuzheng.engines.documents.archive.actions import (
    DatePackage,
    EnterEvent,
    PackArchive,
    RecallPackage,
    SweepVault,
)
from shuzheng.engines.documents.archive.errors import NoSuchPackage
from shuzheng.engines.documents.archive.gateways import vault
from shuzheng.engines.documents.archive.licences import StillIssuing
from shuzheng.engines.documents.archive.models import ArchivePackage, PackageState
from shuzheng.engines.documents.archive.policies import MANAGE, READ
from shuzheng.engines.documents.archive.queries import ArchiveSearch, search
from shuzheng.engines.documents.archive.verifier.verify import Sm3
from shuzheng.engines.documents.credentials.models import Credential
from shuzheng.engines.documents.errors import StorageFull
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.identity.models import OrgUnit
from shuzheng.engines.trust import ledger
from shuzheng.engines.trust.models import AuditRecord, LedgerEntry
from shuzheng.kernel.actor import Grant
from shuzheng.kernel.error import NotPermitted
from shuzheng.kernel.id import new_id
from shuzheng.kernel.moment import today
from tests.engines.documents.archive.conftest import PATH, PNG, SYSTEM, content

pytestmark = pytest.mark.django_db


def names(package: ArchivePackage) -> list[str]:
    with keeping.content_of(package) as stream, zipfile.ZipFile(stream) as packed:
        return packed.namelist()


def test_a_package_holds_everything_and_its_manifest_covers_all_of_it(pack: Any) -> None:
    package = pack()
    assert [entry["path"] for entry in package.contents] == [
        "metadata.json", "process.json", "form.json", "documents/01-form.ofd", "documents/02-material-photo.png",
        "signatures.json", "evidence/acts.json", "verify.py", "README.md",
    ]  # fmt: skip
    assert set(names(package)) == {entry["path"] for entry in package.contents} | {"manifest.json"}
    assert package.code == f"GZ0702-ZWFW·2012-D10-TEST-{package.number}"
    assert (str(package.starts_on), str(package.due_on)) == ("2012-05-20", "2023-01-01")
    assert package.sound
    entry = LedgerEntry.objects.get(pk=package.ledger_entry)
    assert (entry.kind, entry.subject, entry.digest) == ("archive.packed", package.code, package.manifest_sm3)


def test_the_same_revision_is_packed_once_and_a_later_one_is_a_new_version(pack: Any) -> None:
    given = content(documents=[])
    first = PackArchive.do(SYSTEM, given)
    assert PackArchive.do(SYSTEM, given).pk == first.pk
    RecallPackage.do(SYSTEM, source="trial", subject=given["subject"])
    first.refresh_from_db()
    assert (first.state, first.due_on) == (PackageState.REOPENED, None)
    second = PackArchive.do(SYSTEM, {**given, "revision": 9})
    first.refresh_from_db()
    assert (first.state, first.version, second.version) == (PackageState.SUPERSEDED, 1, 2)
    assert first.held
    assert second.code.endswith("-V2")


def test_an_exported_folder_verifies_itself_and_finds_what_was_tampered_with(
    pack: Any, officer: Any, tmp_path: Path
) -> None:
    package = pack()
    ledger.sequence()
    archivist = officer("张敏", READ)
    folder = exporting.to_folder(archivist, package.pk, tmp_path, "审计检查")

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", str(folder / "verify.py")], capture_output=True, text=True, check=False
        )

    assert run().returncode == 0, run().stdout
    assert "清单与存证相符" in run().stdout
    photo = folder / "documents/02-material-photo.png"
    photo.write_bytes(PNG[:-1] + b"\0")
    assert (run().returncode, "02-material-photo.png" in run().stdout) == (1, True)
    photo.write_bytes(PNG)
    (folder / "documents/late.txt").write_text("added")
    assert "清单之外" in run().stdout
    (folder / "documents/late.txt").unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["title"] = "别的事"
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert "与存证不符" in run().stdout
    (folder / "manifest.json").write_text("{}")
    assert run().returncode == 2
    read = AuditRecord.objects.get(name="documents.export_archive")
    assert (read.purpose, read.subject_id) == ("审计检查", str(package.party_id))


def test_the_script_knows_sm3_where_the_machine_does_not() -> None:
    for length in (0, 3, 55, 56, 63, 64, 65, 200):
        digest = Sm3()
        digest.update(b"abc"[:length] if length == 3 else b"a" * length)
        expected = hashlib.new("sm3", b"abc" if length == 3 else b"a" * length).hexdigest()
        assert digest.hexdigest() == expected


def test_a_full_disk_leaves_nothing_behind_and_the_next_try_succeeds(
    pack: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        with pytest.raises(StorageFull):
            pack()
    assert not ArchivePackage.objects.exists()
    assert not list(vault().listing())
    assert pack().sound


def test_a_worker_that_dies_after_storing_leaves_bytes_that_are_swept(
    pack: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = content(documents=[])

    def die(*_args: object, **_more: object) -> None:
        raise SystemExit(9)

    with monkeypatch.context() as broken:
        broken.setattr(ledger, "append", die)
        with pytest.raises(SystemExit):
            PackArchive.do(SYSTEM, given)
    assert not ArchivePackage.objects.exists()
    package = PackArchive.do(SYSTEM, given)
    assert ArchivePackage.objects.count() == 1
    assert SweepVault.do(SYSTEM).count == 0
    root = Path(settings.HOME) / "archive"
    orphan = root / "sm3/00/00/orphan"
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"left behind")
    for key, _at in list(vault().listing()):
        os.utime(root / key, (0, 0))
    assert SweepVault.do(SYSTEM).count == 1
    assert names(package)


def test_what_is_wrong_with_a_matter_is_found_at_ingest(pack: Any, photo: StoredFile) -> None:
    StoredFile.objects.filter(pk=photo.pk).update(sm3="0" * 64)
    package = pack(
        process={"statuses": [{"sequence": 1}, {"sequence": 3}], "decisions": [{"officer": ""}]},
        missing={"plan": "活动方案"},
        organ="",
        fonds="",
    )
    found = {one["code"] for one in package.findings}
    assert {"bytes-differ", "log-gap", "no-decider", "required-missing", "metadata-missing", "no-acts"} <= found
    assert not package.sound
    StoredFile.objects.filter(pk=photo.pk).update(storage_key="sm3/gone")
    assert "bytes-missing" in {one["code"] for one in pack().findings}


def test_a_day_that_a_person_enters_starts_the_retention(pack: Any, officer: Any) -> None:
    rule = {"retention": "10年", "starts": {"way": "event", "event": "监护终止"}, "from_next_year": False}
    package = pack(rule=rule)
    assert (package.starts_on, package.due_on) == (None, None)
    entered = EnterEvent.do(officer("张敏", MANAGE), package_id=package.pk, event_on="2020-03-01", reason="法院裁定")
    assert str(entered.due_on) == "2030-03-01"
    DatePackage.do(SYSTEM, source="trial", subject=package.subject, dates={"closed_on": "2012-05-20"})
    package.refresh_from_db()
    assert str(package.due_on) == "2030-03-01"
    with pytest.raises(NotPermitted):
        EnterEvent.do(officer("李明", READ), package_id=package.pk, event_on="2020-03-01", reason="试试")


def test_searching_is_for_a_purpose_and_within_ones_division(pack: Any, officer: Any) -> None:
    package = pack()
    pack(division="36.3604.360402")
    archivist = officer("张敏", READ)
    local = replace(archivist, grants=frozenset({Grant(READ, "36.3607.360702")}))
    assert [one.pk for one in search(local, ArchiveSearch(), "审计检查").items] == [package.pk]
    assert AuditRecord.objects.get(name="documents.search_archive").purpose == "审计检查"
    assert not search(local, ArchiveSearch(number="NOBODY"), "审计检查").items
    assert search(local, ArchiveSearch(number=package.number[:9], year=2012, retention="10年"), "利用").items
    with pytest.raises(NoSuchPackage):
        exporting.export(officer("外人"), package.pk, "看看")


def test_the_licence_belongs_to_the_file_and_archiving_waits_while_it_is_made(
    pack: Any, unit: OrgUnit, photo: StoredFile
) -> None:
    case_id = new_id()
    licence = Credential.objects.create(
        identifier="1.2.156.3005.2.1",
        number="JY1",
        code="ABCD",
        type_code="food-business-licence",
        type_id=new_id(),
        title="食品经营许可证",
        holder_kind="person",
        holder_id=new_id(),
        holder_name="王桂英",
        content="{}",
        unit=unit,
        division_path=PATH,
        case_id=case_id,
        valid_from=today(),
    )
    with pytest.raises(StillIssuing):
        pack(subject=case_id)
    assert not ArchivePackage.objects.exists()
    Credential.objects.filter(pk=licence.pk).update(original=photo)
    entry = next(one for one in pack(subject=case_id).contents if one["role"] == "licence")
    assert (entry["title"], entry["sm3"]) == ("食品经营许可证", photo.sm3)
